import CSIMDKernels
import FeatureData
import Glibc

/// Where centres stand before they are improved: on rows drawn one after the other.
///
/// A row is drawn with a probability that grows with its squared distance from the centres there are; of a few drawn at
/// once that one is taken which lowers the sum of these the most.
///
/// Source: Arthur, Vassilvitskii, "k-means++: the advantages of careful seeding", SODA 2007, pp. 1027–1035,
/// doi:10.5555/1283383.1283494.
struct KMeansSeeding {
  private let rows: ScaledRows
  private let threads: WorkerThreads
  private let monitor: any WorkMonitor
  private var generator: SplitMix64
  /// By row, to the nearest centre there is.
  private var squaredDistances: [Float]
  /// Their sums by part.
  private var partSums: [Double]

  init(_ rows: ScaledRows, seed: UInt64, threads: WorkerThreads, monitor: any WorkMonitor) {
    self.rows = rows
    self.threads = threads
    self.monitor = monitor
    generator = SplitMix64(seed: seed)
    squaredDistances = [Float](repeating: .infinity, count: rows.rowCount)
    partSums = []
  }

  /// The numbers of at most `count` rows; fewer if every row coincides with one of those. There must be a row.
  /// - Throws: `WorkInterrupted`.
  /// - Complexity: O(n d count log count).
  mutating func centreRows(_ count: Int) throws(WorkInterrupted) -> [Int] {
    let trials = 2 + Int(log(Double(count)))
    var chosen: [Int] = []
    while chosen.count < count {
      if chosen.isEmpty {
        chosen.append(try nearest(among: [Int.random(in: 0..<rows.rowCount, using: &generator)]))
        continue
      }
      let candidates = (0..<trials).compactMap { _ in draw() }
      if candidates.isEmpty { break }
      chosen.append(try nearest(among: candidates))
    }
    return chosen
  }

  /// nil if every row is at 0 from a centre.
  private mutating func draw() -> Int? {
    guard let lastPart = partSums.lastIndex(where: { $0 > 0 }) else { return nil }
    var left = generator.nextUnit() * partSums.reduce(0, +)
    var part = 0
    while part < lastPart && left >= partSums[part] {
      left -= partSums[part]
      part += 1
    }
    // What rounding leaves beyond the end falls to the last row that is not at 0.
    var found: Int?
    let first = part * ScaledRows.partRows
    for row in first..<min(rows.rowCount, first + ScaledRows.partRows) where squaredDistances[row] > 0 {
      found = row
      left -= Double(squaredDistances[row])
      if left < 0 { break }
    }
    return found
  }

  /// Takes in that candidate that lowers the sum of squared distances the most, the first of several.
  private mutating func nearest(among candidates: [Int]) throws(WorkInterrupted) -> Int {
    let (d, width, parts) = (rows.columnCount, candidates.count, rows.partCount)
    var places = [Float](repeating: 0, count: width * d)
    places.withUnsafeMutableBufferPointer { places in
      for (c, row) in candidates.enumerated() {
        rows.read(row: row, into: UnsafeMutableBufferPointer(rebasing: places[c * d..<(c + 1) * d]))
      }
    }
    var lowered = [Float](repeating: 0, count: rows.rowCount * width)
    var sums = [Double](repeating: 0, count: parts * width)
    lowered.withUnsafeMutableBufferPointer { lowered in
      sums.withUnsafeMutableBufferPointer { sums in
        threads.forEach(parts) { part in
          if monitor.isInterrupted { return }
          rows.forEachBlock(ofPart: part) { block, values in
            for row in block {
              let value = values + (row - block.lowerBound) * d
              for c in 0..<width {
                let squared = places.withUnsafeBufferPointer { places in
                  places.baseAddress.map { simd_squared_distance(value, $0 + c * d, Int64(d)) } ?? 0
                }
                let least = min(squaredDistances[row], squared)
                lowered[row * width + c] = least
                sums[part * width + c] += Double(least)
              }
            }
          }
        }
      }
    }
    try monitor.checkInterrupted()
    let totals = (0..<width).map { c in (0..<parts).reduce(0.0) { $0 + sums[$1 * width + c] } }
    let best = totals.indices.min { (totals[$0], $0) < (totals[$1], $1) } ?? 0
    for row in squaredDistances.indices { squaredDistances[row] = lowered[row * width + best] }
    partSums = (0..<parts).map { sums[$0 * width + best] }
    return candidates[best]
  }
}
