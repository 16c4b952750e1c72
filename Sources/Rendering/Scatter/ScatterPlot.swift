import FeatureData

/// The points of one map, with what colours them: one panel of a scatter figure.
package struct ScatterPlot: Sendable {
  /// What the colour of a point stands for.
  package enum Colouring: Sendable, Equatable {
    case plain
    /// `indices` holds one index into `names` for each point, or -1 where the class is not known. `colours` holds the number of
    /// each name's colour, where it is not the name's place, so that a class keeps it when others are left out.
    case categorical(names: [String], indices: [Int], label: String, colours: [Int]? = nil)
    /// `values` holds one number for each point; one that is not finite is not known.
    case continuous(values: [Float], label: String, scale: ValueScale = ValueScale())

    /// What colours stand for; nil where they stand for nothing.
    package var label: String? {
      switch self {
      case .plain: nil
      case .categorical(_, _, let label, _), .continuous(_, let label, _): label
      }
    }
  }

  /// Points that are not what the picture is about: in grey below the others, so that these are seen where they lie.
  package struct Context: Sendable, Equatable {
    package let x: [Float]
    package let y: [Float]
    /// What they are: "tiles of the map".
    package let label: String
    /// False where the number of such points differs from panel to panel.
    package let isCounted: Bool
    /// The points that have a place.
    private(set) var drawnPoints: [Int]

    package init(x: [Float], y: [Float], label: String, isCounted: Bool = true) {
      self.x = x
      self.y = y
      self.label = label
      self.isCounted = isCounted
      drawnPoints = ScatterPlot.placed(x, y)
    }

    func limited(to extent: MapExtent) -> Context {
      var context = self
      context.drawnPoints.removeAll { !extent.contains(x[$0], y[$0]) }
      return context
    }
  }

  /// Which points are drawn over others.
  package enum Order: String, Sendable, CaseIterable {
    /// Any, always the same ones.
    case shuffled
    /// Those with the highest values.
    case high
    /// Those with the lowest.
    case low
    /// Those of the rarest classes.
    case rare
  }

  /// Any fixed number will do.
  private static let drawingSeed: UInt64 = 0x7E55_E2A0

  package let x: [Float]
  package let y: [Float]
  package let colouring: Colouring
  package let title: String?
  /// Lie below, the first below all.
  package private(set) var contexts: [Context]
  package let order: Order
  package let palette: FigurePalette
  /// The points that have a place.
  private(set) var drawnPoints: [Int]
  /// The ends of the colour scale for the points that are drawn; nil where no value is finite.
  let valueScale: ValueScale.Resolved?

  /// - Parameters:
  ///   - x: One coordinate for each point; a point with a coordinate that is no finite number is not drawn.
  ///   - y: As many as in `x`.
  ///   - context: Points below the others; `contexts` for several kinds.
  ///   - valueScale: The ends of the colour scale, where they are those of more points than these.
  package init(
    x: [Float], y: [Float], colouring: Colouring = .plain, title: String? = nil, context: Context? = nil,
    contexts: [Context] = [], order: Order = .shuffled, palette: FigurePalette = FigurePalette(),
    valueScale: ValueScale.Resolved? = nil
  ) {
    self.x = x
    self.y = y
    self.colouring = colouring
    self.title = title
    self.contexts = [context].compactMap(\.self) + contexts
    self.order = order
    self.palette = palette
    let drawnPoints = Self.placed(x, y)
    self.drawnPoints = drawnPoints
    if let valueScale {
      self.valueScale = valueScale
    } else if case .continuous(let values, _, let scale) = colouring, values.count == x.count {
      self.valueScale = scale.resolved(drawnPoints.map { values[$0] })
    } else {
      self.valueScale = nil
    }
  }

  /// With only the points of a part of the plane; the colours stay those of all.
  func limited(to extent: MapExtent) -> ScatterPlot {
    var plot = self
    plot.contexts = contexts.map { $0.limited(to: extent) }
    plot.drawnPoints.removeAll { !extent.contains(x[$0], y[$0]) }
    return plot
  }

  /// Of a scale of numbers.
  var ramp: FigurePalette.Numbers? { palette.numbers }

  /// One colour for each class; none of numbers.
  func classColours(in theme: FigureTheme) -> [Colour] {
    guard case .categorical(let names, _, _, let numbers) = colouring else { return [] }
    return palette.colours(of: names, numbers: numbers, in: theme)
  }

  private static func placed(_ x: [Float], _ y: [Float]) -> [Int] {
    var points: [Int] = []
    points.reserveCapacity(x.count)
    for point in 0..<min(x.count, y.count) where x[point].isFinite && y[point].isFinite { points.append(point) }
    return points
  }

  /// All points, those of the context too.
  var pointCount: Int { x.count + contexts.reduce(0) { $0 + $1.x.count } }

  /// What the colours cannot show.
  ///
  /// - Parameter scale: The ends of the colour scale that it is drawn with.
  func note(scale: ValueColours) -> String? { Self.note(on: [self], scale: scale) }

  /// The same of panels that one key explains.
  static func note(on plots: [ScatterPlot], scale: ValueColours) -> String? {
    guard let first = plots.first else { return nil }
    switch first.colouring {
    case .plain: return nil
    case .categorical(let names, _, let label, let colours):
      // Colours that were chosen are known to differ.
      guard first.palette == FigurePalette() else { return nil }
      return ColourNote.classes(
        plots.flatMap { plot -> [Int] in
          guard case .categorical(_, let indices, _, _) = plot.colouring else { return [] }
          return plot.drawnPoints.map { indices[$0] }
        }, names: names, colours: colours, hasShapes: !plots.contains(where: ScatterPoints.isShaded), label: label)
    case .continuous(_, let label, _):
      return ColourNote.beyond(
        plots.flatMap { plot -> [Float] in
          guard case .continuous(let values, _, _) = plot.colouring else { return [] }
          return plot.drawnPoints.map { values[$0] }
        }, range: scale.range, resolved: first.valueScale, label: label, noun: "points")
    }
  }

  /// - Throws: `unequalCounts` if a list has not one entry a point.
  func checkCounts() throws(RenderingError) {
    guard y.count == x.count else { throw .unequalCounts(expected: x.count, found: y.count) }
    for context in contexts where context.x.count != context.y.count {
      throw .unequalCounts(expected: context.x.count, found: context.y.count)
    }
    switch colouring {
    case .plain: break
    case .categorical(let names, let indices, _, let colours):
      guard indices.count == x.count else { throw .unequalCounts(expected: x.count, found: indices.count) }
      if let colours, colours.count != names.count {
        throw .unequalCounts(expected: names.count, found: colours.count)
      }
    case .continuous(let values, _, _):
      guard values.count == x.count else { throw .unequalCounts(expected: x.count, found: values.count) }
    }
  }

  /// The points of one look: what they show, and where.
  struct Points {
    /// Places among the plot's points, in the order of drawing.
    let points: [Int]
    /// One for each.
    let colours: [Colour]
    let shapes: [PointShape]?
  }

  /// Those without a class or value, which are drawn first so that they hide nothing, and the others in the order asked for;
  /// without any shuffled, always the same way, so that no class hides another merely by coming later in the data.
  ///
  /// - Parameter isShuffled: False where the order does not matter.
  func layers(scale: ValueColours, theme: FigureTheme, isShuffled: Bool = true) -> (missing: [Int], present: Points) {
    var missing: [Int] = []
    var present: [Int] = []
    present.reserveCapacity(drawnPoints.count)
    switch colouring {
    case .plain: present = drawnPoints
    case .categorical(let names, let indices, _, _):
      let range = 0..<names.count
      for point in drawnPoints {
        if range.contains(indices[point]) { present.append(point) } else { missing.append(point) }
      }
    case .continuous(let values, _, _):
      for point in drawnPoints { if values[point].isFinite { present.append(point) } else { missing.append(point) } }
    }
    if isShuffled {
      var generator = SplitMix64(seed: Self.drawingSeed)
      present.shuffle(using: &generator)
      sort(&present)
    }
    switch colouring {
    case .plain:
      let colour = theme.categorical(0)
      return (missing, Points(points: present, colours: present.map { _ in colour }, shapes: nil))
    case .categorical(let names, let indices, _, let numbers):
      let numbers = numbers ?? Array(names.indices)
      let colours = classColours(in: theme)
      let shapes = numbers.map(PointShape.ofClass)
      return (
        missing,
        Points(
          points: present, colours: present.map { colours[indices[$0]] },
          shapes: shapes.allSatisfy { $0 == .disc } ? nil : present.map { shapes[indices[$0]] })
      )
    case .continuous(let values, _, _):
      let steps = scale.steps(1024)
      let low = scale.range.lowerBound
      let span = scale.range.upperBound - low
      let colours = present.map { point in
        steps[span > 0 ? Int((min(max((Double(values[point]) - low) / span, 0), 1) * 1023).rounded()) : 512]
      }
      return (missing, Points(points: present, colours: colours, shapes: nil))
    }
  }

  /// What is to be on top comes last; equals stay as they are.
  private func sort(_ points: inout [Int]) {
    switch (colouring, order) {
    case (.continuous(let values, _, _), .high):
      points = sorted(points) { values[$0] }
    case (.continuous(let values, _, _), .low):
      points = sorted(points) { -values[$0] }
    case (.categorical(let names, let indices, _, _), .rare):
      var counts = [Float](repeating: 0, count: names.count)
      for point in points { counts[indices[point]] += 1 }
      points = sorted(points) { -counts[indices[$0]] }
    default: break
    }
  }

  private func sorted(_ points: [Int], by key: (Int) -> Float) -> [Int] {
    points.enumerated().map { (place: $0, key: key($1)) }.sorted { ($0.key, $0.place) < ($1.key, $1.place) }
      .map { points[$0.place] }
  }
}
