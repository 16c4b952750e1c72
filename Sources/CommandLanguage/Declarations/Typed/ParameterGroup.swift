/// Parameters that several commands share.
package protocol ParameterGroup: Sendable {
  init()
}

/// A group of parameters as a property of a command, or of another group.
@propertyWrapper
package struct Group<Parameters: ParameterGroup>: Sendable {
  package let wrappedValue: Parameters
  fileprivate let conditions: [ParameterCondition]

  package init() { self.init(only: []) }

  /// - Parameter conditions: those without which none of its parameters changes anything.
  package init(only conditions: [ParameterCondition]) {
    wrappedValue = Parameters()
    self.conditions = conditions
  }
}

extension Group: GroupProperty {
  var parameters: any ParameterGroup { wrappedValue }
  var sharedConditions: [ParameterCondition] { conditions }
}

/// A property of a command that is a group of parameters.
protocol GroupProperty {
  var parameters: any ParameterGroup { get }
  var sharedConditions: [ParameterCondition] { get }
}
