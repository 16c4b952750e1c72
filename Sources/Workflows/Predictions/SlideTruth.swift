import FeatureData
import Rendering

/// What is known to be true of the slides.
struct SlideTruth {
  private let labels: SlideLabels
  private let outputs: ModelOutputs
  /// Among the heads with classes the one that predicts what the labels are of, and its classes; nil if none does.
  private let head: (place: Int, classes: [String])?

  private var isComparable: Bool { head != nil }

  init?(_ labels: SlideLabels?, _ outputs: ModelOutputs) {
    guard let labels else { return nil }
    self.labels = labels
    self.outputs = outputs
    let known = outputs.headsWithClasses.map { outputs.heads[$0] }
    let fitting = known.indices.filter { place in
      labels.categories.contains { known[place].outputNames.contains($0) }
    }
    let place = fitting.first { known[$0].name == labels.column } ?? fitting.first
    head = place.map { ($0, known[$0].outputNames) }
  }

  var columns: [DataTable.Column] {
    let isNumber = if case .continuous = labels.values { true } else { false }
    return [DataTable.Column(labels.column, isNumber ? .number(significantDigits: 4) : .text)]
      + (isComparable ? [DataTable.Column("right")] : [])
  }

  func cells(_ slide: String, predicted: [String?]) -> [DataTable.Cell] {
    switch labels.values {
    case .continuous(let bySlide): return [bySlide[slide].map { .number($0) } ?? .missing]
    case .categorical(let bySlide, _):
      let label = bySlide[slide]
      let mark: [DataTable.Cell] =
        if isComparable {
          [isRight(label, predicted).map { .text($0 ? "yes" : "no") } ?? .missing]
        } else { [] }
      return [label.map { .text($0) } ?? .missing] + mark
    }
  }

  /// Nil for slides without a prediction, and for those whose label the model does not know.
  private func isRight(_ label: String?, _ predicted: [String?]) -> Bool? {
    guard let head, let label, let predicted = predicted[head.place], head.classes.contains(label) else { return nil }
    return label == predicted
  }

  /// How many predictions are right, or how far numbers are off.
  func summary(of predictions: [SlidePrediction], _ chosen: [[String?]]) -> String? {
    switch labels.values {
    case .categorical(let bySlide, _):
      guard isComparable else {
        return outputs.headsWithClasses.isEmpty ? nil : "the model's outcomes are not those of \(labels.column)"
      }
      let marks = zip(predictions, chosen).compactMap { isRight(bySlide[$0.slide], $1) }
      let right = marks.count { $0 }
      let left = predictions.count - marks.count
      guard !marks.isEmpty else { return "no slide has a label of \(labels.column) that the model knows" }
      return "\(right) of \(marks.count.counted("slide")) right by \(labels.column)"
        + (left > 0 ? ", \(left) without a label to compare with" : "")
    case .continuous(let bySlide):
      guard outputs.count == 1, outputs.heads[0].meaning == .numbers else { return nil }
      let errors = predictions.compactMap { prediction in
        prediction.means.first.flatMap { mean in bySlide[prediction.slide].map { abs($0 - mean) } }
      }
      guard !errors.isEmpty else { return nil }
      return "mean absolute error \((errors.reduce(0, +) / Double(errors.count)).shortText) by \(labels.column)"
    }
  }
}
