/// A figure in three dimensions with all sizes and places decided.
struct Scatter3DLayout {
  let width: Double
  let height: Double
  private let figure: Scatter3DFigure
  private let box: AxisBox
  private let origin: AxisBox.Place
  private let key: (layout: any KeyLayout, x: Double, y: Double)?
  private let texts: FigureTexts

  private static let keyGap = 24.0
  private static let largestWidth = 600.0
  private static let largestHeight = 500.0
  private static let narrowest = 380.0
  /// The height of the box where the third axis is something else than the others.
  private static let relativeHeight = 0.72

  init(_ figure: Scatter3DFigure, in style: FigureStyle, measuring text: TextMeasurer) {
    self.figure = figure
    let room = style.room
    let inner = room.widest - 2 * FigureTexts.margin
    let source =
      figure.showsLegend ? ScatterKey([figure.plot], scale: figure.scale(in: style.theme), theme: style.theme) : nil
    let beside = source?.layout(maximumWidth: 260, maximumHeight: 360, measuring: text)
    let isBelow = beside.map { inner - $0.width - Self.keyGap < Self.narrowest } ?? false
    let across = min(Self.largestWidth, isBelow ? inner : inner - (beside.map { $0.width + Self.keyGap } ?? 0))
    let box = Self.fitted(figure, width: across, measuring: text)
    self.box = box
    let bounds = box.bounds
    let boxWidth = bounds.right - bounds.left
    let boxHeight = bounds.bottom - bounds.top
    let layout =
      isBelow
      ? source?.layout(maximumWidth: inner, maximumHeight: 10_000, isBelow: true, measuring: text) : beside
    let content =
      isBelow
      ? max(boxWidth, layout?.width ?? 0) : boxWidth + (layout.map { $0.width + Self.keyGap } ?? 0)
    width = FigureTexts.width(
      content: room.width(for: (content + 2 * FigureTexts.margin).rounded(.up)), title: figure.title, subtitle: nil,
      footer: figure.wholeFooter, in: style, measuring: text)
    texts = FigureTexts(
      title: figure.title, subtitle: nil, footer: figure.wholeFooter, width: width, in: style, measuring: text)
    let left = FigureTexts.margin + (isBelow ? max((width - 2 * FigureTexts.margin - boxWidth) / 2, 0) : 0)
    origin = (left - bounds.left, texts.topRoom - bounds.top)
    var end = texts.topRoom + boxHeight
    if let layout {
      let place: (Double, Double) =
        isBelow ? (FigureTexts.margin, end + 14) : (left + boxWidth + Self.keyGap, texts.topRoom + 10)
      key = (layout, place.0, place.1)
      end = max(end, place.1 + layout.height)
    } else {
      key = nil
    }
    height = (end + texts.bottomRoom).rounded(.up)
  }

  /// The largest box that fits with its texts.
  private static func fitted(_ figure: Scatter3DFigure, width: Double, measuring text: TextMeasurer) -> AxisBox {
    let points = figure.plot.drawnPoints
    func range(_ values: [Float], _ ground: [Float]?) -> ClosedRange<Double> {
      var (least, greatest) = (Double.infinity, -Double.infinity)
      func include(_ value: Float) {
        guard value.isFinite else { return }
        least = min(least, Double(value))
        greatest = max(greatest, Double(value))
      }
      for point in points { include(values[point]) }
      for value in ground ?? [] { include(value) }
      guard least <= greatest else { return 0...1 }
      if least == greatest { return least - max(abs(least) * 0.1, 0.5)...greatest + max(abs(least) * 0.1, 0.5) }
      return least...greatest
    }
    func span(_ range: ClosedRange<Double>) -> Double { range.upperBound - range.lowerBound }
    /// With room on both sides, at least so wide.
    func widened(_ range: ClosedRange<Double>, to least: Double) -> ClosedRange<Double> {
      let middle = (range.lowerBound + range.upperBound) / 2
      let half = max(span(range) * 1.08, least) / 2
      return middle - half...middle + half
    }
    let ground = figure.ground
    let own = [
      range(figure.x.values, ground?.x), range(figure.y.values, ground?.y), range(figure.z.values, ground?.z),
    ]
    let longest = (figure.hasOneScale ? own : Array(own.prefix(2))).map(span).max() ?? 1
    // However thin the data, the box is no strip.
    let ranges = own.enumerated().map { index, range in
      widened(range, to: index < 2 || figure.hasOneScale ? longest / 2.5 : 0)
    }
    let sides = ranges.map(span)
    let unit = figure.hasOneScale ? sides.max() ?? 1 : max(sides[0], sides[1])
    let reach = SIMD3(sides[0] / unit, sides[1] / unit, figure.hasOneScale ? sides[2] / unit : relativeHeight)
    let projection = BoxProjection(
      reach: reach, azimuth: figure.view.azimuth, elevation: figure.view.elevation)
    let axes = zip([figure.x, figure.y, figure.z], ranges).map { axis, range in
      AxisBox.Axis(label: axis.label, range: range, ticks: Ticks(range, aim: 5))
    }
    var unitLength = 300.0
    var box = AxisBox(axes: axes, projection: projection, unit: unitLength, measuring: text)
    // The texts keep their size, so that the box is found in a few steps.
    for _ in 0..<6 {
      let bounds = box.bounds
      let fit = min(width / (bounds.right - bounds.left), largestHeight / (bounds.bottom - bounds.top))
      unitLength *= fit < 1 || fit > 1.01 ? fit : 1
      box = AxisBox(axes: axes, projection: projection, unit: unitLength, measuring: text)
    }
    return box
  }

  func draw(on canvas: Canvas) {
    texts.draw(on: canvas)
    box.drawWalls(on: canvas, origin: origin)
    Scatter3DPoints(figure, in: box, origin: origin).draw(on: canvas)
    box.drawTexts(on: canvas, origin: origin)
    if let key { key.layout.draw(on: canvas, x: key.x, y: key.y) }
  }
}
