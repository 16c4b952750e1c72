import FeatureData
import Foundation
import GoldenData
import Testing

@testable import Slides

@Suite("Labels")
struct LabelsTests {
  /// Labels as slideflow gives them: a number, a name or an index for each slide.
  private func floats(_ labels: SlideLabels) -> [String: [Double]] {
    if case .continuous(let bySlide) = labels.values { bySlide.mapValues { [$0] } } else { [:] }
  }

  private func names(_ labels: SlideLabels) -> [String: String] {
    if case .categorical(let bySlide, _) = labels.values { bySlide } else { [:] }
  }

  @Test("an index is the place among the sorted outcomes of the slides asked for")
  func indices() throws {
    let table = try CSVTable(text: "patient,slide,x\n1,A,c\n2,B,a\n3,C,b\n4,D,\n", path: "a.csv")
    let annotations = try Annotations(table)
    let all = try annotations.labels("x", slides: annotations.slides, useFloat: false)
    #expect(all.categories == ["a", "b", "c"])
    #expect(all.indexBySlide == ["A": 2, "B": 0, "C": 1])
    #expect(all.slides == ["A", "B", "C"])
    let two = try annotations.labels("x", slides: ["A", "C"], useFloat: false)
    #expect(two.indexBySlide == ["A": 1, "C": 0])
  }

  private struct Golden: Decodable {
    struct Manifest: Decodable, Equatable {
      let total: Int
      let clipped: Int
    }

    let filtersExample: [String]
    let floatAge: [String: [Double]]
    let index: [String: Int]
    let manifest: [String: Manifest]
    let multi: [String: [Int]]
    let multiUnique: [String: [String]]
    let name: [String: String]
    let unique: [String]

    private enum CodingKeys: String, CodingKey {
      case index, manifest, multi, name, unique
      case filtersExample = "filters_example"
      case floatAge = "float_age"
      case multiUnique = "multi_unique"
    }
  }

  @Test func `slideflow's own labels of the golden project are the same`() throws {
    let (golden, dataset) = try compare(labels: "labels.json", in: GoldenData.folder)
    #expect(Set(dataset.slides.map(\.name)) == Set(golden.manifest.keys))
  }

  @Test(.enabled(if: SharedData.isPresent, "\(SharedData.absence)"))
  func `so are its counts of tiles, of the whole of the project`() throws {
    let (golden, dataset) = try compare(labels: "out/labels.json", in: SharedData.golden)
    let counts = dataset.slides.map {
      ($0.name, Golden.Manifest(total: $0.recordCount, clipped: dataset.tileCount(of: $0)))
    }
    #expect(Dictionary(uniqueKeysWithValues: counts) == golden.manifest)
    #expect(dataset.remarks() == [])
    let (_, verdict) = dataset.locationVerdict(
      slideSize: { _ in (11_648, 11_648) }, fullExtractPixels: { _ in 224 })
    #expect(verdict?.unit == .pixels)
  }

  private func compare(labels: String, in folder: String) throws -> (Golden, Dataset) {
    let golden = try JSONDecoder().decode(
      Golden.self, from: Data(contentsOf: URL(filePath: "\(folder)/\(labels)")))
    let project = try Project(folder: folder + "/project")
    let dataset = try Dataset(project, tileSize: nil, selection: .init())
    let slides = dataset.slides.map(\.name)
    let annotations = project.annotations
    #expect(floats(try annotations.labels("age", slides: slides, useFloat: true)) == golden.floatAge)
    let status = try annotations.labels("HPV_status", slides: slides, useFloat: false)
    #expect(status.indexBySlide == golden.index)
    #expect(names(status) == golden.name)
    #expect(status.categories == golden.unique)
    let site = try annotations.labels("site", slides: slides, useFloat: false)
    let both = Dictionary(
      uniqueKeysWithValues: slides.map { slide in (slide, [status, site].compactMap { $0.indexBySlide?[slide] }) })
    #expect(both == golden.multi)
    #expect(["HPV_status": status.categories, "site": site.categories] == golden.multiUnique)
    var selection = Dataset.Selection()
    selection.filters = [
      .init(column: "HPV_status", values: ["positive"]), .init(column: "site", values: ["siteA", "siteB"]),
    ]
    let filtered = try Dataset(project, tileSize: nil, selection: selection)
    #expect(filtered.slides.map(\.name) == golden.filtersExample)
    return (golden, dataset)
  }
}
