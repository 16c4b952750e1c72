import Glibc
import Synchronization

/// Which file lies at a path, and when it was last written.
package struct FileStamp: Equatable {
  let device: UInt
  let inode: UInt
  let size: Int
  let seconds: Int
  let nanoseconds: Int

  /// Nil if there is no such file.
  package init?(_ path: String) {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    device = UInt(status.st_dev)
    inode = UInt(status.st_ino)
    size = Int(status.st_size)
    seconds = status.st_mtim.tv_sec
    nanoseconds = status.st_mtim.tv_nsec
  }

  /// The same text for the same file, as long as it stays as it is.
  package static func text(of path: String) -> String { "\(FileStamp(path).map { "\($0)" } ?? "none")" }
}

/// What was read from files, cached for as long as the files stay as they are.
package final class FileCache<Value: Sendable>: Sendable {
  private struct Entry {
    let value: Value
    let stamps: [String: FileStamp]
    var lastUse: Int
  }

  private struct State {
    var entries: [String: Entry] = [:]
    var uses = 0
  }

  private let capacity: Int
  private let state = Mutex(State())

  /// - Parameter capacity: how many values are kept, those used last.
  package init(capacity: Int = 16) { self.capacity = capacity }

  /// The value kept under a key, or what `read` gives; a failure (nil) is not kept.
  ///
  /// - Parameter read: gives the value and the files that it was read from.
  package func value(for key: String, read: () throws -> (value: Value, files: [String])?) rethrows -> Value? {
    let kept = state.withLock { state -> Value? in
      guard let entry = state.entries[key], entry.stamps.allSatisfy({ FileStamp($0.key) == $0.value }) else {
        return nil
      }
      state.uses += 1
      state.entries[key]?.lastUse = state.uses
      return entry.value
    }
    if let kept { return kept }
    var now = timespec()
    clock_gettime(CLOCK_REALTIME, &now)
    guard let (value, files) = try read() else { return nil }
    let stamps = Dictionary(files.compactMap { path in FileStamp(path).map { (path, $0) } }) { $1 }
    // What was written a moment ago may be written again while it is read, and look the same afterwards.
    guard stamps.count == files.count, stamps.values.allSatisfy({ $0.seconds + 2 < now.tv_sec }) else { return value }
    state.withLock { state in
      state.uses += 1
      state.entries[key] = Entry(value: value, stamps: stamps, lastUse: state.uses)
      if state.entries.count > capacity,
        let oldest = state.entries.min(by: { $0.value.lastUse < $1.value.lastUse })
      {
        state.entries[oldest.key] = nil
      }
    }
    return value
  }
}
