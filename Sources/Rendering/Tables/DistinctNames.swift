/// Shortens names to the room that they have, so that different names stay different texts.
///
/// Names that are too long lose their ends, as the many digits behind a slide's name; where some would look the same by
/// that, they lose their middles. Where some still would, each shows the part in which it differs from the others
/// instead, with as much around it as there is room for.
enum DistinctNames {
  /// - Parameter fits: whether a text finds room.
  /// - Returns: a text for each of the names, in their order; equal names give equal texts, different ones different ones.
  static func shortened(_ names: [String], fits: (String) -> Bool) -> [String] {
    let different = Set(names).sorted()
    var texts: [String: String] = [:]
    for cut in [withoutEnd, withoutMiddle] {
      for name in different { texts[name] = fits(name) ? name : cut(name, fits) }
      if clashes(of: different, texts).isEmpty { break }
    }
    var groups = clashes(of: different, texts)
    while let group = groups.popLast() {
      let found = differences(of: group, fits: fits)
      for (name, text) in zip(group, found) { texts[name] = text }
      groups += clashes(of: group, texts).filter { $0.count < group.count }
    }
    // What is left has no room for any difference.
    for group in clashes(of: different, texts) {
      for (index, name) in group.enumerated() { texts[name] = "\(texts[name] ?? "") (\(index + 1))" }
    }
    return names.map { texts[$0] ?? $0 }
  }

  /// Names that have the same text, where there are several.
  private static func clashes(of names: [String], _ texts: [String: String]) -> [[String]] {
    Dictionary(grouping: names) { texts[$0] ?? "" }.values.filter { $0.count > 1 }.sorted { $0[0] < $1[0] }
  }

  /// The largest number for which something holds, where it holds for all smaller ones; 0 where it holds for none.
  private static func largest(upTo limit: Int, _ holds: (Int) -> Bool) -> Int {
    var (low, high) = (0, limit)
    while low < high {
      let middle = (low + high + 1) / 2
      if holds(middle) { low = middle } else { high = middle - 1 }
    }
    return low
  }

  private static func withoutEnd(_ name: String, fits: (String) -> Bool) -> String {
    let characters = Array(name)
    func text(_ count: Int) -> String { String(characters.prefix(count)) + "…" }
    return text(largest(upTo: max(characters.count - 1, 0)) { fits(text($0)) })
  }

  private static func withoutMiddle(_ name: String, fits: (String) -> Bool) -> String {
    let characters = Array(name)
    func text(_ count: Int) -> String {
      String(characters.prefix((count + 1) / 2)) + "…" + String(characters.suffix(count / 2))
    }
    return text(largest(upTo: max(characters.count - 1, 0)) { fits(text($0)) })
  }

  /// The names without what all of them begin and end with, and as much of that as there is room for.
  private static func differences(of names: [String], fits: (String) -> Bool) -> [String] {
    let texts = names.map { Array($0) }
    let shortest = texts.map(\.count).min() ?? 0
    func isShared(_ character: ([Character]) -> Character) -> Bool { Set(texts.map(character)).count == 1 }
    let before = (0..<shortest).first { place in !isShared { $0[place] } } ?? shortest
    let after = (0..<(shortest - before)).first { place in !isShared { $0[$0.count - 1 - place] } } ?? shortest - before
    func part(_ text: [Character], around count: Int) -> String {
      // What finds no room on one side is for the other.
      let left = max(0, min(before, max(count / 2, count - after)))
      let right = min(after, count - left)
      return (left < before ? "…" : "") + String(text[(before - left)..<(text.count - after + right)])
        + (right < after ? "…" : "")
    }
    let room = largest(upTo: before + after) { count in texts.allSatisfy { fits(part($0, around: count)) } }
    return texts.map { text in
      let shown = part(text, around: room)
      return fits(shown) ? shown : withoutMiddle(shown, fits: fits)
    }
  }
}
