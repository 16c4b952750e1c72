import FeatureData
import Foundation

/// A program and its libraries, ready to be written as `bin/` and `lib/`.
struct ProgramCopy {
  /// The name of the program's file.
  let name: String
  /// Changes with the program and with each library.
  let identity: String
  private let program: ELFFile
  private let programPath: String
  private let libraries: [(source: String, name: String)]

  var libraryNames: [String] { libraries.map(\.name) }

  init(program path: String, libraries paths: [String]) throws(InstallationError) {
    let bytes = try Self.read(path)
    guard var program = ELFFile(bytes) else {
      throw .notAnExecutable(path: path, reason: "it is not a 64-bit ELF file")
    }
    var digest = Digest()
    digest.add(bytes)
    var libraries: [(source: String, name: String)] = []
    for library in paths {
      let content = try Self.read(library)
      digest.add(content)
      let fileName = URL(fileURLWithPath: library).lastPathComponent
      libraries.append((library, ELFFile(content)?.sharedName ?? fileName))
    }
    // Only the copies beside it: the build tree and the toolchain may change or go. A program linked wholly statically
    // has no run path, and no libraries to find.
    if !program.setRunPath(Self.runPath), !libraries.isEmpty {
      throw .notAnExecutable(path: path, reason: "it was linked without a run path with room for \(Self.runPath)")
    }
    self.program = program
    self.programPath = path
    self.libraries = libraries
    name = URL(fileURLWithPath: path).lastPathComponent
    identity = digest.text
  }

  private static let runPath = "$ORIGIN/../lib"

  static func isIdentity(_ name: String) -> Bool { name.count == 16 && name.allSatisfy(\.isHexDigit) }

  /// Writes everything under a temporary name beside `folder`, then renames.
  func write(to folder: String) throws(InstallationError) {
    let files = FileManager.default
    let partial = folder + ".partial-\(ProcessInfo.processInfo.processIdentifier)"
    do {
      try? files.removeItem(atPath: partial)
      try files.createDirectory(atPath: partial + "/bin", withIntermediateDirectories: true)
      try files.createDirectory(atPath: partial + "/lib", withIntermediateDirectories: true)
      let executable = partial + "/bin/" + name
      try Data(program.bytes).write(to: URL(fileURLWithPath: executable))
      try files.setAttributes([.posixPermissions: 0o755], ofItemAtPath: executable)
      for library in libraries {
        try files.copyItem(atPath: library.source, toPath: partial + "/lib/" + library.name)
      }
      try copyResources(to: partial + "/bin")
      if rename(partial, folder) != 0, !files.fileExists(atPath: folder) {
        throw CocoaError(.fileWriteUnknown)
      }
      // Another installation of the same build was quicker: its folder holds the same.
      try? files.removeItem(atPath: partial)
    } catch {
      try? files.removeItem(atPath: partial)
      throw .cannotWrite(path: folder, reason: error.reason)
    }
  }

  /// Folders of resources that the build put beside the program.
  private func copyResources(to folder: String) throws {
    let source = URL(fileURLWithPath: programPath).deletingLastPathComponent().path
    for item in try FileManager.default.contentsOfDirectory(atPath: source) where item.hasSuffix(".resources") {
      try FileManager.default.copyItem(atPath: source + "/" + item, toPath: folder + "/" + item)
    }
  }

  private static func read(_ path: String) throws(InstallationError) -> [UInt8] {
    do {
      return [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
    } catch {
      throw .cannotRead(path: path, reason: error.reason)
    }
  }
}

/// A quick 64-bit fingerprint; it tells builds apart and guards nothing.
private struct Digest {
  private var state: UInt64 = 0xcbf2_9ce4_8422_2325

  /// FNV-1a over words of eight bytes and the length.
  mutating func add(_ bytes: [UInt8]) {
    bytes.withUnsafeBytes { raw in
      let whole = raw.count & ~7
      for offset in stride(from: 0, to: whole, by: 8) {
        mix(raw.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
      }
      for byte in raw[whole...] { mix(UInt64(byte)) }
    }
    mix(UInt64(bytes.count))
  }

  private mutating func mix(_ word: UInt64) {
    state = (state ^ word) &* 0x100_0000_01b3
    state ^= state >> 29
  }

  var text: String {
    let digits = String(state, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}
