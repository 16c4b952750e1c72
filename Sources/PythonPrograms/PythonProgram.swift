import CPythonPrograms
import Foundation
import Glibc

/// The programs in Python that come with this one, each as one text with all modules in it.
package enum PythonProgram {
  /// The modules by name.
  static let modules: [String: String] = {
    var modules: [String: String] = [:]
    for index in 0..<tessera_python_module_count() {
      var count = 0
      guard let name = tessera_python_module_name(index), let text = tessera_python_module_text(index, &count) else {
        continue
      }
      modules[String(cString: name)] = String(
        decoding: UnsafeBufferPointer(start: text, count: count), as: UTF8.self)
    }
    return modules
  }()

  /// A text that calls `main()` of a module.
  static func text(main: String) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    // An object of texts is written in Python as in JSON.
    let sources = (try? encoder.encode(modules.filter { $0.key != "start" })) ?? Data()
    return "SOURCES = \(String(decoding: sources, as: UTF8.self))\nMAIN = \"\(main)\"\n" + (modules["start"] ?? "")
  }

  /// The same as the bytes of a file.
  package static func bytes(main: String) -> [UInt8] { Array(text(main: main).utf8) }

  /// The same as a file in memory, at its beginning. The caller closes it; in a program that has it as descriptor N,
  /// Python runs it as /proc/self/fd/N.
  package static func open(main: String) throws(MemoryFileError) -> Int32 { try memoryFile(bytes(main: main)) }

  /// - Throws: where the system has no room.
  package static func memoryFile(_ bytes: [UInt8] = []) throws(MemoryFileError) -> Int32 {
    let descriptor = tessera_memory_file("tessera")
    guard descriptor >= 0 else { throw MemoryFileError(reason: String(cString: strerror(errno))) }
    var written = 0
    while written < bytes.count {
      let count = bytes[written...].withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else {
        close(descriptor)
        throw MemoryFileError(reason: String(cString: strerror(errno)))
      }
      written += count
    }
    lseek(descriptor, 0, SEEK_SET)
    return descriptor
  }
}

/// Why there is no file in memory.
package struct MemoryFileError: Error, CustomStringConvertible {
  /// In the system's words.
  package let reason: String

  package var description: String { "No file can be made in memory: \(reason)." }
}
