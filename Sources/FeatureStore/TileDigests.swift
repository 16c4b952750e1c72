import FeatureData
import Foundation
import Glibc
import Synchronization

/// SHA-256 of tile files, cached by path for as long as size, times and inode stay the same.
///
/// Hashing reads a file through; a project of a million tiles would otherwise be read at every start.
final class TileDigests: Sendable {
  private struct Entry: Codable {
    /// Size, modification and change time in nanoseconds, device and inode.
    let stamp: [Int]
    let digest: String
  }

  private struct State {
    var entries: [String: Entry]
    var isChanged = false
  }

  private let path: String
  private let state: Mutex<State>

  /// A file that is absent or damaged counts as empty: everything is hashed again.
  init(path: String) {
    self.path = path
    let data = try? Data(contentsOf: URL(fileURLWithPath: path))
    state = Mutex(State(entries: data.flatMap { try? JSONDecoder().decode([String: Entry].self, from: $0) } ?? [:]))
  }

  func digest(of file: String) throws(FeatureStoreError) -> String {
    let stamp = try Self.stamp(of: file)
    if let known = state.withLock({ $0.entries[file] }), known.stamp == stamp { return known.digest }
    let digest = try ContentDigest.ofFile(file)
    state.withLock {
      $0.entries[file] = Entry(stamp: stamp, digest: digest)
      $0.isChanged = true
    }
    return digest
  }

  func save() throws(FeatureStoreError) {
    let entries = state.withLock { $0.isChanged ? $0.entries : nil }
    guard let entries else { return }
    let json: Data
    do { json = try JSONEncoder().encode(entries) } catch { throw .cannotWrite(path: path, reason: error.reason) }
    try StoreFile.write(Array(json), to: path)
    state.withLock { $0.isChanged = false }
  }

  private static func stamp(of file: String) throws(FeatureStoreError) -> [Int] {
    var status = stat()
    guard stat(file, &status) == 0 else {
      throw .cannotRead(path: file, reason: String(cString: strerror(errno)))
    }
    return [
      Int(status.st_size), status.st_mtim.tv_sec, status.st_mtim.tv_nsec, status.st_ctim.tv_sec,
      status.st_ctim.tv_nsec, Int(bitPattern: UInt(status.st_dev)), Int(bitPattern: UInt(status.st_ino)),
    ]
  }
}
