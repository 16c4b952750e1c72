import CSIMDKernels
import FeatureData

/// The true nearest neighbours of a sample of rows, by comparing each with all rows in full width.
struct SampledSearch {
  struct Outcome {
    /// Nearest first.
    var nearest: [(squared: Float, row: Int)]
    /// Of the rows asked about: 1 and how many rows are nearer.
    var ranks: [Int]
  }

  private static let rowsInBlock = 512
  private static let queriesInGroup = 64

  let rows: MetricRows
  let threads: WorkerThreads
  let monitor: any WorkMonitor

  /// - Parameters:
  ///   - chosen: Rows with a direction.
  ///   - asked: For each of them, rows of which the rank is wanted.
  /// - Throws: `WorkInterrupted`.
  /// - Complexity: O(n d) for each of the chosen.
  func nearest(_ count: Int, to chosen: [Int], ranking asked: [[Int]]) throws(WorkInterrupted) -> [Outcome] {
    let n = rows.rowCount
    let kernelRows = MetricRows.Scattered(rows, order: (0..<Int32(n)).map { $0 })
    let mean = try rows.mean(of: chosen, threads: threads, monitor: monitor)
    var outcomes = [Outcome](repeating: Outcome(nearest: [], ranks: []), count: chosen.count)
    outcomes.withUnsafeMutableBufferPointer { outcomes in
      nonisolated(unsafe) let outcomes = outcomes
      threads.forEachBlock(of: chosen.count, size: Self.queriesInGroup) { group in
        kernelRows.withKernelRows { kernelRows in
          withUnsafePointer(to: kernelRows) { kernelRows in
            search(
              count, queries: Array(chosen[group]), asked: Array(asked[group]), mean: mean, kernelRows: kernelRows
            ) { outcomes[group.lowerBound + $0] = $1 }
          }
        }
      }
    }
    try monitor.checkInterrupted()
    return outcomes
  }

  private func search(
    _ count: Int, queries: [Int], asked: [[Int]], mean: [Float], kernelRows: UnsafePointer<simd_scattered_rows>,
    _ body: (Int, Outcome) -> Void
  ) {
    let (n, d, m) = (rows.rowCount, rows.columnCount, queries.count)
    let isWithout = Set(rows.rowsWithoutDirection)
    let seen = ZeroedStorage<Float>(count: m * d)
    let block = ZeroedStorage<Float>(count: Self.rowsInBlock * d)
    let products = ZeroedStorage<Float>(count: m * Self.rowsInBlock)
    guard let query = seen.values.baseAddress, let tile = block.values.baseAddress,
      let product = products.values.baseAddress
    else { return }
    defer { withExtendedLifetime((seen, block, products)) {} }
    rows.write(queries, lessMean: mean, to: query, stride: d)
    let own = (0..<m).map { simd_scaled_squares(query + $0 * d, 1, 0, Int64(d)) }
    // A little less than the distance itself, so that a row does not count as nearer than itself by rounding.
    let thresholds = (0..<m).map { q in
      asked[q].map { row -> Float in
        let squared =
          isWithout.contains(row) ? 2 : simd_scattered_distance(kernelRows, UInt32(queries[q]), UInt32(row))
        return squared - own[q] - 2e-6 * (abs(squared) + own[q])
      }
    }
    var below = asked.map { [Int64](repeating: 0, count: $0.count) }
    let kept = min(n, count + max(8, count / 4) + 1)
    let capacity = 3 * kept + Self.rowsInBlock
    let keys = UnsafeMutablePointer<UInt64>.allocate(capacity: m * capacity)
    defer { keys.deallocate() }
    var held = [Int64](repeating: 0, count: m)
    var limits = [Float](repeating: .infinity, count: m)
    var norms = [Float](repeating: 0, count: Self.rowsInBlock)
    for first in stride(from: 0, to: n, by: Self.rowsInBlock) {
      if monitor.isInterrupted { return }
      let range = first..<min(n, first + Self.rowsInBlock)
      rows.write(range, lessMean: mean, to: tile, stride: d)
      for row in range {
        norms[row - first] = simd_scaled_squares(tile + (row - first) * d, 1, 0, Int64(d))
        // As far from the others as at a right angle.
        if !isWithout.isEmpty && isWithout.contains(row) { norms[row - first] += 1 }
      }
      LinearAlgebra.multiplyTransposed(
        query, rows: m, stride: d, tile, rows: range.count, stride: d, depth: d, into: product,
        stride: Self.rowsInBlock)
      for q in 0..<m {
        let scores = product + q * Self.rowsInBlock
        if range.contains(queries[q]) { scores[queries[q] - first] = -.infinity }
        simd_count_below(
          scores, norms, Int64(range.count), thresholds[q], Int64(thresholds[q].count), &below[q])
        let list = keys + q * capacity
        held[q] = simd_collect_below(scores, norms, Int64(range.count), limits[q], UInt32(first), list, held[q])
        if held[q] > 2 * Int64(kept) {
          limits[q] = simd_score_of_key(simd_select_smallest(list, held[q], Int64(kept)))
          held[q] = Int64(kept)
        }
      }
    }
    for q in 0..<m {
      let list = keys + q * capacity
      let candidates = (0..<Int(held[q])).map { UInt32(KeyLists.row(list[$0])) }.filter { Int($0) != queries[q] }
      var nearest = candidates.map { row -> (squared: Float, row: Int) in
        let squared = simd_scattered_distance(kernelRows, UInt32(queries[q]), row)
        return (isWithout.contains(Int(row)) ? 2 : squared, Int(row))
      }
      nearest.sort { ($0.squared, $0.row) < ($1.squared, $1.row) }
      body(q, Outcome(nearest: Array(nearest.prefix(count)), ranks: below[q].map { Int($0) + 1 }))
    }
  }
}

