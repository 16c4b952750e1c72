import FeatureData
import Foundation
import Glibc

/// Writes a file so that at any moment, also after a kill, either the old one or the whole new one is there.
enum AtomicFile {
  private static let ending = ".partial"

  /// Calls `write` with a temporary name in the same folder, then syncs the file and gives it its real name.
  static func write(_ path: String, _ write: (String) throws(FeatureStoreError) -> Void) throws(FeatureStoreError) {
    let folder = String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)])
    let temporary = "\(path).\(Owner.host)-\(getpid())\(ending)"
    do throws(FeatureStoreError) {
      try write(temporary)
    } catch {
      unlink(temporary)
      // The name that the user knows.
      if case .cannotWrite(_, let reason) = error { throw .cannotWrite(path: path, reason: reason) }
      throw error
    }
    guard sync(temporary), rename(temporary, path) == 0 else {
      let reason = String(cString: strerror(errno))
      unlink(temporary)
      throw .cannotWrite(path: path, reason: reason)
    }
    // Makes the new name itself last through a power failure; some network file systems refuse it, which is harmless.
    _ = sync(folder)
  }

  /// Writes a text the same way.
  static func write(_ text: String, to path: String) throws(FeatureStoreError) {
    try write(path) { temporary throws(FeatureStoreError) in
      do { try Data(text.utf8).write(to: URL(fileURLWithPath: temporary)) } catch {
        throw .cannotWrite(path: path, reason: error.reason)
      }
    }
  }

  /// Removes what programs of this machine that were killed left unfinished in a folder.
  static func removeLeftovers(in folder: String) {
    for name in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [] where name.hasSuffix(ending) {
      let owner = name.dropLast(ending.count).split(separator: ".").last ?? ""
      let parts = owner.split(separator: "-")
      guard parts.count == 2, parts[0] == Owner.host, let process = pid_t(parts[1]), !Owner.isAlive(process) else {
        continue
      }
      unlink("\(folder)/\(name)")
    }
  }

  private static func sync(_ path: String) -> Bool {
    let descriptor = open(path, O_RDONLY)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    return fsync(descriptor) == 0
  }

  /// Makes a folder and those above it.
  static func createFolder(_ path: String) throws(FeatureStoreError) {
    var partial = path.hasPrefix("/") ? "" : "."
    for part in path.split(separator: "/") {
      partial += "/" + part
      if mkdir(partial, 0o777) != 0, errno != EEXIST {
        throw .cannotCreateFolder(path: path, reason: String(cString: strerror(errno)))
      }
    }
  }
}

/// Who writes: a process of a machine, for two machines on one folder may have the same numbers for their processes.
enum Owner {
  /// A short word for this machine.
  static let host: String = {
    let hash = name.utf8.reduce(UInt32(2_166_136_261)) { ($0 ^ UInt32($1)) &* 16_777_619 }
    return String(hash, radix: 36)
  }()

  /// The machine's own name.
  static let name: String = {
    var name = [CChar](repeating: 0, count: 256)
    gethostname(&name, name.count - 1)
    return String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }()

  static func isAlive(_ process: pid_t) -> Bool { kill(process, 0) == 0 || errno != ESRCH }
}
