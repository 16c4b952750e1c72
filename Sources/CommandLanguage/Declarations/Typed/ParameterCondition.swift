/// A condition without which a parameter changes nothing.
package struct ParameterCondition: Sendable {
  enum Kind: Sendable {
    case with(values: [String])
    case without
    case on([ValueType])
  }

  let kind: Kind
  /// The other parameter, found in a command or in a group of parameters; nil in one that has it not.
  let other: @Sendable (Any) -> ParameterIdentity?

  /// Only with another parameter at one of some values, given or by default; at any value given if there are none.
  package static func with<Root, Value: ParameterValue>(
    _ other: any KeyPath<Root, ParameterState<Value>> & Sendable, _ values: Value...
  ) -> ParameterCondition {
    ParameterCondition(kind: .with(values: values.compactMap(\.spelling))) { ($0 as? Root)?[keyPath: other].identity }
  }

  /// Only with another parameter, a list, among whose items is one of some.
  package static func with<Root, Item: ParameterValue>(
    _ other: any KeyPath<Root, ParameterState<[Item]?>> & Sendable, holding item: Item, _ others: Item...
  ) -> ParameterCondition {
    ParameterCondition(kind: .with(values: ([item] + others).compactMap(\.spelling))) {
      ($0 as? Root)?[keyPath: other].identity
    }
  }

  /// Only while another parameter is left out, or is `false` or `none`.
  package static func without<Root, Value: ParameterValue>(
    _ other: any KeyPath<Root, ParameterState<Value>> & Sendable
  ) -> ParameterCondition {
    ParameterCondition(kind: .without) { ($0 as? Root)?[keyPath: other].identity }
  }

  /// Only on subjects of some types.
  package static func on(_ types: ValueType...) -> ParameterCondition {
    ParameterCondition(kind: .on(types)) { _ in nil }
  }
}

/// A value that a parameter means when it is left out: the only one of its type in the session.
package struct ImpliedParameter: Sendable {
  let type: ValueType
  let otherwise: String?
  let broughtAlong: String?
  /// Asked of the command with what was given so far; nil of another command.
  let applies: (@Sendable (Any) -> Bool?)?

  /// - Parameters:
  ///   - broughtAlong: what the subject may bring along in its place, for the manual.
  ///   - otherwise: what is meant with no such value in the session, for the manual; nil where there is nothing else.
  package init(_ type: ValueType, broughtAlong: String? = nil, otherwise: String?) {
    self.type = type
    self.broughtAlong = broughtAlong
    self.otherwise = otherwise
    applies = nil
  }

  /// - Parameter condition: false where the other arguments leave no use for the value. It sees what was given.
  package init<Command>(
    _ type: ValueType, broughtAlong: String? = nil, otherwise: String?,
    where condition: any KeyPath<Command, Bool> & Sendable
  ) {
    self.type = type
    self.broughtAlong = broughtAlong
    self.otherwise = otherwise
    applies = { ($0 as? Command)?[keyPath: condition] }
  }
}
