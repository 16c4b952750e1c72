/// A parameter of a command: what is declared here is all that is known of it, and the property holds what was given.
///
/// Its name in the language is that of the property, in lower case with underscores. Without a default it must be given,
/// unless its type is optional.
@propertyWrapper
package struct Parameter<Value: ParameterValue>: Sendable {
  private let facts: ParameterFacts
  private let fallback: Value?
  private let slot = Slot<ParameterState<Value>>()
  private let identity = ParameterIdentity()

  /// A parameter with a default.
  ///
  /// - Parameters:
  ///   - type: how it is read, where the property's own type leaves that open.
  ///   - shown: the default as the manual shows it, where that is not the value's own spelling.
  ///   - conditions: those without which it changes nothing; giving it then is an error.
  ///   - implied: the value of the session that is meant by leaving it out.
  ///   - acrossProjects: it may be a value of another project than the one that is worked on.
  package init(
    wrappedValue: Value, _ documentation: String, name: String? = nil, as type: ParameterType? = nil,
    positional: Bool = false, shown: String? = nil, unit: String? = nil, referenceNames: [String] = [],
    only conditions: [ParameterCondition] = [], implies implied: ImpliedParameter? = nil, acrossProjects: Bool = false
  ) {
    fallback = wrappedValue
    facts = ParameterFacts(
      name: name, type: type ?? Value.parameterType, isPositional: positional, isRequired: false,
      defaultText: shown ?? wrappedValue.spelling, unit: unit, referenceNames: referenceNames, conditions: conditions,
      implied: implied, acrossProjects: acrossProjects, documentation: documentation)
    PropertyCollector.add(.parameter(self))
  }

  /// A parameter that must be given, or an optional one.
  package init(
    _ documentation: String, name: String? = nil, as type: ParameterType? = nil, positional: Bool = false,
    shown: String? = nil, unit: String? = nil, referenceNames: [String] = [],
    only conditions: [ParameterCondition] = [],
    implies implied: ImpliedParameter? = nil, acrossProjects: Bool = false
  ) {
    fallback = nil
    facts = ParameterFacts(
      name: name, type: type ?? Value.parameterType, isPositional: positional, isRequired: !Value.isOptional,
      defaultText: shown, unit: unit, referenceNames: referenceNames, conditions: conditions, implied: implied,
      acrossProjects: acrossProjects, documentation: documentation)
    PropertyCollector.add(.parameter(self))
  }

  /// - Precondition: the parameter is optional, has a default, or the command runs. A look at what a command will know
  ///   reads `given` of the projected value.
  package var wrappedValue: Value {
    if let value = slot.value?.value { return value }
    if let fallback { return fallback }
    guard let absent = Value(argument: .none) else { preconditionFailure("read before the command runs") }
    return absent
  }

  /// What was given, or that nothing was.
  package var projectedValue: ParameterState<Value> {
    slot.value ?? ParameterState(identity: identity, name: facts.name ?? "", value: nil, isGiven: false, names: nil)
  }
}

extension Parameter where Value: BoundedParameterValue {
  package init(
    wrappedValue: Value, _ documentation: String, name: String? = nil, in bounds: ClosedRange<Value.Bound>,
    positional: Bool = false, shown: String? = nil, unit: String? = nil, referenceNames: [String] = [],
    only conditions: [ParameterCondition] = [], implies implied: ImpliedParameter? = nil
  ) {
    self.init(
      wrappedValue: wrappedValue, documentation, name: name, as: Value.parameterType(in: bounds),
      positional: positional, shown: shown, unit: unit, referenceNames: referenceNames, only: conditions,
      implies: implied)
  }

  package init(
    _ documentation: String, name: String? = nil, in bounds: ClosedRange<Value.Bound>, positional: Bool = false,
    shown: String? = nil, unit: String? = nil, referenceNames: [String] = [],
    only conditions: [ParameterCondition] = [],
    implies implied: ImpliedParameter? = nil
  ) {
    self.init(
      documentation, name: name, as: Value.parameterType(in: bounds), positional: positional, shown: shown, unit: unit,
      referenceNames: referenceNames, only: conditions, implies: implied)
  }
}

/// What is known of an argument besides its value.
package struct ParameterState<Value: ParameterValue>: Sendable {
  let identity: ParameterIdentity
  /// In the language.
  package let name: String
  fileprivate let value: Value?
  /// True if it was given or is meant, `none` included.
  package let isGiven: Bool
  /// What is known of the value of the session that was given or is meant.
  package let names: KnownNames?

  /// The value where it was given or is meant and exists: not the default.
  package var given: Value? { value }
}

/// Which parameter a key path leads to.
final class ParameterIdentity: Sendable {}

/// What was declared of a parameter.
struct ParameterFacts: Sendable {
  let name: String?
  let type: ParameterType
  let isPositional: Bool
  let isRequired: Bool
  let defaultText: String?
  let unit: String?
  let referenceNames: [String]
  let conditions: [ParameterCondition]
  let implied: ImpliedParameter?
  let acrossProjects: Bool
  let documentation: String
}

/// A property of a command that is a parameter.
protocol ParameterProperty: Sendable {
  var declared: ParameterFacts { get }
  var declaredIdentity: ParameterIdentity { get }
  /// False if an argument is of another form than the property.
  func read(_ argument: BoundValue?, name: String, names: KnownNames?) -> Bool
}

extension Parameter: ParameterProperty {
  var declared: ParameterFacts { facts }
  var declaredIdentity: ParameterIdentity { identity }

  func read(_ argument: BoundValue?, name: String, names: KnownNames?) -> Bool {
    let value = argument.flatMap { Value(argument: $0) }
    slot.value = ParameterState(
      identity: identity, name: name, value: value, isGiven: argument != nil, names: names)
    return argument == nil || value != nil
  }
}
