import Glibc

/// Writes a file so that at any moment, also after a kill, either the old one or the whole new one is there.
enum AtomicFile {
  /// Calls `write` with a temporary name in the same folder, then syncs the file and gives it its real name.
  static func write(_ path: String, _ write: (String) throws(FeatureStoreError) -> Void) throws(FeatureStoreError) {
    let folder = String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)])
    let temporary = "\(path).\(getpid()).partial"
    do throws(FeatureStoreError) {
      try write(temporary)
    } catch {
      unlink(temporary)
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
