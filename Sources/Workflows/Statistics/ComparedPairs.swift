/// The units of two groups of tiles, which are paired where a unit has tiles in both.
///
/// Tiles of one patient are alike, so two groups of tiles are compared within the patients that have tiles in both, by the
/// differences; where more patients would be lost by that than kept, patients with tiles of one group alone are compared as
/// independent groups. A patient never stands on both sides of a test of independent groups.
struct ComparedPairs: Sendable {
  /// Those that are compared.
  let units: [ComparedUnits.Unit]
  /// Places among the units, of the first group and of the second; nil where the groups are independent.
  let pairs: [(first: Int, second: Int)]?
  /// What was decided, and what was left out.
  let clauses: [String]

  /// - Parameter units: one for each unit and group.
  init(_ units: [ComparedUnits.Unit], _ compared: ComparedTiles, noun: String) throws(WorkflowFailure) {
    let byName = Dictionary(grouping: units.indices) { units[$0].name }
    let both = byName.filter { $0.value.count == 2 }
    let alone = (0..<2).map { group in
      byName.values.count { $0.count == 1 && units[$0[0]].category == group }
    }
    func named(_ count: Int, _ phrase: String) -> String { "\(count.counted(noun)) with tiles \(phrase) left out" }
    if both.count >= 2, both.count >= min(alone[0], alone[1]) {
      let kept = units.filter { both[$0.name] != nil }
      self.units = kept
      let places = Dictionary(grouping: kept.indices) { kept[$0].name }
      pairs = places.sorted { $0.key < $1.key }.compactMap { _, places in
        let sorted = places.sorted { kept[$0].category < kept[$1].category }
        return sorted.count == 2 ? (sorted[0], sorted[1]) : nil
      }
      clauses =
        ["within the \(both.count.counted(noun)) that have tiles in both"]
        + zip(alone, compared.names).filter { $0.0 > 0 }.map { named($0, "in \($1) alone") }
      return
    }
    guard alone[0] > 0, alone[1] > 0 else {
      let count = both.count + max(alone[0], alone[1])
      throw WorkflowFailure(
        count == 1
          ? "The tiles that are compared are of one \(noun) (\(units.first?.name ?? "")), and one says nothing of others."
          : "Only \(both.count.counted(noun)) \(both.count == 1 ? "has" : "have") tiles in both \(compared.phrase), and every other "
            + "has them in one alone; two are needed.",
        parameter: "between")
    }
    self.units = units.filter { both[$0.name] == nil }
    pairs = nil
    clauses =
      [
        "\(noun)s with tiles in one alone are compared as independent groups, for "
          + (both.isEmpty ? "none has" : both.count == 1 ? "only one has" : "only \(both.count) have")
          + " tiles in both"
      ]
      + (both.isEmpty ? [] : [named(both.count, "in both")])
  }
}
