import Files
import FeatureData
import Foundation
import GoldenData
import Testing

@testable import Slides

@Suite struct TileDecoderTests {
  private func fixture(_ name: String) throws -> [UInt8] {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures")
    return try Array(Data(contentsOf: folder.appending(path: name)))
  }

  /// What Pillow decodes, as `Fixtures/make_pictures.py` printed it.
  @Test(arguments: [
    ("halved.jpg", UInt32(60_212_357)), ("full.jpg", 2_896_513_233), ("grey.jpg", 3_756_427_954),
    ("progressive.jpg", 3_625_834_804), ("colour.png", 1_976_964_955), ("transparent.png", 1_976_964_955),
    ("palette.png", 2_750_653_447), ("cmyk.jpg", 1_018_806_875),
  ])
  func `pixels are those that Pillow decodes`(name: String, checksum: UInt32) throws {
    let image = try TileImage.decode(try fixture(name))
    #expect(image.width == 61 && image.height == 45)
    #expect(CRC32.checksum(image.pixels) == checksum)
  }

  @Test func `the first golden tiles' pixels are those that Pillow decodes`() throws {
    #expect(try pixelChecksum(of: GoldenData.records) == 1_875_657_761)
  }

  @Test(
    .enabled(if: SharedData.isPresent, "\(SharedData.absence)"),
    arguments: zip(
      0..<10,
      [
        UInt32(1_864_864_491), 889_280_884, 2_768_401_965, 1_365_959_264, 3_646_759_527, 3_853_947_774, 1_609_606_523,
        2_636_910_567, 2_284_499_995, 1_212_332_678,
      ]))
  func `every golden tile's pixels are those that Pillow decodes`(slide: Int, checksum: UInt32) throws {
    #expect(try pixelChecksum(of: [SharedData.goldenRecords[slide]]) == checksum)
  }

  @Test(.enabled(if: SharedData.isPresent, "\(SharedData.absence)"))
  func `real tiles' pixels are those that Pillow decodes`() throws {
    let folder = try #require(SharedData.folder)
    let path = folder + "/bags/generated_layouts/CMU-1-Small-Region.tfrecords"
    #expect(try pixelChecksum(of: [path]) == 2_796_726_355)
  }

  private func pixelChecksum(of paths: [String]) throws -> UInt32 {
    let decoder = TileDecoder()
    var crc: UInt32 = 0
    for path in paths {
      let file = try TFRecordFile(path: path, indexes: TFRecordIndexes(folder: nil))
      for record in 0..<file.count {
        let pixels = try file.image(record, decoder: decoder).pixels
        crc = CRC32.checksum(pixels, after: crc)
      }
    }
    return crc
  }

