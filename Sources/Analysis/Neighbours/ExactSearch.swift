import CSIMDKernels
package import FeatureData
import Synchronization

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
    let rows = try MetricRows(FeatureRows(matrix), metric: metric, threads: threads, monitor: monitor)
    let chosen = rows.rowsWithDirection
    let space = try SearchSpace(rows, chosen: chosen, components: nil, threads: threads, monitor: monitor)
    let k = min(count, max(0, chosen.count - 1))
    // The products round differently from the distances: rows within rounding of the last place must be among them.
    let candidates = try BlockedSearch(space: space, threads: threads)
      .candidates(k == 0 ? 0 : k + max(8, k / 4), monitor: monitor)
    let lists = try CandidateRanking(candidates: candidates, count: k, threads: threads, monitor: monitor)
      .inFullWidth(MetricRows.Scattered(rows, order: space.order))
    return try PlacedNeighbours(
      lists, rows: rows, order: space.order, count: min(count, max(0, matrix.rowCount - 1)), monitor: monitor
    ).byRow()
  }
}

/// For blocks of rows, the nearest of all rows by blocked matrix products.
///
/// A score is ‖b‖² − 2 a·b, which orders the rows b as their squared distance from a does.
struct BlockedSearch {
  static let queriesInBlock = 256
  static let columnsInTile = 1024

  let space: SearchSpace
  /// Rows of which neighbours among those of `space` are wanted; nil for these themselves, of which none is its own.
  var queries: SearchSpace?
  let threads: WorkerThreads

  /// - Parameters:
  ///   - count: Rows found for each; all others if there are fewer.
  ///   - phase: As which progress is reported.
  /// - Throws: `WorkInterrupted`.
  /// - Complexity: O(n² c) for n rows of c numbers.
  func candidates(
    _ count: Int, phase: String = "neighbours", monitor: any WorkMonitor
  ) throws(WorkInterrupted) -> KeyLists {
    let n = (queries ?? space).count
    let wanted = max(0, min(queries == nil ? space.count - 1 : space.count, count))
    let result = KeyLists(count: n, capacity: wanted)
    if wanted == 0 { return result }
    let blockCount = (n + Self.queriesInBlock - 1) / Self.queriesInBlock
    let finished = Atomic<Int>(0)
    monitor.report(phase: phase, unit: "rows", done: 0, total: n)
    threads.forEach(blockCount) { block in
      let first = block * Self.queriesInBlock
      let queries = first..<min(n, first + Self.queriesInBlock)
      forEachQuery(queries, count: wanted, monitor: monitor) { row, keys in
        result.list(row).update(from: keys, count: wanted)
      }
      let done = finished.wrappingAdd(queries.count, ordering: .relaxed).newValue
      monitor.report(phase: phase, unit: "rows", done: done, total: n)
    }
    try monitor.checkInterrupted()
    return result
  }

  /// Calls `body` with each row and the keys of its candidates, nearest first; the row itself is none.
  private func forEachQuery(
    _ range: Range<Int>, count: Int, monitor: any WorkMonitor,
    _ body: (_ row: Int, _ keys: [UInt64]) -> Void
  ) {
    let (n, d) = (space.count, space.width)
    let width = Self.columnsInTile
    // One more than asked for, since a row finds itself.
    let kept = count + 1
    let capacity = 3 * kept + width
    let keys = UnsafeMutablePointer<UInt64>.allocate(capacity: range.count * capacity)
    let products = UnsafeMutablePointer<Float>.allocate(capacity: Self.queriesInBlock * width)
    // Padding keeps every tile at the same shape: the same kernel then computes every product, and equal rows get equal
    // scores.
    let paddedQueries = ZeroedStorage<Float>(count: Self.queriesInBlock * d)
    let paddedTile = ZeroedStorage<Float>(count: n % width == 0 ? 0 : width * d)
    defer {
      withExtendedLifetime((paddedQueries, paddedTile)) {}
      keys.deallocate()
      products.deallocate()
    }
    var keyCounts = [Int64](repeating: 0, count: range.count)
    var thresholds = [Float](repeating: .infinity, count: range.count)
    guard let start = space.values.values.baseAddress, let query = paddedQueries.values.baseAddress,
      let asked = (queries ?? space).values.values.baseAddress
    else { return }
    query.update(from: asked + range.lowerBound * d, count: range.count * d)

    for first in stride(from: 0, to: n, by: width) {
      if monitor.isInterrupted { return }
      let columns = min(width, n - first)
      var tile = UnsafePointer(start + first * d)
      if columns < width, let padded = paddedTile.values.baseAddress {
        padded.update(from: tile, count: columns * d)
        tile = UnsafePointer(padded)
      }
      LinearAlgebra.multiplyTransposed(
        query, rows: Self.queriesInBlock, stride: d, tile, rows: width, stride: d, depth: d, into: products,
        stride: width)
      space.norms.withUnsafeBufferPointer { norms in
        guard let norms = norms.baseAddress else { return }
        for q in 0..<range.count {
          let own = keys + q * capacity
          var held = simd_collect_below(
            products + q * width, norms + first, Int64(columns), thresholds[q], UInt32(first), own, keyCounts[q])
          // Select only when the next tile might not fit, or to lower the threshold early on.
          if held > 2 * kept {
            let last = simd_select_smallest(own, held, Int64(kept))
            thresholds[q] = simd_score_of_key(last)
            held = Int64(kept)
          }
          keyCounts[q] = held
        }
      }
    }
    var found: [UInt64] = []
    for row in range {
      if monitor.isInterrupted { return }
      let q = row - range.lowerBound
      let own = keys + q * capacity
      simd_sort_keys(own, keyCounts[q])
      found.removeAll(keepingCapacity: true)
      for place in 0..<Int(keyCounts[q])
      where found.count < count && (queries != nil || KeyLists.row(own[place]) != row) {
        found.append(own[place])
      }
      body(row, found)
    }
  }
}
