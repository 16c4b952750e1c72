import FeatureData

/// One panel's groups, ready to be drawn on any axis.
struct DistributionPlot: Sendable {
  struct Band: Sendable {
    let name: String
    let colour: Int?
    let distribution: Distribution
    /// Those that are drawn as points.
    let points: [Double]
  }

  let bands: [Band]
  let kind: DistributionFigure.Kind
  /// What the axis shows.
  let range: ClosedRange<Double>
  /// How many values lie beyond it.
  let beyondCount: Int
  private let valueCount: Int
  private let isSampled: Bool

  /// More points in a group are a solid bar.
  private static let mostPoints = 400
  /// Over boxes all points are drawn while they can be told apart.
  private static let mostOverBox = 120
  /// Of the axis, at least this share is for what lies within the whiskers.
  private static let leastShare = 0.2

  init(_ panel: DistributionFigure.Panel, kind: DistributionFigure.Kind) {
    self.kind = kind
    var isSampled = false
    bands = panel.groups.map { group in
      let distribution = Distribution(group.values)
      var points: [Double]
      switch kind {
      case .box where distribution.hasShape && distribution.count > Self.mostOverBox:
        let whiskers = distribution.whiskers ?? 0...0
        points = distribution.sorted.filter { !whiskers.contains($0) }
      case .histogram, .violin: points = distribution.hasShape ? [] : distribution.sorted
      case .box, .strip: points = distribution.sorted
      }
      if points.count > Self.mostPoints {
        points = Self.evenly(points, Self.mostPoints)
        isSampled = true
      }
      return Band(name: group.name, colour: group.colour, distribution: distribution, points: points)
    }
    self.isSampled = isSampled
    let present = bands.map(\.distribution).filter { $0.count > 0 }
    valueCount = present.reduce(0) { $0 + $1.count }
    let least = present.compactMap(\.sorted.first).min() ?? 0
    let greatest = present.compactMap(\.sorted.last).max() ?? 0
    let whiskers = present.compactMap(\.reach)
    var (low, high) = (least, greatest)
    if let lower = whiskers.map(\.lowerBound).min(), let upper = whiskers.map(\.upperBound).max(),
      upper > lower, upper - lower < Self.leastShare * (greatest - least)
    {
      low = max(least, lower - (upper - lower) * 0.5)
      high = min(greatest, upper + (upper - lower) * 0.5)
    }
    let span = high - low
    let margin = span > 0 ? span * 0.05 : max(abs(low) * 0.1, 0.5)
    let range = low - margin...high + margin
    self.range = range
    beyondCount = present.reduce(0) { $0 + $1.sorted.count { !range.contains($0) } }
  }

  private static func evenly(_ values: [Double], _ count: Int) -> [Double] {
    (0..<count).map { values[Int((Double($0) / Double(count - 1) * Double(values.count - 1)).rounded())] }
  }

  /// What pictures of these leave out, a sentence each.
  static func notes(_ plots: [DistributionPlot]) -> [String] {
    var notes: [String] = []
    let beyond = plots.reduce(0) { $0 + $1.beyondCount }
    if beyond > 0 {
      let total = plots.reduce(0) { $0 + $1.valueCount }
      notes.append(
        "\(NumberText.grouped(beyond)) of \(NumberText.grouped(total)) values lie beyond the axes, which they would flatten."
      )
    }
    if plots.contains(where: \.isSampled) {
      notes.append(
        "Of more than \(mostPoints) points in a group as many are drawn, evenly from the least to the greatest.")
    }
    let hasFew = plots.contains { $0.bands.contains { $0.distribution.count > 0 && !$0.distribution.hasShape } }
    if hasFew, plots.first?.kind != .strip {
      let median = plots.first?.kind == .histogram ? "" : " with their median"
      notes.append("Groups of fewer than \(Distribution.fewestForShape) are shown as points\(median).")
    }
    let missing = plots.map { $0.bands.reduce(0) { $0 + $1.distribution.missingCount } }.max() ?? 0
    if missing > 0 {
      let what = missing == 1 ? "value that is no number is" : "values that are no numbers are"
      notes.append("\(NumberText.grouped(missing)) \(what) left out.")
    }
    return notes
  }

  /// Where a value and a place across a band fall on the page.
  struct Axis {
    let isUpright: Bool
    let frame: MapFrame

    /// - Parameters:
    ///   - across: the place across the bands, in units of the layout.
    func point(_ value: Double, _ across: Double) -> (x: Double, y: Double) {
      isUpright ? (across, frame.pageY(value)) : (frame.pageX(value), across)
    }
  }

  /// Draws a group around a place across the bands.
  ///
  /// - Parameter room: how wide it may be, in units of the layout.
  func draw(_ index: Int, on canvas: Canvas, _ axis: Axis, middle: Double, room: Double) {
    let band = bands[index]
    let distribution = band.distribution
    guard distribution.count > 0 else { return }
    let colour = band.colour.map(canvas.theme.categorical) ?? canvas.theme.missing
    let half = min(room * 0.36, 22)
    if distribution.hasShape {
      switch kind {
      case .box: drawBox(distribution, on: canvas, axis, middle, half: half, colour)
      case .violin: drawViolin(distribution, on: canvas, axis, middle, half: min(room * 0.46, 34), colour)
      case .histogram: drawBars(distribution, on: canvas, axis, foot: middle + room * 0.46, height: room * 0.88, colour)
      case .strip: break
      }
    }
    drawPoints(band, on: canvas, axis, middle, half: half * 0.85, colour)
    // Above the points; of a box the median is its own.
    if kind != .histogram, let median = distribution.median {
      let (from, to) = (axis.point(median, middle - half), axis.point(median, middle + half))
      if kind == .strip || !distribution.hasShape || kind == .box {
        canvas.line(fromX: from.x, fromY: from.y, toX: to.x, toY: to.y, colour: canvas.theme.ink, lineWidth: 2)
      }
    }
  }

