import Files
import Foundation
import Glibc
import Synchronization

/// Copies of compressed tile files as they are without, for records are read at their places: kept beside the indexes, or
/// where there is no folder for those, for as long as this object lives.
final class UnpackedRecords: Sendable {
  private let folder: String?
  private let temporary = Mutex<String?>(nil)

  init(folder: String?) { self.folder = folder }

  deinit {
    if let folder = temporary.withLock({ $0 }) { try? FileManager.default.removeItem(atPath: folder) }
  }

  /// A path under which the records lie uncompressed: of a file that is not compressed its own.
  ///
  /// - Complexity: O(1), and O(bytes) for a compressed file that was not unpacked before.
  func path(of path: String) throws(FileFault) -> String {
    let file = try ReadableFile(path: path)
    let start = try file.bytes(at: 0, count: TFRecord.headerByteCount)
    // A length with its checksum is that of a record, whatever its bytes look like.
    guard CompressedFile.begins(start),
      start.count < TFRecord.headerByteCount
        || start.withUnsafeBytes({ TFRecordFraming.payloadByteCount($0, at: 0) }) == nil
    else { return path }
    let stamp = file.stamp
    let folder = try place()
    let name = path.split(separator: "/").last.map(String.init) ?? ""
    let stem = "\(name.utf8.count > 150 ? "tiles" : name)-\(TFRecordIndexes.hash(path))-"
    let state = "\(stamp.byteCount)-\(stamp.seconds)-\(stamp.nanoseconds)-\(stamp.inode)"
    let target = "\(folder)/\(stem)\(TFRecordIndexes.hash(state))\(TFRecordIndexes.ending)"
    if access(target, F_OK) == 0 { return target }
    try CompressedFile.unpack(path, to: target)
    // Of what the file was before.
    for entry in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    where entry.hasPrefix(stem) && entry.hasSuffix(TFRecordIndexes.ending) && !target.hasSuffix("/" + entry) {
      unlink("\(folder)/\(entry)")
    }
    return target
  }

  private func place() throws(FileFault) -> String {
    if let folder {
      try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      return folder
    }
    let made = temporary.withLock { known in
      if known == nil {
        let folder = NSTemporaryDirectory() + "tessera-records-" + UUID().uuidString
        try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        known = folder
      }
      return known
    }
    return made ?? NSTemporaryDirectory()
  }
}
