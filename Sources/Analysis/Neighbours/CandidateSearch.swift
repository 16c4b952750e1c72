import CSIMDKernels
import FeatureData
import Synchronization

/// For blocks of rows, the rows that look nearest by blocked matrix products.
///
/// A score is ‖b‖² − 2 a·b, which orders the rows b as their squared distance from a does. The tiles have a fixed shape
/// whatever the number of threads, and are padded to it, so that equal rows get equal scores.
struct CandidateSearch {
  static let queriesInBlock = 256
  static let columnsInTile = 1024

  /// n × d, in a space where Euclidean distance orders.
  let rows: Matrix
  /// ‖b‖² by row, raised by the caller where a row is to appear farther away.
  let norms: [Float]
  let threads: WorkerThreads

  /// - Parameter isPushedAway: Rows that stand at the origin only for want of a direction: their squared distance
  ///   from any other is raised by 1, the value it has under cosine.
  init(rows: Matrix, isPushedAway: [Bool], threads: WorkerThreads) {
    let d = rows.columnCount
    self.rows = rows
    self.threads = threads
    norms = rows.elements.withUnsafeBufferPointer { values in
      let zeros = [Float](repeating: 0, count: d)
      return (0..<rows.rowCount).map { r -> Float in
        guard let start = values.baseAddress else { return 0 }
        return simd_squared_distance(start + r * d, zeros, Int64(d)) + (isPushedAway[r] ? 1 : 0)
      }
    }
  }

  /// Calls `body` with each row and its `count` candidates (never the row itself), on several threads.
  ///
  /// Candidates come in no particular order.
  /// - Precondition: `count` is below the number of rows.
  /// - Complexity: O(n² d).
  func forEachRow(
    candidates count: Int, monitor: any WorkMonitor, _ body: (_ row: Int, _ candidates: [Int]) -> Void
  ) throws(WorkInterrupted) {
    let n = rows.rowCount
    let blockCount = (n + Self.queriesInBlock - 1) / Self.queriesInBlock
    let finished = Atomic<Int>(0)
    threads.forEach(blockCount) { block in
      let first = block * Self.queriesInBlock
      let queries = first..<min(n, first + Self.queriesInBlock)
      guard let found = candidates(of: queries, count: count, monitor: monitor) else { return }
      for row in queries {
        if monitor.isInterrupted { return }
        body(row, found[row - first])
      }
      let done = finished.wrappingAdd(queries.count, ordering: .relaxed).newValue
      monitor.report(phase: "neighbours", unit: "rows", done: done, total: n)
    }
    try monitor.checkInterrupted()
  }

  /// nil if interrupted.
  private func candidates(of queries: Range<Int>, count: Int, monitor: any WorkMonitor) -> [[Int]]? {
    let (n, d) = (rows.rowCount, rows.columnCount)
    let width = Self.columnsInTile
    // One more than asked for, since a row finds itself.
    let kept = count + 1
    let capacity = 3 * kept + width
    var keys = [UInt64](repeating: 0, count: queries.count * capacity)
    var keyCounts = [Int64](repeating: 0, count: queries.count)
    var thresholds = [Float](repeating: .infinity, count: queries.count)
    var products = [Float](repeating: 0, count: Self.queriesInBlock * width)
    // Padding keeps every tile at the same shape: the same kernel then computes every product.
    var paddedQueries = [Float](repeating: 0, count: Self.queriesInBlock * d)
    paddedQueries.replaceSubrange(
      0..<queries.count * d, with: rows.elements[queries.lowerBound * d..<queries.upperBound * d])
    var paddedTile = [Float](repeating: 0, count: n % width == 0 ? 0 : width * d)

    for first in stride(from: 0, to: n, by: width) {
      if monitor.isInterrupted { return nil }
      let columns = min(width, n - first)
      rows.elements.withUnsafeBufferPointer { values in
        guard let start = values.baseAddress else { return }
        if columns == width {
          LinearAlgebra.multiplyTransposed(
            paddedQueries, rows: Self.queriesInBlock, stride: d, start + first * d, rows: width, stride: d, depth: d,
            into: &products, stride: width)
        } else {
          paddedTile.replaceSubrange(0..<columns * d, with: values[first * d..<n * d])
          LinearAlgebra.multiplyTransposed(
            paddedQueries, rows: Self.queriesInBlock, stride: d, paddedTile, rows: width, stride: d, depth: d,
            into: &products, stride: width)
        }
      }
      norms.withUnsafeBufferPointer { norms in
        products.withUnsafeBufferPointer { products in
          keys.withUnsafeMutableBufferPointer { keys in
            guard let norms = norms.baseAddress, let products = products.baseAddress, let keys = keys.baseAddress
            else { return }
            for q in 0..<queries.count {
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
      }
    }
    return queries.indices.map { row in
      let q = row - queries.lowerBound
      let start = q * capacity
      var own = Array(keys[start..<start + Int(keyCounts[q])])
      own.sort()
      let columns = own.lazy.map { Int(UInt32(truncatingIfNeeded: $0)) }.filter { $0 != row }
      return Array(columns.prefix(count))
    }
  }
}
