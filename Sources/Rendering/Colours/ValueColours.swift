/// The colours of numbers: a scale with its two ends.
package struct ValueColours: Sendable, Equatable {
  /// Values beyond it have the colour of the end that they lie behind.
  package let range: ClosedRange<Double>
  /// Whether zero means something, so that its colour is the middle one.
  let diverges: Bool
  let theme: FigureTheme
  /// Asked for instead of the usual one.
  let ramp: FigurePalette.Numbers?

  /// - Parameter range: where it diverges, widened so that zero is its middle.
  package init(
    range: ClosedRange<Double>, diverges: Bool = false, ramp: FigurePalette.Numbers? = nil, theme: FigureTheme = .light
  ) {
    let diverges = diverges && (ramp == nil || ramp == .diverging)
    let reach = max(abs(range.lowerBound), abs(range.upperBound))
    self.range = diverges ? -reach...reach : range
    self.diverges = diverges
    self.theme = theme
    self.ramp = ramp
  }

  /// - Parameter value: finite.
  func colour(of value: Double) -> Colour {
    let span = range.upperBound - range.lowerBound
    return colour(atShare: span > 0 ? min(max((value - range.lowerBound) / span, 0), 1) : 0.5)
  }

  /// - Parameter share: 0 at the lower end, 1 at the upper.
  func colour(atShare share: Double) -> Colour {
    (ramp ?? (diverges ? .diverging : .spectrum)).colour(atShare: share, in: theme)
  }

  /// So many colours from one end to the other.
  package func steps(_ count: Int) -> [Colour] {
    (0..<count).map { colour(atShare: Double($0) / Double(max(count - 1, 1))) }
  }
}

/// How many values lie beyond the ends of a scale.
struct ValuesBeyond: Equatable, Sendable {
  let below: Int
  let above: Int

  static let none = ValuesBeyond(below: 0, above: 0)

  private init(below: Int, above: Int) {
    self.below = below
    self.above = above
  }

  /// Values that are not finite lie nowhere.
  init(_ values: [Float], _ range: ClosedRange<Double>) {
    var counts = (below: 0, above: 0)
    for value in values where value.isFinite {
      if Double(value) < range.lowerBound { counts.below += 1 }
      if Double(value) > range.upperBound { counts.above += 1 }
    }
    (below, above) = counts
  }

  static func + (one: ValuesBeyond, other: ValuesBeyond) -> ValuesBeyond {
    ValuesBeyond(below: one.below + other.below, above: one.above + other.above)
  }
}
