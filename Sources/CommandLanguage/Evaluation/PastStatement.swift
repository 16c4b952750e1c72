/// What a name stood for: the statement that made its value, or that was to make it when it was stopped.
package struct PastStatement: Sendable, Equatable {
  /// How the statement ended.
  package enum Ending: String, Sendable, Codable {
    case completed
    case interrupted
    /// It was begun, and nothing is known of its end: it runs still, or the session was killed.
    case unfinished
    /// Its result is no recipe: the name keeps what it stood for before.
    case failed
  }

  /// A value that it was made from, directly or by way of others.
  package struct Source: Sendable, Equatable, Codable {
    /// As in `Workspace.Binding.displayName`.
    package let name: String
    package let statement: String

    package init(name: String, statement: String) {
      self.name = name
      self.statement = statement
    }
  }

  package let name: String
  package let statement: String
  /// True if running it again will be answered from the store.
  package let isStored: Bool
  /// In the order made.
  package let sources: [Source]
  package let ending: Ending

  package init(
    name: String, statement: String, isStored: Bool, sources: [Source] = [], ending: Ending = .completed
  ) {
    self.name = name
    self.statement = statement
    self.isStored = isStored
    self.sources = sources
    self.ending = ending
  }

  /// What made the value of a binding with a name; nil without one.
  package init?(_ binding: Workspace.Binding) {
    guard let name = binding.name else { return nil }
    self.init(
      name: name, statement: binding.statement, isStored: binding.value.isKept,
      sources: Self.sources(binding.dependencies))
  }

  static func sources(_ dependencies: [Workspace.Dependency]) -> [Source] {
    dependencies.reduce(into: []) { sources, dependency in
      let source = Source(name: dependency.name, statement: dependency.statement)
      if !sources.contains(source) { sources.append(source) }
    }
  }

  /// The same with another end.
  package func ending(_ ending: Ending) -> PastStatement {
    PastStatement(name: name, statement: statement, isStored: isStored, sources: sources, ending: ending)
  }
}
