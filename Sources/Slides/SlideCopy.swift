import Foundation

/// Tells copies of a slide from other slides of its name.
enum SlideCopy {
  private static let pieceByteCount = 1 << 20

  /// True if two files are the same byte for byte; of MIRAX slides also the files of their folders.
  ///
  /// - Complexity: files that differ are told by their sizes or at the first piece that does; copies are read whole.
  static func areEqual(_ path: String, _ other: String) -> Bool {
    guard haveEqualBytes(path, other) else { return false }
    let folders = [path, other].map { ($0 as NSString).deletingPathExtension }
    guard (path as NSString).pathExtension.lowercased() == "mrxs" else { return true }
    let names = folders.map { FolderEntry.list($0).filter { !$0.isFolder }.map(\.name) }
    return names[0] == names[1]
      && names[0].allSatisfy { haveEqualBytes(folders[0] + "/" + $0, folders[1] + "/" + $0) }
  }

  private static func haveEqualBytes(_ path: String, _ other: String) -> Bool {
    guard let size = FileIdentity(path)?.byteCount, size == FileIdentity(other)?.byteCount,
      let one = FileHandle(forReadingAtPath: path), let two = FileHandle(forReadingAtPath: other)
    else { return false }
    var done = 0
    while done < size {
      guard let piece = try? one.read(upToCount: pieceByteCount), !piece.isEmpty,
        piece == (try? two.read(upToCount: pieceByteCount))
      else { return false }
      done += piece.count
    }
    return true
  }
}
