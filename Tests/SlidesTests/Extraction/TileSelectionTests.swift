import FeatureData
import Testing

@testable import Slides

@Suite struct TileSelectionTests {
  private func grid(stride: Double = 1) throws -> TileGrid {
    try TileGrid(SlideMaterial.slide(), size: SlideMaterial.size, strideDivisor: stride)
  }

  private func rectangle(_ left: Double, _ top: Double, _ right: Double, _ bottom: Double) -> RegionsOfInterest {
    RegionsOfInterest([
      RegionsOfInterest.Region(
        name: "r",
        vertices: [(left, top), (right, top), (right, bottom), (left, bottom)].map {
          RegionsOfInterest.Vertex(x: $0.0, y: $0.1)
        })
    ])
  }

  private func kept(_ selection: TileSelection) -> Set<TileGrid.Cell> {
    Set(
      (0..<selection.grid.rowCount).flatMap { row in
        (0..<selection.grid.columnCount).map { TileGrid.Cell(column: $0, row: row) }
      }.filter { selection[$0] == .kept })
  }

  @Test func `a tile is inside by its centre`() throws {
    var selection = TileSelection(try grid())
    // The centres of the first two columns of the first row are at 64 and 192.
    try selection.apply(rectangle(60, 60, 200, 70), keepingInside: true)
    #expect(kept(selection) == [TileGrid.Cell(column: 0, row: 0), TileGrid.Cell(column: 1, row: 0)])
    var outside = TileSelection(try grid())
    try outside.apply(rectangle(60, 60, 200, 70), keepingInside: false)
    #expect(kept(outside).count == outside.grid.cellCount - 2)
    #expect(outside[TileGrid.Cell(column: 0, row: 0)] == .outsideRegion)
  }

  @Test func `or by the share of it that is inside`() throws {
    // Three quarters of the first column's first tile, all of the second's.
    let regions = rectangle(32, 0, 256, 128)
    for (fraction, count) in [(0.76, 1), (0.75, 2), (0.1, 2), (1.0, 1)] {
      var selection = TileSelection(try grid())
      try selection.apply(regions, keepingInside: true, leastFraction: fraction)
      #expect(kept(selection).count == count, "at \(fraction)")
    }
  }

  @Test func `tiles that overlap are each looked at`() throws {
    let grid = try grid(stride: 2)
    #expect(grid.strideLength == 64)
    var selection = TileSelection(grid)
    try selection.apply(rectangle(0, 0, 1000, 129), keepingInside: true, leastFraction: 1)
    #expect(Set(kept(selection).map(\.row)) == [0])
    var centred = TileSelection(grid)
    try centred.apply(rectangle(0, 0, 1000, 129), keepingInside: true)
    #expect(Set(kept(centred).map(\.row)) == [0, 1])
  }

  @Test func `Otsu's mask leaves glass out and keeps tissue`() throws {
    let slide = try SlideMaterial.slide()
    let mask = TissueMask(try SlideOverview(slide, longestSide: TissueMask.longestSide))
    var selection = TileSelection(try grid())
    selection.apply(mask, leastFraction: 0.4)
    let tiles = try TFRecordFile(path: SlideMaterial.tileFile, indexes: TFRecordIndexes(folder: nil))
    let places = try (0..<tiles.count).compactMap { try tiles.location($0) }
    let inside = Set(places.map { TileGrid.Cell(column: $0.x / 128, row: $0.y / 128) })
    #expect(kept(selection).isSubset(of: inside))
    // Fat is mostly empty; of the other tiles all are found.
    #expect(kept(selection).count >= inside.count * 2 / 3)
  }

  @Test func `Otsu's threshold parts two heaps, and one heap anywhere`() {
    var histogram = [Int](repeating: 0, count: 256)
    for value in 20..<30 { histogram[value] = 100 }
    for value in 120..<140 { histogram[value] = 60 }
    #expect((29..<120).contains(TissueMask.otsu(histogram)))
    #expect(TissueMask.otsu([Int](repeating: 0, count: 256)) == 0)
  }

  @Test func `shares of many narrow stripes add up`() throws {
    // A comb whose teeth cover every second pixel of each line.
    var vertices = (0..<500).flatMap { tooth in
      [(0, -10), (0, 5_000), (1, 5_000), (1, -10)].map {
        RegionsOfInterest.Vertex(x: Double(2 * tooth + $0.0), y: Double($0.1))
      }
    }
    vertices.append(RegionsOfInterest.Vertex(x: 500, y: -20))
    let comb = RegionsOfInterest([RegionsOfInterest.Region(name: "comb", vertices: vertices)])
    for (fraction, keepsAll) in [(0.49, true), (0.51, false)] {
      var selection = TileSelection(try grid(stride: 2))
      try selection.apply(comb, keepingInside: true, leastFraction: fraction)
      #expect(kept(selection).count == (keepsAll ? selection.grid.cellCount : 0))
    }
  }

  @Test func `a grid is laid from a slide's levels alone as from the slide`() throws {
    let slide = try SlideMaterial.slide()
    let scale = try slide.scale(given: nil)
    #expect(
      try TileGrid(slide.levels, of: slide.path, size: SlideMaterial.size, scale: scale) == (try grid()))
  }
}
