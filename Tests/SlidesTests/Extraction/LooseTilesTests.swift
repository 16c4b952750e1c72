import FeatureData
import Foundation
import Testing

@testable import Slides

@Suite struct LooseTilesTests {
  private func tile(_ side: Int, grey: UInt8) throws -> [UInt8] {
    try TileEncoder().jpeg(
      RGBImage(width: side, height: side, pixels: [UInt8](repeating: grey, count: side * side * 3)))
  }

  private func folder() throws -> ScratchFolder {
    let scratch = try ScratchFolder()
    for slide in ["S2", "S1"] {
      try FileManager.default.createDirectory(atPath: "\(scratch.path)/\(slide)", withIntermediateDirectories: true)
      for number in [10, 9, 1] {
        _ = try scratch.write(try tile(16, grey: UInt8(number)), as: "\(slide)/t\(number).jpg")
      }
    }
    _ = try scratch.write(Array("no picture".utf8), as: "S1/t5.png")
    _ = try scratch.write(try tile(20, grey: 1), as: "S1/t6.jpg")
    _ = try scratch.write(Array("words".utf8), as: "S1/readme.txt")
    return scratch
  }

  @Test func `each folder is a slide, its tiles in the order of their numbers`() throws {
    let scratch = try folder()
    let tiles = try LooseTiles(folder: scratch.path)
    #expect(tiles.slides.map(\.slide) == ["S1", "S2"])
    #expect(tiles.slides[1].tiles.map { ($0.path as NSString).lastPathComponent } == ["t1.jpg", "t9.jpg", "t10.jpg"])
    #expect(try tiles.commonSide(monitor: SilentMonitor()) == 16)
    let alone = try LooseTiles(folder: scratch.path + "/S2")
    #expect(alone.slides.map(\.slide) == ["S2"])
    let empty = try ScratchFolder()
    #expect(throws: ProjectError.noPictures(folder: empty.path)) { try LooseTiles(folder: empty.path) }
  }

  @Test func `files become records as they are; what is no tile is left out and told`() throws {
    let scratch = try folder()
    let out = try ScratchFolder()
    let importing = TileImport(
      tiles: try LooseTiles(folder: scratch.path), size: TileSize(pixels: 16, extent: .microns(8)), folder: out.path,
      replaces: false)
    let outcomes = try importing.run(monitor: SilentMonitor())
    #expect(outcomes.map(\.written) == [3, 3])
    #expect(outcomes[0].faults.map(\.reason).contains { $0.contains("20 × 20") })
    #expect(outcomes[0].faults.count == 2 && outcomes[1].faults.isEmpty)
    let file = try TFRecordFile(path: out.path + "/S1.tfrecords", indexes: TFRecordIndexes(folder: nil))
    let example = try file.example(2)
    #expect(example.image == (try tile(16, grey: 10)) && example.slide == "S1" && example.location == nil)
    #expect(TFRecordManifest.counts(in: out.path) == ["S1.tfrecords": 3, "S2.tfrecords": 3])
    // A second run leaves them as they are.
    let again = try importing.run(monitor: SilentMonitor())
    #expect(again.allSatisfy { $0.wasThere && $0.written == 3 })
  }

  @Test func `a manifest gives slides and places`() throws {
    let scratch = try folder()
    let manifest = try scratch.write(
      Array("file,slide,x,y\nS1/t1.jpg,A,100,200\nS1/t9.jpg,A,,\nS2/t1.jpg,B,7,8\n".utf8), as: "m.csv")
    let tiles = try LooseTiles(folder: scratch.path, manifest: manifest)
    #expect(tiles.slides.map(\.slide) == ["A", "B"])
    #expect(tiles.slides[0].tiles.map(\.location) == [TileLocation(x: 100, y: 200), nil])
    for (row, word) in [
      ("S1/t1.jpg,../up,1,2", "cannot be the name"), ("S1/t1.jpg,A,east,2", "no number"),
      ("a,,1,2", "cannot be the name"),
    ] {
      let path = try scratch.write(Array("file,slide,x,y\n\(row)\n".utf8), as: "bad.csv")
      let error = try #require(throws: ProjectError.self) { try LooseTiles(folder: scratch.path, manifest: path) }
      #expect(error.description.contains("line 2") && error.description.contains(word))
    }
  }

