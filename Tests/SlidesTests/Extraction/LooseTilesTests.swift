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
}
