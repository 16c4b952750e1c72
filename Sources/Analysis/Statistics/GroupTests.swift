package import FeatureData

/// Tests of whether a feature differs between groups.
package enum GroupTests {
  /// One-way analysis of variance of every column.
  ///
  /// Undefined (nil) for a feature that is the same everywhere, that holds a NaN or infinity, with fewer than two
  /// groups that have members, or with no more rows than groups.
  ///
  /// - Parameters:
  ///   - matrix: n × features.
  ///   - groups: n group numbers, from 0; numbers that do not occur are no groups.
  /// - Returns: One test a column.
  /// - Throws: `countMismatch`; `invalidParameter` for a negative group number.
  /// - Complexity: O(n × features).
  package static func analysisOfVariance(
    _ matrix: Matrix, groups: [Int]
  ) throws(AnalysisError) -> [FeatureTest] {
    guard groups.count == matrix.rowCount else {
      throw .countMismatch(what: "groups", expected: matrix.rowCount, got: groups.count)
    }
    if let negative = groups.first(where: { $0 < 0 }) {
      throw .invalidParameter(name: "groups", value: "\(negative)", allowed: "0 or more")
    }
    let groupCount = (groups.max() ?? -1) + 1
    return (0..<matrix.columnCount).map { column in
      let values = matrix.column(column).map(Double.init)
      return FeatureTest(VarianceAnalysis(GroupMoments.of(values, groups: groups, groupCount: groupCount)))
    }
  }

  /// One-way analysis of variance.
  ///
  /// Source: Fisher, "Statistical methods for research workers", 1925, doi:10.1007/978-1-4612-4380-9_6.
  static func anova(_ variances: VarianceAnalysis) -> TestOutcome {
    if let reason = variances.reason { return TestOutcome(undefined: reason) }
    let (between, within) = (variances.betweenFreedom, variances.withinFreedom)
    return TestOutcome(
      statistic: variances.f, degreesOfFreedom: [between, within],
      p: Distributions.fSurvival(variances.f, between, within))
  }

  /// Welch's analysis of variance, which lets groups vary unequally; of two groups the square of Welch's t.
  ///
  /// Undefined with a group of one member; of more than two groups, with one that does not vary.
  ///
  /// Source: Welch, "On the comparison of several mean values: an alternative approach", 1951,
  /// doi:10.1093/biomet/38.3-4.330.
  static func welch(_ variances: VarianceAnalysis) -> TestOutcome {
    let groups = variances.groups
    if let reason = variances.reason, reason != .noRepeats { return TestOutcome(undefined: reason) }
    if let single = groups.firstIndex(where: { $0.count < 2 }) {
      return TestOutcome(undefined: .singleMember(group: variances.places[single]))
    }
    let count = Double(groups.count)
    if groups.count == 2 {
      let parts = groups.map { $0.variance / Double($0.count) }
      let sum = parts[0] + parts[1]
      guard sum > 0 else { return TestOutcome(undefined: .noVarianceWithin(group: nil)) }
      let shares = parts.map { $0 / sum }
      let inverse = zip(shares, groups).reduce(0.0) { sum, part in sum + part.0 * part.0 / Double(part.1.count - 1) }
      let degrees = 1 / inverse
      let t = (groups[0].mean - groups[1].mean) / sum.squareRoot()
      return TestOutcome(
        statistic: t * t, degreesOfFreedom: [1, degrees], p: Distributions.tBothTails(t, degrees))
    }
    if let still = groups.firstIndex(where: { $0.squares == 0 }) {
      return TestOutcome(undefined: .noVarianceWithin(group: variances.places[still]))
    }
    let weights = groups.map { Double($0.count) / $0.variance }
    let weight = weights.reduce(0, +)
    let origin = groups[0].mean
    let centre = zip(weights, groups).reduce(0.0) { $0 + $1.0 * ($1.1.mean - origin) } / weight
    let between = zip(weights, groups).reduce(0.0) { sum, group in
      let difference = group.1.mean - origin - centre
      return sum + group.0 * difference * difference
    }
    let spread = zip(weights, groups).reduce(0.0) { sum, group in
      let rest = 1 - group.0 / weight
      return sum + rest * rest / Double(group.1.count - 1)
    }
    let f = between / (count - 1) / (1 + 2 * (count - 2) / (count * count - 1) * spread)
    let degrees = (count * count - 1) / (3 * spread)
    guard f.isFinite, degrees.isFinite else { return TestOutcome(undefined: .notFinite) }
    return TestOutcome(
      statistic: f, degreesOfFreedom: [count - 1, degrees], p: Distributions.fSurvival(f, count - 1, degrees))
  }

  /// P-values adjusted for the number of tests so that they bound the false discovery rate; undefined ones stay nil
  /// and do not count as tests.
  ///
  /// Source: Benjamini, Hochberg, "Controlling the false discovery rate", 1995,
  /// doi:10.1111/j.2517-6161.1995.tb02031.x.
  /// - Complexity: O(n log n).
  package static func adjustedPValues(_ p: [Double?]) -> [Double?] {
    let defined = p.indices.compactMap { index in p[index].map { (p: $0, index: index) } }
      .sorted { ($0.p, $0.index) < ($1.p, $1.index) }
    var adjusted = [Double?](repeating: nil, count: p.count)
    var smallest = 1.0
    for rank in defined.indices.reversed() {
      smallest = min(smallest, defined[rank].p * Double(defined.count) / Double(rank + 1))
      adjusted[defined[rank].index] = smallest
    }
    return adjusted
  }
}
