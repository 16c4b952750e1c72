extension [UInt8] {
  /// A little-endian number, which must be there; one of eight bytes that no file can reach becomes negative or huge.
  func number(at offset: Int, _ byteCount: Int) -> Int {
    Int(truncatingIfNeeded: (0..<byteCount).reduce(0 as UInt64) { $0 | UInt64(self[offset + $1]) << (8 * UInt64($1)) })
  }

  /// The low bytes of a number, least significant first.
  package mutating func append(littleEndian value: UInt64, byteCount: Int) {
    for byte in 0..<byteCount { append(byte < 8 ? UInt8(truncatingIfNeeded: value >> (8 * UInt64(byte))) : 0) }
  }
}
