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
    @Sendable func measure(_ labels: [Int]) throws(AnalysisError) -> NeighbourPurity {
      try NeighbourPurity.measure(
        graph, categories: cases.map { labels[$0] }, slides: owners, leavesOutOwnSlide: true)
    }
    let found = try measure(labels)
    let shuffled = try LabelShuffle(labels, seed: seed).measured(
      shuffleCount, phase: "neighbours by chance", threads: threads, monitor: monitor
    ) { labels, _ in [(try? measure(labels))?.mean] }
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
