import FeatureData
import Testing

@testable import Files

@Suite struct CRC32CTests {
  /// Source: RFC 3720, appendix B.4, and the check value of the CRC catalogue.
  @Test(
    arguments: [
      ([UInt8](repeating: 0, count: 32), UInt32(0x8A91_36AA)),
      ([UInt8](repeating: 0xFF, count: 32), 0x62A8_AB43),
      ([UInt8](0..<32), 0x46DD_794E),
      ((0..<32).map { UInt8(31 - $0) }, 0x113F_DB5C),
      (Array("123456789".utf8), 0xE306_9283),
      ([], 0),
    ] as [([UInt8], UInt32)])
  func `the checksum has the published values`(bytes: [UInt8], expected: UInt32) {
    #expect(bytes.withUnsafeBytes(CRC32C.checksum) == expected)
    #expect(bytes.withUnsafeBytes(CRC32C.checksumByTables) == expected)
  }

  @Test func `instruction and tables agree at every length and alignment`() {
    var random = SplitMix64(seed: 11)
    let bytes = (0..<400).map { _ in UInt8(truncatingIfNeeded: random.next()) }
    bytes.withUnsafeBytes { all in
      for start in 0..<16 {
        for end in start..<all.count {
          let part = UnsafeRawBufferPointer(rebasing: all[start..<end])
          #expect(CRC32C.checksum(part) == CRC32C.checksumByTables(part))
        }
      }
    }
  }

  @Test func `the mask is rotated and shifted`() {
    let crc = UInt32(0xE306_9283)
    let expected = (crc >> 15 | crc << 17) &+ 0xA282_EAD8
    #expect(Array("123456789".utf8).withUnsafeBytes(CRC32C.masked) == expected)
  }
}
