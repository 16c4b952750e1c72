import FeatureData
import Foundation
import Slides
import Analysis
import Testing

@testable import Workflows

@Suite("Which slides are meant, by one rule")
struct SlideSelectionTests {
  private let demo: DemoStudy

  /// DEMO-01 and DEMO-02 have files; they are of patients with names as long as those of samples of TCGA.
  init() throws {
    demo = try DemoStudy()
    let path = URL(filePath: demo.folder + "/annotations.csv")
    var lines = try String(contentsOf: path, encoding: .utf8).split(whereSeparator: \.isNewline).map(String.init)
    let columns = lines[0].split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    let (patient, slide) = (try #require(columns.firstIndex(of: "patient")), columns.firstIndex(of: "slide") ?? 0)
    lines =
      [lines[0]]
      + lines.dropFirst().map { line in
        var cells = line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        cells[patient] = "TCGA-AA-00\(cells[slide].suffix(2))-01Z"
        return cells.joined(separator: ",")
      }
    try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: path)
  }

  @Test("a patient's short name of TCGA finds the same slides for a dataset, a map, a mosaic and an extraction")
  func shortNames() throws {
    let study = try Study.open(demo.folder)
    let filter = Dataset.Filter(column: "patient", values: ["TCGA-AA-0002"])
    var selection = Dataset.Selection()
    selection.filters = [filter]
    #expect(try StudyDataset(study, selection: selection).dataset.slides.map(\.name) == ["DEMO-02"])
    let chosen = SlideSelection(filters: [filter])
    let features = try StudyDataset(study).features(
      NetworkRun(demo.model), remarks: SilentRemarks(), monitor: SilentMonitor()
    ).features
    #expect(try features.places(of: chosen) == [1])
    #expect(
      try features.map(MapRequest.small, of: chosen, monitor: SilentMonitor()).points.allSatisfy { $0.slide == 1 })
    var request = ExtractionRequest(TilePlan(size: TileSize(pixels: 32, extent: .microns(64))))
    request.plan.cutting.filter.grayspaceFraction = 1
    request.filters = [filter]
    #expect(try request.files(in: study, remarks: SilentRemarks()).map(\.name) == ["DEMO-02"])
    let report = try study.extractTiles(request, remarks: SilentRemarks(), monitor: SilentMonitor())
    #expect(try report.dataset().dataset.slides.map(\.name) == ["DEMO-02"])
  }

  @Test("a slide that is blank in a column is left out, and a slide outside of the dataset too")
  func others() throws {
    let study = try Study.open(demo.folder)
    let names = ["DEMO-01", "DEMO-02", "none"]
    func chosen(_ selection: SlideSelection) throws -> [String] {
      try selection.chosen(from: names, study.project.annotations) { $0 }
    }
    #expect(try chosen(SlideSelection()) == names)
    #expect(try chosen(SlideSelection(filterBlank: ["site"])) == ["DEMO-01", "DEMO-02"])
    var selection = Dataset.Selection()
    selection.filters = [Dataset.Filter(column: "slide", values: ["DEMO-02"])]
    let dataset = try StudyDataset(study, selection: selection)
    #expect(try chosen(SlideSelection(dataset: dataset)) == ["DEMO-02"])
    let failure = #expect(throws: WorkflowFailure.self) { try chosen(SlideSelection(filterBlank: ["nothing"])) }
    #expect(failure?.parameter == "filter_blank")
  }
}

extension MapRequest {
  fileprivate static var small: MapRequest {
    var request = MapRequest()
    request.parameters.neighbours = 4
    return request
  }
}
