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
    var array = Self.header(shape: "(\(pairs.count), 2)")
    array.reserveCapacity(array.count + pairs.count * 16)
    for pair in pairs {
      array.append(littleEndian: UInt64(bitPattern: Int64(pair.0)), byteCount: 8)
      array.append(littleEndian: UInt64(bitPattern: Int64(pair.1)), byteCount: 8)
    }
    add(file: name + ".npy", content: array)
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

  private static func header(shape: String) -> [UInt8] {
    var text = "{'descr': '<i8', 'fortran_order': False, 'shape': \(shape), }"
    // Magic, version and length take 10 bytes; the array must start at a multiple of 64.
    while (10 + text.utf8.count + 1) % 64 != 0 { text += " " }
    text += "\n"
    var bytes: [UInt8] = [0x93] + Array("NUMPY".utf8) + [1, 0]
    bytes.append(littleEndian: UInt64(text.utf8.count), byteCount: 2)
    return bytes + Array(text.utf8)
  }
}

extension [UInt8] {
  /// The low bytes of a number, least significant first.
  mutating func append(littleEndian value: UInt64, byteCount: Int) {
    for byte in 0..<byteCount { append(byte < 8 ? UInt8(truncatingIfNeeded: value >> (8 * UInt64(byte))) : 0) }
  }
}
