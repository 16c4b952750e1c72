/// Parameters that several commands share.
package protocol ParameterGroup: Sendable {
  init()
}

/// A group of parameters as a property of a command, or of another group.
@propertyWrapper
package struct Group<Parameters: ParameterGroup>: Sendable {
  package let wrappedValue: Parameters

  package init() { self.init(only: []) }

  /// - Parameter conditions: those without which none of its parameters changes anything.
  package init(only conditions: [ParameterCondition]) {
    let (parameters, entries) = PropertyCollector.collecting { Parameters() }
    wrappedValue = parameters
    PropertyCollector.add(.group(parameters, conditions: conditions, entries))
  }
}
