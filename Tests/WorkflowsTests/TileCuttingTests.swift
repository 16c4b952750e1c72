import Analysis
import FeatureData
import FeatureStore
import Foundation
import Rendering
import Slides
import Synchronization
import Testing

@testable import Workflows

/// Tiles of imported features, of which the project has slides and no tile files.
@Suite struct TileCuttingTests {
  private let demo: DemoStudy
  private let bags: String

  init() throws {
    demo = try DemoStudy()
    bags = demo.folder + "/bags"
    try FileManager.default.createDirectory(atPath: bags, withIntermediateDirectories: true)
  }

  /// The study as somebody has it who made features elsewhere.
  private func withoutTileFiles() throws -> Study {
    try FileManager.default.removeItem(atPath: demo.folder + "/tfrecords")
    return try Study.open(demo.folder)
  }

  private func imported(_ study: Study, side: BagRequest.TileSide? = nil) throws -> (FeatureSet, said: [Remark]) {
    var request = FeatureImportRequest(path: bags)
    request.tileSide = side
    let (features, remarks) = try study.importFeatures(request, monitor: SilentMonitor())
    return (features, remarks)
  }

  private func write(_ slide: String, _ corners: [TileLocation], side: Int? = 128) throws {
    // Tiles of different slides lie apart on maps.
    let shift: Float = slide == "DEMO-02" ? 70 : 0
    try TRIDENTFile.write(
      Matrix(
        rowCount: corners.count, columnCount: 2, elements: corners.flatMap { [Float($0.x) + shift, Float($0.y)] }),
      corners: corners, slide: slide, attributes: .init(encoder: "uni", patchSize: 64, patchSizeLevel0: side),
      to: "\(bags)/\(slide).h5")
  }

  /// How far two pictures of one size are from each other, on average over pixels and channels.
  private func difference(_ one: RGBImage, _ other: RGBImage) -> Double {
    guard one.pixels.count == other.pixels.count else { return .infinity }
    return zip(one.pixels, other.pixels).reduce(0.0) { $0 + abs(Double($1.0) - Double($1.1)) }
      / Double(one.pixels.count)
  }

  @Test func `a tile that is cut from its slide is the one of the tile file`() throws {
    let dataset = try StudyDataset(demo.study)
    let files = DatasetTiles(dataset)
    let slide = try #require(files.slides.firstIndex { $0.name == "DEMO-01" })
    let count = files.slides[slide].tileCount
    let originals = try (0..<count).map { try files.image(slide: slide, tile: $0, side: 64) }
    let corners = try (0..<count).map { tile in
      let centre = try #require(try files.location(slide: slide, tile: tile))
      return TileLocation(x: centre.x - 64, y: centre.y - 64)
    }
    try write("DEMO-01", corners)
    let (features, said) = try imported(try withoutTileFiles())
    #expect(said.first == .note("From TRIDENT. Their tiles are cut from the slides in \(demo.folder)/slides."))
    let tiles = FeatureTiles(features)
    for tile in 0..<count {
      let cut = try tiles.image(slide: 0, tile: tile, side: 64)
      #expect(cut.width == 64 && cut.height == 64)
      // What is left is JPEG and the way of reducing.
      #expect(difference(cut, originals[tile]) < 8)
      #expect(difference(cut, originals[(tile + 1) % count]) > 8)
    }
    #expect(try tiles.image(slide: 0, tile: 0, side: 16).width == 16)
    #expect(features.tiles().note == "Tiles are cut from the slides in \(demo.folder)/slides.")
  }

