import FeatureData
import Slides

/// What is given as microns per pixel of slides: a number for all, or one for each of some. It counts where a slide's
/// file says nothing; `SlideScale` has the rule.
package enum GivenScale: Sendable, Hashable, Codable {
  case none
  case one(Double)
  case bySlide([String: Double])

  /// In µm.
  package static let bounds = 0.001...1000.0

  /// The numbers of a column of the annotations; slides that are blank there have none.
  package static func column(_ column: String, of study: Study?) throws -> GivenScale {
    guard let annotations = study?.project.annotations else {
      throw WorkflowFailure(
        "mpp=\(column) is a column of annotations, and no project is open.", remedy: "mpp=NUMBER", parameter: "mpp")
    }
    let labels = try Reporting.run(parameter: "mpp") {
      try annotations.labels(column, slides: annotations.slides, useFloat: true)
    }
    guard case .continuous(let numbers) = labels.values else { return .bySlide([:]) }
    if let (slide, number) = numbers.sorted(by: { $0.key < $1.key }).first(where: { !bounds.contains($0.value) }) {
      throw WorkflowFailure(
        "The column \(column) has \(number.shortText) for slide \(slide), which is no size of a pixel in µm.",
        parameter: "mpp")
    }
    return .bySlide(numbers)
  }

  /// What a slide was opened with.
  package static func of(_ opened: StudySlide?) -> GivenScale {
    guard let scale = opened?.scale, scale.source == .given else { return .none }
    return .one(scale.micronsPerPixel)
  }

  var isEmpty: Bool { self == .none }

  /// In µm.
  package subscript(slide: String) -> Double? {
    switch self {
    case .one(let number): number
    case .bySlide(let numbers): numbers[slide]
    case .none: nil
    }
  }
}
