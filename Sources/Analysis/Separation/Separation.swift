package import FeatureData

/// How far rows lie apart by the labels of the cases that they belong to.
package struct Separation: Sendable, Equatable {
  package let value: Double
  /// What is expected by chance.
  package let chance: Double
  /// Labels shuffled among cases.
  package let shuffled: LabelShuffle.Outcome
  package let rowCount: Int

  package static let shuffleCount = 199

  /// The share of neighbours with the row's own label, from other owners only; chance is by how many of the rows that
  /// could be neighbours have it.
  ///
  /// - Parameters:
  ///   - graph: Neighbours of other owners.
  ///   - owners: By row.
  ///   - cases: By row.
  ///   - labels: By case, from 0.
  /// - Returns: nil where no row has a neighbour.
  /// - Throws: `AnalysisError`, or `WorkInterrupted`.
  package static func purity(
    _ graph: NeighbourGraph, owners: [Int], cases: [Int], labels: [Int], seed: UInt64, threads: Int? = nil,
    monitor: any WorkMonitor
  ) throws -> Separation? {
    let found = try NeighbourPurity.measure(
      graph, categories: cases.map { labels[$0] }, slides: owners, leavesOutOwnSlide: true)
    let pairs = CasePairs(graph, owners: owners, cases: cases)
    let shuffled = try LabelShuffle(labels, seed: seed).measured(
      shuffleCount, phase: "neighbours by chance", threads: threads, monitor: monitor
    ) { labels, _ in [pairs.meanShare(labels)] }
    guard let mean = found.mean, let chance = found.chance,
      let outcome = LabelShuffle.Outcome(found: mean, chance: shuffled.map { $0[0] })
    else { return nil }
    return Separation(value: mean, chance: chance, shuffled: outcome, rowCount: found.rowCount)
  }

  /// The mean silhouette; chance is the mean of shuffled labels.
  ///
  /// - Parameter labels: By unit of the silhouette, from 0.
  /// - Throws: `WorkInterrupted`.
  package static func silhouette(
    _ silhouette: Silhouette, labels: [Int], rowCount: Int, seed: UInt64, threads: Int? = nil,
    monitor: any WorkMonitor
  ) throws(WorkInterrupted) -> Separation? {
    guard let mean = silhouette.mean(categories: labels) else { return nil }
    let shuffled = try LabelShuffle(labels, seed: seed).measured(
      shuffleCount, phase: "silhouettes by chance", threads: threads, monitor: monitor
    ) { labels, _ in [silhouette.mean(categories: labels)] }
    guard let outcome = LabelShuffle.Outcome(found: mean, chance: shuffled.map { $0[0] }) else { return nil }
    return Separation(value: mean, chance: outcome.mean, shuffled: outcome, rowCount: rowCount)
  }
}

/// The neighbours of rows summed up by the cases of both, so that labels of cases can be shuffled without looking at rows.
private struct CasePairs: Sendable {
  private struct Pair: Hashable {
    let own: Int
    let other: Int
  }

  /// Of all shares of neighbours, what goes from one case to another.
  private let weights: [(own: Int, other: Int, weight: Double)]
  /// Rows with a neighbour of another owner.
  private let rowCount: Int

  init(_ graph: NeighbourGraph, owners: [Int], cases: [Int]) {
    var sums: [Pair: Double] = [:]
    var rowCount = 0
    for row in 0..<graph.rowCount {
      let others = graph.neighbours(of: row).lazy.map { Int($0) }.filter { owners[$0] != owners[row] }
      let count = others.count
      if count == 0 { continue }
      rowCount += 1
      for other in others { sums[Pair(own: cases[row], other: cases[other]), default: 0] += 1 / Double(count) }
    }
    self.rowCount = rowCount
    weights = sums.map { ($0.key.own, $0.key.other, $0.value) }.sorted { ($0.own, $0.other) < ($1.own, $1.other) }
  }

  /// The mean share of neighbours with the label of the row; nil where no row has a neighbour.
  ///
  /// - Parameter labels: By case.
  func meanShare(_ labels: [Int]) -> Double? {
    guard rowCount > 0 else { return nil }
    let same = weights.reduce(0.0) { labels[$1.own] == labels[$1.other] ? $0 + $1.weight : $0 }
    return same / Double(rowCount)
  }
}