  @Test func `mosaics and sheets show them, and a slide that cannot be opened costs its own tiles`() throws {
    for slide in ["DEMO-01", "DEMO-02"] {
      try write(slide, (0..<8).map { TileLocation(x: 128 * ($0 % 4), y: 128 * ($0 / 4)) })
    }
    try Data("no slide".utf8).write(to: URL(filePath: demo.folder + "/slides/DEMO-02.svs"))
    let (features, _) = try imported(try withoutTileFiles())
    var map = MapRequest()
    map.parameters.method = .pca
    let remarks = RecordedRemarks()
    var request = MosaicRequest()
    request.columnCount = 40
    let mosaic = try features.mosaic(request, map: map, remarks: remarks, monitor: SilentMonitor())
    #expect(mosaic.drawnTileCount == 8)
    #expect(mosaic.remarks.contains { $0.hasPrefix("Tiles are cut from the slides in ") })
    #expect(remarks.all.count == 1)
    guard case .warning(let text)? = remarks.all.first else { return }
    #expect(
      text.hasPrefix("DEMO-02:0, DEMO-02:1, DEMO-02:2 and 5 more cannot be shown: ") && text.contains("DEMO-02.svs"))
    let sheet = try TileSheet(of: features, remarks: SilentRemarks(), monitor: SilentMonitor())
    #expect(sheet.figure.tiles.count { $0.image != nil } == 8)
  }

  @Test func `what is missing is named`() throws {
    try write("DEMO-01", [TileLocation(x: 0, y: 0), TileLocation(x: 40_000, y: 0)])
    try write("DEMO-03", [TileLocation(x: 0, y: 0)])
    try Data("slide,x,y,feature_0,feature_1\nDEMO-02,0,0,1,2\n".utf8).write(to: URL(filePath: demo.folder + "/t.csv"))
    let study = try withoutTileFiles()
    let (features, said) = try imported(study)
    let slides = Dictionary(uniqueKeysWithValues: features.slides.enumerated().map { ($1.name, $0) })
    let tiles = FeatureTiles(features)
    func message(_ slide: String, _ tile: Int, _ tiles: FeatureTiles) -> WorkflowFailure? {
      do {
        _ = try tiles.image(slide: slides[slide] ?? 0, tile: tile, side: 64)
        return nil
      } catch { return error as? WorkflowFailure }
    }
    #expect(message("DEMO-01", 0, tiles) == nil)
    #expect(message("DEMO-01", 1, tiles)?.message.contains("It lies outside of") == true)
    let none = message("DEMO-03", 0, tiles)
    #expect(none?.message.contains("There is no file of slide DEMO-03 in \(demo.folder)/slides") == true)
    #expect(none?.remedy == "put the slide into \(demo.folder)/slides, under the name DEMO-03")
    #expect(
      said.first
        == .note(
          "From TRIDENT. The tiles of 1 of the 2 slides are cut from the slides in \(demo.folder)/slides. Of 1 of the 2 "
            + "slides there is neither a tile file nor a slide (looked for in \(demo.folder)/slides): DEMO-03; their "
            + "tiles cannot be shown."))

    var request = FeatureImportRequest(path: demo.folder + "/t.csv")
    let (table, _) = try study.importFeatures(request, monitor: SilentMonitor())
    let failure = #expect(throws: WorkflowFailure.self) {
      try FeatureTiles(table).image(slide: 0, tile: 0, side: 64)
    }
    #expect(failure?.message.contains("How large the tiles of DEMO-02 are is not known") == true)
    #expect(failure?.message.contains("tile_um") == true)
    request.tileSide = .microns(64)
    let (sized, _) = try study.importFeatures(request, monitor: SilentMonitor())
    #expect(sized.slides[0].stored.corners?.sidePixels == 128)
    #expect(try FeatureTiles(sized).image(slide: 0, tile: 0, side: 64).width == 64)
  }

  @Test func `places on a slide of another size are refused`() throws {
    try TRIDENTFile.write(
      Matrix(rowCount: 1, columnCount: 2), corners: [TileLocation(x: 0, y: 0)], slide: "DEMO-01",
      attributes: .init(encoder: "uni", patchSizeLevel0: 128, level0Width: 4000, level0Height: 3000),
      to: "\(bags)/DEMO-01.h5")
    let (features, _) = try imported(try withoutTileFiles())
    let failure = #expect(throws: WorkflowFailure.self) {
      try FeatureTiles(features).image(slide: 0, tile: 0, side: 64)
    }
    #expect(failure?.message.contains("are of a slide of 4000 × 3000 pixels") == true)
  }

  @Test func `features are drawn over a slide, cell by cell`() throws {
    // Three rows of four, of which the last tile is not there.
    let corners = (0..<11).map { TileLocation(x: 64 + 128 * ($0 % 4), y: 192 + 128 * ($0 / 4)) }
    try write("DEMO-01", corners)
    let (features, _) = try imported(try withoutTileFiles())
    let figure = try features.heat(
      by: .feature(layer: nil, index: 0), slide: nil, monitor: SilentMonitor())
    #expect(
      figure.lattice
        == HeatFigure.Lattice(rowCount: 3, columnCount: 4, stride: 128, tileSide: 128, left: 64, top: 192))
    guard case .continuous(let values, let range, _, _) = figure.colouring else {
      Issue.record("a feature is a number")
      return
    }
    #expect(values.prefix(11).elementsEqual(corners.map { Float($0.x) }) && values[11].isNaN)
    #expect(range == 64...448 && figure.missingCells.isEmpty)
    let failure = #expect(throws: WorkflowFailure.self) {
      try features.heat(by: .slide, slide: "DEMO-09", monitor: SilentMonitor())
    }
    #expect(failure?.remedy == "slide=DEMO-01")
    try write("DEMO-03", corners)
    let (several, _) = try imported(features.study)
    let missing = #expect(throws: WorkflowFailure.self) {
      try several.heat(by: .slide, slide: "DEMO-03", monitor: SilentMonitor())
    }
    #expect(missing?.message.hasPrefix("There is no file of slide DEMO-03 in ") == true)
  }

  @Test func `few tiles have a small grid of their own`() throws {
    try write("DEMO-01", (0..<5).map { TileLocation(x: 128 * $0, y: 64 * ($0 % 3)) })
    let (features, _) = try imported(try withoutTileFiles())
    var map = MapRequest()
    map.parameters.method = .pca
    let mosaic = try features.mosaic(map: map, remarks: SilentRemarks(), monitor: SilentMonitor())
    #expect(mosaic.grid.columnCount == 4 && mosaic.drawnTileCount >= 3)
  }
}

/// Keeps what is said.
private final class RecordedRemarks: RemarkSink {
  private let recorded = Mutex<[Remark]>([])

  var all: [Remark] { recorded.withLock { $0 } }
  func add(_ remark: Remark) { recorded.withLock { $0.append(remark) } }
}
