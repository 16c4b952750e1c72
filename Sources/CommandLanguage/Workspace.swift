import Synchronization

/// The values of a session, by name, and one unnamed value of each type.
///
/// It is safe to use from several threads: completion looks while a statement runs.
package final class Workspace: Sendable {
  /// Where a value came from.
  package enum Origin: Sendable, Equatable { case computed, store }

  /// A value that another was made from, as it was then.
  package struct Dependency: Sendable, Hashable {
    /// As in `Binding.displayName`.
    package let name: String
    let generation: Int
    package let statement: String
    /// True for what was used without being named; making it anew is no reason to doubt what was made from it.
    let isImplied: Bool
  }

  /// A value and how it came to be.
  package struct Binding: Sendable {
    /// Nil in the unnamed slot of the type.
    package let name: String?
    package let value: any SessionValue
    /// What the value knows, asked for once: values never change.
    package let knownNames: KnownNames
    /// The statement that made it.
    package let statement: String
    package let seconds: Double
    package let origin: Origin
    /// Everything that it was made from, directly or by way of other values.
    package let dependencies: [Dependency]
    let generation: Int

    /// "df", or "the unnamed Features".
    package var displayName: String { name ?? Workspace.unnamedName(value.valueType) }
  }

  private struct State {
    var bindings: [String: Binding] = [:]
    var generation = 0
    var past: [String: PastStatement] = [:]
  }

  private let state = Mutex(State())

  package init() {}

  static func unnamedName(_ type: ValueType) -> String { "the unnamed \(type.name)" }

  /// In the order made.
  package var bindings: [Binding] {
    state.withLock { $0.bindings.values.sorted { $0.generation < $1.generation } }
  }

  package func binding(named name: String) -> Binding? { state.withLock { $0.bindings[name] } }

  package func value(named name: String) -> (any SessionValue)? { binding(named: name)?.value }

  package func unnamed(_ type: ValueType) -> Binding? { binding(named: Self.unnamedName(type)) }

  package func bindings(of type: ValueType) -> [Binding] { bindings.filter { $0.value.valueType == type } }

  /// The only value of a type; nil if there is none or there are several.
  package func only(of type: ValueType) -> Binding? {
    let all = bindings(of: type)
    return all.count == 1 ? all.first : nil
  }

  /// Binds a value to a name, or to the unnamed slot of its type.
  ///
  /// - Parameter sources: the display names of the values it was made from.
  /// - Returns: what is bound now.
  @discardableResult
  package func bind(
    _ value: any SessionValue, to name: String?, statement: String, seconds: Double, from sources: [String] = []
  ) -> Binding {
    let knownNames = value.knownNames
    return state.withLock { state in
      var dependencies = Set<Dependency>()
      let implied = state.bindings.values.filter { $0.name == nil && value.implies($0.value) }.map(\.displayName)
      for source in sources + implied where source != name {
        guard let binding = state.bindings[source] else { continue }
        dependencies.insert(
          Dependency(
            name: source, generation: binding.generation, statement: binding.statement,
            isImplied: !sources.contains(source)))
        dependencies.formUnion(binding.dependencies)
      }
      state.generation += 1
      let binding = Binding(
        name: name, value: value, knownNames: knownNames, statement: statement, seconds: seconds,
        origin: value.isFromStore ? .store : .computed,
        dependencies: dependencies.sorted { $0.generation < $1.generation }, generation: state.generation)
      state.bindings[binding.displayName] = binding
      return binding
    }
  }

  /// Forgets a name; false if there was none.
  @discardableResult
  package func drop(_ name: String) -> Bool { state.withLock { $0.bindings.removeValue(forKey: name) != nil } }

  /// The names among a value's sources that have been bound anew since it was made.
  ///
  /// An unnamed value made again by the same statement counts as the same: running `project PATH` once more is no
  /// reason to doubt what was made from it.
  package func earlierSources(of name: String) -> [String] {
    state.withLock { state in
      guard let binding = state.bindings[name] else { return [] }
      var names: [String] = []
      for dependency in binding.dependencies
      where dependency.name != name && !dependency.isImplied && !names.contains(dependency.name) {
        if let now = state.bindings[dependency.name], now.generation != dependency.generation,
          now.name != nil || now.statement != dependency.statement
        {
          names.append(dependency.name)
        }
      }
      return names
    }
  }

  /// Takes note of statements of an earlier session, so that their names can be explained; the last of a name counts.
  package func remember(_ past: [PastStatement]) {
    state.withLock { state in
      for statement in past { state.past[statement.name] = statement }
    }
  }

  /// The statement that made a name in an earlier session.
  package func past(_ name: String) -> PastStatement? { state.withLock { $0.past[name] } }
}

/// A statement of an earlier session that made a value.
package struct PastStatement: Sendable, Equatable {
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

  package init(name: String, statement: String, isStored: Bool, sources: [Source] = []) {
    self.name = name
    self.statement = statement
    self.isStored = isStored
    self.sources = sources
  }

  /// What made the value of a binding with a name; nil without one.
  package init?(_ binding: Workspace.Binding) {
    guard let name = binding.name else { return nil }
    var sources: [Source] = []
    for dependency in binding.dependencies {
      let source = Source(name: dependency.name, statement: dependency.statement)
      if !sources.contains(source) { sources.append(source) }
    }
    self.init(name: name, statement: binding.statement, isStored: binding.value.isKept, sources: sources)
  }
}