  @Test func `decoding into a batch row gives the same pixels, and another size is refused`() throws {
    let bytes = try fixture("halved.jpg")
    let image = try TileImage.decode(bytes)
    let decoder = TileDecoder()
    var row = [UInt8](repeating: 0, count: image.pixels.count)
    try row.withUnsafeMutableBufferPointer { row in
      try bytes.withUnsafeBytes { try decoder.decode($0, into: row, width: 61, height: 45) }
    }
    #expect(row == image.pixels)
    #expect(throws: ImageFault.wrongSize(width: 61, height: 45, expectedWidth: 45, expectedHeight: 61)) {
      try row.withUnsafeMutableBufferPointer { row in
        try bytes.withUnsafeBytes { try decoder.decode($0, into: row, width: 45, height: 61) }
      }
    }
  }

  @Test func `a smaller picture is the smallest by halves that still fits, and looks the same`() throws {
    let bytes = try fixture("full.jpg")
    let whole = try TileImage.decode(bytes)
    for (side, width, height) in [(1, 8, 6), (6, 8, 6), (7, 16, 12), (23, 31, 23), (24, 61, 45), (400, 61, 45)] {
      let small = try TileImage.decode(bytes, fittingSide: side)
      #expect(small.width == width && small.height == height)
      let mean = { (image: RGBImage) in image.pixels.reduce(0.0) { $0 + Double($1) } / Double(image.pixels.count) }
      #expect(abs(mean(small) - mean(whole)) < 6)
    }
  }

  @Test func `what is not a tile is refused with its reason`() throws {
    #expect(throws: ImageFault.unknownFormat) { try TileImage.decode(Array("GIF89a".utf8)) }
    #expect(throws: ImageFault.unknownFormat) { try TileImage.decode([]) }
  }

  @Test(arguments: ["halved.jpg", "progressive.jpg", "colour.png"])
  func `a cut picture is damaged`(name: String) throws {
    let bytes = try fixture(name)
    for kept in [20, bytes.count / 2, bytes.count - 40] {
      #expect { try TileImage.decode(Array(bytes.prefix(kept))) } throws: { error in
        if case ImageFault.damaged = error { true } else { false }
      }
    }
  }

  @Test func `a picture that claims to be huge is refused before memory is taken`() throws {
    var bytes = try fixture("halved.jpg")
    let start = try #require(bytes.indices.dropLast().first { bytes[$0] == 0xFF && bytes[$0 + 1] == 0xC0 })
    bytes.replaceSubrange(start + 5..<start + 9, with: [0xEA, 0x60, 0xEA, 0x60])
    #expect(throws: ImageFault.tooLarge(width: 60000, height: 60000)) { try TileImage.decode(bytes) }
  }

  @Test func `many scans over a large picture are refused before they are gone over`() throws {
    var bytes = try fixture("progressive.jpg")
    let count = bytes.withUnsafeBytes(JPEGScans.init).count
    #expect(count > 1)
    let start = try #require(bytes.indices.dropLast().first { bytes[$0] == 0xFF && bytes[$0 + 1] == 0xC2 })
    bytes.replaceSubrange(start + 5..<start + 9, with: [0x20, 0, 0x20, 0])
    #expect(throws: ImageFault.unsupported("a JPEG of \(count) scans over 8192 × 8192 pixels")) {
      try TileImage.decode(bytes)
    }
    // One scan of a picture of that size is as it should be, whatever pictures it has within.
    let single = try fixture("halved.jpg")
    let scan = single.withUnsafeBytes(JPEGScans.init)
    #expect(scan.count == 1 && scan.isAffordable(pixelCount: 8192 * 8192))
    let preview = [0xFF, 0xE1, UInt8((single.count + 2) >> 8), UInt8(truncatingIfNeeded: single.count + 2)] + single
    #expect(Array(single[..<2] + preview + single[2...]).withUnsafeBytes(JPEGScans.init).count == 1)
    #expect(JPEGScans.isHarmless(pixelCount: 512 * 512) && !JPEGScans.isHarmless(pixelCount: 1024 * 1024))
    for length in 0..<40 { _ = Array(bytes.prefix(length)).withUnsafeBytes(JPEGScans.init) }
  }

  @Test(arguments: ["halved.jpg", "grey.jpg", "progressive.jpg", "palette.png", "transparent.png"])
  func `no change of bytes breaks the decoder`(name: String) throws {
    let sound = try fixture(name)
    var random = SplitMix64(seed: 9)
    let decoder = TileDecoder()
    for _ in 0..<300 {
      var bytes = sound
      for _ in 0...random.next() % 4 {
        bytes[Int(random.next() % UInt64(bytes.count))] = UInt8(truncatingIfNeeded: random.next())
      }
      bytes.withUnsafeBytes { buffer in
        do throws(ImageFault) { _ = try decoder.decode(buffer, fittingSide: 20) } catch {}
      }
    }
    // The decoder still works after all of them.
    let image = try sound.withUnsafeBytes { buffer throws(ImageFault) in try decoder.decode(buffer) }
    #expect(image == (try TileImage.decode(sound)))
  }

  @Test func `an encoded tile is nearly the same tile`() throws {
    let image = try TileImage.decode(try fixture("colour.png"))
    for subsampling in [TileEncoder.ChromaSubsampling.none, .half] {
      let encoder = TileEncoder()
      let bytes = try encoder.jpeg(image, subsampling: subsampling)
      #expect(try encoder.jpeg(image, subsampling: subsampling) == bytes)
      let again = try TileImage.decode(bytes)
      let error = zip(image.pixels, again.pixels).reduce(0.0) { $0 + abs(Double($1.0) - Double($1.1)) }
      #expect(error / Double(image.pixels.count) < (subsampling == .none ? 4 : 7))
    }
  }
}
