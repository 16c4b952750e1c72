/// How principal components enter into the distances by which neighbours are looked for.
package enum ComponentUse: Sendable, Equatable {
  /// In place of the rows, with the length of what they leave out: distances are nearly those of full width.
  case alone
  /// The same, but the later components count less, and what they leave out least.
  ///
  /// Along the later components rows differ by noise more than by what sets them apart, and there are many of them: in
  /// full width they drown the others. Counting them less gives maps that keep more neighbours, of the full width too,
  /// and mix fewer classes. Leaving them out altogether costs neighbours where they hold something.
  case weighted
  /// Beside the rows, both at half weight, so that what the components leave out counts half. For rows of which they do
  /// not hold enough.
  case besideRows

  /// The component of which the square counts half.
  private static let half: Float = 48
  /// What counts least.
  private static let least: Float = 0.1

  /// What a component's squares are multiplied by.
  func weight(of component: Int) -> Float {
    switch self {
    case .alone: return 1
    case .weighted:
      let share = Float(component) / Self.half
      return max(Self.least, 1 / (1 + share * share))
    case .besideRows: return rowWeight
    }
  }

  /// What squares of the rows are multiplied by, where they stand beside the components.
  var rowWeight: Float { 0.5 }

  /// What the squares of what the components leave out are multiplied by, where that is one number.
  var restWeight: Float { self == .weighted ? Self.least : 1 }
}
