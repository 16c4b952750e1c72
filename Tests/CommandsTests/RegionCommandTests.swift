import CommandLanguage
import Foundation
import Slides
import Testing

@Suite("Regions of interest, and what tiles lie in")
struct RegionCommandTests {
  let study: SlideStudy
  private var path: String { study.folder + "/slides/PART.scn" }

  init() throws {
    study = try SlideStudy()
    try FileManager.default.createDirectory(atPath: study.folder + "/roi", withIntermediateDirectories: true)
    study.run("project '\(study.folder)'")
  }

  private func write(_ name: String, _ text: String) throws {
    try Data(text.utf8).write(to: URL(filePath: study.folder + "/" + name))
  }

  /// A rectangle as QuPath exports it.
  private func feature(_ left: Int, _ top: Int, _ right: Int, _ bottom: Int, _ label: String) -> String {
    let ring = [(left, top), (right, top), (right, bottom), (left, bottom), (left, top)].map { "[\($0.0),\($0.1)]" }
    return #"{"type":"Feature","geometry":{"type":"Polygon","coordinates":[[\#(ring.joined(separator: ","))]]},"#
      + #""properties":{"objectType":"annotation","classification":{"name":"\#(label)"}}}"#
  }

  private func collection(_ features: [String]) -> String {
    #"{"type":"FeatureCollection","features":["# + features.joined(separator: ",") + "]}"
  }

  @Test("QuPath's regions in the project's folder choose tiles, by class too, and what is not read there is told")
  func inFolder() throws {
    try write(
      "roi/DEMO-01.geojson", collection([feature(0, 0, 260, 130, "Tumor"), feature(0, 256, 130, 390, "Stroma")]))
    try write("roi/DEMO-01.qpdata", "x")
    try write("roi/DEMO-02.json", "x")
    let all = study.run("slide DEMO-01 grayspace_fraction=1")
    #expect(all.text.contains("3 kept"), "\(all.text)")
    #expect(all.text.contains("DEMO-01.geojson: Stroma (1), Tumor (1)"))
    #expect(all.text.contains("DEMO-01.qpdata lies in") && all.text.contains("the annotations from QuPath as GeoJSON."))
    #expect(study.run("slide DEMO-01 grayspace_fraction=1 roi_class=[Tumor]").text.contains("2 kept"))
    #expect(
      study.run("slide DEMO-01 grayspace_fraction=1 roi_class=Stroma roi_method=outside").text.contains("1 outside"))
    let missing = try #require(study.run("slide DEMO-01 roi_class=[Necrosis]").failure)
    #expect(missing.contains("has the class Necrosis; the classes are Stroma (1), Tumor (1)."))

