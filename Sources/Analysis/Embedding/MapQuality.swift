package import FeatureData

/// How well a map keeps the neighbours of its rows, measured on a fixed random sample against all rows.
///
/// Source of trustworthiness and continuity: Venna, Kaski, "Neighborhood preservation in nonlinear projection methods", 2001,
/// doi:10.1007/3-540-44668-0_68.
package struct MapQuality: Sendable, Equatable {
  /// 1 if every neighbour on the map is one in the data; falls with the rank of those that are not. nil with fewer than
  /// 2 × `neighbourCount` rows.
  package let trustworthiness: Double?
  /// 1 if every neighbour in the data is one on the map; falls with the rank on the map of those that are not, so that
  /// a torn cluster shows. nil as above.
  package let continuity: Double?
  /// The mean share of neighbours in the data that are neighbours on the map; nil as above.
  package let neighbourPreservation: Double?
  package let neighbourCount: Int
  /// Rows measured.
  package let sampleCount: Int

  package init(
    trustworthiness: Double?, continuity: Double?, neighbourPreservation: Double?, neighbourCount: Int, sampleCount: Int
  ) {
    self.trustworthiness = trustworthiness
    self.continuity = continuity
    self.neighbourPreservation = neighbourPreservation
    self.neighbourCount = neighbourCount
    self.sampleCount = sampleCount
  }

  /// - Parameters:
  ///   - original: n × d, what was mapped.
  ///   - map: n × 2 or 3; neighbours on it are Euclidean.
  ///   - sample: Rows to measure; all if there are no more.
  ///   - rows: Which these are; nil for some at random.
  /// - Throws: `AnalysisError.countMismatch`, `.notFinite`, `.noColumns`, `.invalidParameter` or `WorkInterrupted`.
  /// - Complexity: O(sample × n × d).
  package static func measure(
    original: FeatureRows, metric: DistanceMetric, map: Matrix, neighbours: Int = 15, sample: Int = defaultSample,
    rows asked: [Int]? = nil, seed: UInt64 = 0, threads: Int? = nil, monitor: any WorkMonitor = SilentMonitor()
  ) throws -> MapQuality {
    let n = original.rowCount
    guard map.rowCount == n else {
      throw AnalysisError.countMismatch(what: "rows of the map", expected: n, got: map.rowCount)
    }
    guard neighbours >= 1 else {
      throw AnalysisError.invalidParameter(name: "neighbours", value: "\(neighbours)", allowed: "1 or more")
    }
    let threads = WorkerThreads(threads)
    let rows = try MetricRows(original, metric: metric, threads: threads, monitor: monitor)
    let without = Set(rows.rowsWithoutDirection)
    let chosen = (asked ?? Self.sample(of: n, count: sample, seed: seed)).filter { !without.contains($0) }
    guard n >= 2 * neighbours, n > 2, !chosen.isEmpty else {
      return MapQuality(
        trustworthiness: nil, continuity: nil, neighbourPreservation: nil, neighbourCount: neighbours, sampleCount: 0)
    }
    monitor.report(phase: "quality", unit: "rows", done: 0, total: chosen.count)
    let places = MapDistances(map)
    let onMap = try places.nearest(neighbours, to: chosen, threads: threads, monitor: monitor)
    let data = try SampledSearch(rows: rows, threads: threads, monitor: monitor)
      .nearest(neighbours, to: chosen, ranking: onMap)
    var comparison = RowComparison()
    var strangers: [[Int]] = []
    for (index, outcome) in data.enumerated() {
      let near = Set(outcome.nearest.prefix(neighbours).map(\.row))
      for (rank, row) in zip(outcome.ranks, onMap[index]) {
        if near.contains(row) { comparison.kept += 1 } else { comparison.intruders += max(0, rank - neighbours) }
      }
      let nearOnMap = Set(onMap[index])
      strangers.append(outcome.nearest.prefix(neighbours).map(\.row).filter { !nearOnMap.contains($0) })
    }
    let ranks = try places.ranks(of: strangers, from: chosen, threads: threads, monitor: monitor)
    comparison.strangers = ranks.joined().reduce(0) { $0 + max(0, $1 - neighbours) }
    monitor.report(phase: "quality", unit: "rows", done: chosen.count, total: chosen.count)
    let (m, k) = (Double(chosen.count), Double(neighbours))
    let worst = m * k * (2 * Double(n) - 3 * k - 1) / 2
    return MapQuality(
      trustworthiness: 1 - Double(comparison.intruders) / worst,
      continuity: 1 - Double(comparison.strangers) / worst,
      neighbourPreservation: Double(comparison.kept) / (m * k),
      neighbourCount: neighbours,
      sampleCount: chosen.count)
  }

  /// The same for rows in a matrix.
  package static func measure(
    original: Matrix, metric: DistanceMetric, map: Matrix, neighbours: Int = 15, sample: Int = defaultSample,
    seed: UInt64 = 0, threads: Int? = nil, monitor: any WorkMonitor = SilentMonitor()
  ) throws -> MapQuality {
    try measure(
      original: FeatureRows(original), metric: metric, map: map, neighbours: neighbours, sample: sample, seed: seed,
      threads: threads, monitor: monitor)
  }

  /// By how much ranks exceed k, summed over the neighbours on the map only (intruders) and over those in the data only
  /// (strangers), and how many are both.
  private struct RowComparison {
    var intruders = 0
    var strangers = 0
    var kept = 0
  }

  /// How many rows are measured where nothing else is said.
  package static let defaultSample = 500

  /// The rows that are measured, ascending.
  package static func sample(of n: Int, count: Int = defaultSample, seed: UInt64 = 0) -> [Int] {
    if count >= n { return Array(0..<n) }
    var generator = SplitMix64(seed: seed)
    var rows = Set<Int>()
    // Floyd's way of drawing without replacement.
    for last in n - max(0, count)..<n {
      let drawn = Int.random(in: 0...last, using: &generator)
      rows.insert(rows.contains(drawn) ? last : drawn)
    }
    return rows.sorted()
  }
}
