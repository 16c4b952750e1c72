import FeatureData

/// Two names that are not the same and seem to mean the same slide: `S1.svs` and `S1`, `1001.0` and `1001`.
package struct NearName: Sendable, Equatable {
  /// In what names differ that mean the same.
  package enum Difference: Int, CaseIterable, Sendable {
    case folder, blanks, ending, decimal, capitals, zeros, signs

    package var words: String {
      switch self {
      case .folder: "a folder before it"
      case .blanks: "blanks around it"
      case .ending: "an ending"
      case .decimal: "\".0\" after a number"
      case .capitals: "capitals"
      case .zeros: "zeros before a number"
      case .signs: "blanks, _ and -"
      }
    }

    /// A name without this difference.
    fileprivate func removed(from name: String) -> String {
      switch self {
      case .folder: return name.split { $0 == "/" || $0 == "\\" }.last.map(String.init) ?? name
      case .blanks: return name.withoutOuterBlanks
      case .ending:
        guard let dot = name.lastIndex(of: "."), dot > name.startIndex else { return name }
        return NearName.endings.contains(name[name.index(after: dot)...].lowercased()) ? String(name[..<dot]) : name
      case .decimal:
        guard name.hasSuffix(".0"), name.utf8.count > 2,
          name.dropLast(2).utf8.allSatisfy({ (0x30...0x39).contains($0) })
        else { return name }
        return String(name.dropLast(2))
      case .capitals: return name.lowercased()
      case .zeros: return Self.withoutZeros(name)
      case .signs:
        return String(name.map { $0.isWhitespace || $0 == "-" ? "_" : $0 })
      }
    }

    private static func withoutZeros(_ name: String) -> String {
      var text = ""
      let characters = Array(name)
      for (index, character) in characters.enumerated() {
        let isAfterDigit = text.last.map { ("0"..."9").contains($0) } ?? false
        let isBeforeDigit = index + 1 < characters.count && ("0"..."9").contains(characters[index + 1])
        if character == "0", !isAfterDigit, isBeforeDigit { continue }
        text.append(character)
      }
      return text
    }
  }

  package let name: String
  package let other: String
  package let differences: [Difference]

  private static let endings = ProjectFiles.allSlideExtensions.union([
    "tfrecords", "h5", "hdf5", "pt", "pth", "csv", "zarr",
  ])

  private static func plain(_ name: String, keeping kept: Difference? = nil) -> String {
    Difference.allCases.reduce(name) { $1 == kept ? $0 : $1.removed(from: $0) }
  }

  /// - Returns: nil for names that are equal, and for those that differ in anything else.
  package init?(_ name: String, _ other: String) {
    guard name != other, Self.plain(name) == Self.plain(other) else { return nil }
    self.name = name
    self.other = other
    differences = Difference.allCases.filter {
      Self.plain(name, keeping: $0) != Self.plain(other, keeping: $0)
    }
  }

  /// The pairs of names that mean the same by all appearances: one on each side, and no second that fits.
  ///
  /// - Complexity: O(names).
  package static func pairs(_ names: some Sequence<String>, _ others: some Sequence<String>) -> [NearName] {
    let sides = [Set(names), Set(others)].map { Dictionary(grouping: $0) { plain($0) } }
    return sides[0].compactMap { key, names in
      guard names.count == 1, let fitting = sides[1][key], fitting.count == 1 else { return nil }
      return NearName(names[0], fitting[0])
    }.sorted { $0.name < $1.name }
  }

  /// A sentence for each kind of difference, such as "2 names in a.csv differ from those of tile files only by an ending:
  /// S1.svs and S1, S2.svs and S2."
  ///
  /// - Parameters:
  ///   - place: where the names are, as "in annotations.csv".
  ///   - otherPlace: whose the others are, as "tile files".
  package static func sentences(_ pairs: [NearName], _ place: String, otherPlace: String) -> [String] {
    let groups = Dictionary(grouping: pairs) { $0.differences.map(\.rawValue) }
    return groups.sorted { $0.key.lexicographicallyPrecedes($1.key) }.map { _, pairs in
      let words = pairs[0].differences.map(\.words).joined(separator: " and ")
      let list = pairs.prefix(5).map { "\(shown($0.name)) and \(shown($0.other))" }.joined(separator: ", ")
      return
        (pairs.count == 1
        ? "1 name \(place) differs from one of \(otherPlace) only by "
        : "\(pairs.count) names \(place) differ from those of \(otherPlace) only by ")
        + "\(words): \(list)\(pairs.count > 5 ? ", …" : "")."
    }
  }

  /// What would mend it, by the first pair.
  package static func remedy(_ pairs: [NearName], _ place: String, as holder: String = "the files have") -> String? {
    pairs.first.map { "Write the names \(place) as \(holder) them: \(shown($0.other)) for \(shown($0.name))." }
  }

  /// With quotes where blanks at an end would not be seen.
  private static func shown(_ name: String) -> String { name == name.withoutOuterBlanks ? name : "\"\(name)\"" }
}
