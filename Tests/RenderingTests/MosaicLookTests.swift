import FeatureData
import Testing

@testable import Rendering

@Suite struct MosaicLookTests {
  /// Point 0 at the lower left, 1 at the upper right, 2 at the lower right, 3 beside it.
  private static let grid = MosaicGrid(x: [0, 1, 1, 0.98], y: [0, 1, 0, 0.01], columnCount: 4)

  @Sendable private static func red(_ point: Int, _ side: Int) -> RGBImage {
    RGBImage(width: side, height: side, pixels: Colour(hex: 0xC80000).repeated(side * side))
  }

  private func picture(
    _ look: MosaicPicture.Look = MosaicPicture.Look(), frames: MosaicPicture.Frames? = nil, side: Int = 28
  ) throws -> DecodedPNG {
    var bytes: [UInt8] = []
    _ = try MosaicPicture(grid: Self.grid, frames: frames, look: look, tile: Self.red).full(
      sidePixels: side, monitor: SilentMonitor()
    ) { bytes += $0 }
    return try #require(DecodedPNG(bytes))
  }

  @Test func `cells know how many points they stand for`() {
    #expect(Self.grid.counts().reduce(0, +) == 4 && Self.grid.counts()[3] == 2)
    #expect(Self.grid.counts { $0 == 3 }[3] == 1 && Self.grid.cellByPoint == [0, 15, 3, 3])
  }

  @Test func `a point too far from the middle of its cell is not shown, and the limit itself is too far`() {
    // One cell, its middle at (5, 5): the first point is half a cell away.
    let grid = { (distance: Double, selection: MosaicGrid.TileSelection) in
      MosaicGrid(
        x: [0, 10, 5, 0], y: [5, 0, 5, 10], columnCount: 1, selection: selection, maximumDistance: distance)
    }
    #expect(grid(0.1, .nearest).cells.map(\.point) == [2])
    #expect(grid(0.5, .first).cells.isEmpty && grid(0.5, .first).occupiedCellCount == 1)
    #expect(grid(0.51, .first).cells.map(\.point) == [0])
  }

  @Test func `a tile is chosen among the points of its cell, which come ascending`() {
    let grid = MosaicGrid(
      x: [0, 10, 9, 8, 1], y: [0, 0, 0, 0, 0], columnCount: 2,
      selection: .chosen { points in
        #expect(points == points.sorted())
        return points[points.count - 1]
      })
    #expect(grid.cells.map(\.point) == [4, 3])
  }

  @Test func `a full grid holds its points in their order`() {
    let grid = MosaicGrid(columnCount: 2, points: [4, 0, 3, 1], of: 6)
    #expect(grid.rowCount == 2 && grid.cells.map(\.point) == [4, 0, 3, 1] && grid[0, 1] == 3)
    #expect(grid.cellByPoint == [1, 3, -1, 2, 0, -1] && grid.counts() == [1, 1, 1, 1])
    #expect(!grid.isContext(column: 1, row: 1))
  }

