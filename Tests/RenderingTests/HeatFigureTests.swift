import FeatureData
import Testing

@testable import Rendering

@Suite struct HeatFigureTests {
  private func figure(_ colouring: HeatFigure.Colouring, missing: Set<Int> = []) -> HeatFigure {
    var generator = SplitMix64(seed: 4)
    let side = 400
    let noise = (0..<side * side * 3).map { _ in UInt8(truncatingIfNeeded: generator.next()) }
    return HeatFigure(
      overview: RGBImage(width: side, height: side, pixels: noise), downsample: 10,
      lattice: HeatFigure.Lattice(rowCount: 2, columnCount: 2, stride: 2000, tileSide: 2000), colouring: colouring,
      missingCells: missing, title: "S-1")
  }

  @Test func `cells have the colours of the bar over the grey slide, and a masked one shows the slide`() throws {
    let figure = figure(.continuous(values: [0, 1, .nan, 1], range: 0...1, label: "feature"))
    let decoded = try #require(DecodedPNG(try figure.png(scale: 1).bytes))
    let arrangement = figure.arranged(in: FigureStyle(), measuring: TextMeasurer())
    let top = Int(arrangement.height) - 760 - 40
    func mean(_ column: Int, _ row: Int) -> [Double] {
      let points = (0..<40).flatMap { y in (0..<40).map { x in decoded[column + x, row + y] } }
      return (0..<3).map { channel in points.reduce(0) { $0 + Double($1[channel]) } / Double(points.count) }
    }
    let (low, high, masked) = (mean(100, top + 100), mean(600, top + 100), mean(100, top + 600))
    // Viridis: dark violet at the lower end, yellow at the upper.
    #expect(low[2] > low[1] && low[1] < 80)
    #expect(high[0] > 180 && high[1] > 180 && high[2] < 120)
    #expect(abs(masked[0] - masked[1]) < 1 && abs(masked[1] - masked[2]) < 1)
  }

  @Test func `a cell that was computed and has no value is grey, and the key counts it`() throws {
    let colourings: [HeatFigure.Colouring] = [
      .continuous(values: [0, 1, .nan, .nan], range: 0...1, label: "feature"),
      .categorical(indices: [0, 1, -1, -1], names: ["a", "b"], label: "prediction"),
    ]
    for colouring in colourings {
      func pixels(_ missing: Set<Int>) throws -> DecodedPNG {
        try #require(DecodedPNG(try figure(colouring, missing: missing).png(scale: 1).bytes))
      }
      let (none, one) = (try pixels([]), try pixels([2]))
      let arrangement = figure(colouring).arranged(in: FigureStyle(), measuring: TextMeasurer())
      let top = Int(arrangement.height) - 760 - 40
      func spread(_ picture: DecodedPNG) -> Int {
        let values = (0..<40).map { Int(picture[100 + $0, top + 620][0]) }
        return (values.max() ?? 0) - (values.min() ?? 0)
      }
      // Under the colour of a missing cell little is left of the slide's noise.
      #expect(spread(one) * 2 < spread(none))
      let key = Int(arrangement.width) - 180
      func ink(_ picture: DecodedPNG) -> Int {
        (0..<170).reduce(0) { sum, x in sum + (100..<700).count { picture[key + x, $0][0] < 160 } }
      }
      #expect(ink(one) > ink(none))
    }
  }

  @Test func `cells and bar have pixels enough in an SVG, which viewers would smooth otherwise`() throws {
    let picture = try figure(.continuous(values: [0, 1, .nan, 1], range: 0...1, label: "feature")).svg()
    let text = String(decoding: picture.bytes, as: UTF8.self)
    let sizes = text.matches(of: #/<image[^>]*?width="(\d+)" height="(\d+)"/#).compactMap { match -> (Int, Int)? in
      guard let width = Int(match.1), let height = Int(match.2) else { return nil }
      return (width, height)
    }
    // The slide, the cells, the bar.
    #expect(sizes.count == 3)
    #expect(sizes.contains { $0.0 >= 2280 && $0.1 >= 2280 && $0.0.isMultiple(of: 2) })
    #expect(sizes.contains { (42...60).contains($0.0) && $0.1 >= 600 })
  }

  @Test func `an enlarged layer has blocks of the same pixels`() {
    var layer = PixelLayer(width: 2, height: 1)
    layer.pixels = [7, 9]
    let enlarged = layer.enlarged(toWidth: 5, height: 2)
    #expect(enlarged.width == 6 && enlarged.height == 2)
    #expect(enlarged.pixels == [7, 7, 7, 9, 9, 9, 7, 7, 7, 9, 9, 9])
    #expect(layer.enlarged(toWidth: 1, height: 1).pixels == [7, 9])
  }

  @Test func `the bar of the inline picture is no staircase`() throws {
    let picture = try figure(.continuous(values: [0, 1, 0.5, .nan], range: 0...1, label: "feature")).inlinePNG()
    let decoded = try #require(DecodedPNG(picture.bytes))
    let shown = (0..<64).count { step in
      let colour = Palette.continuous(Double(step) / 63)
      return decoded.count(of: [colour.red, colour.green, colour.blue]) > 0
    }
    #expect(shown >= 60)
  }

  @Test(arguments: [1, 1.25, 1.5, 2])
  func `a page is white up to its last pixel`(scale: Double) throws {
    for extra in 0..<4 {
      let canvas = try Canvas(
        format: .png, width: Double(51 + extra), height: Double(33 + extra), scale: scale, metadata: PictureMetadata())
      let image = try canvas.image()
      #expect(image.pixels.allSatisfy { $0 == 255 })
    }
  }
}
