/// How one feature goes with a number of each unit.
package struct Correlation: Sendable, Equatable {
  /// With r as its statistic.
  package let pearson: TestOutcome
  /// With ρ as its statistic.
  package let spearman: TestOutcome
  package let r: EffectSize
  package let rho: EffectSize
  package let moments: GroupMoments

  /// Pearson's r and Spearman's ρ, both with the t distribution of n − 2 degrees of freedom. The intervals are Fisher's,
  /// and for ρ Bonett and Wright's.
  ///
  /// Source: Fisher, "On the probable error of a coefficient of correlation", 1921; Bonett, Wright, "Sample size
  /// requirements for estimating Pearson, Kendall and Spearman correlations", 2000, doi:10.1007/BF02294183.
  /// - Parameter outcomeRanks: the ranks of `outcome`.
  init(_ values: [Double], outcome: [Double], outcomeRanks: Ranks) {
    moments = GroupMoments.of(values, groups: [Int](repeating: 0, count: values.count), groupCount: 1)[0]
    pearson = Self.test(values, outcome)
    spearman = Self.test(Ranks(values).ranks, outcomeRanks.ranks)
    r = Self.effect(pearson, count: values.count) { _ in 1 }
    rho = Self.effect(spearman, count: values.count) { 1 + $0 * $0 / 2 }
  }

  private static func effect(_ test: TestOutcome, count: Int, scale: (Double) -> Double) -> EffectSize {
    guard let value = test.statistic else { return EffectSize(undefined: test.reason ?? .notFinite) }
    return EffectSize(value, EffectSizes.correlationInterval(value, count: count, scale: scale(value)))
  }

  private static func test(_ x: [Double], _ y: [Double]) -> TestOutcome {
    guard x.count > 2 else { return TestOutcome(undefined: .fewUnits(needed: 3)) }
    let (x, y) = (centred(x), centred(y))
    var (xx, yy, xy) = (0.0, 0.0, 0.0)
    for (x, y) in zip(x, y) {
      xx += x * x
      yy += y * y
      xy += x * y
    }
    // The residuals tell a correlation from 1 where 1 − r² has lost its digits.
    let rest = zip(x, y).reduce(0.0) { sum, pair in
      let residual = pair.1 - xy / xx * pair.0
      return sum + residual * residual
    }
    return test(xx: xx, yy: yy, xy: xy, rest: rest, count: x.count)
  }

  /// - Parameters:
  ///   - xx, yy: sums of squared deviations, of the feature and of the outcome.
  ///   - rest: of the outcome, what a line leaves.
  static func test(xx: Double, yy: Double, xy: Double, rest: Double, count: Int) -> TestOutcome {
    guard count > 2 else { return TestOutcome(undefined: .fewUnits(needed: 3)) }
    guard (xx + yy + xy).isFinite else { return TestOutcome(undefined: .notFinite) }
    guard yy > 0 else { return TestOutcome(undefined: .constantOutcome) }
    guard xx > 0 else { return TestOutcome(undefined: .constant) }
    let r = min(max(xy / (xx.squareRoot() * yy.squareRoot()), -1), 1)
    let degrees = Double(count - 2)
    let t = r * (degrees * yy / max(rest, 0)).squareRoot()
    return TestOutcome(
      statistic: r, degreesOfFreedom: [degrees], p: r == 0 ? 1 : Distributions.tBothTails(t, degrees))
  }

  /// Deviations from the mean, exactly 0 of equal values.
  private static func centred(_ values: [Double]) -> [Double] {
    let origin = values[0]
    let offset = values.reduce(0.0) { $0 + ($1 - origin) } / Double(values.count)
    return values.map { $0 - origin - offset }
  }
}
