/// What is known of a value when a statement is checked.
struct KnownValue {
  /// Nil if the statement that makes it has an error; then everything about it is accepted.
  var type: ValueType?
  var names: KnownNames?
  /// Nil if it does not exist yet.
  var value: (any SessionValue)?

  init(type: ValueType?, names: KnownNames?) {
    self.type = type
    self.names = names
  }

  init(_ value: any SessionValue) {
    type = value.valueType
    names = value.knownNames
    self.value = value
  }
}

/// The values that a statement can use, at its place in the cell.
struct Scope {
  struct Entry {
    /// "df", or "the unnamed Features".
    let displayName: String
    let isNamed: Bool
    let known: KnownValue
    let order: Int
  }

  let workspace: Workspace
  /// The lines of the cell on which each name is made, ascending.
  var targetLines: [String: [Int]] = [:]
  /// True after a statement of which not even the command is known: what it would have made is not missed.
  var hasUnknownResult = false
  private var entriesByName: [String: Entry] = [:]
  private var nextOrder = 0

  init(_ workspace: Workspace) {
    self.workspace = workspace
    for binding in workspace.bindings { bind(KnownValue(binding.value), to: binding.name) }
  }

  /// The same place in the cell with what the workspace holds now.
  func renewed() -> Scope {
    var scope = Scope(workspace)
    scope.targetLines = targetLines
    return scope
  }

  subscript(name: String) -> KnownValue? { entriesByName[name].flatMap { $0.isNamed ? $0.known : nil } }

  /// In the order made.
  var entries: [Entry] { entriesByName.values.sorted { $0.order < $1.order } }
  var valueNames: [String] { entries.filter(\.isNamed).map(\.displayName) }

  mutating func bind(_ known: KnownValue, to name: String?) {
    guard let displayName = name ?? known.type.map(Workspace.unnamedName) else { return }
    nextOrder += 1
    entriesByName[displayName] = Entry(
      displayName: displayName, isNamed: name != nil, known: known, order: nextOrder)
  }

  mutating func drop(_ name: String) { entriesByName[name] = nil }

  /// The line after the given one on which a name is made.
  func lineMaking(_ name: String, after line: Int) -> Int? { targetLines[name]?.first { $0 > line } }

  /// True if a value's type is not known because of an error elsewhere.
  var hasUnknownTypes: Bool { hasUnknownResult || entriesByName.values.contains { $0.known.type == nil } }

  /// The newest value with a name that has the first of some types of which there is one.
  func newestName(of types: [ValueType]) -> String? {
    types.compactMap { entries(of: $0).last(where: \.isNamed)?.displayName }.first
  }

  func entries(of type: ValueType) -> [Entry] { entries.filter { $0.known.type == type } }

  /// What is known of the only value of each type.
  var sessionNames: [ValueType: KnownNames] {
    var result: [ValueType: KnownNames] = [:]
    for (type, entries) in Dictionary(grouping: entriesByName.values, by: \.known.type) {
      if let type, entries.count == 1, let names = entries[0].known.names { result[type] = names }
    }
    return result
  }

  /// Folders in which relative paths are looked for, the newest value's first.
  var folders: [String] {
    var result: [String] = []
    let known = entriesByName.values.filter { $0.known.names?.names(of: .folder) != nil }
    for entry in known.sorted(by: { $0.order > $1.order }) {
      for folder in entry.known.names?.names(of: .folder) ?? [] where !result.contains(folder) { result.append(folder) }
    }
    return result
  }
}
