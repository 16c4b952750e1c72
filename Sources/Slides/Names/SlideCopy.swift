import Foundation

/// Tells copies of a slide from other slides of its name.
enum SlideCopy {
  private static let pieceByteCount = 1 << 16
  /// Of a larger file some pieces are compared: slides that are gigabytes of compressed pictures differ everywhere.
  private static let wholeByteCount = 1 << 26
  private static let pieceCount = 128

  /// True if two files are the same; of MIRAX slides also the files of their folders. Files of up to 64 MB are compared
  /// byte for byte, larger ones by their sizes and by pieces from the beginning to the end.
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
    let count = size <= wholeByteCount ? (size + pieceByteCount - 1) / pieceByteCount : pieceCount
    let last = max(size - pieceByteCount, 0)
    for piece in 0..<count {
      let place =
        size <= wholeByteCount ? piece * pieceByteCount : Int(Double(last) * Double(piece) / Double(count - 1))
      guard let read = bytes(of: one, at: place), read == bytes(of: two, at: place) else { return false }
    }
    return true
  }

  private static func bytes(of file: FileHandle, at place: Int) -> Data? {
    do {
      try file.seek(toOffset: UInt64(place))
      return try file.read(upToCount: pieceByteCount)
    } catch {
      return nil
    }
  }
}
