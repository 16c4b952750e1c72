package import FeatureData
import Slides

/// Labels as they are asked for: by a column of the annotations, or as labels that were read before.
package enum LabelChoice: Sendable {
  /// Asked to go without.
  case none
  case column(String)
  case labels(LabelSet)

  /// In a sentence: the column, or "labels".
  var written: String? {
    switch self {
    case .none: nil
    case .column(let column): column
    case .labels: "labels"
    }
  }

  /// The labels of slides.
  ///
  /// - Parameters:
  ///   - useFloat: nil reads a column as numbers when nearly every slide has another number.
  ///   - parameter: what they are asked for, such as "outcomes".
  package func labels(
    of slides: [String], in study: Study, useFloat: Bool? = nil, parameter: String = "outcomes"
  ) throws -> SlideLabels? {
    switch self {
    case .none: return nil
    case .labels(let set): return try set.single(for: parameter)
    case .column(let column):
      let annotations = study.project.annotations
      let labels = try Reporting.run(parameter: parameter) {
        try annotations.labels(column, slides: slides, useFloat: useFloat ?? annotations.isContinuous(column))
      }
      return study.looks.applied(to: labels)
    }
  }
}

extension FeatureSet {
  /// The labels that are asked for, else those that the features were made with.
  package func outcomes(_ choice: LabelChoice?, useFloat: Bool? = nil) throws -> SlideLabels? {
    try choice.map { try labels($0, useFloat: useFloat) } ?? outcomes
  }

  /// Labels of these slides.
  package func labels(
    _ choice: LabelChoice, useFloat: Bool? = nil, parameter: String = "outcomes"
  ) throws -> SlideLabels? {
    try choice.labels(of: slides.map(\.name), in: study, useFloat: useFloat, parameter: parameter)
  }
}
