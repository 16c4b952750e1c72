import Foundation
import Testing

@testable import Slides

/// Regions drawn in QuPath's way, as `Fixtures/make_regions.py` made them and asked shapely about.
@Suite struct PolygonLibraryTests {
  private struct Answer: Decodable {
    /// A row of the grid each, with 1 for tiles whose centre lies inside.
    let centres: [String]
    /// Of each tile, the share that lies inside.
    let shares: [[Double]]
  }

  private static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "Fixtures")

  private func grid() throws -> TileGrid {
    try TileGrid(
      [SlideLevel(width: 4096, height: 4096, downsample: 1)], of: "S.svs",
      size: TileSize(pixels: 64, extent: .microns(64)), scale: SlideScale(micronsPerPixel: 1, source: .given))
  }

  @Test(arguments: ["all", "Tumor", "Stroma", "Necrosis"])
  func `tiles lie in regions with holes and islands where a polygon library says so`(name: String) throws {
    let regions = try RegionsOfInterest(path: Self.folder.path + "/regions.geojson")
    #expect(regions.classes.map(\.name) == ["Necrosis", "Stroma", "Tumor"] && regions.holeCount == 27)
    let chosen = try #require(name == "all" ? regions : regions.ofClasses([name]))
    let answers = try JSONDecoder().decode(
      [String: Answer].self, from: Data(contentsOf: Self.folder.appending(path: "regions.json")))
    let answer = try #require(answers[name])

    var byCentre = TileSelection(try grid())
    try byCentre.apply(chosen, keepingInside: true)
    let found = (0..<64).map { row in
      (0..<64).map { byCentre[TileGrid.Cell(column: $0, row: row)] == .kept ? "1" : "0" }.joined()
    }
    #expect(found == answer.centres)

    for least in [0.25, 0.5, 0.9] {
      var byShare = TileSelection(try grid())
      try byShare.apply(chosen, keepingInside: true, leastFraction: least)
      for row in 0..<64 {
        for column in 0..<64 where abs(answer.shares[row][column] - least) > 0.05 {
          let isKept = byShare[TileGrid.Cell(column: column, row: row)] == .kept
          #expect(isKept == (answer.shares[row][column] >= least), "row \(row), column \(column) at \(least)")
        }
      }
    }
  }

  @Test func `a tile is in a region where its centre is, and in the innermost of several`() throws {
    let regions = RegionLocator(try RegionsOfInterest(path: Self.folder.path + "/regions.geojson"))
    let answers = try JSONDecoder().decode(
      [String: Answer].self, from: Data(contentsOf: Self.folder.appending(path: "regions.json")))
    for row in 0..<64 {
      for column in 0..<64 {
        let place = RegionsOfInterest.Vertex(x: Double(column * 64 + 32), y: Double(row * 64 + 32))
        let names = ["Tumor", "Stroma", "Necrosis"].filter { name in
          answers[name].map { Array($0.centres[row])[column] == "1" } ?? false
        }
        let label = regions.region(at: place)?.label
        #expect(label.map(names.contains) ?? names.isEmpty, "row \(row), column \(column)")
      }
    }
  }
}
