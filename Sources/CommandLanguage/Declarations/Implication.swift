/// A value that a parameter means when it is left out: the only one of its type in the session, named or not, whenever
/// it was made.
package struct Implication: Sendable {
  package let type: ValueType
  /// What is meant with no such value in the session, for the manual; nil where there is nothing else.
  package let otherwise: String?
  /// What the subject may bring along in its place, for the manual ("those that the features were made with"); nil
  /// where it brings none. It does so where its names are `KnownNames.settled`.
  package let broughtAlong: String?
  /// False where the other arguments leave no use for the value.
  package let applies: @Sendable (BoundArguments) -> Bool

  package init(
    _ type: ValueType, broughtAlong: String? = nil, otherwise: String?,
    where applies: @escaping @Sendable (BoundArguments) -> Bool = { _ in true }
  ) {
    self.type = type
    self.broughtAlong = broughtAlong
    self.otherwise = otherwise
    self.applies = applies
  }
}

/// A value that a statement worked on without naming it.
package struct ImpliedValue: Sendable, Equatable {
  /// Nil for the subject.
  package let parameter: String?
  /// "on dataset d", "of the unnamed Project".
  package let phrase: String
}

/// What tells whether two values are one under two names, as a project that is opened twice.
struct ValueIdentity: Sendable, Equatable {
  /// What the value is, once it exists: of one type, equal texts are one value.
  var content: String?
  /// What the statement that makes it opens or does, which is known before it runs.
  var recipe: String?

  /// As far as that is known.
  func isOne(with other: ValueIdentity) -> Bool {
    if let content, let others = other.content { return content == others }
    return recipe != nil && recipe == other.recipe
  }

  /// A member is one where its owner is.
  func member(_ name: String) -> ValueIdentity {
    ValueIdentity(content: content.map { "\(name) of \($0)" }, recipe: recipe.map { "\(name) of \($0)" })
  }
}
