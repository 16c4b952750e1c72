import CommandLanguage
import Workflows

/// What `mpp` says of slides: a number for all, one for each of some, or a column of the annotations.
enum ScaleParameter: ParameterValue {
  case given(GivenScale)
  case column(String)

  static let parameterType = ParameterType.either([
    .number(GivenScale.bounds), .numbersByName(.slide, GivenScale.bounds), .name(.column),
  ])
  static let documentation =
    "Microns per pixel of level 0, of slides whose file does not say: a number, one for each slide ({S1: 0.25, S2: 0.5}), "
    + "or a column of the annotations. What a file says wins, and a difference is reported."

  init?(argument: BoundValue) {
    if let number = argument.number {
      self = .given(.one(number))
    } else if let numbers = [String: Double](argument: argument) {
      self = .given(.bySlide(numbers))
    } else if let column = argument.text {
      self = .column(column)
    } else {
      return nil
    }
  }

  /// - Parameter study: whose annotations have the column.
  func scale(in study: Study?) throws -> GivenScale {
    switch self {
    case .given(let scale): scale
    case .column(let column): try GivenScale.column(column, of: study)
    }
  }
}