  private func names(_ tiles: [LooseTiles.Tile]) -> [String] { tiles.map { ($0.path as NSString).lastPathComponent } }

  private func make(_ scratch: ScratchFolder, _ names: [String]) throws {
    for name in names {
      let path = scratch.path + "/" + name
      try FileManager.default.createDirectory(
        atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
      _ = try scratch.write(try tile(16, grey: 3), as: name)
    }
  }

  @Test func `folders of classes hold folders of slides`() throws {
    let scratch = try ScratchFolder()
    try make(scratch, ["tumor/S1/a.jpg", "tumor/S2/b.jpg", "normal/S1/c.jpg"])
    let tiles = try LooseTiles(folder: scratch.path)
    #expect(tiles.slides.map(\.slide) == ["S1", "S2"])
    #expect(names(tiles.slides[0].tiles).sorted() == ["a.jpg", "c.jpg"])
    #expect(tiles.remarks.first?.contains("(normal, tumor)") == true)
    // The slide that the project knows decides, and a name that all have is none.
    #expect(try LooseTiles(folder: scratch.path, known: ["tumor"]).slides.map(\.slide) == ["normal", "tumor"])
    let inner = try ScratchFolder()
    try make(inner, ["S1/tiles/a.jpg", "S2/tiles/b.jpg"])
    #expect(try LooseTiles(folder: inner.path).slides.map(\.slide) == ["S1", "S2"])
  }

  @Test func `tiles of several slides in one folder are told apart by their names`() throws {
    let scratch = try ScratchFolder()
    try make(scratch, ["S1", "S2"].flatMap { slide in [0, 64, 128].map { "\(slide)_\($0)_64.jpg" } })
    let tiles = try LooseTiles(folder: scratch.path, known: ["S1", "S2"])
    #expect(tiles.slides.map(\.slide) == ["S1", "S2"] && tiles.slides.map(\.tiles.count) == [3, 3])
    #expect(tiles.places["S1"]?.step == 64)
    let classes = try ScratchFolder()
    try make(classes, ["ADI/S1_0_64.jpg", "ADI/S1_64_64.jpg", "ADI/S1_128_64.jpg", "TUM/S2_x0_y5.jpg"])
    #expect(try LooseTiles(folder: classes.path, known: ["S1"]).slides.map(\.slide) == ["S1", "S2"])
    #expect(try LooseTiles(folder: classes.path).slides.map(\.slide) == ["ADI", "TUM"])
  }

  @Test func `corners in names and tables become centres`() throws {
    let scratch = try ScratchFolder()
    try make(scratch, [0, 100].map { "S1/S1 [x=\($0),y=50,w=100,h=100].jpg" })
    var tiles = try LooseTiles(folder: scratch.path)
    #expect(tiles.slides[0].tiles.map(\.location) == [nil, nil])
    tiles.settle("S1") { place in
      place.sides.map { TileLocation(x: place.x + $0.width / 2, y: place.y + $0.height / 2) }
    }
    #expect(tiles.slides[0].tiles.map(\.location) == [TileLocation(x: 50, y: 100), TileLocation(x: 150, y: 100)])
    let table = try scratch.write(
      Array("slide_id,corner_y,corner_x,side,filename\nA,20,10,8,a.jpg\nA,28,10,8,b.jpg\n".utf8), as: "m.csv")
    let listed = try LooseTiles(folder: scratch.path, manifest: table)
    #expect(
      listed.slides[0].tiles.map(\.place) == [.init(x: 10, y: 20, sides: (8, 8)), .init(x: 10, y: 28, sides: (8, 8))])
    #expect(listed.places["A"]?.telling == .manifestCorners)
  }

