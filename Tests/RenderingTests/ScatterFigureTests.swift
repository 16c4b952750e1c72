import FeatureData
import Foundation
import Testing

@testable import Rendering

#if canImport(FoundationXML)
  import FoundationXML
#endif

@Suite struct ScatterFigureTests {
  @Test func `the inline picture is smaller and looks the same, its class colours exactly`() throws {
    var generator = SplitMix64(seed: 9)
    let x = (0..<400).map { _ in Float(generator.nextNormal()) }
    let y = (0..<400).map { _ in Float(generator.nextNormal()) }
    let classes = ScatterPlot.Colouring.categorical(
      names: ["a", "b"], indices: x.indices.map { $0 % 2 }, label: "site")
    for colouring in [classes, .continuous(values: x, label: "feature")] {
      let figure = try ScatterFigure(ScatterPlot(x: x, y: y, colouring: colouring), title: "A map")
      let full = try figure.png()
      let inline = try figure.inlinePNG()
      #expect(inline.bytes.count < full.bytes.count * 2 / 3)
      #expect(inline.cssWidth == full.cssWidth && inline.widthPixels == full.widthPixels)
      let before = try #require(DecodedPNG(full.bytes))
      let after = try #require(DecodedPNG(inline.bytes))
      let squares = zip(before.pixels, after.pixels).reduce(0) { sum, pair in
        sum + (Int(pair.0) - Int(pair.1)) * (Int(pair.0) - Int(pair.1))
      }
      #expect((Double(squares) / Double(before.pixels.count)).squareRoot() <= 2.5)
      for colour: [UInt8] in [[255, 255, 255], [0x1F, 0x23, 0x28], [0x00, 0x72, 0xB2], [0xD5, 0x5E, 0x00]]
      where before.count(of: colour) > 0 {
        #expect(after.count(of: colour) >= before.count(of: colour))
      }
    }
  }

  private static func cloud(_ count: Int, seed: UInt64 = 1) -> (x: [Float], y: [Float]) {
    var generator = SplitMix64(seed: seed)
    let points = (0..<count).map { _ in (Float(generator.nextNormal()), Float(generator.nextNormal())) }
    return (points.map(\.0), points.map(\.1))
  }

  private static func blueAndOrange() throws -> ScatterFigure {
    try ScatterFigure(
      ScatterPlot(
        x: [0, 1, 1], y: [0, 1, 0],
        colouring: .categorical(names: ["low", "high"], indices: [0, 1, -1], label: "")), showsLegend: false)
  }

  private static let blue: [UInt8] = [0x00, 0x72, 0xB2]
  private static let orange: [UInt8] = [0xD5, 0x5E, 0x00]

  @Test func `a point stands where its coordinates say, y upwards`() throws {
    let picture = try Self.blueAndOrange().png()
    let decoded = try #require(DecodedPNG(picture.bytes))
    #expect(decoded.width == picture.widthPixels && picture.widthPixels == picture.cssWidth * 2)
    func middle(_ colour: [UInt8]) -> (x: Double, y: Double) {
      var sum = (x: 0.0, y: 0.0, count: 0.0)
      for y in 0..<decoded.height {
        for x in 0..<decoded.width where decoded[x, y] == colour {
          sum = (sum.x + Double(x), sum.y + Double(y), sum.count + 1)
        }
      }
      return (sum.x / sum.count, sum.y / sum.count)
    }
    let low = middle(Self.blue)
    let high = middle(Self.orange)
    let missing = middle([0xBD, 0xBD, 0xBD])
    #expect(high.x > low.x + 500 && high.y < low.y - 500)
    // The same scale on both axes, and the third point at the corner of the square.
    #expect(abs((high.x - low.x) - (low.y - high.y)) < 2)
    #expect(abs(missing.x - high.x) < 2 && abs(missing.y - low.y) < 2)
  }

  @Test func `the same figure gives the same bytes in every format`() throws {
    let points = Self.cloud(500)
    let figure = try ScatterFigure(
      ScatterPlot(
        x: points.x, y: points.y, colouring: .continuous(values: points.x, label: "feature 3")),
      title: "A map", footer: "seed=42")
    for format in PictureFormat.allCases {
      let first = try figure.encoded(as: format)
      _ = try Self.blueAndOrange().encoded(as: .svg)
      #expect(try figure.encoded(as: format) == first)
    }
  }

  @Test(arguments: [500, 25_000])
  func `SVG is well-formed XML and PDF is complete`(count: Int) throws {
    let points = Self.cloud(count)
    let names = ["a & <b>", "腺癌", "سرطان", "line\nbreak\0"]
    let figure = try ScatterFigure(
      ScatterPlot(
        x: points.x, y: points.y,
        colouring: .categorical(names: names, indices: (0..<count).map { $0 % 4 }, label: "x < y")),
      title: "Titel & <Text>")
    let svg = try figure.svg()
    let parser = XMLParser(data: Data(svg.bytes))
    #expect(parser.parse())
    #expect(svg.bytes.count < 4_000_000)
    let isLayer = String(decoding: svg.bytes, as: UTF8.self).contains("<image")
    #expect(isLayer == (count > 20_000))
    let pdf = try figure.pdf().bytes
    #expect(pdf.starts(with: Array("%PDF-".utf8)))
    #expect(String(decoding: pdf.suffix(8), as: UTF8.self).contains("%%EOF"))
  }

