import CommandLanguage
import Workflows

extension LabelChoice {
  /// Labels from an argument that is a value, the name of a column, or `none`; nil if it was left out.
  init?(_ argument: String, of arguments: BoundArguments) {
    if case .none? = arguments[argument] {
      self = .none
    } else if let labels = arguments.value(argument) as? LabelSet {
      self = .labels(labels)
    } else if let column = arguments.text(argument) {
      self = .column(column)
    } else {
      return nil
    }
  }
}
