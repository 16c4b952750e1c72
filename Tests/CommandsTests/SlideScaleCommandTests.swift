import CommandLanguage
import FeatureData
import Foundation
import Slides
import Testing

@testable import FeatureStore
@testable import Commands

@Suite("How large the pixels of slides are, and who says so")
struct SlideScaleCommandTests {
  let study: SlideStudy

  /// DEMO-01 says 0.5 µm; DEMO-02 says nothing but its 20x objective.
  init() throws {
    study = try SlideStudy()
    try restate("DEMO-02", "MPP = 0.5000", as: "QQQ = 0.5000")
    let model = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("InferenceTests/Fixtures/classifier.onnx")
    try FileManager.default.copyItem(atPath: model.path, toPath: study.folder + "/small.onnx")
    // A column that has it for DEMO-02.
    var annotations = String(decoding: try study.read("annotations.csv"), as: UTF8.self)
      .split(whereSeparator: \.isNewline).map(String.init)
    annotations =
      [annotations[0] + ",pixel_um"] + annotations.dropFirst().map { $0 + ($0.contains("DEMO-02") ? ",0.25" : ",") }
    try Data((annotations.joined(separator: "\n") + "\n").utf8).write(
      to: URL(filePath: study.folder + "/annotations.csv"))
    study.run("project '\(study.folder)'")
  }

  /// Writes another text of the same length into the head of each picture of a slide.
  private func restate(_ slide: String, _ text: String, as other: String) throws {
    let path = URL(filePath: "\(study.folder)/slides/\(slide).svs")
    var data = try Data(contentsOf: path)
    while let range = data.range(of: Data(text.utf8)) { data.replaceSubrange(range, with: Data(other.utf8)) }
    try data.write(to: path)
  }

  private func corners(of features: String, slide: String) throws -> (side: Int?, first: TileLocation?) {
    let saved = study.run("save \(features) '\(study.folder)/\(features)' format=trident")
    #expect(saved.failure == nil, "\(saved.failure ?? "")")
    let file = try HDF5File.open("\(study.folder)/\(features)/\(slide).h5")
    let values = try file.integers("coords").values
    return (
      try? file.integerAttribute("patch_size_level0", on: "coords"), TileLocation(x: Int(values[0]), y: Int(values[1]))
    )
  }

