import FeatureData
import Testing

@testable import Rendering

@Suite("Maps in three dimensions")
struct Scatter3DFigureTests {
  private func figure(
    _ points: [(Float, Float, Float)], _ colouring: ScatterPlot.Colouring, azimuth: Double = -60,
    elevation: Double = 25, pointSize: Double? = nil, showsLegend: Bool = true
  ) throws -> Scatter3DFigure {
    var view = Scatter3DFigure.View()
    view.azimuth = azimuth
    view.elevation = elevation
    return try Scatter3DFigure(
      x: .init(label: "UMAP 1", values: points.map(\.0)), y: .init(label: "UMAP 2", values: points.map(\.1)),
      z: .init(label: "age", values: points.map(\.2)), colouring: colouring, view: view, pointSize: pointSize,
      showsLegend: showsLegend)
  }

  private func middle(_ colour: Colour, in picture: DecodedPNG) -> (x: Double, y: Double, count: Int) {
    var sum = (x: 0.0, y: 0.0, count: 0)
    for y in 0..<picture.height {
      for x in 0..<picture.width {
        let pixel = picture[x, y]
        let difference = zip(pixel, [colour.red, colour.green, colour.blue]).reduce(0) {
          $0 + abs(Int($1.0) - Int($1.1))
        }
        if difference < 140 { sum = (sum.x + Double(x), sum.y + Double(y), sum.count + 1) }
      }
    }
    return (sum.x / Double(max(sum.count, 1)), sum.y / Double(max(sum.count, 1)), sum.count)
  }

  private static let two = ScatterPlot.Colouring.categorical(names: ["a", "b"], indices: [0, 1], label: "")

  @Test("seen from above it is the map: the first axis to the right, the second upwards")
  func fromAbove() throws {
    let projection = BoxProjection(reach: SIMD3(0.5, 0.5, 0.4), azimuth: -90, elevation: 90)
    let (right, up) = (projection.image(SIMD3(0.5, 0, 0)), projection.image(SIMD3(0, 0.5, 0)))
    #expect(right.x > 0.4 && abs(right.y) < 1e-9 && up.y < -0.4 && abs(up.x) < 1e-9)
    #expect(projection.image(SIMD3(0, 0, 0.4)).size > projection.image(SIMD3(0, 0, -0.4)).size)
  }

  @Test("a higher point stands higher on the page, from wherever it is seen", arguments: [-150.0, -60, 0, 45, 170])
  func heights(azimuth: Double) throws {
    let picture = try #require(
      DecodedPNG(
        try figure(
          [(0, 0, 0), (0, 0, 1)], Self.two, azimuth: azimuth, elevation: 10, pointSize: 20, showsLegend: false
        ).png().bytes))
    let (low, high) = (
      middle(Palette.categorical(0), in: picture), middle(Palette.categorical(1), in: picture)
    )
    #expect(low.count > 100 && high.count > 100 && high.y < low.y - 100)
  }

  @Test("of two points in one line of sight the nearer one is seen, whichever comes first", arguments: [true, false])
  func nearerCovers(isFirst: Bool) throws {
    // Seen along the second axis from its lower end.
    let points: [(Float, Float, Float)] = [(0, 0, 0), (0, 1, 0)]
    let picture = try #require(
      DecodedPNG(
        try figure(
          isFirst ? points : points.reversed(),
          .categorical(names: ["near", "far"], indices: isFirst ? [0, 1] : [1, 0], label: ""),
          azimuth: -90, elevation: 0, pointSize: 40
        ).png().bytes))
    let (near, far) = (middle(Palette.categorical(0), in: picture), middle(Palette.categorical(1), in: picture))
    // The legend has a disc of each, and the far one is seen there alone.
    #expect(near.count > 3 * far.count)
  }

  @Test("a point without a height is not drawn, and that is said")
  func noHeight() throws {
    let figure = try figure(
      [(0, 0, .nan), (1, 1, 1), (2, .infinity, 3)], .continuous(values: [1, 2, 3], label: "age"))
    #expect(figure.notes.first == "2 points have no place and are not drawn.")
    #expect(throws: RenderingError.unequalCounts(expected: 1, found: 2)) {
      try Scatter3DFigure(
        x: .init(label: "", values: [1]), y: .init(label: "", values: [1]), z: .init(label: "", values: [1, 2]),
        colouring: .plain)
    }
  }

  @Test("no, one and equal points, huge and tiny numbers are drawn in every format")
  func strange() throws {
    let cases: [[(Float, Float, Float)]] = [
      [], [(3, 4, 5)], [(1, 1, 1), (1, 1, 1)], [(0, 0, 1e30), (1, 1, -1e30)], [(1e-30, 0, 0), (2e-30, 1, 0)],
      [(.nan, 0, 0)],
    ]
    for points in cases {
      for (azimuth, elevation) in [(-60.0, 25.0), (0, 90), (0, 0), (90, -40), (-360, -90)] {
        let figure = try figure(
          points, .continuous(values: points.map(\.2), label: "age"), azimuth: azimuth, elevation: elevation)
        #expect(DecodedPNG(try figure.png(scale: 0.5).bytes) != nil)
      }
    }
    let figure = try figure([(0, 0, 0), (1, 2, 3)], Self.two)
    for format in PictureFormat.allCases {
      let first = try figure.encoded(as: format)
      #expect(try figure.encoded(as: format) == first)
    }
  }

  @Test("it fits the page, with names of any length", arguments: [85.0, 114, 174])
  func widths(millimetres: Double) throws {
    let names = SampleNames.long
    let figure = try figure(
      (0..<6).map { (Float($0), Float($0 * $0), Float($0 % 3)) },
      .categorical(names: names, indices: Array(0..<6), label: "a rather long name of a column of the annotations"))
    let style = FigureStyle(theme: .print, widthMillimetres: millimetres)
    let picture = try figure.svg(style)
    #expect(abs(Double(picture.cssWidth) - millimetres * 96 / 25.4) < 2)
  }
}

private enum SampleNames {
  static let long = (0..<6).map { "Adenocarcinoma, not otherwise specified, of site number \($0) on the left" }
}
