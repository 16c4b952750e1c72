import FeatureData
import FeatureStore
import Foundation
import Rendering
import Slides
import Analysis
import Inference
import Testing
import Workflows

@Suite("A study from Swift alone, without a word of the language")
struct SwiftAloneTests {
  private let demo: DemoStudy

  init() throws { demo = try DemoStudy() }

  @Test("features, a map, a mosaic, statistics and predictions follow from one another, and are saved")
  func wholeStudy() throws {
    let features = try demo.features()
    #expect(features.slides.count == 4 && !features.isFromStore)
    #expect(features.tileCount == features.dataset?.dataset.tileCount)
    #expect(try demo.features().isFromStore)

    var request = MapRequest()
    request.parameters.neighbours = 8
    let map = try features.map(request, monitor: SilentMonitor())
    #expect(map.points.count == features.tileCount && map.labels?.column == "HPV_status")
    let again = try features.map(request, monitor: SilentMonitor())
    #expect(again.isFromStore && again.coordinates == map.coordinates)

    var laying = MosaicRequest()
    laying.columnCount = 8
    laying.outcomes = .column("HPV_status")
    let mosaic = try map.mosaic(laying, remarks: SilentRemarks(), monitor: SilentMonitor())
    #expect(mosaic.drawnTileCount == mosaic.table.rows.count && mosaic.drawnTileCount > 1)

    let comparison = try OutcomeComparison(features, monitor: SilentMonitor())
    #expect(comparison.table.rows.count == features.featureCount)
    let predictions = try SlidePredictions(.predict, of: features, monitor: SilentMonitor())
    #expect(predictions.table.rows.count == 4)

    let results: [(any Saveable, String)] = [
      (features, "f.csv"), (map, "u.svg"), (map, "u.csv"), (mosaic, "m.png"), (mosaic, "m.pdf"), (mosaic, "m.csv"),
    ]
    for (result, name) in results {
      let path = demo.folder + "/" + name
      #expect(type(of: result).fileExtensions.contains((name as NSString).pathExtension))
      let said = try result.save(SaveRequest(path: path, monitor: SilentMonitor()))
      #expect(said[0].contains(path))
      #expect(FileManager.default.fileExists(atPath: path))
    }
  }

  @Test("a grid over a slide, and tiles of it, need no dataset")
  func grid() throws {
    var request = GridRequest(.named("DEMO-01"))
    request.size = .init(pixels: 64, extent: .microns(64))
    let (grid, _) = try FeatureGrid.compute(
      NetworkRun(demo.model), request, study: demo.study, remarks: SilentRemarks(), monitor: SilentMonitor())
    #expect(grid.values.rowCount == grid.cells.count && !grid.cells.isEmpty)
    var opening = SlideRequest(.named("DEMO-01"))
    opening.size = request.size
    let slide = try StudySlide.open(
      opening, study: demo.study, remarks: SilentRemarks(), monitor: SilentMonitor())
    let sheet = try TileSheet(of: slide, remarks: SilentRemarks(), monitor: SilentMonitor())
    #expect(!sheet.figure.tiles.isEmpty)
  }

  @Test("what is wrong is told with the argument at fault and a remedy")
  func failures() throws {
    let failure = #expect(throws: WorkflowFailure.self) {
      try ModelOpening.open("models/none.onnx", study: demo.study)
    }
    #expect(failure?.parameter == "model")
    let dataset = try StudyDataset(demo.study)
    let labels = #expect(throws: WorkflowFailure.self) { try LabelSet(["site", "site"], of: dataset) }
    #expect(labels?.message == "The column site is named twice." && labels?.parameter == "column")
  }
}
