package import FeatureData

/// Features compared tile by tile: as if each tile stood for itself, which tiles of one slide do not.
package enum TileComparison {
  package enum Test: Sendable, Hashable { case anova, welch, kruskal, mannWhitney }

  /// From the moments of units: an analysis of variance, or Welch's.
  ///
  /// - Parameter groups: the group of each unit.
  package static func moments(
    _ vectors: UnitVectors, groups: [Int], groupCount: Int, welch: Bool
  ) -> [TestOutcome] {
    let moments = vectors.tileMoments(groups: groups, groupCount: groupCount)
    return (0..<vectors.featureCount).map { feature in
      let variances = VarianceAnalysis(moments.map { $0.moments(of: feature) })
      return welch ? GroupTests.welch(variances) : GroupTests.anova(variances)
    }
  }

  /// Pearson's r of tiles with a number that all tiles of a unit share.
  package static func correlations(_ vectors: UnitVectors, outcome: [Double]) -> [TestOutcome] {
    let count = vectors.tileCounts.reduce(0, +)
    let weights = vectors.tileCounts.map(Double.init)
    let mean = zip(weights, outcome).reduce(0.0) { $0 + $1.0 * $1.1 } / Double(max(count, 1))
    let deviations = outcome.map { $0 - mean }
    let isConstant = outcome.allSatisfy { $0 == outcome.first }
    let yy = isConstant ? 0 : zip(weights, deviations).reduce(0.0) { $0 + $1.0 * $1.1 * $1.1 }
    let all = vectors.tileMoments(groups: outcome.map { _ in 0 }, groupCount: 1)[0]
    return (0..<vectors.featureCount).map { feature in
      let xx = all.squares[feature]
      let xy = outcome.indices.reduce(0.0) { sum, unit in
        sum + weights[unit] * deviations[unit] * (vectors.moments[unit].means[feature] - all.means[feature])
      }
      return Correlation.test(xx: xx, yy: yy, xy: xy, rest: yy - xy * xy / xx, count: count)
    }
  }

  /// By ranks: Kruskal–Wallis, or Mann–Whitney.
  ///
  /// - Parameters:
  ///   - tileCounts: tiles by unit.
  ///   - groups: the group of each unit.
  ///   - rows: Calls its second argument with the activations of a unit, row-major, in one piece or several; called from
  ///     several threads.
  /// - Throws: `WorkInterrupted`.
  /// - Complexity: O(tiles × features).
  package static func ranks(
    featureCount: Int, tileCounts: [Int], groups: [Int], groupCount: Int, mannWhitney: Bool, threads: Int? = nil,
    monitor: any WorkMonitor = SilentMonitor(),
    rows: @Sendable (_ unit: Int, _ body: (UnsafeBufferPointer<Float>) -> Void) -> Void
  ) throws(WorkInterrupted) -> [TestOutcome] {
    let count = tileCounts.reduce(0, +)
    var sizes = [Int](repeating: 0, count: groupCount)
    for (group, tiles) in zip(groups, tileCounts) { sizes[group] += tiles }
    var exact = MannWhitneyDistributions()
    let present = sizes.filter { $0 > 0 }
    if mannWhitney, present.count == 2, present.contains(where: { $0 <= 8 }) { exact.prepare(present[0], present[1]) }
    let width = 16
    let blocks = try FeatureComparison.each(
      (featureCount + width - 1) / width, WorkerThreads(threads), monitor, size: 1
    ) { [exact, sizes] block in
      let columns = block * width..<min((block + 1) * width, featureCount)
      // The key of a value above, its group below.
      var keys = [UInt64](repeating: 0, count: count * columns.count)
      var start = 0
      for unit in tileCounts.indices {
        rows(unit) { values in
          let rowCount = values.count / featureCount
          for row in 0..<rowCount {
            for column in columns {
              keys[(column - columns.lowerBound) * count + start + row] =
                UInt64(orderedKey(values[row * featureCount + column])) << 32 | UInt64(groups[unit])
            }
          }
          start += rowCount
        }
      }
      return keys.withUnsafeMutableBufferPointer { keys in
        withUnsafeTemporaryAllocation(of: UInt64.self, capacity: count) { spare in
          columns.indices.map { column in
            let first = (column - columns.lowerBound) * count
            let own = UnsafeMutableBufferPointer(rebasing: keys[first..<first + count])
            sort(own, spare)
            let sums = rankSums(own, sizes)
            return mannWhitney ? sums.mannWhitney(exact) : sums.kruskal()
          }
        }
      }
    }
    return blocks.flatMap(\.self)
  }

  /// A number that orders as the value does; equal of both zeros.
  private static func orderedKey(_ value: Float) -> UInt32 {
    let bits = (value + 0).bitPattern
    return bits & 0x8000_0000 == 0 ? bits | 0x8000_0000 : ~bits
  }

  /// By the upper half, least significant digits of 11 bits first.
  private static func sort(_ keys: UnsafeMutableBufferPointer<UInt64>, _ spare: UnsafeMutableBufferPointer<UInt64>) {
    var (from, to) = (keys, spare)
    withUnsafeTemporaryAllocation(of: Int.self, capacity: 2048) { places in
      for shift in [32, 43, 54] as [UInt64] {
        places.update(repeating: 0)
        for key in from { places[Int(key >> shift & 2047)] += 1 }
        var sum = 0
        for digit in 0..<2048 { (places[digit], sum) = (sum, sum + places[digit]) }
        for key in from {
          let digit = Int(key >> shift & 2047)
          to[places[digit]] = key
          places[digit] += 1
        }
        swap(&from, &to)
      }
    }
    // After three passes the sorted keys stand in the other one.
    _ = keys.update(fromContentsOf: from)
  }

  private static func rankSums(_ keys: UnsafeMutableBufferPointer<UInt64>, _ sizes: [Int]) -> RankSums {
    var sums = [Double](repeating: 0, count: sizes.count)
    var tieTerm = 0.0
    var start = 0
    while start < keys.count {
      var end = start + 1
      while end < keys.count, keys[end] >> 32 == keys[start] >> 32 { end += 1 }
      let rank = Double(start + 1 + end) / 2
      for place in start..<end { sums[Int(keys[place] & 0xFFFF_FFFF)] += rank }
      tieTerm += RankSums.tieTerm(end - start)
      start = end
    }
    return RankSums(counts: sizes, sums: sums, tieTerm: tieTerm)
  }
}
