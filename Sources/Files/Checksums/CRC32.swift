import CZlib

/// The checksum of zip archives and PNG pictures: CRC-32 (polynomial 0x04C11DB7, reflected), through zlib.
package enum CRC32 {
  /// - Parameter earlier: the checksum of what lies before the bytes.
  package static func checksum(_ bytes: UnsafeRawBufferPointer, after earlier: UInt32 = 0) -> UInt32 {
    guard let base = bytes.baseAddress else { return earlier }
    return UInt32(truncatingIfNeeded: crc32_z(UInt(earlier), base.assumingMemoryBound(to: UInt8.self), bytes.count))
  }

  package static func checksum(_ bytes: [UInt8], after earlier: UInt32 = 0) -> UInt32 {
    bytes.withUnsafeBytes { checksum($0, after: earlier) }
  }
}