  @Test func `no class hides another by coming later in the data`() throws {
    let points = Self.cloud(20_000)
    let figure = try ScatterFigure(
      ScatterPlot(
        x: points.x, y: points.y,
        colouring: .categorical(names: ["a", "b"], indices: (0..<20_000).map { $0 / 10_000 }, label: "")),
      showsLegend: false)
    let decoded = try #require(DecodedPNG(try figure.png().bytes))
    // So many points are not opaque: what counts is which channel leads.
    let leading = stride(from: 0, to: decoded.pixels.count, by: 3).map {
      Int(decoded.pixels[$0]) - Int(decoded.pixels[$0 + 2])
    }
    let first = Double(leading.count { $0 < -107 })
    let second = Double(leading.count { $0 > 128 })
    #expect(first > 10_000)
    #expect(abs(first - second) < 0.1 * max(first, second))
  }

  @Test func `maps of no, one or equal points and of strange numbers are drawn`() throws {
    let cases: [([Float], [Float])] = [
      ([], []), ([3], [7]), ([1, 1, 1], [2, 2, 2]), ([0, 1, 2], [5, 5, 5]), ([.nan, .infinity], [0, 1]),
      ([0, 1e30], [0, -1e30]), ([1e-30, 2e-30], [0, 0]), ([16_777_216, 16_777_218], [0, 1]),
    ]
    for (x, y) in cases {
      let figure = try ScatterFigure(ScatterPlot(x: x, y: y, colouring: .continuous(values: x, label: "v")))
      #expect(DecodedPNG(try figure.png().bytes) != nil, "\(x) \(y)")
    }
    let lost = try ScatterFigure(ScatterPlot(x: [.nan, 0], y: [0, 0]))
    #expect(lost.notes == ["1 point has no place and is not drawn."])
  }

  @Test(arguments: PictureFormat.allCases)
  func `points that a picture is not about lie below in grey and keep the axes`(format: PictureFormat) throws {
    let context = ScatterPlot.Context(x: [0, 1, .nan], y: [0, 0.5, 0], label: "tiles of the map")
    let plot = ScatterPlot(
      x: [0.4, 0.5], y: [0.2, 0.3], colouring: .categorical(names: ["a"], indices: [0, 0], label: "site"),
      context: context)
    let alone = ScatterPlot(x: [0, 1], y: [0, 0.5])
    #expect(MapExtent([plot]) == MapExtent([alone]))
    let scale = ValueColours(range: 0...1)
    let (missing, present) = plot.layers(scale: scale, theme: .light)
    #expect(missing.isEmpty && present.colours == [Palette.categorical(0), Palette.categorical(0)])
    #expect(present.points.sorted() == [0, 1])
    let picture = try ScatterFigure(plot).encoded(as: format)
    #expect(picture.bytes != (try ScatterFigure(alone).encoded(as: format)).bytes)
    if let decoded = DecodedPNG(picture.bytes) {
      let grey = Palette.context
      #expect(decoded.count(of: [grey.red, grey.green, grey.blue]) > 100)
    }
    guard case .legend(let legend)? = ScatterKey([plot], scale: scale, theme: .light) else {
      Issue.record("no legend")
      return
    }
    #expect(legend.entries.last?.name == "tiles of the map" && legend.entries.last?.count == 2)
  }

  @Test func `lists of different lengths are refused`() {
    #expect(throws: RenderingError.unequalCounts(expected: 2, found: 1)) {
      try ScatterFigure(ScatterPlot(x: [1, 2], y: [1]))
    }
    #expect(throws: RenderingError.unequalCounts(expected: 1, found: 3)) {
      try ScatterFigure(
        ScatterPlot(x: [1], y: [1], colouring: .categorical(names: ["a"], indices: [0, 0, 0], label: "")))
    }
  }

  @Test(arguments: [1, 2, 5, 18, 19, 30, 300])
  func `whatever the number of classes, the figure fits a notebook`(classCount: Int) throws {
    let points = Self.cloud(2 * classCount)
    let names = (0..<classCount).map { "a rather long name of a category, number \($0)" }
    let plot = ScatterPlot(
      x: points.x, y: points.y,
      colouring: .categorical(names: names, indices: (0..<2 * classCount).map { $0 / 2 }, label: "category"))
    func width(_ figure: ScatterFigure) -> Double { figure.arranged(in: FigureStyle(), measuring: text).width }
    let text = TextMeasurer()
    #expect(width(try ScatterFigure(plot)) <= 1200)
    for panelCount in 2...7 {
      let shared = try ScatterFigure(panels: Array(repeating: plot, count: panelCount))
      #expect(width(shared) <= 1200)
      let own = ScatterPlot(x: points.x, y: points.y, colouring: .continuous(values: points.y, label: "value"))
      let mixed = try ScatterFigure(panels: Array(repeating: plot, count: panelCount - 1) + [own])
      #expect(width(mixed) <= 1200)
    }
  }

  @Test func `panels coloured by the same values share one scale`() throws {
    // In the second panel 0.5 is the greatest value, but on the shared scale it stands in the middle.
    let left = ScatterPlot(x: [0, 1], y: [0, 1], colouring: .continuous(values: [0, 1], label: "v"))
    let right = ScatterPlot(x: [0, 1], y: [0, 1], colouring: .continuous(values: [0, 0.5], label: "v"))
    let figure = try ScatterFigure(panels: [left, right], showsLegend: false)
    let decoded = try #require(DecodedPNG(try figure.png().bytes))
    let middle = Palette.continuous(0.5)
    let end = Palette.continuous(1)
    #expect(decoded.count(of: [middle.red, middle.green, middle.blue]) > 50)
    #expect(decoded.count(of: [end.red, end.green, end.blue]) > 50)
  }
}
