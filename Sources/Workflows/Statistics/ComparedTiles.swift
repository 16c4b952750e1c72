import FeatureData

/// Two groups of tiles whose features are compared, and how they were chosen.
package struct ComparedTiles: Sendable {
  /// Two.
  let names: [String]
  /// By slide and row of the features: the place among the names, −1 for tiles of neither.
  let numbers: [[Int32]]
  /// What they are, in sentences: "selection".
  let noun: String
  /// What a reader must know of how the tiles were chosen.
  let warnings: [String]
  /// What was left out, a clause each.
  let clauses: [String]

  /// "s1 and the rest".
  var phrase: String { names.joined(separator: " and ") }

  static let rest = "the rest"

  /// A selection and all other tiles of the features, or two selections.
  ///
  /// - Throws: `WorkflowFailure` where they share tiles, or have none among the features, with the parameter `between`.
  package init(
    between selections: [SelectionRequest.Other], on features: FeatureSet
  ) throws(WorkflowFailure) {
    guard let first = selections.first, selections.count <= 2 else {
      throw WorkflowFailure(
        "`between` takes one selection, which is compared with the rest, or two, and \(selections.count) are given.",
        remedy: "between=[\(selections.prefix(2).map(\.name).joined(separator: ", "))]", parameter: "between")
    }
    let (own, absent) = try first.selection.mask(on: features, name: first.name, parameter: "between")
    var clauses = absent > 0 ? ["\(absent.counted("tile")) of \(first.name) not among these features"] : []
    var numbers = own.chosen.map { $0.map { $0 ? Int32(0) : 1 } }
    if let second = selections.dropFirst().first {
      let (other, absent) = try second.selection.mask(on: features, name: second.name, parameter: "between")
      if absent > 0 { clauses.append("\(absent.counted("tile")) of \(second.name) not among these features") }
      let common = own.chosen.indices.reduce(0) { sum, slide in
        sum + zip(own.chosen[slide], other.chosen[slide]).count { $0 && $1 }
      }
      guard common == 0 else {
        throw WorkflowFailure(
          "\(common.counted("tile")) \(common == 1 ? "is" : "are") in both \(first.name) and \(second.name), and cannot stand on "
            + "both sides: `select \(second.name) without=\(first.name)` leaves the others.", parameter: "between")
      }
      numbers = zip(own.chosen, other.chosen).map { own, other in zip(own, other).map { $0 ? 0 : $1 ? 1 : -1 } }
    } else if own.count == features.tileCount {
      throw WorkflowFailure(
        "\(first.name) has all tiles of these features, and there is no rest to compare it with.", parameter: "between")
    }
    names = [first.name, selections.dropFirst().first?.name ?? Self.rest]
    self.numbers = numbers
    noun = "selection"
    self.clauses = clauses
    let byFeatures = selections.filter(\.selection.looksAtFeatures)
    warnings = byFeatures.map { chosen in
      "\(chosen.name) was chosen by these features (\(chosen.selection.rule)): that they differ is in part how it was chosen. p and q, "
        + "of tiles and of slides or patients alike, tell which features mark it, and are no evidence that its tiles are of another kind."
    }
  }

  /// Two clusters, or one and all tiles of others.
  ///
  /// - Parameter asked: their names; nil for the two that there are.
  package init(
    clusters: TileClusters, between asked: [String]?, on features: FeatureSet
  ) throws(WorkflowFailure) {
    let groups = clusters.groups
    let numbers = try groups.numbers(on: features, parameter: "outcomes")
    let wanted = asked ?? (groups.names.count == 2 ? groups.names : [])
    if let unknown = wanted.first(where: { !groups.names.contains($0) }) {
      throw WorkflowFailure(
        "There is no \(groups.label) \(unknown); there are \(groups.names.prefix(12).joined(separator: ", "))"
          + (groups.names.count > 12 ? ", …." : "."), parameter: "between")
    }
    guard (1...2).contains(wanted.count), groups.names.count > 1 else {
      throw WorkflowFailure(
        "Clusters are compared two at a time, or one with the rest, and there are \(groups.names.count).",
        remedy: groups.names.count > 1 ? "between=[\(groups.names[0]), \(groups.names[1])]" : nil, parameter: "between")
    }
    let places = wanted.compactMap { groups.names.firstIndex(of: $0) }
    self.numbers = numbers.map { row in
      row.map { number in
        if Int(number) == places[0] { return 0 }
        return places.count == 1 ? (number < 0 ? -1 : 1) : Int(number) == places[1] ? 1 : -1
      }
    }
    names = wanted.map { "\(groups.label) \($0)" } + (wanted.count == 1 ? [Self.rest] : [])
    noun = groups.label
    clauses = []
    warnings = [
      "The clusters were made of these features: that they differ is how they were made. p and q tell which features mark a "
        + "cluster, and are no evidence that there are clusters."
    ]
  }
}
