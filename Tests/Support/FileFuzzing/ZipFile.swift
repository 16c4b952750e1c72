import CZlib

/// Zip archives of NumPy's arrays, right ones and such as nobody should write.
struct ZipFile {
  /// One array of pairs.
  struct Entry {
    var name: String
    var content: [UInt8]
    var isDeflated = false
    /// In place of the content's own.
    var claimedByteCount: UInt64?
    var claimedStoredByteCount: UInt64?
    var breaksChecksum = false
  }

  static func array(
    _ numbers: [Int], kind: String = "<i8", shape: String? = nil, isFortran: Bool = false
  ) -> [UInt8] {
    let shape = shape ?? "(\(numbers.count / 2), 2)"
    let text = "{'descr': '\(kind)', 'fortran_order': \(isFortran ? "True" : "False"), 'shape': \(shape), }\n"
    var bytes: [UInt8] = [0x93] + Array("NUMPY".utf8) + [1, 0]
    bytes.append(UInt64(text.utf8.count), byteCount: 2)
    bytes += Array(text.utf8)
    let byteCount = kind.hasSuffix("4") ? 4 : 8
    for number in numbers { bytes.append(UInt64(bitPattern: Int64(number)), byteCount: byteCount) }
    return bytes
  }

  static func archive(_ entries: [Entry]) -> [UInt8] {
    var body: [UInt8] = []
    var directory: [UInt8] = []
    for entry in entries {
      let stored = entry.isDeflated ? deflated(entry.content) : entry.content
      let checksum = crc32(0, entry.content, UInt32(entry.content.count)) ^ (entry.breaksChecksum ? 1 : 0)
      var common: [UInt8] = [20, 0, 0, 0, entry.isDeflated ? 8 : 0, 0, 0, 0, 0x21, 0]
      common.append(UInt64(checksum), byteCount: 4)
      common.append(entry.claimedStoredByteCount ?? UInt64(stored.count), byteCount: 4)
      common.append(entry.claimedByteCount ?? UInt64(entry.content.count), byteCount: 4)
      common.append(UInt64(entry.name.utf8.count), byteCount: 2)
      common += [0, 0]
      directory += [0x50, 0x4B, 1, 2, 20, 0] + common + [UInt8](repeating: 0, count: 10)
      directory.append(UInt64(body.count), byteCount: 4)
      directory += Array(entry.name.utf8)
      body += [0x50, 0x4B, 3, 4] + common + Array(entry.name.utf8) + stored
    }
    var bytes = body + directory + [0x50, 0x4B, 5, 6, 0, 0, 0, 0]
    bytes.append(UInt64(entries.count), byteCount: 2)
    bytes.append(UInt64(entries.count), byteCount: 2)
    bytes.append(UInt64(directory.count), byteCount: 4)
    bytes.append(UInt64(body.count), byteCount: 4)
    return bytes + [0, 0]
  }

  /// Zlib's stream without its header and checksum.
  static func deflated(_ bytes: [UInt8]) -> [UInt8] { Array(zlib(bytes).dropFirst(2).dropLast(4)) }

  static func zlib(_ bytes: [UInt8]) -> [UInt8] {
    var byteCount = compressBound(UInt(bytes.count))
    return [UInt8](unsafeUninitializedCapacity: Int(byteCount)) { buffer, count in
      count = compress(buffer.baseAddress, &byteCount, bytes, UInt(bytes.count)) == Z_OK ? Int(byteCount) : 0
    }
  }
}
