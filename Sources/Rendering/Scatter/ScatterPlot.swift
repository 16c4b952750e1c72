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

    package init(x: [Float], y: [Float], label: String) {
      self.x = x
      self.y = y
      self.label = label
    }

    /// The points that have a place.
    var drawnPoints: [Int] { ScatterPlot.placed(x, y) }
  }

  /// Any fixed number will do.
  private static let drawingSeed: UInt64 = 0x7E55_E2A0

  package let x: [Float]
  package let y: [Float]
  package let colouring: Colouring
  package let title: String?
  package let context: Context?
  /// The points that have a place.
  let drawnPoints: [Int]
  /// The ends of the colour scale for the points that are drawn; nil where no value is finite.
  let valueScale: ValueScale.Resolved?

  /// - Parameters:
  ///   - x: One coordinate for each point; a point with a coordinate that is no finite number is not drawn.
  ///   - y: As many as in `x`.
  package init(x: [Float], y: [Float], colouring: Colouring = .plain, title: String? = nil, context: Context? = nil) {
    self.x = x
    self.y = y
    self.colouring = colouring
    self.title = title
    self.context = context
    let drawnPoints = Self.placed(x, y)
    self.drawnPoints = drawnPoints
    if case .continuous(let values, _, let scale) = colouring, values.count == x.count {
      valueScale = scale.resolved(drawnPoints.map { values[$0] })
    } else {
      valueScale = nil
    }
  }

  private static func placed(_ x: [Float], _ y: [Float]) -> [Int] {
    var points: [Int] = []
    points.reserveCapacity(x.count)
    for point in 0..<min(x.count, y.count) where x[point].isFinite && y[point].isFinite { points.append(point) }
    return points
  }

  /// All points, those of the context too.
  var pointCount: Int { x.count + (context?.x.count ?? 0) }

  /// What the colours cannot show.
  ///
  /// - Parameter scale: The ends of the colour scale that it is drawn with.
  func note(scale: ValueColours) -> String? {
    switch colouring {
    case .plain: return nil
    case .categorical(let names, let indices, let label, let colours):
      return ColourNote.classes(
        drawnPoints.map { indices[$0] }, names: names, colours: colours, hasShapes: !ScatterPoints.isShaded(self),
        label: label)
    case .continuous(let values, let label, _):
      return ColourNote.beyond(
        drawnPoints.map { values[$0] }, range: scale.range, resolved: valueScale, label: label, noun: "points")
    }
  }

  /// - Throws: `unequalCounts` if a list has not one entry a point.
  func checkCounts() throws(RenderingError) {
    guard y.count == x.count else { throw .unequalCounts(expected: x.count, found: y.count) }
    if let context, context.x.count != context.y.count {
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

  /// Those without a class or value, which are drawn first so that they hide nothing, and the others, shuffled, always the same
  /// way, so that no class hides another merely by coming later in the data.
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
    }
    switch colouring {
    case .plain:
      let colour = theme.categorical(0)
      return (missing, Points(points: present, colours: present.map { _ in colour }, shapes: nil))
    case .categorical(let names, let indices, _, let numbers):
      let numbers = numbers ?? Array(names.indices)
      let colours = numbers.map(theme.categorical)
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
}
