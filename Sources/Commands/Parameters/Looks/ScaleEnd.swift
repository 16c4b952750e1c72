import CommandLanguage
import Rendering

/// An end of a scale of colours: a value, or a percentile such as `p99`.
struct ScaleEnd: ParameterValue {
  let end: ValueScale.End

  static let parameterType = ParameterType.either([.number(-1e30...1e30), .percentile])

  init?(argument: BoundValue) {
    if let number = argument.number {
      end = .value(number)
    } else if let percent = argument.text.flatMap(Self.percentile) {
      end = .percentile(percent)
    } else {
      return nil
    }
  }

  private static func percentile(_ text: String) -> Double? {
    guard text.first == "p", let percent = Double(text.dropFirst()), (0...100).contains(percent) else { return nil }
    return percent
  }
}
