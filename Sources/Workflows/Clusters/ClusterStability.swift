import Analysis
import FeatureData

/// How far clusters depend on the seed, and on which tiles there are.
struct ClusterStability: Sendable {
  /// Adjusted Rand indices.
  struct Agreement: Sendable {
    let mean: Double
    let least: Double

    init?(_ indices: [Double]) {
      guard let least = indices.min() else { return nil }
      mean = indices.reduce(0, +) / Double(indices.count)
      self.least = least
    }

    var text: String { "\(mean.text(decimals: 2)) (least \(least.text(decimals: 2)))" }
  }

  /// Of more tiles, so many take part.
  static let mostTiles = 5000
  private static let repetitions = 5
  private static let share = 0.8

  /// Between other seeds; nil for a method without one.
  private let seeds: Agreement?
  /// Between parts of the tiles and all.
  private let parts: Agreement?
  private let counts: ClosedRange<Int>
  private let tileCount: Int
  private let isOfSample: Bool

  /// - Throws: `AnalysisError` or `WorkInterrupted`.
  init(
    _ method: ClusterMethod, rows all: FeatureRows, outcome: ClusterMethod.Outcome, seed: UInt64,
    monitor: any WorkMonitor
  ) throws {
    let total = all.rowCount
    isOfSample = total > Self.mostTiles
    let rows = isOfSample ? all.chosen(TileSample.even(total, count: Self.mostTiles)) : all
    let n = rows.rowCount
    tileCount = n
    let whole = Double(n) / Double(max(1, total))
    let base = isOfSample ? try method.run(rows, seed: seed, share: whole, monitor: monitor) : outcome
    var counts = [base.count]
    var seedIndices: [Double] = []
    if method.kind != .hdbscan {
      for number in 1..<Self.repetitions {
        let other = try method.run(rows, seed: SplitMix64.mix(seed &+ UInt64(number)), share: whole, monitor: monitor)
        counts.append(other.count)
        if let index = try AdjustedRandIndex.of(base.labels, other.labels) { seedIndices.append(index) }
      }
    }
    var partIndices: [Double] = []
    var generator = SplitMix64(seed: seed)
    for _ in 0..<Self.repetitions {
      let part = (0..<n).filter { _ in Double.random(in: 0..<1, using: &generator) < Self.share }
      guard part.count > 1 else { continue }
      let other = try method.run(rows.chosen(part), seed: seed, share: whole * Self.share, monitor: monitor)
      counts.append(other.count)
      if let index = try AdjustedRandIndex.of(part.map { base.labels[$0] }, other.labels) { partIndices.append(index) }
    }
    seeds = Agreement(seedIndices)
    parts = Agreement(partIndices)
    self.counts = (counts.min() ?? 0)...(counts.max() ?? 0)
  }

  /// Nil where nothing could be compared.
  var sentence: String? {
    let found = [
      seeds.map { "\($0.text) between seeds" }, parts.map { "\($0.text) with 80 % of the tiles" },
    ].compactMap(\.self)
    guard !found.isEmpty else { return nil }
    let number = counts.lowerBound == counts.upperBound ? "" : "; \(counts.lowerBound) to \(counts.upperBound) clusters"
    return "Stability (adjusted Rand index, 1 is the same): \(found.joined(separator: ", "))\(number)"
      + (isOfSample ? "; on \(tileCount) tiles, spaced evenly." : ".")
  }

  /// Below this, what a cluster is called stands for little.
  private static let leastIndex = 0.6

  var warning: String? {
    guard let mean = [seeds, parts].compactMap({ $0?.mean }).min(), mean < Self.leastIndex else { return nil }
    return
      "These clusters depend on the seed or on which tiles there are: another run finds others (adjusted Rand index "
      + "\(mean.text(decimals: 2)))."
  }
}
