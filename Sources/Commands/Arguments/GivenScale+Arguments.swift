import CommandLanguage
import Workflows

extension GivenScale {
  static let parameter = ParameterDeclaration(
    "mpp", .either([.number(bounds), .numbersByName(.slide, bounds), .name(.column)]), unit: "µm",
    "Microns per pixel of level 0, of slides whose file does not say: a number, one for each slide ({S1: 0.25, S2: 0.5}), "
      + "or a column of the annotations. What a file says wins, and a difference is reported.")

  /// - Parameter study: whose annotations have the column.
  /// - Returns: nil if it was left out.
  static func given(_ arguments: BoundArguments, study: Study?) throws -> GivenScale? {
    if let number = arguments.number("mpp") { return .one(number) }
    if let numbers = arguments.numbersByName("mpp") { return .bySlide(numbers) }
    return try arguments.text("mpp").map { try column($0, of: study) }
  }
}
