package import FeatureData
import Synchronization

/// Labels shuffled among rows, all together or within strata: what a measure is by chance.
package struct LabelShuffle: Sendable {
  /// The measure of the labels as they are, and what chance makes of it.
  package struct Outcome: Sendable, Equatable {
    /// Of shuffled labels, ascending.
    package let chance: [Double]
    /// The share of shuffles, the labels as they are included, at which the measure is as large or larger.
    package let p: Double

    package var mean: Double { chance.reduce(0, +) / Double(max(1, chance.count)) }
    /// What 95 % of shuffles give.
    package var range: ClosedRange<Double> {
      guard let first = chance.first, let last = chance.last else { return 0...0 }
      let cut = Int((0.025 * Double(chance.count)).rounded(.down))
      return cut == 0 ? first...last : chance[cut]...chance[chance.count - 1 - cut]
    }

    /// - Returns: nil without a shuffle that could be measured.
    package init?(found: Double, chance: [Double?]) {
      let chance = chance.compactMap(\.self).sorted()
      guard !chance.isEmpty else { return nil }
      self.chance = chance
      // Equal values may differ in their last digits, by the order in which they were summed.
      let reached = chance.count { $0 >= found - 1e-9 * max(1, abs(found)) }
      p = Double(reached + 1) / Double(chance.count + 1)
    }
  }

  private let labels: [Int]
  private let members: [[Int]]
  private let seed: UInt64

  /// - Parameter strata: By row; nil shuffles all.
  package init(_ labels: [Int], strata: [Int]? = nil, seed: UInt64) {
    self.labels = labels
    self.seed = seed
    let grouped = Dictionary(grouping: labels.indices) { strata?[$0] ?? 0 }
    members = grouped.keys.sorted().compactMap { grouped[$0] }
  }

  /// One of the shuffles; the same number gives the same one.
  package func callAsFunction(_ number: Int) -> [Int] {
    var generator = SplitMix64(seed: SplitMix64.mix(seed &+ UInt64(number)))
    var result = labels
    for rows in members {
      for (row, other) in zip(rows, rows.shuffled(using: &generator)) { result[row] = labels[other] }
    }
    return result
  }

  /// Measures of so many shuffles, one or several of each.
  ///
  /// - Throws: `WorkInterrupted`.
  package func measured(
    _ count: Int, phase: String, threads: Int? = nil, monitor: any WorkMonitor,
    _ measure: @Sendable ([Int], _ number: Int) -> [Double?]
  ) throws(WorkInterrupted) -> [[Double?]] {
    var result = [[Double?]](repeating: [], count: count)
    let done = Atomic<Int>(0)
    result.withUnsafeMutableBufferPointer { result in
      nonisolated(unsafe) let places = result
      WorkerThreads(threads).forEach(count) { number in
        if monitor.isInterrupted { return }
        places[number] = measure(self(number), number)
        monitor.report(
          phase: phase, unit: "shuffles", done: done.wrappingAdd(1, ordering: .relaxed).newValue, total: count)
      }
    }
    try monitor.checkInterrupted()
    return result
  }
}
