import CSIMDKernels
import FeatureData

/// Some rows with the distances of their true neighbours, by the metric in full width: what a search is measured by.
struct RecallSample {
  /// The rows that are measured, each with a direction.
  let chosen: [Int]
  /// Neighbours of each.
  let count: Int
  /// By chosen row: the squared distance of the last of its true neighbours.
  private let limits: [Float]
  private let rows: MetricRows
  private let threads: WorkerThreads
  private let monitor: any WorkMonitor

  /// Neighbours measured in all, as near as the number of rows allows, and how many rows that may be.
  private static let entries = 2000
  private static let rowLimits = 128...500
  /// Distances in full width round differently from those of another order of sums.
  private static let rounding: Float = 1 + 1e-5

  /// - Parameters:
  ///   - candidates: Rows with a direction.
  ///   - count: Neighbours of each, fewer than there are such rows.
  /// - Throws: `WorkInterrupted`.
  /// - Complexity: O(n d) for each of the chosen rows.
  init(
    of rows: MetricRows, among candidates: [Int], count: Int, threads: WorkerThreads, monitor: any WorkMonitor
  ) throws(WorkInterrupted) {
    let wanted = min(Self.rowLimits.upperBound, max(Self.rowLimits.lowerBound, Self.entries / max(1, count)))
    chosen = count == 0 ? [] : MapQuality.sample(of: candidates.count, count: wanted).map { candidates[$0] }
    self.count = count
    self.rows = rows
    self.threads = threads
    self.monitor = monitor
    monitor.report(phase: "recall", unit: "rows", done: 0, total: chosen.count)
    limits = try SampledSearch(rows: rows, threads: threads, monitor: monitor)
      .nearest(count, to: chosen, ranking: chosen.map { _ in [] })
      .map { ($0.nearest.last?.squared ?? 0) * Self.rounding }
    monitor.report(phase: "recall", unit: "rows", done: chosen.count, total: chosen.count)
  }

  /// The share of found neighbours that are no farther than the last of the true ones; nil without any.
  ///
  /// - Parameters:
  ///   - lists: By place; scores are squared distances in full width.
  ///   - order: By place: the row.
  func share(of lists: KeyLists, order: [Int32]) -> Double? { share(of: lists, at: places(in: order).map(Int.init)) }

  /// The same; `lists` are of the chosen rows alone.
  func share(of lists: KeyLists) -> Double? { share(of: lists, at: Array(chosen.indices)) }

  private func share(of lists: KeyLists, at places: [Int]) -> Double? {
    if chosen.isEmpty { return nil }
    let right = zip(places, limits).reduce(0) { sum, entry in
      sum + (0..<count).count { simd_score_of_key(lists.list(entry.0)[$0]) <= entry.1 }
    }
    return Double(right) / Double(chosen.count * count)
  }

  /// How many more than `count` of the nearest in a space are to be looked at so that enough of the true neighbours are
  /// among them; nil if `most` are too few.
  ///
  /// - Parameter share: Of the true neighbours.
  /// - Throws: `WorkInterrupted`.
  /// - Complexity: O(n c) for each of the chosen rows, in a space of c numbers a row.
  func margin(in space: SearchSpace, for share: Double, upTo most: Int) throws(WorkInterrupted) -> Int? {
    let places = places(in: space.order)
    // Rows find themselves, too.
    let looked = min(space.count, count + most + 1)
    let candidates = try BlockedSearch(
      space: space, queries: space.reordered(places, threads: threads, monitor: monitor), threads: threads
    ).candidates(looked, phase: "recall", monitor: monitor)
    // By how many are looked at: how many more are right than with one less.
    var right = [Int](repeating: 0, count: looked + 1)
    MetricRows.Scattered(rows, order: space.order).withKernelRows { kernelRows in
      withUnsafePointer(to: kernelRows) { kernelRows in
        for (query, place) in places.enumerated() {
          let list = candidates.list(query)
          var (position, hits) = (0, 0)
          for entry in 0..<looked where KeyLists.row(list[entry]) != Int(place) && hits < count {
            position += 1
            let row = UInt32(KeyLists.row(list[entry]))
            if simd_scattered_distance(kernelRows, UInt32(place), row) > limits[query] { continue }
            hits += 1
            right[position] += 1
          }
        }
      }
    }
    let wanted = share * Double(chosen.count * count)
    var found = 0
    for position in right.indices {
      found += right[position]
      if Double(found) >= wanted { return max(0, position - count) }
    }
    return nil
  }

  /// Where the chosen rows are, in an order of rows.
  func places(in order: [Int32]) -> [Int32] {
    let indices = Dictionary(uniqueKeysWithValues: chosen.enumerated().map { (Int32($1), $0) })
    var places = [Int32](repeating: 0, count: chosen.count)
    for (place, row) in order.enumerated() {
      if let index = indices[row] { places[index] = Int32(place) }
    }
    return places
  }
}
