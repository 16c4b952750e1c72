/// Turns the bytes of a text file into UTF-8, or says why that cannot be done without guessing.
package enum TextEncoding {
  /// The file's bytes as UTF-8 without a byte order mark. UTF-16 is decoded, for its mark or its zero bytes tell it; a
  /// text in one of the many encodings of 8 bits is refused, because nothing in it says which.
  package static func utf8(_ bytes: [UInt8]) throws(CSVFault) -> [UInt8] {
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { return try validated(Array(bytes.dropFirst(3))) }
    if bytes.starts(with: [0xFF, 0xFE]) { return utf16(bytes.dropFirst(2), lowByteFirst: true) }
    if bytes.starts(with: [0xFE, 0xFF]) { return utf16(bytes.dropFirst(2), lowByteFirst: false) }
    if bytes.count >= 4, bytes[0] != 0, bytes[1] == 0, bytes[3] == 0 { return utf16(bytes[...], lowByteFirst: true) }
    if bytes.count >= 4, bytes[1] != 0, bytes[0] == 0, bytes[2] == 0 { return utf16(bytes[...], lowByteFirst: false) }
    return try validated(bytes)
  }

  private static func utf16(_ bytes: ArraySlice<UInt8>, lowByteFirst: Bool) -> [UInt8] {
    let start = bytes.startIndex
    let units = (0..<bytes.count / 2).map { unit -> UInt16 in
      let first = UInt16(bytes[start + 2 * unit])
      let second = UInt16(bytes[start + 2 * unit + 1])
      return lowByteFirst ? first | second << 8 : first << 8 | second
    }
    return Array(String(decoding: units, as: UTF16.self).utf8)
  }

  private static func validated(_ bytes: [UInt8]) throws(CSVFault) -> [UInt8] {
    guard let fault = bytes.withUnsafeBytes(firstFault) else { return bytes }
    let line = 1 + bytes[..<fault].count { $0 == 0x0A }
    if bytes[fault] == 0 { throw .zeroByte(line: line) }
    let before = bytes[..<fault].suffix(16).split(whereSeparator: { $0 < 0x20 || $0 == 0x2C }).last ?? []
    throw .notUTF8(line: line, byte: bytes[fault], before: String(decoding: before, as: UTF8.self))
  }

  /// The first byte that is zero or no part of well-formed UTF-8 (The Unicode Standard 15.0, table 3-7); nil if there
  /// is none.
  private static func firstFault(_ bytes: UnsafeRawBufferPointer) -> Int? {
    var index = 0
    while index < bytes.count {
      if index + 8 <= bytes.count {
        let word = bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self)
        let hasZero = (word &- 0x0101_0101_0101_0101) & ~word & 0x8080_8080_8080_8080 != 0
        if word & 0x8080_8080_8080_8080 == 0, !hasZero {
          index += 8
          continue
        }
      }
      let byte = bytes[index]
      if byte == 0 { return index }
      if byte < 0x80 {
        index += 1
        continue
      }
      let count: Int
      var second: ClosedRange<UInt8> = 0x80...0xBF
      switch byte {
      case 0xC2...0xDF: count = 2
      case 0xE0: (count, second) = (3, 0xA0...0xBF)
      case 0xED: (count, second) = (3, 0x80...0x9F)
      case 0xE1...0xEF: count = 3
      case 0xF0: (count, second) = (4, 0x90...0xBF)
      case 0xF4: (count, second) = (4, 0x80...0x8F)
      case 0xF1...0xF3: count = 4
      default: return index
      }
      guard index + count <= bytes.count, second.contains(bytes[index + 1]),
        bytes[(index + 2)..<max(index + 2, index + count)].allSatisfy({ (0x80...0xBF).contains($0) })
      else { return index }
      index += count
    }
    return nil
  }
}
