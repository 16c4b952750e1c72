/// One label for each slide, read from a column of the annotations.
package struct SlideLabels: Sendable, Equatable {
  /// Names of outcomes, or numbers.
  package enum Values: Sendable, Equatable {
    /// `categories` are the unique outcomes in their natural order; each slide's label is one of them.
    case categorical(bySlide: [String: String], categories: [String])
    case continuous(bySlide: [String: Double])
  }

  /// The column that the labels were read from.
  package let column: String
  package let values: Values
  /// How many of the slides asked for are blank in the column, by what stands there, such as "NA"; "" for nothing.
  package let blanks: [String: Int]
  /// How some of the outcomes are to be coloured, as `#RRGGBB`.
  package var colours: [String: String] = [:]

  package init(column: String, values: Values, blanks: [String: Int] = [:]) {
    self.column = column
    self.values = values
    self.blanks = blanks
  }

  /// Such as "Blank in site: 4 (NA)"; nil where no slide is blank.
  package var blankPhrase: String? {
    BlankText.counted(blanks).map { "Blank in \(column): \($0)" }
  }

  /// Slides that have a label.
  package var slides: Set<String> {
    switch values {
    case .categorical(let bySlide, _): Set(bySlide.keys)
    case .continuous(let bySlide): Set(bySlide.keys)
    }
  }

  /// The unique outcomes in their natural order, 2 before 10; none of numbers.
  package var categories: [String] {
    if case .categorical(_, let categories) = values { categories } else { [] }
  }

  /// The same with its outcomes in another order: those that are named, then the others as they were. Numbers have none.
  package func ordered(_ names: [String]) -> SlideLabels {
    guard case .categorical(let bySlide, let categories) = values else { return self }
    let first = names.filter(categories.contains)
    var labels = SlideLabels(
      column: column,
      values: .categorical(bySlide: bySlide, categories: first + categories.filter { !first.contains($0) }),
      blanks: blanks)
    labels.colours = colours
    return labels
  }

  /// The unique outcomes as slideflow counts them, sorted as texts.
  package var indexedCategories: [String] { categories.sorted() }

  /// The place of each slide's outcome among `indexedCategories`, as slideflow gives labels; nil of numbers.
  package var indexBySlide: [String: Int]? {
    guard case .categorical(let bySlide, _) = values else { return nil }
    let places = Dictionary(uniqueKeysWithValues: indexedCategories.enumerated().map { ($1, $0) })
    return bySlide.compactMapValues { places[$0] }
  }
}
