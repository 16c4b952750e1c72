import Archives
import CChecksums

/// Writes NumPy's `.npz` format: a zip of `.npy` arrays, uncompressed.
///
/// Sources: NEP 1 (the .npy format) and PKWARE's APPNOTE for zip.
struct NumPyArchive {
  private var body: [UInt8] = []
  private var directory: [UInt8] = []
  private var entryCount = 0

  /// Adds an int64 array of shape `rows.count × 2`.
  mutating func add(_ name: String, pairs: [(Int, Int)]) {
    add(file: name + ".npy", content: NumPyFormat.array(pairs: pairs))
  }

  /// The whole archive.
  func finished() -> [UInt8] {
    var bytes = body + directory
    bytes.append(littleEndian: 0x0605_4B50, byteCount: 4)
    bytes.append(littleEndian: 0, byteCount: 4)
    bytes.append(littleEndian: UInt64(entryCount), byteCount: 2)
    bytes.append(littleEndian: UInt64(entryCount), byteCount: 2)
    bytes.append(littleEndian: UInt64(directory.count), byteCount: 4)
    bytes.append(littleEndian: UInt64(body.count), byteCount: 4)
    bytes.append(littleEndian: 0, byteCount: 2)
    return bytes
  }

  private mutating func add(file name: String, content: [UInt8]) {
    let offset = body.count
    var common: [UInt8] = []
    common.append(littleEndian: 20, byteCount: 2)
    common.append(littleEndian: 0, byteCount: 4)
    // 1 January 1980, the earliest date a zip can hold: the bytes depend on the content alone.
    common.append(littleEndian: 0x0021_0000, byteCount: 4)
    common.append(littleEndian: UInt64(checksum_crc32(0, content, content.count)), byteCount: 4)
    common.append(littleEndian: UInt64(content.count), byteCount: 4)
    common.append(littleEndian: UInt64(content.count), byteCount: 4)
    common.append(littleEndian: UInt64(name.utf8.count), byteCount: 2)
    common.append(littleEndian: 0, byteCount: 2)
    body.append(littleEndian: 0x0403_4B50, byteCount: 4)
    body += common + Array(name.utf8) + content
    directory.append(littleEndian: 0x0201_4B50, byteCount: 4)
    directory.append(littleEndian: 20, byteCount: 2)
    directory += common
    directory.append(littleEndian: 0, byteCount: 2 + 2 + 2 + 4)
    directory.append(littleEndian: UInt64(offset), byteCount: 4)
    directory += Array(name.utf8)
    entryCount += 1
  }
}
