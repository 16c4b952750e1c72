package import FeatureData
import Synchronization

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
    trustworthiness: Double?, continuity: Double?, neighbourPreservation: Double?, neighbourCount: Int,
    sampleCount: Int
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
  /// - Throws: `AnalysisError.countMismatch`, `.notFinite`, `.noColumns`, `.invalidParameter` or `WorkInterrupted`.
  /// - Complexity: O(sample × n × d).
  package static func measure(
    original: Matrix, metric: DistanceMetric, map: Matrix, neighbours: Int = 15, sample: Int = 500, seed: UInt64 = 0,
    threads: Int? = nil, monitor: any WorkMonitor = SilentMonitor()
  ) throws -> MapQuality {
    let n = original.rowCount
    guard map.rowCount == n else {
      throw AnalysisError.countMismatch(what: "rows of the map", expected: n, got: map.rowCount)
    }
    guard neighbours >= 1 else {
      throw AnalysisError.invalidParameter(name: "neighbours", value: "\(neighbours)", allowed: "1 or more")
    }
    guard n >= 2 * neighbours else {
      return MapQuality(
        trustworthiness: nil, continuity: nil, neighbourPreservation: nil, neighbourCount: neighbours, sampleCount: 0)
    }
    let data = try MetricSpace(original, metric: metric, threads: WorkerThreads(threads), monitor: monitor)
    let places = try MetricSpace(map, metric: .euclidean)
    let rows = sampled(n, count: sample, seed: seed)
    let compared = UnsafeMutableBufferPointer<RowComparison>.allocate(capacity: rows.count)
    defer { compared.deallocate() }
    compared.initialize(repeating: RowComparison())
    WorkerThreads(threads).forEach(rows.count) { place in
      if monitor.isInterrupted { return }
      compared[place] = compare(rows[place], data: data, map: places, neighbours: neighbours)
    }
    try monitor.checkInterrupted()
    let (m, k) = (Double(rows.count), Double(neighbours))
    let worst = m * k * (2 * Double(n) - 3 * k - 1) / 2
    return MapQuality(
      trustworthiness: 1 - Double(compared.reduce(0) { $0 + $1.intruders }) / worst,
      continuity: 1 - Double(compared.reduce(0) { $0 + $1.strangers }) / worst,
      neighbourPreservation: Double(compared.reduce(0) { $0 + $1.kept }) / (m * k), neighbourCount: neighbours,
      sampleCount: rows.count)
  }

  /// By how much ranks exceed k, summed over the neighbours on the map only (intruders) and over those in the data only
  /// (strangers), and how many are both.
  private struct RowComparison {
    var intruders = 0
    var strangers = 0
    var kept = 0
  }

  private static func compare(
    _ row: Int, data: MetricSpace, map: MetricSpace, neighbours k: Int
  ) -> RowComparison {
    let inData = data.distances(from: row)
    let onMap = map.distances(from: row)
    let near = Set(nearest(k, by: inData))
    let nearOnMap = Set(nearest(k, by: onMap))
    func loss(_ places: Set<Int>, ranked distances: [Float]) -> Int {
      max(
        0,
        places.reduce(into: 0) { sum, place in
          sum += distances.reduce(into: 1) { if $1 < distances[place] { $0 += 1 } } - k
        })
    }
    return RowComparison(
      intruders: loss(nearOnMap.subtracting(near), ranked: inData),
      strangers: loss(near.subtracting(nearOnMap), ranked: onMap), kept: near.intersection(nearOnMap).count)
  }

  /// The k places with the smallest values, equal ones by place.
  private static func nearest(_ k: Int, by values: [Float]) -> [Int] {
    var found: [(value: Float, place: Int)] = []
    for (place, value) in values.enumerated() {
      if found.count == k, let last = found.last, value >= last.value { continue }
      var position = found.endIndex
      while position > 0 && found[position - 1].value > value { position -= 1 }
      found.insert((value, place), at: position)
      if found.count > k { found.removeLast() }
    }
    return found.map(\.place)
  }

  /// Ascending.
  private static func sampled(_ n: Int, count: Int, seed: UInt64) -> [Int] {
    if count >= n { return Array(0..<n) }
    var generator = SplitMix64(seed: seed)
    var rows = Array(0..<n)
    for place in 0..<max(0, count) { rows.swapAt(place, Int.random(in: place..<n, using: &generator)) }
    return rows.prefix(max(0, count)).sorted()
  }

  /// The share of rows whose label is the commonest among their nearest neighbours on the map; of equally common
  /// labels the smallest counts.
  ///
  /// - Parameters:
  ///   - coordinates: n × dimensions.
  ///   - labels: n numbers.
  /// - Throws: `AnalysisError.countMismatch`, `.notFinite` or `.noColumns`.
  /// - Complexity: O(n²).
  package static func neighbourAccuracy(coordinates: Matrix, labels: [Int], neighbours: Int = 10) throws -> Double {
    guard labels.count == coordinates.rowCount else {
      throw AnalysisError.countMismatch(what: "labels", expected: coordinates.rowCount, got: labels.count)
    }
    if labels.isEmpty { return 0 }
    let graph = try ExactSearch(metric: .euclidean)
      .neighbours(of: coordinates, count: neighbours, monitor: SilentMonitor())
    let right = labels.indices.count { row in
      let votes = graph.neighbours(of: row).reduce(into: [Int: Int]()) { $0[labels[Int($1)], default: 0] += 1 }
      return votes.max { ($0.value, -$0.key) < ($1.value, -$1.key) }?.key == labels[row]
    }
    return Double(right) / Double(labels.count)
  }
}

extension MetricSpace {
  /// To every row; the row itself is infinitely far.
  fileprivate func distances(from row: Int) -> [Float] {
    (0..<rows.rowCount).map { $0 == row ? .infinity : distance(row, $0) }
  }
}