    let extracted = study.run("extract_tiles tile_px=32 tile_um=64 grayspace_fraction=1 roi_class=[Tumor]")
    #expect(extracted.failure == nil, "\(extracted.failure ?? "")")
    #expect(extracted.text.contains("2 tiles kept"), "\(extracted.text)")
    #expect(extracted.text.contains("DEMO-02 is left out: There are no regions of interest for slide DEMO-02"))
    #expect(extracted.text.contains("DEMO-02.json lies in") && extracted.text.contains("under the ending .geojson"))
    #expect(
      study.run("extract_tiles tile_px=32 tile_um=64 grayspace_fraction=1 roi_class=[Tumor]").notes == extracted.notes)
    let none = try #require(
      study.run("extract_tiles tile_px=32 tile_um=64 slides=[DEMO-01] roi_class=[X] skip_extracted=false").failure)
    #expect(none.contains("has the class X"))
  }

  @Test("a region that is none costs itself, also in an extraction that was done before")
  func faults() throws {
    let line = #"{"type":"Feature","geometry":{"type":"LineString","coordinates":[[1,1],[2,2]]},"properties":{}}"#
    try write(
      "roi/DEMO-01.geojson", collection([feature(0, 0, 260, 130, "Tumor"), feature(5, 5, 5, 5, "Tumor"), line]))
    let cell = "extract_tiles tile_px=32 tile_um=64 slides=[DEMO-01] grayspace_fraction=1"
    let first = study.run(cell)
    #expect(first.text.contains("the region Tumor 2 is left out: it has 1 vertex, and a region needs three; 1 line is"))
    #expect(first.text.contains("2 tiles kept") && study.run(cell).notes == first.notes)
    try write("roi/DEMO-01.geojson", collection([feature(90_000, 0, 90_010, 10, "Tumor")]))
    #expect(try #require(study.run("slide DEMO-01").failure).contains("lie outside of it"))
    try write("roi/DEMO-01.geojson", "{")
    #expect(
      try #require(study.run("slide DEMO-01").failure).contains("DEMO-01.geojson, line 1 cannot be read as regions"))
  }

  @Test("QuPath's regions on a slide with a scanned part are counted from its corner, and that is said")
  func frames() throws {
    try ScannedSlide.write(to: path)
    try write("q.geojson", collection([feature(100, 10, 300, 200, "Tumor")]))
    try write("o.csv", "ROI_name,X_base,Y_base\na,612,266\na,812,266\na,812,456\na,612,456\n")
    let cell = "slide '\(path)' tile_px=16 tile_um=16 mpp=0.5 grayspace_fraction=1 roi='\(study.folder)/"
    let drawn = study.run(cell + "q.geojson'")
    #expect(drawn.text.contains("read as QuPath counts") && drawn.text.contains("PART from (512, 256) on"))
    let kept = try #require(drawn.text.firstMatch(of: /[0-9]+ kept/)).output
    #expect(kept != "0 kept" && study.run(cell + "o.csv'").text.contains(kept))
    try write("whole.geojson", collection([feature(600, 300, 700, 400, "Tumor")]))
    #expect(
      try #require(study.run(cell + "whole.geojson'").failure).contains(
        "counted from the corner of the whole slide they lie"))
  }

  @Test("tiles are labelled, chosen and compared by the region that they lie in")
  func labels() throws {
    let small = try SmallStudy()
    try small.write("datasets.json", #"{"S": {"tfrecords": "./tfrecords", "roi": "./roi"}}"#)
    try FileManager.default.createDirectory(atPath: small.folder + "/roi", withIntermediateDirectories: true)
    // Centres lie at 8, 24, 40 …: five in the tumour, of which two also in necrosis, three in stroma.
    for slide in 0..<3 {
      try small.write(
        "roi/S-\(slide).geojson",
        collection([
          feature(0, 0, 80, 16, "Tumor"), feature(32, 0, 64, 16, "Necrosis"), feature(112, 0, 160, 16, "Stroma"),
        ]))
    }
    try small.write("roi/S-3.csv", "ROI_name,X_base,Y_base\nedge,0,0\nedge,16,0\nedge,16,16\nedge,0,16\n")
    small.open()
    let shown = small.run("u = slide_map df n_neighbors=5\nlabel u by=region")
    #expect(shown.failure == nil, "\(shown.failure ?? "")")
    #expect(small.run("tiles df region=Tumor").text.contains("9 tiles"))
    #expect(small.run("tiles df region=[edge] slide=S-3 values=region").text.contains("1 tile"))
    #expect(small.run("tiles df region=Stroma extremes=feature:0 n=4").failure == nil)
    #expect(
      try #require(small.run("tiles df region=Fat").failure).contains(
        "called Fat; there are Necrosis, Stroma, Tumor, edge."))
    let stats = small.run("stats df outcomes=region")
    #expect(stats.failure == nil, "\(stats.failure ?? "")")
    #expect(
      stats.text.contains("by region: Necrosis (3), Stroma (3), Tumor (3), edge (1)")
        && stats.text.contains("tiles: Necrosis (6), Stroma (9), Tumor (9), edge (1); 47 tiles in no region"),
      "\(stats.text)")
    // A column of that name was there first.
    let other = try SmallStudy()
    try other.write(
      "annotations.csv",
      "patient,slide,region\n" + (0..<6).map { "P\($0),S-\($0),\($0 < 3 ? "north" : "south")\n" }.joined())
    other.run("project '\(other.folder)'\ndf = features models/small.onnx")
    #expect(other.run("stats df outcomes=region").text.contains("by region: north (3), south (3)"))
    other.run("u = slide_map df n_neighbors=5")
    #expect(other.run("label u by=region").failure == nil)
  }

  @Test("without regions it is said where they were looked for")
  func none() throws {
    let small = try SmallStudy()
    small.open()
    #expect(try #require(small.run("stats df outcomes=region").failure).contains("None of these slides has regions"))
    #expect(try #require(small.run("tiles df region=Tumor").failure).contains("the project names no folder of them"))
  }

  @Test("ink, folds and blur are parameters, with counts of their own")
  func quality() throws {
    let shown = study.run("slide DEMO-01 qc=[otsu, pen, fold, blur]")
    #expect(shown.failure == nil, "\(shown.failure ?? "")")
    #expect(study.run("slide DEMO-01 qc=pen").failure == nil)
    #expect(try #require(study.run("slide DEMO-01 qc=[pen] filter_threshold=0.5").failure).contains("otsu"))
    #expect(try #require(study.run("slide DEMO-01 qc=[pens]").failure).contains("pen"))
    let table = study.run("extract_tiles tile_px=32 tile_um=64 slides=[DEMO-01] qc=[blur, pen]")
    #expect(table.text.contains("pen") && table.text.contains("blurred") && !table.text.contains("folded"))
    #expect(!study.run("extract_tiles tile_px=16 tile_um=64 slides=[DEMO-01] qc=otsu").text.contains("blurred"))
  }

  @Test("plain pictures are slides with the microns per pixel that are given, and what is not read is named")
  func pictures() throws {
    let flat = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("SlidesTests/Fixtures/flat").path
    let manager = FileManager.default
    try manager.copyItem(atPath: flat + "/base.png", toPath: study.folder + "/slides/DEMO-03.png")
    study.run("project '\(study.folder)'")
    #expect(try #require(study.run("slide DEMO-03 tile_px=16 tile_um=16").failure).contains("mpp={DEMO-03: 1}"))
    #expect(
      study.run("slide DEMO-03 tile_px=16 tile_um=16 mpp=1 grayspace_fraction=1").text.contains("(5, 8): 40 kept"))
    let extracted = study.run("extract_tiles tile_px=16 tile_um=16 slides=[DEMO-03] mpp=1 grayspace_fraction=1")
    #expect(extracted.text.contains("40 tiles kept"), "\(extracted.text)\(extracted.failure ?? "")")
    try manager.removeItem(atPath: study.folder + "/slides/DEMO-03.png")
    try write("slides/DEMO-03.czi", "ZISRAWFILE")
    let refused = try #require(study.run("slide DEMO-03").failure)
    #expect(refused.contains("DEMO-03.czi is a file of Zeiss (CZI), which is not read") && refused.contains("OME-TIFF"))
    let rest = study.run("extract_tiles tile_px=32 tile_um=64")
    #expect(rest.text.contains("DEMO-03 is left out: ") && rest.text.contains("Zeiss (CZI)"))
  }
}