  @Test("mpp is for slides whose files say nothing; a file that says something else is believed, and named")
  func extraction() throws {
    let without = study.run("extract_tiles tile_px=32 tile_um=32")
    #expect(without.text.contains("DEMO-02 is left out"))
    #expect(without.text.contains("(mpp={DEMO-02: 0.5}, as its 20x objective has it)"))
    let cell = "extract_tiles tile_px=32 tile_um=32 mpp=0.25 grayspace_fraction=1 skip_extracted=false"
    let all = study.run(cell)
    #expect(all.text.contains("µm per pixel: as the files say 0.5 (DEMO-01); as given 0.25 (DEMO-02)."))
    #expect(all.text.contains("DEMO-01 says 0.5 µm per pixel: 0.25 was not used."))
    #expect(all.text.contains("DEMO-02 has 0.25 µm per pixel as given, and its 20x objective would make it 0.5."))
    // 64 and 128 pixels a tile.
    let grids = all.text.matches(of: #/\((\d+), \d+\)/#).compactMap { Int($0.1) }
    #expect(grids.count == 2 && grids[0] >= 2 * grids[1])
    let again = study.run(cell.replacing(" skip_extracted=false", with: ""))
    #expect(again.outputs.map(\.text) == all.outputs.map(\.text) && again.notes == all.notes)
    #expect(again.outputs.map(\.picture?.png) == all.outputs.map(\.picture?.png))
    // What is given has no part in tiles of slides that say their own.
    let other = study.run("extract_tiles tile_px=32 tile_um=32 mpp={DEMO-02: 0.5} grayspace_fraction=1")
    #expect(other.text.contains("DEMO-02: its file of") && !other.text.contains("DEMO-01: its file of"))
  }

  @Test("mpp is also given for each slide, in a map or in a column of the annotations")
  func bySlide() throws {
    let cell = "extract_tiles tile_px=32 tile_um=32 grayspace_fraction=1 skip_extracted=false mpp="
    let map = study.run(cell + "{DEMO-02: 0.25}")
    #expect(map.failure == nil && map.text.contains("as given 0.25 (DEMO-02)") && !map.text.contains("was not used"))
    let column = study.run(cell + "pixel_um")
    #expect(column.failure == nil, "\(column.failure ?? "")")
    #expect(column.notes == map.notes)
    #expect(try #require(study.run(cell + "pixel_nm").failure).contains("pixel_um"))
    #expect(try #require(study.run(cell + "{DEMO-2: 0.25}").failure).contains("DEMO-02"))
    #expect(try #require(study.run(cell + "{DEMO-02: 0}").failure).contains("0.001"))
    #expect(try #require(study.run(cell + "{DEMO-02: 0.25, DEMO-02: 0.5}").failure).contains("twice"))
    #expect(try #require(study.run(cell + "{DEMO-02: [0.25]}").failure).contains("a number"))
    #expect(study.run(cell + "HPV_status").failure != nil)
  }

  @Test("a slide shows whose word its scale is")
  func slide() throws {
    #expect(study.run("slide DEMO-01").text.contains("0.5 µm, as the file says"))
    let overruled = study.run("slide DEMO-01 mpp=0.25")
    #expect(overruled.text.contains("0.5 µm, as the file says") && overruled.text.contains("0.25 was not used"))
    #expect(overruled.text.contains("128 px of level 0 a tile"))
    #expect(study.run("slide DEMO-02").text.contains("not in the file; a 20x objective would give 0.5 µm"))
    let given = study.run("slide DEMO-02 mpp={DEMO-02: 0.25}")
    #expect(given.text.contains("0.25 µm, as given") && given.text.contains("256 px of level 0 a tile"))
  }

  @Test("a grid of a model is laid by the same rule, and its file has the scale")
  func grid() throws {
    let cell = "g = feature_grid '\(study.folder)/small.onnx' tile_px=16 tile_um=64 grayspace_fraction=1 "
    let overruled = study.run(cell + "slide=DEMO-01 mpp=0.25\nsave g '\(study.folder)/g.h5'")
    #expect(overruled.text.contains("tiles of 16px_64um by 0.5 µm per pixel, as the file says"))
    #expect(overruled.text.contains("DEMO-01 says 0.5 µm per pixel: 0.25 was not used."))
    let file = try HDF5File.open(study.folder + "/g.h5")
    #expect(try file.integerAttribute("tile_side") == 128)
    #expect(try file.textAttribute("microns_per_pixel") == "0.5")
    #expect(try file.textAttribute("microns_per_pixel_by") == "file")
    #expect(study.run(cell + "slide=DEMO-02 mpp=0.5").text.contains("by 0.5 µm per pixel, as given"))
    let unknown = try #require(study.run("feature_grid '\(study.folder)/small.onnx' slide=DEMO-01").failure)
    #expect(unknown.contains("tile_px=16 tile_um=…, as the model was trained"))
  }

  @Test("tiles' extents are those that they were cut with, then those of the file, and mpp overrides neither")
  func extents() throws {
    study.run("d = extract_tiles tile_px=16 tile_um=32 mpp=0.25 grayspace_fraction=1 shuffle=false")
    let first = study.run("a = features '\(study.folder)/small.onnx' dataset=d")
    #expect(first.text.contains("0.5 µm per pixel, as the file says (1 slide)"))
    #expect(first.text.contains("0.25 µm per pixel, as the tiles were cut with (1 slide)"))
    let (own, cut) = (try corners(of: "a", slide: "DEMO-01"), try corners(of: "a", slide: "DEMO-02"))
    #expect(own.side == 64 && own.first == TileLocation(x: 0, y: 0))
    #expect(cut.side == 128 && cut.first == TileLocation(x: 0, y: 0))
    let second = study.run("b = features '\(study.folder)/small.onnx' dataset=d mpp=0.4")
    #expect(second.text.contains("DEMO-01 says 0.5 µm per pixel: 0.4 was not used"))
    #expect(second.text.contains("DEMO-02 was cut at 0.25 µm per pixel: 0.4 was not used"))
    #expect(try corners(of: "b", slide: "DEMO-01").side == 64)
    #expect(try corners(of: "b", slide: "DEMO-02").side == 128)
    // A file that speaks later does not change how the tiles were cut.
    try restate("DEMO-02", "QQQ = 0.5000", as: "MPP = 0.5000")
    let third = study.run("c = features '\(study.folder)/small.onnx' dataset=d mpp={DEMO-02: 0.25}")
    #expect(third.text.contains("as the tiles were cut with, though the file says 0.5"))
    #expect(try corners(of: "c", slide: "DEMO-02").side == 128)
  }

  @Test("tiles of another program that lie otherwise than by the slide's own scale tell their extent themselves")
  func foreignTiles() throws {
    study.run("d = extract_tiles tile_px=16 tile_um=32 mpp=0.25 grayspace_fraction=1 shuffle=false slides=[DEMO-02]")
    try FileManager.default.removeItem(atPath: study.folder + "/tessera/extraction")
    try restate("DEMO-02", "QQQ = 0.5000", as: "MPP = 0.5000")
    let shown = study.run("a = features '\(study.folder)/small.onnx' dataset=d")
    #expect(
      shown.text.contains("neighbours are 128 pixels apart, and not as by 0.5 µm per pixel, as the file says"))
    #expect(try corners(of: "a", slide: "DEMO-02").side == 128)
  }

