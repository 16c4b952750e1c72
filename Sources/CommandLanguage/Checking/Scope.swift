/// What is known of a value when a statement is checked.
struct KnownValue {
  /// Nil if the statement that makes it has an error; then everything about it is accepted.
  var type: ValueType?
  var names: KnownNames?
  /// Nil if it does not exist yet.
  var value: (any SessionValue)?
  var identity = ValueIdentity()

  init(type: ValueType?, names: KnownNames?, recipe: String? = nil) {
    self.type = type
    self.names = names
    identity.recipe = recipe
  }

  init(_ value: any SessionValue, identity: ValueIdentity = ValueIdentity()) {
    type = value.valueType
    names = value.knownNames
    self.value = value
    self.identity = ValueIdentity(content: value.valueIdentity ?? identity.content, recipe: identity.recipe)
  }

  init(_ binding: Workspace.Binding) {
    type = binding.value.valueType
    names = binding.knownNames
    value = binding.value
    identity = binding.identity
  }
}

/// The values that a statement can use, at its place in the cell.
struct Scope {
  struct Entry {
    let slot: ValueSlot
    let known: KnownValue
    let order: Int

    /// "df", or "the unnamed Features".
    var displayName: String { slot.displayName }
    var isNamed: Bool { slot.isNamed }
  }

  let workspace: Workspace
  /// The lines of the cell on which each name is made, ascending.
  var targetLines: [String: [Int]] = [:]
  /// True after a statement of which not even the command is known: what it would have made is not missed.
  var hasUnknownResult = false
  private var all = EntryList()
  /// By type; what has an error has none.
  private var byType: [ValueType?: EntryList] = [:]
  /// How many values know each folder, and the order of the newest that does.
  private var folderUses: [String: (count: Int, newest: Int)] = [:]
  private var nextOrder = 0

  init(_ workspace: Workspace) {
    self.workspace = workspace
    for binding in workspace.bindings { bind(KnownValue(binding), to: binding.name) }
  }

  /// The same place in the cell with what the workspace holds now.
  func renewed() -> Scope {
    var scope = Scope(workspace)
    scope.targetLines = targetLines
    return scope
  }

  subscript(name: String) -> KnownValue? { all[.named(name)]?.known }

  /// In the order made.
  var entries: [Entry] { all.entries }

  func has(_ slot: ValueSlot) -> Bool { all[slot] != nil }

  /// True for "df" and for "the unnamed Features", as journals name them, if there is such a value.
  func has(displayName: String) -> Bool {
    all[.named(displayName)] != nil || all.entries.contains { $0.displayName == displayName }
  }

  /// The statement that made a name in an earlier session, as the newest value has it that knows of one.
  func past(_ name: String) -> PastStatement? {
    workspace.past(name) ?? all.newest.lazy.compactMap { $0.known.names?.past[name] }.first
  }

  /// The newest thousand names, among which a mistyped one is looked for.
  var valueNames: [String] { all.newest.lazy.filter(\.isNamed).prefix(1_000).map(\.displayName).reversed() }

  mutating func bind(_ known: KnownValue, to name: String?) {
    guard let slot = ValueSlot(name: name, type: known.type) else { return }
    drop(slot)
    nextOrder += 1
    var known = known
    // What has no recipe is another value than any other, and has it in common with its other names.
    if known.identity == ValueIdentity() { known.identity.recipe = "made \(nextOrder)" }
    let entry = Entry(slot: slot, known: known, order: nextOrder)
    all.append(entry)
    byType[known.type, default: EntryList()].append(entry)
    for folder in entry.folders { folderUses[folder, default: (0, 0)].count += 1 }
    for folder in entry.folders { folderUses[folder]?.newest = nextOrder }
  }

  mutating func drop(_ slot: ValueSlot) {
    guard let entry = all.remove(slot) else { return }
    _ = byType[entry.known.type]?.remove(slot)
    for folder in entry.folders {
      folderUses[folder]?.count -= 1
      if folderUses[folder]?.count == 0 { folderUses[folder] = nil }
    }
  }

  /// The line after the given one on which a name is made.
  func lineMaking(_ name: String, after line: Int) -> Int? { targetLines[name]?.first { $0 > line } }

  /// True if a value's type is not known because of an error elsewhere.
  var hasUnknownTypes: Bool { hasUnknownResult || byType[nil]?.isEmpty == false }

  /// The newest value with a name that has the first of some types of which there is one.
  func newestName(of types: [ValueType]) -> String? {
    types.lazy.compactMap { byType[$0]?.newest.first(where: \.isNamed)?.displayName }.first
  }

  /// A name of a kind that the newest value knows which knows any: of columns one with few values, as outcomes have.
  func knownName(of kind: NameKind) -> String? {
    for entry in all.newest {
      guard let names = entry.known.names, let known = names.names(of: kind), let first = known.first else { continue }
      guard kind == .column else { return first }
      let counts = known.map { names.names(of: .category(of: $0))?.count ?? 0 }
      let fewest = zip(known, counts).filter { $0.1 > 1 }.min { $0.1 < $1.1 }
      return fewest?.0 ?? first
    }
    return nil
  }

  /// The values of a type, each once, in the order made.
  func values(of type: ValueType) -> [Entry] { distinct(byType[type]?.entries ?? []) }

  /// Of entries that are one value, the newest that has a name, or else the newest.
  func distinct(_ entries: [Entry]) -> [Entry] {
    guard entries.count > 1 else { return entries }
    var result: [Entry] = []
    var places: [Key: Int] = [:]
    for entry in entries {
      let identity = entry.known.identity
      let keys = [identity.content, identity.recipe].compactMap { $0.map { Key(type: entry.known.type, text: $0) } }
      let place = keys.lazy.compactMap { places[$0] }.first { result[$0].known.identity.isOne(with: identity) }
      if let place, entry.isNamed || !result[place].isNamed { result[place] = entry }
      if place == nil { result.append(entry) }
      for key in keys { places[key] = place ?? result.count - 1 }
    }
    return result
  }

  private struct Key: Hashable {
    let type: ValueType?
    let text: String
  }

  /// Folders in which relative paths are looked for, the newest value's first.
  var folders: [String] {
    folderUses.sorted { ($1.value.newest, $0.key) < ($0.value.newest, $1.key) }.map(\.key)
  }
}

extension Scope.Entry {
  fileprivate var folders: [String] { known.names?.names(of: .folder) ?? [] }
}
