import Glibc

/// How often a row of one side is scored above one of the other: the area under the ROC curve, of all pairs or of those
/// within groups only.
package struct RankedPairs: Sendable, Equatable {
  /// Rows of one side and of the other that were compared with each other.
  package struct Group: Sendable, Equatable {
    /// As the rows have it; 0 where all are compared.
    package let number: Int
    package let positives: Int
    package let negatives: Int
    /// 0 to 1, ties counting half.
    package let area: Double

    package var pairCount: Int { positives * negatives }
  }

  /// Those with both sides.
  package let groups: [Group]

  /// - Parameters:
  ///   - scores: By row; NaN for none.
  ///   - groupOfRow: By row: only pairs within a group are compared; nil compares all.
  /// - Complexity: O(pairs).
  package init(scores: [Double], isPositive: [Bool], groupOfRow: [Int]? = nil) {
    let scored = scores.indices.filter { !scores[$0].isNaN }
    let rows = Dictionary(grouping: scored) { groupOfRow?[$0] ?? 0 }
    groups = rows.keys.sorted().compactMap { key in
      let members = rows[key] ?? []
      let positives = members.filter { isPositive[$0] }.map { scores[$0] }
      let negatives = members.filter { !isPositive[$0] }.map { scores[$0] }
      guard !positives.isEmpty, !negatives.isEmpty else { return nil }
      var twice = 0
      for positive in positives {
        for negative in negatives { twice += positive > negative ? 2 : (positive == negative ? 1 : 0) }
      }
      return Group(
        number: key, positives: positives.count, negatives: negatives.count,
        area: Double(twice) / Double(2 * positives.count * negatives.count))
    }
  }

  package var pairCount: Int { groups.reduce(0) { $0 + $1.pairCount } }

  /// Over all pairs, 0 to 1; nil where there are none.
  package var area: Double? {
    let count = pairCount
    guard count > 0 else { return nil }
    return groups.reduce(0) { $0 + $1.area * Double($1.pairCount) } / Double(count)
  }

  /// The variance that the area would have if it were `area`, by Newcombe's method 5, of the groups weighted by pairs.
  ///
  /// Source: Newcombe, "Confidence intervals for an effect size measure based on the Mann–Whitney statistic. Part 2",
  /// 2006, doi:10.1002/sim.2324.
  func variance(at area: Double) -> Double {
    let total = Double(pairCount)
    return groups.reduce(0) { sum, group in
      let pairs = Double(group.pairCount)
      let half = Double(group.positives + group.negatives) / 2 - 1
      let spread = 1 + half * ((1 - area) / (2 - area) + area / (1 + area))
      return sum + pairs * area * (1 - area) * spread / (total * total)
    }
  }
}

/// The mean area of several comparisons, such as of each class with the rest, with an interval.
package struct MeanArea: Sendable, Equatable {
  package let value: Double
  /// 95 %: the areas from which the one found lies no more than 1.96 of their standard deviations away, as if scores were
  /// independent. The comparisons are taken as fully dependent, which is the widest.
  package let interval: ClosedRange<Double>
  /// Of all comparisons.
  package let pairCount: Int

  private static let quantile = 1.959963984540054

  /// The value alone; nil where no comparison has a pair.
  static func value(of comparisons: [RankedPairs]) -> Double? {
    let areas = comparisons.compactMap(\.area)
    return areas.isEmpty ? nil : areas.reduce(0, +) / Double(areas.count)
  }

  /// - Returns: nil where no comparison has a pair.
  package init?(_ comparisons: [RankedPairs]) {
    let found = comparisons.filter { $0.pairCount > 0 }
    guard let value = Self.value(of: found) else { return nil }
    func deviation(_ area: Double) -> Double {
      found.reduce(0) { $0 + $1.variance(at: area).squareRoot() } / Double(found.count)
    }
    func bound(from start: Double) -> Double {
      var (inside, outside) = (value, start)
      if abs(value - start) <= Self.quantile * deviation(start) { return start }
      for _ in 0..<60 {
        let middle = (inside + outside) / 2
        if abs(value - middle) <= Self.quantile * deviation(middle) { inside = middle } else { outside = middle }
      }
      return inside
    }
    self.value = value
    interval = bound(from: 0)...bound(from: 1)
    pairCount = found.reduce(0) { $0 + $1.pairCount }
  }
}
