import FeatureData
import Files
import Foundation
import Testing

@testable import Slides

/// Tile files that were compressed as a whole, as TensorFlow's writers can.
@Suite struct CompressedRecordsTests {
  private let scratch: ScratchFolder
  private let plain: [UInt8]

  init() throws {
    scratch = try ScratchFolder()
    var writer = try TFRecordWriter(folder: scratch.path, slideName: "S1")
    for index in 0..<3 {
      try writer.append(
        TileExample(slide: "S1", image: [1, 2, UInt8(index)], location: TileLocation(x: index, y: 7)))
    }
    try writer.finish()
    plain = try scratch.read("S1.tfrecords")
    try FileManager.default.removeItem(atPath: scratch.path + "/S1.index.npz")
  }

  /// Deflated without compression (RFC 1951, stored blocks).
  private static func stored(_ bytes: [UInt8]) -> [UInt8] {
    let count = UInt16(bytes.count)
    return [1, UInt8(count & 0xFF), UInt8(count >> 8), UInt8(~count & 0xFF), UInt8(~count >> 8)] + bytes
  }

  private static func gzip(_ bytes: [UInt8]) -> [UInt8] {
    func number(_ value: UInt32) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) } }
    return [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3] + stored(bytes) + number(CRC32.checksum(bytes))
      + number(UInt32(bytes.count))
  }

  private static func zlib(_ bytes: [UInt8]) -> [UInt8] {
    var (low, high): (UInt32, UInt32) = (1, 0)
    for byte in bytes {
      low = (low + UInt32(byte)) % 65521
      high = (high + low) % 65521
    }
    let sum = high << 16 | low
    return [0x78, 0x01] + stored(bytes) + (0..<4).reversed().map { UInt8(truncatingIfNeeded: sum >> (8 * $0)) }
  }

  enum Packing: CaseIterable, Sendable { case gzip, zlib, joined }

  private func packed(_ packing: Packing) -> [UInt8] {
    switch packing {
    case .gzip: Self.gzip(plain)
    case .zlib: Self.zlib(plain)
    case .joined: Self.gzip(Array(plain.prefix(50))) + Self.gzip(Array(plain.dropFirst(50)))
    }
  }

  @Test(arguments: Packing.allCases, [true, false])
  func `Compressed records are read as they are without`(packing: Packing, hasFolder: Bool) throws {
    let path = try scratch.write(packed(packing), as: "S1.tfrecords")
    let indexes = TFRecordIndexes(folder: hasFolder ? scratch.path + "/indexes" : nil)
    for _ in 0..<2 {
      let file = try TFRecordFile(path: path, indexes: indexes)
      #expect(file.count == 3 && file.slideName == "S1" && file.path == path)
      #expect(try file.example(2).image == [1, 2, 2])
      #expect(try file.location(1) == TileLocation(x: 1, y: 7))
    }
    let listed = try #require(ProjectFiles.TileFolder(scratch.path).files.first)
    let summary = indexes.summary(of: listed, manifestCount: nil)
    #expect(summary.count == 3 && summary.findings == [.compressed])
    if hasFolder {
      let kept = try FileManager.default.contentsOfDirectory(atPath: scratch.path + "/indexes")
      #expect(kept.count { $0.hasSuffix(".tfrecords") } == 1)
    }
  }

  @Test func `A file that is cut off is told, and a changed one is unpacked anew`() throws {
    let indexes = TFRecordIndexes(folder: scratch.path + "/indexes")
    let path = try scratch.write(Array(packed(.gzip).dropLast(12)), as: "S1.tfrecords")
    let error = try #require(throws: SlidesError.self) { try TFRecordFile(path: path, indexes: indexes) }
    #expect(error.description.contains("it is compressed, and cut off"))
    _ = try scratch.write(packed(.gzip), as: "S1.tfrecords")
    #expect(try TFRecordFile(path: path, indexes: indexes).count == 3)
    _ = try scratch.write(plain, as: "S1.tfrecords")
    #expect(try TFRecordFile(path: path, indexes: indexes).count == 3)
  }
}
