import Foundation
import Glibc

/// Writes files so that a name never stands for half a file, also after a kill or a power failure: under another name
/// in the same folder first, then synced and renamed.
package enum WholeFile {
  package static func write(_ bytes: [UInt8], to path: String) throws(FileFault) {
    var file = try UnfinishedFile(path: path)
    try file.append(bytes)
    try file.finish()
  }

  package static func write(_ text: String, to path: String) throws(FileFault) {
    try write(Array(text.utf8), to: path)
  }

  /// Has a library write that takes the name of a file.
  ///
  /// - Parameters:
  ///   - failure: makes the error for a file that cannot be synced or renamed.
  ///   - body: writes the whole file under the name that it is given, and closes it.
  package static func write<Failure: Error>(
    to path: String, failure: (FileFault) -> Failure, _ body: (_ temporaryPath: String) throws(Failure) -> Void
  ) throws(Failure) {
    let temporary = temporaryPath(of: path)
    do throws(Failure) { try body(temporary) } catch {
      unlink(temporary)
      throw error
    }
    guard sync(temporary) else {
      let fault = FileFault.last
      unlink(temporary)
      throw failure(fault)
    }
    do throws(FileFault) { try name(temporary, path) } catch { throw failure(error) }
  }

  // MARK: Names

  private static let ending = ".partial"
  /// The longest name that a file can have, without room for what is put behind it.
  private static let longestName = 255 - 40

  static func temporaryPath(of path: String) -> String {
    let slash = path.lastIndex(of: "/").map(path.index(after:)) ?? path.startIndex
    let name = path[slash...]
    var stem = String(name)
    if stem.utf8.count > longestName {
      // Two names of one beginning need two names here, too.
      let hash = String(UInt32(truncatingIfNeeded: stem.hashValue), radix: 36)
      stem = String(decoding: stem.utf8.prefix(longestName), as: UTF8.self) + hash
    }
    return path[..<slash] + stem + ".\(FileOwner.host)-\(getpid())\(ending)"
  }

  /// Gives a synced file its name; it is removed where that fails.
  static func name(_ temporaryPath: String, _ path: String) throws(FileFault) {
    guard rename(temporaryPath, path) == 0 else {
      let fault = FileFault.last
      unlink(temporaryPath)
      throw fault
    }
    // Makes the new name itself last through a power failure; some network file systems refuse it, which is harmless.
    let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
    _ = sync(folder)
  }

  private static func sync(_ path: String) -> Bool {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    return fsync(descriptor) == 0
  }

  // MARK: Leftovers

  /// Removes what programs of this machine that were killed left unfinished in a folder.
  ///
  /// - Parameter name: of the one file whose leftovers are meant; nil for all.
  package static func removeLeftovers(in folder: String, of name: String? = nil) {
    for entry in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [] where entry.hasSuffix(ending) {
      if let name, !entry.hasPrefix(name + ".") { continue }
      let owner = entry.dropLast(ending.count).split(separator: ".").last ?? ""
      let parts = owner.split(separator: "-")
      guard parts.count == 2, parts[0] == FileOwner.host, let process = pid_t(parts[1]),
        !FileOwner.isAlive(process)
      else { continue }
      unlink("\(folder)/\(entry)")
    }
  }
}
