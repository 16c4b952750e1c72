/// One label for each slide, read from a column of the annotations.
package struct SlideLabels: Sendable, Equatable {
  /// Names of outcomes, or numbers.
  package enum Values: Sendable, Equatable {
    /// `categories` are the unique outcomes, sorted; each slide's label is one of them.
    case categorical(bySlide: [String: String], categories: [String])
    case continuous(bySlide: [String: Double])
  }

  /// The column that the labels were read from.
  package let column: String
  package let values: Values

  package init(column: String, values: Values) {
    self.column = column
    self.values = values
  }

  /// Slides that have a label.
  package var slides: Set<String> {
    switch values {
    case .categorical(let bySlide, _): Set(bySlide.keys)
    case .continuous(let bySlide): Set(bySlide.keys)
    }
  }

  /// The unique outcomes, sorted; none of numbers.
  package var categories: [String] {
    if case .categorical(_, let categories) = values { categories } else { [] }
  }

  /// The place of each slide's outcome among the unique ones, as slideflow gives labels; nil of numbers.
  package var indexBySlide: [String: Int]? {
    guard case .categorical(let bySlide, let categories) = values else { return nil }
    let places = Dictionary(uniqueKeysWithValues: categories.enumerated().map { ($1, $0) })
    return bySlide.compactMapValues { places[$0] }
  }
}
