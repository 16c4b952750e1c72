import FeatureData
import Files
import Glibc

/// Files and folders of the store; files are written whole.
enum StoreFile {
  /// Calls `body` with a temporary name in the same folder, then syncs the file and gives it its real name.
  static func write(_ path: String, _ body: (String) throws(FeatureStoreError) -> Void) throws(FeatureStoreError) {
    do throws(FeatureStoreError) {
      try WholeFile.write(to: path, failure: { .cannotWrite(path: path, reason: $0.description) }, body)
    } catch {
      // The name that the user knows.
      if case .cannotWrite(_, let reason) = error { throw .cannotWrite(path: path, reason: reason) }
      throw error
    }
  }

  static func write(_ bytes: [UInt8], to path: String) throws(FeatureStoreError) {
    do throws(FileFault) { try WholeFile.write(bytes, to: path) } catch {
      throw .cannotWrite(path: path, reason: error.description)
    }
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
