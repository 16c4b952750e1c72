import Synchronization

/// The values of a session, by name, and one unnamed value of each type.
///
/// It is safe to use from several threads: completion looks while a statement runs.
package final class Workspace: Sendable {
  /// Where a value came from.
  package enum Origin: Sendable, Equatable { case computed, store }

  /// A value that another was made from, as it was then.
  package struct Dependency: Sendable, Hashable {
    let slot: ValueSlot
    let generation: Int
    package let statement: String
    /// What the value was, where it can be made again.
    let content: String?

    package var name: String { slot.displayName }
  }

  /// A value and how it came to be.
  package struct Binding: Sendable {
    let slot: ValueSlot
    package let value: any SessionValue
    /// What the value knows, asked for once: values never change.
    package let knownNames: KnownNames
    /// The statement that made it.
    package let statement: String
    package let seconds: Double
    package let origin: Origin
    /// Everything that it was made from, directly or by way of other values.
    package let dependencies: [Dependency]
    let identity: ValueIdentity
    let generation: Int

    /// Nil in the unnamed slot of the type.
    package var name: String? { slot.name }
    /// "df", or "the unnamed Features".
    package var displayName: String { slot.displayName }
  }

  private struct State {
    var bindings: [ValueSlot: Binding] = [:]
    var generation = 0
    var past: [String: PastStatement] = [:]

    /// Values and everything that they were made from, in the order made.
    func dependencies(on sources: [ValueSlot], of target: ValueSlot?) -> [Dependency] {
      var dependencies = Set<Dependency>()
      for source in sources where source != target {
        guard let binding = bindings[source] else { continue }
        dependencies.insert(
          Dependency(
            slot: source, generation: binding.generation, statement: binding.statement,
            content: binding.identity.content))
        dependencies.formUnion(binding.dependencies)
      }
      return dependencies.sorted { $0.generation < $1.generation }
    }
  }

  private let state = Mutex(State())

  package init() {}

  /// In the order made.
  package var bindings: [Binding] {
    state.withLock { $0.bindings.values.sorted { $0.generation < $1.generation } }
  }

  func binding(in slot: ValueSlot) -> Binding? { state.withLock { $0.bindings[slot] } }

  package func binding(named name: String) -> Binding? { binding(in: .named(name)) }

  package func value(named name: String) -> (any SessionValue)? { binding(named: name)?.value }

  package func unnamed(_ type: ValueType) -> Binding? { binding(in: .unnamed(type)) }

  package func bindings(of type: ValueType) -> [Binding] { bindings.filter { $0.value.valueType == type } }

  /// Binds a value to a name, or to the unnamed slot of its type.
  ///
  /// - Parameter sources: the values it was made from.
  /// - Returns: what is bound now.
  @discardableResult
  package func bind(
    _ value: any SessionValue, to name: String?, statement: String, seconds: Double, from sources: [ValueSlot] = []
  ) -> Binding {
    bind(value, to: name, identity: ValueIdentity(), statement: statement, seconds: seconds, from: sources)
  }

  /// - Parameter identity: what the value is where it does not know that itself, as of one that has another name too.
  func bind(
    _ value: any SessionValue, to name: String?, identity: ValueIdentity, statement: String, seconds: Double,
    from sources: [ValueSlot]
  ) -> Binding {
    let slot = name.map(ValueSlot.named) ?? .unnamed(value.valueType)
    let knownNames = value.knownNames
    let content = value.valueIdentity ?? identity.content
    return state.withLock { state in
      let dependencies = state.dependencies(on: sources, of: name.map(ValueSlot.named))
      state.generation += 1
      let binding = Binding(
        slot: slot, value: value, knownNames: knownNames, statement: statement, seconds: seconds,
        origin: value.isFromStore ? .store : .computed, dependencies: dependencies,
        identity: ValueIdentity(content: content ?? "value \(state.generation)", recipe: identity.recipe),
        generation: state.generation)
      state.bindings[slot] = binding
      if let name { state.past[name] = nil }
      return binding
    }
  }

  /// The statements that made some values, and what those were made from.
  func sources(of slots: [ValueSlot], target: String) -> [PastStatement.Source] {
    PastStatement.sources(state.withLock { $0.dependencies(on: slots, of: .named(target)) })
  }

  /// Forgets a value; false if there was none.
  @discardableResult
  func drop(_ slot: ValueSlot) -> Bool { state.withLock { $0.bindings.removeValue(forKey: slot) != nil } }

  /// Those among a value's sources that have been bound anew since it was made.
  ///
  /// What is the same value again is no reason to doubt what was made from it, as a project that is opened once more;
  /// nor is an unnamed value made again by the same statement.
  package func earlierSources(of slot: ValueSlot) -> [ValueSlot] {
    state.withLock { state in
      guard let binding = state.bindings[slot] else { return [] }
      var earlier: [ValueSlot] = []
      for dependency in binding.dependencies
      where dependency.slot != slot && !earlier.contains(dependency.slot) {
        if let now = state.bindings[dependency.slot], now.generation != dependency.generation,
          now.identity.content != dependency.content, now.name != nil || now.statement != dependency.statement
        {
          earlier.append(dependency.slot)
        }
      }
      return earlier
    }
  }

  /// Takes note of statements of an earlier session, so that their names can be explained; the last of a name counts.
  package func add(past: [PastStatement]) {
    state.withLock { state in
      for statement in past { state.past[statement.name] = statement }
    }
  }

  /// The statement that made a name in an earlier session.
  package func past(_ name: String) -> PastStatement? { state.withLock { $0.past[name] } }
}