  @Test("features in micrometres are placed by each slide's own scale, and kept by it")
  func micrometres() throws {
    let folder = study.folder + "/stamp"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    for slide in ["DEMO-01", "DEMO-02"] {
      let file = try HDF5File.create("\(folder)/\(slide).h5")
      try file.write("feats", Matrix(rowCount: 2, columnCount: 2, elements: [1, 2, 3, 4]))
      try file.write("coords", Matrix(rowCount: 2, columnCount: 2, elements: [0, 0, 100, 0]))
      try file.setAttribute("unit", "um")
      try file.setAttribute("tile_size_um", "100")
      try file.flush()
    }
    func places(_ mpp: String) -> (shown: Shown, text: String) {
      let shown = study.run("f = import_features '\(folder)' \(mpp)")
      return (shown, study.run("locations f").text)
    }
    let own = places("")
    #expect(own.shown.text.contains("µm per pixel: as the files say 0.5 (DEMO-01)."))
    #expect(own.shown.text.contains("mpp={DEMO-02: 0.5}, as its 20x objective has it"))
    let rows = own.text.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
    #expect(rows.contains(["DEMO-01", "1", "300", "100"]))
    let quarter = places("mpp=0.25")
    #expect(quarter.text.contains(#/DEMO-01 +1 +300 +100/#) && quarter.text.contains(#/DEMO-02 +1 +600 +200/#))
    #expect(quarter.shown.text.contains("DEMO-01 says 0.5 µm per pixel: 0.25 was not used."))
    let half = places("mpp={DEMO-02: 0.5}")
    #expect(half.text.contains(#/DEMO-02 +1 +300 +100/#))
    #expect(places("mpp=0.25").text == quarter.text)
  }

  @Test("mean and scale of a model's card are refused with the numbers times 255, and taken with range=1")
  func modelCard() throws {
    let failure = try #require(
      study.run("model '\(study.folder)/small.onnx' mean=[0.7, 0.6, 0.7] scale=[0.2, 0.25, 0.2]").failure)
    #expect(failure.contains("instead: mean=[178.5, 153, 178.5] scale=[51, 63.75, 51]"))
    let byCard = study.run("model '\(study.folder)/small.onnx' mean=[0.7, 0.6, 0.7] scale=[0.2, 0.25, 0.2] range=1")
    let byBytes = study.run("model '\(study.folder)/small.onnx' mean=[178.5, 153, 178.5] scale=[51, 63.75, 51]")
    #expect(byCard.failure == nil && byCard.text == byBytes.text)
    #expect(study.run("model '\(study.folder)/small.onnx' standardization=imagenet range=1").failure != nil)
  }
}
