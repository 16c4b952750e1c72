import CChecksums

/// The checksum of TFRecord frames: CRC-32C (Castagnoli, IEEE Trans. Commun. 41 (1993), doi:10.1109/26.231911).
package enum CRC32C {
  /// The plain checksum of the bytes.
  package static func checksum(_ bytes: UnsafeRawBufferPointer) -> UInt32 {
    guard let base = bytes.baseAddress else { return 0 }
    return checksum_crc32c(0, base, bytes.count)
  }

  /// The checksum as a TFRecord stores it: rotated right by 15 bits plus a constant, so that a checksum of
  /// data which holds checksums stays a good one.
  package static func masked(_ bytes: UnsafeRawBufferPointer) -> UInt32 {
    let crc = checksum(bytes)
    return (crc >> 15 | crc << 17) &+ 0xA282_EAD8
  }

  /// The plain checksum without the processor's instruction.
  static func checksumByTables(_ bytes: UnsafeRawBufferPointer) -> UInt32 {
    guard let base = bytes.baseAddress else { return 0 }
    return checksum_crc32c_by_tables(0, base, bytes.count)
  }
}
