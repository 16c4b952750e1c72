package import CommandLanguage
import Workflows

/// A column of the annotations, or labels of the session.
extension LabelChoice: ParameterValue {
  package static var parameterType: ParameterType { .valueOrName([LabelSet.type], .column) }
  package init?(argument: BoundValue) {
    if let labels = argument.sessionValue as? LabelSet {
      self = .labels(labels)
    } else if let column = argument.text {
      self = .column(column)
    } else {
      return nil
    }
  }
}

extension ParameterState<LabelChoice?> {
  /// What is asked for, going without included; nil if it was left out.
  var choice: LabelChoice? { isGiven ? (given ?? nil) ?? LabelChoice.none : nil }
}
