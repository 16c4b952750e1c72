/// Entries of a scope in the order made, found by slot, with those taken away left out.
struct EntryList {
  private var places: [Scope.Entry?] = []
  private var indices: [ValueSlot: Int] = [:]

  var isEmpty: Bool { indices.isEmpty }
  var entries: [Scope.Entry] { places.compactMap(\.self) }
  /// From the newest to the oldest.
  var newest: some Sequence<Scope.Entry> { places.reversed().lazy.compactMap(\.self) }

  subscript(slot: ValueSlot) -> Scope.Entry? { indices[slot].flatMap { places[$0] } }

  /// - Precondition: there is no entry in this slot.
  mutating func append(_ entry: Scope.Entry) {
    indices[entry.slot] = places.count
    places.append(entry)
  }

  /// - Complexity: O(1) on average.
  mutating func remove(_ slot: ValueSlot) -> Scope.Entry? {
    guard let index = indices.removeValue(forKey: slot) else { return nil }
    let entry = places[index]
    places[index] = nil
    if places.count > 2 * indices.count + 16 {
      places = places.filter { $0 != nil }
      for (index, entry) in places.enumerated() { if let entry { indices[entry.slot] = index } }
    }
    return entry
  }
}
