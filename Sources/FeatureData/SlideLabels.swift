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
}
