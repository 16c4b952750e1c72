import Foundation
import Glibc

/// Writes files so that a name never stands for half a file: under another name first, then renamed.
package enum WholeFile {
  /// - Throws: `SlidesError.cannotWrite`.
  package static func write(_ bytes: [UInt8], to path: String) throws(SlidesError) {
    var file = try UnfinishedFile(path: path)
    try file.append(bytes)
    try file.finish()
  }

  /// - Throws: `SlidesError.cannotWrite`.
  package static func write(_ text: String, to path: String) throws(SlidesError) {
    try write(Array(text.utf8), to: path)
  }
}

/// A file that does not yet have its name; it is removed if it never gets it.
package struct UnfinishedFile: ~Copyable {
  package let path: String
  private let temporaryPath: String
  /// Open for reading and writing, for a library that writes by itself; what was appended may not yet be there.
  package private(set) var descriptor: Int32
  private var pending: [UInt8] = []

  package init(path: String) throws(SlidesError) {
    self.path = path
    temporaryPath = path + ".\(Self.host)-\(getpid()).unfinished"
    descriptor = open(temporaryPath, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw .cannotWrite(path: path, reason: String(cString: strerror(errno))) }
  }

  /// This machine, for two of them may write to one folder and have the same numbers for their programs.
  private static let host: String = {
    var name = [CChar](repeating: 0, count: 256)
    gethostname(&name, name.count - 1)
    let hash = name.prefix { $0 != 0 }.reduce(UInt32(2_166_136_261)) {
      ($0 ^ UInt32(UInt8(bitPattern: $1))) &* 16_777_619
    }
    return String(hash, radix: 36)
  }()

  /// Removes what programs of this machine that were killed left of a file.
  static func removeLeftovers(of path: String) {
    let slash = path.lastIndex(of: "/") ?? path.startIndex
    let folder = String(path[..<slash])
    let name = String(path[slash...].drop { $0 == "/" })
    for entry in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    where entry.hasPrefix(name + "." + host + "-") && entry.hasSuffix(".unfinished") {
      let number = entry.dropFirst(name.count + host.count + 2).dropLast(".unfinished".count)
      guard let owner = pid_t(number) else { continue }
      if kill(owner, 0) != 0, errno == ESRCH { unlink("\(folder)/\(entry)") }
    }
  }

  deinit {
    if descriptor >= 0 {
      close(descriptor)
      unlink(temporaryPath)
    }
  }

  package mutating func append(_ bytes: [UInt8]) throws(SlidesError) {
    pending += bytes
    if pending.count >= 1 << 20 { try flush() }
  }

  /// Gives the file its name.
  package mutating func finish() throws(SlidesError) {
    try flush()
    // The name must not reach the disk before the content does.
    var problem = fdatasync(descriptor) == 0 ? 0 : errno
    if close(descriptor) != 0, problem == 0 { problem = errno }
    descriptor = -1
    if problem == 0, rename(temporaryPath, path) != 0 { problem = errno }
    if problem != 0 {
      let reason = String(cString: strerror(problem))
      unlink(temporaryPath)
      throw .cannotWrite(path: path, reason: reason)
    }
  }

  private mutating func flush() throws(SlidesError) {
    try pending.writeAll(to: descriptor, path: path)
    pending.removeAll(keepingCapacity: true)
  }
}

extension [UInt8] {
  /// - Parameter path: named in the error.
  func writeAll(to descriptor: Int32, path: String) throws(SlidesError) {
    var written = 0
    while written < count {
      let step = self[written...].withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if step < 0, errno == EINTR { continue }
      guard step > 0 else { throw .cannotWrite(path: path, reason: String(cString: strerror(errno))) }
      written += step
    }
  }
}