  @Test func `a smaller tile stands in the middle of its cell`() throws {
    var look = MosaicPicture.Look()
    look.sizes = [Float](repeating: 1, count: 16)
    look.sizes[0] = 0.5
    let decoded = try picture(look)
    // The lower left cell begins at row 84; a quarter of its area is the tile's.
    #expect(
      decoded[6, 98] == [0xE9, 0xEB, 0xEE] && decoded[7, 98] == [0xC8, 0, 0] && decoded[20, 98] == [0xC8, 0, 0])
    #expect(decoded[21, 98] == [0xE9, 0xEB, 0xEE] && decoded[14, 90] == [0xE9, 0xEB, 0xEE])
    #expect(decoded.count(of: [0xC8, 0, 0]) == 2 * 28 * 28 + 14 * 14)
  }

  @Test func `a faded cell lets the background through, and a background fills what is empty`() throws {
    var look = MosaicPicture.Look()
    look.background = Colour(hex: 0x000000)
    look.shares = [Float](repeating: 1, count: 16)
    look.shares[3] = 0.5
    look.shares[15] = 0
    let decoded = try picture(look)
    #expect(decoded[5, 90] == [0xC8, 0, 0] && decoded[90, 90] == [100, 0, 0] && decoded[90, 5] == [0, 0, 0])
    #expect(decoded[5, 5] == [0, 0, 0])
  }

  @Test func `cells of tiles that are not shown are seen on any background`() throws {
    let grid = MosaicGrid(x: [0, 1], y: [0, 1], columnCount: 2) { $0 == 0 }
    for hex in [0xFFFFFF, 0x000000, 0x808080, 0xE9EBEE] as [UInt32] {
      var look = MosaicPicture.Look()
      look.background = Colour(hex: hex)
      var bytes: [UInt8] = []
      _ = try MosaicPicture(grid: grid, look: look, tile: Self.red).full(
        sidePixels: 4, monitor: SilentMonitor()
      ) { bytes += $0 }
      let decoded = try #require(DecodedPNG(bytes))
      let steps = zip(decoded[6, 1], decoded[1, 1]).map { abs(Int($0) - Int($1)) }
      #expect(steps.allSatisfy { $0 >= 14 }, "\(decoded[6, 1]) on \(decoded[1, 1])")
    }
  }

  @Test func `frames of numbers have the colours of their scale, and its bar explains them`() throws {
    let values: [Float] = [0, 1, 0.5, .nan]
    let frames = MosaicPicture.Frames(
      values: values, label: "probability", scale: ValueScale(low: .value(0), high: .value(1)), points: [0, 1, 3])
    let decoded = try picture(frames: frames)
    let ends = [Palette.continuous(0), Palette.continuous(1), Palette.missing].map { [$0.red, $0.green, $0.blue] }
    #expect(decoded[0, 84] == ends[0] && decoded[111, 0] == ends[1] && decoded[111, 111] == ends[2])
    guard case .bar(let bar) = frames.key(of: [0, 1, 3]) else {
      Issue.record("no bar")
      return
    }
    #expect(bar.title == "probability" && bar.missingCount == 1 && bar.colours.range == 0...1)
    #expect(frames.text(of: 3) == nil && frames.text(of: 2) == "0.5" && frames.number(of: 1) == 1)
    let narrow = MosaicPicture.Frames(
      values: [0, 5, 9], label: "age", scale: ValueScale(high: .value(6)), points: [0, 1, 2])
    #expect(narrow.note(on: [0, 1, 2]) == "age: 1 of 3 tiles lies above 6.00 and has the end's colour.")
    let figure = MosaicPicture(grid: Self.grid, frames: frames, title: "A mosaic", tile: Self.red)
    for theme in FigureTheme.allCases {
      let style = FigureStyle(theme: theme)
      let svg = try figure.document(as: .svg, style, sidePixels: 16, monitor: SilentMonitor()).picture
      #expect(String(decoding: svg.bytes, as: UTF8.self).contains("probability"))
    }
  }

  @Test func `values are written to four digits`() {
    let values = [0, 0.5, 1, -1, 62, 0.0782849, 0.1, 12_345, 1234.5, 1e-7, 99_999]
    #expect(
      values.map(MosaicPicture.Frames.written)
        == ["0", "0.5", "1", "-1", "62", "0.07828", "0.1", "12350", "1235", "1e-07", "100000"])
  }

  @Test func `tiles without a class are called otherwise than a class that is called missing`() {
    let frames = MosaicPicture.Frames(names: ["missing", "b"], indices: [0, -1, 1], label: "class")
    guard case .legend(let legend) = frames.key(of: [0, 1, 2]) else {
      Issue.record("no legend")
      return
    }
    #expect(legend.entries.map(\.name) == ["missing", "b", "no value"])
  }

  @Test(
    arguments: [
      ("white", 0xFFFFFF), ("BLACK", 0), ("1f2328", 0x1F2328), ("#1F2328", 0x1F2328), ("#fff", 0xFFFFFF),
      ("off", nil), ("12345", nil), ("#12345g", nil), ("", nil), ("chartreuse", nil),
    ] as [(String, UInt32?)])
  func `colours are read from words and digits`(text: String, hex: UInt32?) {
    #expect(Colour(words: text) == hex.map(Colour.init(hex:)))
  }
}