  /// An uncompressed TIFF of three channels, of the first byte order or the other.
  private func tiff(_ side: Int, _ pixels: [UInt8], bigEndian: Bool) -> [UInt8] {
    func number(_ value: Int, _ byteCount: Int) -> [UInt8] {
      let bytes = (0..<byteCount).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
      return bigEndian ? bytes.reversed() : bytes
    }
    func entry(_ tag: Int, _ type: Int, _ count: Int, _ value: Int) -> [UInt8] {
      let field = type == 3 ? number(value, 2) + [0, 0] : number(value, 4)
      return number(tag, 2) + number(type, 2) + number(count, 4) + field
    }
    let entries = [
      entry(256, 3, 1, side), entry(257, 3, 1, side), entry(258, 3, 1, 8), entry(259, 3, 1, 1), entry(262, 3, 1, 2),
      entry(273, 4, 1, 8), entry(277, 3, 1, 3), entry(278, 3, 1, side), entry(279, 4, 1, pixels.count),
    ]
    return Array((bigEndian ? "MM" : "II").utf8) + number(42, 2) + number(8 + pixels.count, 4) + pixels
      + number(entries.count, 2) + entries.flatMap { $0 } + number(0, 4)
  }

  @Test(arguments: [false, true]) func `TIFF tiles become PNG with the same pixels`(bigEndian: Bool) throws {
    let scratch = try ScratchFolder()
    let out = try ScratchFolder()
    let pixels = (0..<16 * 16 * 3).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ $0 >> 3) }
    try FileManager.default.createDirectory(atPath: scratch.path + "/S1", withIntermediateDirectories: true)
    let file = tiff(16, pixels, bigEndian: bigEndian)
    _ = try scratch.write(file, as: "S1/a.tif")
    _ = try scratch.write(Array(file.prefix(500)), as: "S1/b.tiff")
    let tiles = try LooseTiles(folder: scratch.path)
    #expect(try tiles.commonSide(monitor: SilentMonitor()) == 16)
    let outcome = try TileImport(
      tiles: tiles, size: TileSize(pixels: 16, extent: .microns(8)), folder: out.path, replaces: false
    ).run(monitor: SilentMonitor())
    #expect(outcome.map(\.written) == [1] && outcome[0].faults.count == 1)
    let records = try TFRecordFile(path: out.path + "/S1.tfrecords", indexes: TFRecordIndexes(folder: nil))
    let image = try records.example(0).image
    #expect(image.prefix(4) == [0x89, 0x50, 0x4E, 0x47])
    #expect(try TileImage.decode(image).pixels == pixels)
  }

  @Test func `what lies there instead of tiles is named, and pictures that are not square are refused`() throws {
    let scratch = try ScratchFolder()
    _ = try scratch.write([1], as: "a.bmp")
    _ = try scratch.write([1], as: "b.bmp")
    _ = try scratch.write([1], as: "c.txt")
    let error = try #require(throws: ProjectError.self) { try LooseTiles(folder: scratch.path) }
    #expect(error == .noPictures(folder: scratch.path, kinds: ["bmp": 2, "txt": 1]))
    #expect(error.description.hasSuffix("what lies there is 2 files .bmp, 1 file .txt."))
    #expect(error.remedy == "Convert the pictures to PNG, which keeps every pixel.")
    let oblong = try ScratchFolder()
    let path = try oblong.write(
      try TileEncoder().jpeg(RGBImage(width: 16, height: 24, pixels: [UInt8](repeating: 9, count: 16 * 24 * 3))),
      as: "a.jpg")
    #expect(throws: ProjectError.noSquarePictures(path: path, width: 16, height: 24)) {
      try LooseTiles(folder: oblong.path).commonSide(monitor: SilentMonitor())
    }
  }
}