  private func clamped(_ value: Double) -> Double { min(max(value, range.lowerBound), range.upperBound) }

  private func drawBox(
    _ distribution: Distribution, on canvas: Canvas, _ axis: Axis, _ middle: Double, half: Double, _ colour: Colour
  ) {
    guard
      let lower = distribution.quantile(0.25), let upper = distribution.quantile(0.75),
      let whiskers = distribution.whiskers
    else { return }
    let corners = [(lower, -half), (upper, -half), (upper, half), (lower, half)].map {
      axis.point(clamped($0.0), middle + $0.1)
    }
    canvas.fillPolygon(corners, colour: colour, opacity: 0.28)
    canvas.strokePolygon(corners, colour: colour, lineWidth: 1.2)
    for (from, to) in [(lower, whiskers.lowerBound), (upper, whiskers.upperBound)] where from != to {
      let (start, end) = (axis.point(clamped(from), middle), axis.point(clamped(to), middle))
      canvas.line(fromX: start.x, fromY: start.y, toX: end.x, toY: end.y, colour: colour, lineWidth: 1.2)
      let (left, right) = (axis.point(clamped(to), middle - half / 2), axis.point(clamped(to), middle + half / 2))
      canvas.line(fromX: left.x, fromY: left.y, toX: right.x, toY: right.y, colour: colour, lineWidth: 1.2)
    }
  }

  private func drawViolin(
    _ distribution: Distribution, on canvas: Canvas, _ axis: Axis, _ middle: Double, half: Double, _ colour: Colour
  ) {
    guard let (density, least, step) = distribution.density(places: 160, within: range) else {
      // All the same.
      if let value = distribution.median {
        let (from, to) = (axis.point(value, middle - half), axis.point(value, middle + half))
        canvas.line(fromX: from.x, fromY: from.y, toX: to.x, toY: to.y, colour: colour, lineWidth: 3)
      }
      return
    }
    func side(_ sign: Double) -> [(x: Double, y: Double)] {
      density.indices.map { axis.point(least + Double($0) * step, middle + sign * half * density[$0]) }
    }
    let outline = side(-1) + side(1).reversed()
    canvas.fillPolygon(outline, colour: colour, opacity: 0.32)
    canvas.strokePolygon(outline, colour: colour, lineWidth: 1.2)
    guard let lower = distribution.quantile(0.25), let upper = distribution.quantile(0.75),
      let median = distribution.median
    else { return }
    let (start, end) = (axis.point(clamped(lower), middle), axis.point(clamped(upper), middle))
    canvas.line(fromX: start.x, fromY: start.y, toX: end.x, toY: end.y, colour: canvas.theme.ink, lineWidth: 3)
    let point = axis.point(median, middle)
    canvas.fillDisc(x: point.x, y: point.y, diameter: 6, colour: canvas.theme.ink)
    canvas.fillDisc(x: point.x, y: point.y, diameter: 3.6, colour: canvas.theme.ground)
  }

  /// Bars that stand on `foot`, as the values lie along the page.
  private func drawBars(
    _ distribution: Distribution, on canvas: Canvas, _ axis: Axis, foot: Double, height: Double, _ colour: Colour
  ) {
    let edges = histogramEdges
    let counts = distribution.counts(between: edges)
    guard let most = counts.max(), most > 0 else { return }
    for (bin, count) in counts.enumerated() where count > 0 {
      let left = axis.point(edges[bin], foot).x
      let right = axis.point(edges[bin + 1], foot).x
      let tall = Double(count) / Double(most) * height
      canvas.fillRectangle(
        x: left, y: foot - tall, width: max(right - left - 0.6, 0.6), height: tall, colour: colour, opacity: 0.85)
    }
    let (from, to) = (axis.point(range.lowerBound, foot), axis.point(range.upperBound, foot))
    canvas.line(fromX: from.x, fromY: foot, toX: to.x, toY: foot, colour: canvas.theme.axisLine, lineWidth: 0.75)
  }

  /// The same for all groups, so that they can be compared: thirty bins over the axis.
  private var histogramEdges: [Double] {
    (0...30).map { range.lowerBound + (range.upperBound - range.lowerBound) * Double($0) / 30 }
  }

  /// Spread over the band, always the same way.
  private func drawPoints(
    _ band: Band, on canvas: Canvas, _ axis: Axis, _ middle: Double, half: Double, _ colour: Colour
  ) {
    guard !band.points.isEmpty else { return }
    var generator = SplitMix64(seed: 0x0DD5_0F5E)
    let diameter = band.points.count > 150 ? 2.6 : band.points.count > 40 ? 3.4 : 4.6
    let isCrowded = band.points.count > 60
    for value in band.points {
      let share = Double.random(in: -1...1, using: &generator)
      guard range.contains(value) else { continue }
      let point = axis.point(value, middle + (band.points.count == 1 ? 0 : share * half))
      if !isCrowded { canvas.fillDisc(x: point.x, y: point.y, diameter: diameter + 1.2, colour: canvas.theme.ground) }
      canvas.fillDisc(x: point.x, y: point.y, diameter: diameter, colour: colour, opacity: isCrowded ? 0.6 : 1)
    }
  }
}
