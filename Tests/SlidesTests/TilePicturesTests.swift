import CChecksums
import FeatureData
import Foundation
import Testing

@testable import Slides

/// Small pictures of every kind that a tile can be, as `Fixtures/make_tile_pictures.py` wrote them.
struct TilePictures: Decodable {
  struct Pixels: Decodable {
    let width: Int
    let height: Int
    let bytes: Data
  }

  struct Picture: Decodable, Sendable, CustomTestStringConvertible {
    let name: String
    let bytes: Data
    /// An index into the sets of pixels.
    let pixels: Int?
    /// A word of the refusal.
    let refused: String?

    var testDescription: String { name }
  }

  let pixels: [Pixels]
  let pictures: [Picture]

  /// Kept as a result: a file that cannot be read fails a test of its own instead of ending the whole run.
  static let loaded = Result {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures")
    return try JSONDecoder().decode(
      TilePictures.self, from: Data(contentsOf: folder.appending(path: "tile_pictures.json")))
  }

  static var all: TilePictures { (try? loaded.get()) ?? TilePictures(pixels: [], pictures: []) }

  static var readable: [Picture] { all.pictures.filter { $0.pixels != nil } }
  static var refused: [Picture] { all.pictures.filter { $0.refused != nil } }

  static func image(of picture: Picture) -> RGBImage? {
    picture.pixels.map { index in
      let known = all.pixels[index]
      return RGBImage(width: known.width, height: known.height, pixels: Array(known.bytes))
    }
  }
}

@Suite struct TilePicturesTests {
  @Test func `the pictures are there to be compared`() throws {
    let all = try TilePictures.loaded.get()
    #expect(all.pictures.count == 149 && all.pixels.count == 51)
  }

  @Test func `the fixtures hold every kind`() {
    #expect(TilePictures.readable.count >= 125 && TilePictures.refused.count >= 14)
  }

  @Test(arguments: TilePictures.readable)
  func `a picture's pixels are those that Pillow reads, byte for byte`(picture: TilePictures.Picture) throws {
    let expected = try #require(TilePictures.image(of: picture))
    let bytes = Array(picture.bytes)
    #expect(try TileImage.decode(bytes) == expected)
    // As features are made of it.
    var row = [UInt8](repeating: 0, count: expected.pixels.count)
    try row.withUnsafeMutableBufferPointer { row in
      try bytes.withUnsafeBytes {
        try TileDecoder().decode($0, into: row, width: expected.width, height: expected.height)
      }
    }
    #expect(row == expected.pixels)
  }

  @Test(arguments: TilePictures.readable)
  func `a small preview has the picture's colours`(picture: TilePictures.Picture) throws {
    let expected = try #require(TilePictures.image(of: picture))
    let small = try TileImage.decode(Array(picture.bytes), fittingSide: 6)
    func means(_ image: RGBImage) -> [Double] {
      (0..<3).map { channel in
        let values = stride(from: channel, to: image.pixels.count, by: 3).map { Double(image.pixels[$0]) }
        return values.reduce(0, +) / Double(values.count)
      }
    }
    for (one, other) in zip(means(small), means(expected)) { #expect(abs(one - other) < 12) }
  }

  @Test(arguments: TilePictures.refused)
  func `what Pillow does not read either, or reads only in part, is refused in words`(
    picture: TilePictures.Picture
  ) throws {
    let word = try #require(picture.refused)
    #expect {
      try TileImage.decode(Array(picture.bytes))
    } throws: { error in
      (error as? ImageFault).map { $0.description.contains(word) } ?? false
    }
  }

  @Test func `imported tiles keep their bytes and give their pixels, whatever their kind`() throws {
    let scratch = try ScratchFolder()
    let folder = scratch.path + "/loose/S"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let square = TilePictures.all.pictures.filter { picture in
      TilePictures.image(of: picture).map { $0.width == 16 && $0.height == 16 } ?? true
    }
    for (index, picture) in square.enumerated() {
      let isPNG = picture.bytes.first == 0x89
      try picture.bytes.write(
        to: URL(fileURLWithPath: "\(folder)/\(String(format: "%03d", index)).\(isPNG ? "png" : "jpg")"))
    }
    let tiles = try LooseTiles(folder: scratch.path + "/loose")
    let size = TileSize(pixels: 16, extent: .microns(8))
    let outcome = try #require(
      try TileImport(tiles: tiles, size: size, folder: scratch.path, replaces: false).run(monitor: SilentMonitor())
        .first)
    let readable = square.filter { $0.pixels != nil }
    #expect(outcome.written == readable.count && outcome.faults.count == square.count - readable.count)
    let file = try TFRecordFile(path: scratch.path + "/S.tfrecords", indexes: TFRecordIndexes(folder: nil))
    for (record, picture) in readable.enumerated() {
      #expect(try file.image(record) == TilePictures.image(of: picture), "\(picture.name)")
    }
  }

  @Test func `a PNG tile that is written says nothing of gamma and holds the pixels`() throws {
    let expected = try #require(TilePictures.readable.first.flatMap(TilePictures.image))
    let bytes = try expected.pixels.withUnsafeBufferPointer { pixels throws(ImageFault) in
      try TileEncoder().png(pixels, width: expected.width, height: expected.height)
    }
    var names: [String] = []
    var place = 8
    while place + 8 <= bytes.count {
      let length = bytes[place..<place + 4].reduce(0) { $0 << 8 | Int($1) }
      names.append(String(decoding: bytes[place + 4..<place + 8], as: UTF8.self))
      place += 12 + length
    }
    #expect(names == ["IHDR", "sRGB", "IDAT", "IEND"])
    #expect(try TileImage.decode(bytes) == expected)
  }
}
