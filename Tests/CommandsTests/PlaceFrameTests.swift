import CommandLanguage
import FeatureData
import Foundation
import Slides
import Testing

@testable import Commands

@Suite("From which corner places on a slide are counted")
struct PlaceFrameTests {
  let study: SlideStudy
  private var path: String { study.folder + "/slides/PART.scn" }

  init() throws {
    study = try SlideStudy()
    let model = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("InferenceTests/Fixtures/classifier.onnx")
    try FileManager.default.copyItem(atPath: model.path, toPath: study.folder + "/small.onnx")
    try ScannedSlide.write(to: study.folder + "/slides/PART.scn")
  }

  private func write(_ name: String, _ text: String) throws {
    try Data(text.utf8).write(to: URL(filePath: study.folder + "/" + name))
  }

  private func squares(_ file: String) throws -> [[Int]] {
    let json = try JSONSerialization.jsonObject(with: Data(study.read(file))) as? [String: Any]
    return try #require(json?["features"] as? [[String: Any]]).map { feature in
      let geometry = feature["geometry"] as? [String: Any]
      return try #require((geometry?["coordinates"] as? [[[Int]]])?.first?.first)
    }
  }

  @Test("the slide tells which part of it was scanned")
  func scannedPart() throws {
    #expect(try WholeSlideImage(path: path).scannedPart == ScannedSlide.part)
    let shown = study.run("slide '\(path)'")
    #expect(shown.text.contains("512 × 512 px from (512, 256) on; QuPath counts from there"))
    #expect(try WholeSlideImage(path: study.folder + "/slides/DEMO-01.svs").scannedPart == nil)
  }

  @Test("squares for QuPath are counted from the scanned part, cells of a table from the whole slide, and both say so")
  func saving() throws {
    let made = study.run("g = feature_grid '\(study.folder)/small.onnx' slide='\(path)' tile_px=16 tile_um=64 mpp=0.5")
    #expect(made.failure == nil, "\(made.failure ?? "")")
    let forQuPath = study.run("save g '\(study.folder)/g.geojson'")
    #expect(forQuPath.text.contains("(512, 256) of level 0 (openslide.bounds-x, bounds-y): that was subtracted"))
    let squares = try squares("g.geojson")
    #expect(squares.count == 16)
    #expect(squares.allSatisfy { (0..<512).contains($0[0]) && (0..<512).contains($0[1]) })
    let table = study.run("save g '\(study.folder)/g.csv'")
    #expect(
      table.text.contains("x and y are cells' upper left corners in pixels of level 0, from the corner of the whole"))
    #expect(table.text.contains("QuPath counts from (512, 256)."))
    let lines = String(decoding: try study.read("g.csv"), as: UTF8.self).split(whereSeparator: \.isNewline)
    let corners = lines.dropFirst().map { $0.split(separator: ",").prefix(4).compactMap { Int($0) } }
    #expect(corners.map { [$0[2] - 512, $0[3] - 256] } == squares)
    #expect(study.run("save g '\(study.folder)/g.h5'").text.contains("tile_side and stride are pixels of level 0"))
  }

  @Test("where a slide was scanned whole, QuPath's places are those of level 0")
  func wholeSlide() throws {
    let cell =
      "g = feature_grid '\(study.folder)/small.onnx' slide='\(study.folder)/slides/DEMO-01.svs' tile_px=16 tile_um=64"
    #expect(study.run(cell).failure == nil)
    #expect(study.run("save g '\(study.folder)/g.geojson'").text.contains("which QuPath counts as OpenSlide does"))
    study.run("save g '\(study.folder)/g.csv'")
    let line = String(decoding: try study.read("g.csv"), as: UTF8.self).split(whereSeparator: \.isNewline)[1]
    #expect(try squares("g.geojson")[0] == line.split(separator: ",").prefix(4).suffix(2).compactMap { Int($0) })
  }

  @Test("regions drawn in QuPath on such a slide are recognised, and none is taken for one that lies elsewhere")
  func regions() throws {
    // Within the scanned part, as QuPath counts; in level 0 nothing was scanned there.
    try write("q.csv", "ROI_name,X_base,Y_base\ntumour,100,10\ntumour,300,10\ntumour,300,200\ntumour,100,200\n")
    let cell = "slide '\(path)' tile_px=64 tile_um=64 mpp=0.5 roi='\(study.folder)/"
    let failure = try #require(study.run(cell + "q.csv'").failure)
    #expect(failure.contains("slide PART (tumour) lie where nothing was scanned"))
    #expect(failure.contains("Add 512 to X_base and 256 to Y_base"))
    let ignored = study.run(cell + "q.csv' roi_method=ignore grayspace_fraction=1")
    #expect(ignored.failure == nil && !ignored.text.contains("outside ROI"))
    try write("o.csv", "ROI_name,X_base,Y_base\ntumour,612,266\ntumour,812,266\ntumour,812,456\ntumour,612,456\n")
    let shown = study.run(cell + "o.csv' grayspace_fraction=1")
    #expect(
      shown.failure == nil
        && shown.text.contains("QuPath counts from that of the scanned part: PART from (512, 256) on"))
    try write("far.csv", "ROI_name,X_base,Y_base\na,9000,9000\na,9100,9000\na,9100,9100\nb,10,10\nb,20,10\nb,9,20\n")
    #expect(study.run(cell + "far.csv'").text.contains("Of the regions of interest a lies outside of the slide."))
    try write("off.csv", "ROI_name,X_base,Y_base\na,9000,9000\na,9100,9000\na,9100,9100\n")
    #expect(try #require(study.run(cell + "off.csv'").failure).contains("slide PART (a) lie outside of it"))
  }

  @Test("tiles of regions on such a slide say from where they were counted, also when nothing is left to do")
  func extraction() throws {
    study.run("project '\(study.folder)'")
    try FileManager.default.createDirectory(atPath: study.folder + "/roi", withIntermediateDirectories: true)
    try FileManager.default.moveItem(atPath: path, toPath: study.folder + "/slides/DEMO-03.scn")
    try write("roi/DEMO-03.csv", "ROI_name,X_base,Y_base\na,512,256\na,900,256\na,900,700\na,512,700\n")
    let cell = "extract_tiles tile_px=32 tile_um=32 slides=[DEMO-03] mpp=0.5"
    let first = study.run(cell)
    #expect(first.failure == nil, "\(first.failure ?? "")")
    #expect(first.text.contains("DEMO-03 from (512, 256) on"))
    #expect(study.run(cell).notes == first.notes)
  }

  @Test("places of tiles are named with what they count, and tenths of older tiles are brought to pixels")
  func tenths() throws {
    let small = try SmallStudy()
    small.open()
    #expect(small.run("locations df").text.contains("x and y are tiles' centres in pixels of level 0, from the corner"))
    let saved = small.run("save df '\(small.folder)/t.csv'")
    #expect(saved.text.contains("Location_x and Location_y are tiles' centres in pixels of level 0"))
    // The project is of a time when slideflow wrote tenths: centres at 8, 24, 40 … are 80, 240, 400 … pixels.
    let old = try SmallStudy()
    try old.write(
      "settings.json",
      #"{"name": "Old", "annotations": "./annotations.csv", "sources": ["S"], "slideflow_version": "1.3.0"}"#)
    old.open()
    #expect(old.run("locations df").text.contains("x and y are tiles' centres in tenths, as slideflow wrote them"))
    #expect(old.run("tiles df slide=S-1 area=[70, 70, 250, 90]").text.contains("2 tiles"))
    #expect(old.run("tiles df slide=S-1 area=[0, 0, 9, 9]").failure != nil)
  }
}
