package import FeatureData

/// The k nearest neighbours of every row among all rows.
///
/// Blocked matrix products propose a few rows more than asked for; these are ranked by directly computed distances.
/// The result is the same for any number of threads.
package struct ExactSearch: Sendable {
  package let metric: DistanceMetric
  private let threads: WorkerThreads

  /// - Parameter threads: nil stands for one a core.
  package init(metric: DistanceMetric, threads: Int? = nil) {
    self.metric = metric
    self.threads = WorkerThreads(threads)
  }

  /// - Parameters:
  ///   - matrix: n × d.
  ///   - count: Neighbours wanted; at most n − 1 are found.
  /// - Throws: `AnalysisError.notFinite`, `.noColumns`, `.invalidParameter` or `WorkInterrupted`.
  /// - Complexity: O(n² d).
  package func neighbours(of matrix: Matrix, count: Int, monitor: any WorkMonitor) throws -> NeighbourGraph {
    guard count >= 0 else {
      throw AnalysisError.invalidParameter(name: "count", value: "\(count)", allowed: "0 or more")
    }
    let space = try MetricSpace(matrix, metric: metric, threads: threads, monitor: monitor)
    return try neighbours(in: space, count: count, monitor: monitor)
  }

  func neighbours(in space: MetricSpace, count: Int, monitor: any WorkMonitor) throws -> NeighbourGraph {
    let n = space.rows.rowCount
    let k = min(count, max(0, n - 1))
    // The products round differently from the distances: rows within rounding of the last place must be among them.
    let slack = max(8, k / 4)
    let search = CandidateSearch(rows: space.rows, isPushedAway: space.isZero, threads: threads)
    return try RankedCandidates(space: space, neighbourCount: k)
      .graph(from: search, candidates: min(n - 1, k + slack), monitor: monitor)
  }
}
