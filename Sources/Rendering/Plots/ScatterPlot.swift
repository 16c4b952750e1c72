import FeatureData

/// The points of one map, with what colours them: one panel of a scatter figure.
package struct ScatterPlot: Sendable {
  /// What the colour of a point stands for.
  package enum Colouring: Sendable, Equatable {
    case plain
    /// `indices` holds one index into `names` for each point, or -1 where the class is not known.
    case categorical(names: [String], indices: [Int], label: String)
    /// `values` holds one number for each point; one that is not finite is not known.
    case continuous(values: [Float], label: String)
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
    var drawnPoints: [Int] { x.indices.filter { x[$0].isFinite && y[$0].isFinite } }
  }

  /// Any fixed number will do.
  private static let drawingSeed: UInt64 = 0x7E55_E2A0

  package let x: [Float]
  package let y: [Float]
  package let colouring: Colouring
  package let title: String?
  package let context: Context?

  /// - Parameters:
  ///   - x: One coordinate for each point; a point with a coordinate that is no finite number is not drawn.
  ///   - y: As many as in `x`.
  package init(x: [Float], y: [Float], colouring: Colouring = .plain, title: String? = nil, context: Context? = nil) {
    self.x = x
    self.y = y
    self.colouring = colouring
    self.title = title
    self.context = context
  }

  /// The points that have a place.
  var drawnPoints: [Int] { x.indices.filter { x[$0].isFinite && y[$0].isFinite } }

  /// All points, those of the context too.
  var pointCount: Int { x.count + (context?.x.count ?? 0) }

  /// What the colours cannot show.
  var note: String? {
    switch colouring {
    case .plain: nil
    case .categorical(let names, let indices, let label):
      ColourNote.classes(drawnPoints.lazy.map { indices[$0] }, names: names, label: label)
    case .continuous(let values, let label):
      ColourNote.values(drawnPoints.map { values[$0] }, label: label, noun: "points")
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
    case .categorical(_, let indices, _):
      guard indices.count == x.count else { throw .unequalCounts(expected: x.count, found: indices.count) }
    case .continuous(let values, _):
      guard values.count == x.count else { throw .unequalCounts(expected: x.count, found: values.count) }
    }
  }

  /// The least and greatest value of the points that are drawn; nil where no value is finite.
  var valueRange: ClosedRange<Double>? {
    guard case .continuous(let values, _) = colouring else { return nil }
    var least = Float.infinity
    var greatest = -Float.infinity
    for index in drawnPoints where values[index].isFinite {
      least = min(least, values[index])
      greatest = max(greatest, values[index])
    }
    return least <= greatest ? Double(least)...Double(greatest) : nil
  }

  /// The places and colours of the drawn points in the order of drawing.
  ///
  /// Those of the context come first, then points without a class or value, so that they hide nothing; the others are shuffled, always the same
  /// way, so that no class hides another merely by coming later in the data.
  func drawingOrder(valueRange: ClosedRange<Double>) -> [(x: Float, y: Float, colour: Colour)] {
    var missing: [(point: Int, colour: Colour)] = []
    var present: [(point: Int, colour: Colour)] = []
    for point in drawnPoints {
      if let colour = colour(of: point, valueRange: valueRange) {
        present.append((point, colour))
      } else {
        missing.append((point, Palette.missing))
      }
    }
    var generator = SplitMix64(seed: Self.drawingSeed)
    present.shuffle(using: &generator)
    let below = context.map { context in
      context.drawnPoints.map { (x: context.x[$0], y: context.y[$0], colour: Palette.context) }
    }
    return (below ?? []) + (missing + present).map { (x: x[$0.point], y: y[$0.point], colour: $0.colour) }
  }

  private func colour(of point: Int, valueRange: ClosedRange<Double>) -> Colour? {
    switch colouring {
    case .plain: return Palette.categorical(0)
    case .categorical(let names, let indices, _):
      return names.indices.contains(indices[point]) ? Palette.categorical(indices[point]) : nil
    case .continuous(let values, _):
      let value = Double(values[point])
      guard value.isFinite else { return nil }
      let span = valueRange.upperBound - valueRange.lowerBound
      return Palette.continuous(span > 0 ? min(max((value - valueRange.lowerBound) / span, 0), 1) : 0.5)
    }
  }
}
