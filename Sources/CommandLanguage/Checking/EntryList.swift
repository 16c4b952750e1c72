/// Entries of a scope in the order made, found by name, with those taken away left out.
struct EntryList {
  private var slots: [Scope.Entry?] = []
  private var indices: [String: Int] = [:]

  var isEmpty: Bool { indices.isEmpty }
  var entries: [Scope.Entry] { slots.compactMap(\.self) }
  /// From the newest to the oldest.
  var newest: some Sequence<Scope.Entry> { slots.reversed().lazy.compactMap(\.self) }

  subscript(name: String) -> Scope.Entry? { indices[name].flatMap { slots[$0] } }

  /// - Precondition: there is no entry of this name.
  mutating func append(_ entry: Scope.Entry) {
    indices[entry.displayName] = slots.count
    slots.append(entry)
  }

  /// - Complexity: O(1) on average.
  mutating func remove(_ name: String) -> Scope.Entry? {
    guard let index = indices.removeValue(forKey: name) else { return nil }
    let entry = slots[index]
    slots[index] = nil
    if slots.count > 2 * indices.count + 16 {
      slots = slots.filter { $0 != nil }
      for (index, entry) in slots.enumerated() { if let entry { indices[entry.displayName] = index } }
    }
    return entry
  }
}
