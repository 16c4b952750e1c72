import FeatureData

/// The k nearest neighbours of every row, looked for among its candidates in a space of principal components.
///
/// Candidates, three for each neighbour wanted, are found on the components and ranked by their distance in the full
/// space. With 100 components the recall on CNN features is above 0.99.
/// - Complexity: O(n² c) for c components.
struct ReducedSearch {
  static let components = 100
  static let candidatesPerNeighbour = 3

  let threads: WorkerThreads

  /// - Parameter components: n × c, the rows of `space` on its first principal axes.
  /// - Throws: `WorkInterrupted`.
  func neighbours(
    in space: MetricSpace, components: Matrix, count: Int, monitor: any WorkMonitor
  ) throws(WorkInterrupted) -> NeighbourGraph {
    let n = space.rows.rowCount
    let k = min(count, max(0, n - 1))
    let search = CandidateSearch(rows: components, isPushedAway: space.isZero, threads: threads)
    return try RankedCandidates(space: space, neighbourCount: k)
      .graph(from: search, candidates: min(n - 1, Self.candidatesPerNeighbour * k), monitor: monitor)
  }
}
