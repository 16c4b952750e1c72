import CSIMDKernels
import FeatureData

/// Ranks the candidates of a search, of which there are more than are wanted.
struct CandidateRanking {
  /// For each query, rows by place.
  let candidates: KeyLists
  /// How many are kept of each list.
  let count: Int
  let threads: WorkerThreads
  let monitor: any WorkMonitor
  /// nil takes equally near rows by their place.
  var ties: EvenTies?

  /// By their distance in full width.
  ///
  /// - Parameters:
  ///   - rows: By place those that the candidates are of; queries of their own stand after them.
  ///   - firstQuery: The place of the first query among the rows.
  /// - Throws: `WorkInterrupted`.
  func inFullWidth(_ rows: MetricRows.Scattered, firstQuery: Int = 0) throws(WorkInterrupted) -> KeyLists {
    let result = KeyLists(count: candidates.count, capacity: count)
    rows.withKernelRows { kernelRows in
      // Who might be chosen in place of the last, too.
      forEach(into: result, rankedCount: ties == nil ? count : count + max(8, count / 4)) {
        query, found, foundCount, ranked, rankedCount in
        withUnsafePointer(to: kernelRows) {
          simd_nearest_scattered($0, UInt32(firstQuery + query), found, foundCount, ranked, rankedCount)
        }
      }
    }
    try monitor.checkInterrupted()
    return result
  }

  /// - Parameter rank: Writes the keys of the nearest candidates of a query, as many as it is told.
  private func forEach(
    into result: KeyLists, rankedCount: Int,
    rank: (
      _ query: Int, _ found: UnsafePointer<UInt32>, _ foundCount: Int64, _ ranked: UnsafeMutablePointer<UInt64>,
      _ rankedCount: Int64
    ) -> Void
  ) {
    threads.forEachBlock(of: candidates.count, size: 256) { block in
      if monitor.isInterrupted { return }
      var found = [UInt32](repeating: 0, count: candidates.capacity)
      var ranked = [UInt64](repeating: 0, count: candidates.capacity)
      for query in block {
        let list = candidates.list(query)
        let foundCount = candidates.capacity
        for entry in 0..<foundCount { found[entry] = UInt32(KeyLists.row(list[entry])) }
        guard let ties else {
          rank(query, found, Int64(foundCount), result.list(query), Int64(rankedCount))
          continue
        }
        let held = min(rankedCount, foundCount)
        rank(query, found, Int64(foundCount), &ranked, Int64(held))
        ranked.withUnsafeBufferPointer {
          ties.choose(count, of: UnsafeBufferPointer(rebasing: $0[..<held]), for: query, into: result.list(query))
        }
      }
    }
  }
}