/// Distances on a map.
struct MapDistances {
  private let columns: [[Float]]
  private let n: Int

  init(_ map: Matrix) {
    columns = (0..<map.columnCount).map(map.column)
    n = map.rowCount
  }

  /// The nearest rows on the map, nearest first.
  func nearest(
    _ count: Int, to chosen: [Int], threads: WorkerThreads, monitor: any WorkMonitor
  ) throws(WorkInterrupted) -> [[Int]] {
    var result = [[Int]](repeating: [], count: chosen.count)
    try forEach(chosen, threads: threads, monitor: monitor, into: &result) { _, distances in
      let zeros = [Float](repeating: 0, count: n)
      var keys = [UInt64](repeating: 0, count: n)
      // With a limit from every 64th row few rows are left to choose from.
      let some = stride(from: 0, to: n, by: 64).map { distances[$0] }.sorted()
      let limit = some.count > count ? some[count] : .infinity
      var held = simd_collect_below(zeros, distances, Int64(n), limit.nextUp, 0, &keys, 0)
      if held > count {
        _ = simd_select_smallest(&keys, held, Int64(count))
        held = Int64(count)
      }
      simd_sort_keys(&keys, held)
      return keys.prefix(Int(held)).map(KeyLists.row)
    }
    return result
  }

  /// For rows on the map: 1 and how many are nearer.
  func ranks(
    of asked: [[Int]], from chosen: [Int], threads: WorkerThreads, monitor: any WorkMonitor
  ) throws(WorkInterrupted) -> [[Int]] {
    var result = [[Int]](repeating: [], count: chosen.count)
    try forEach(chosen, threads: threads, monitor: monitor, into: &result) { index, distances in
      let zeros = [Float](repeating: 0, count: n)
      let thresholds = asked[index].map { distances[$0] }
      var below = [Int64](repeating: 0, count: thresholds.count)
      simd_count_below(zeros, distances, Int64(n), thresholds, Int64(thresholds.count), &below)
      return below.map { Int($0) + 1 }
    }
    return result
  }

  private func forEach(
    _ chosen: [Int], threads: WorkerThreads, monitor: any WorkMonitor, into result: inout [[Int]],
    _ body: (_ index: Int, _ distances: [Float]) -> [Int]
  ) throws(WorkInterrupted) {
    result.withUnsafeMutableBufferPointer { result in
      nonisolated(unsafe) let result = result
      threads.forEach(chosen.count) { index in
        if monitor.isInterrupted { return }
        let row = chosen[index]
        var distances = [Float](repeating: 0, count: n)
        for column in columns {
          let own = column[row]
          for other in 0..<n { distances[other] += (column[other] - own) * (column[other] - own) }
        }
        distances[row] = .infinity
        result[index] = body(index, distances)
      }
    }
    try monitor.checkInterrupted()
  }
}
