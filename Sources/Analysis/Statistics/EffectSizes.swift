import Glibc

/// Effect sizes and their 95 % confidence intervals.
enum EffectSizes {
  static let confidence = 0.95
  private static var tail: Double { (1 - confidence) / 2 }

  /// η²: the share of the sum of squares that lies between groups.
  static func etaSquared(_ variances: VarianceAnalysis) -> EffectSize {
    if let reason = variances.reason { return EffectSize(undefined: reason) }
    let share = variances.betweenSquares / (variances.betweenSquares + variances.withinSquares)
    return EffectSize(share, interval(variances))
  }

  /// ω²: the same share, without the bias of few units; below 0 where groups differ less than by chance. It estimates what
  /// η² estimates, and has its interval.
  ///
  /// Source: Hays, "Statistics for psychologists", 1963; Olejnik, Algina, "Measures of effect size for comparative
  /// studies", 2000, doi:10.1006/ceps.2000.1040.
  static func omegaSquared(_ variances: VarianceAnalysis) -> EffectSize {
    if let reason = variances.reason { return EffectSize(undefined: reason) }
    let mean = variances.withinSquares / variances.withinFreedom
    let share =
      (variances.betweenSquares - variances.betweenFreedom * mean)
      / (variances.betweenSquares + variances.withinSquares + mean)
    return EffectSize(share, interval(variances))
  }

  private static func interval(_ variances: VarianceAnalysis) -> ClosedRange<Double>? {
    shareInterval(variances.f, variances.betweenFreedom, variances.withinFreedom)
  }

  /// ω² of Welch's analysis of variance, from its F and degrees of freedom, with the interval of its noncentral F.
  ///
  /// Source: Carroll, Nordholm, "Sampling characteristics of Kelley's ε² and Hays' ω²", 1975,
  /// doi:10.1177/001316447503500304.
  static func omegaSquared(welch outcome: TestOutcome, count: Int) -> EffectSize {
    guard let f = outcome.statistic, outcome.degreesOfFreedom.count == 2 else {
      return EffectSize(undefined: outcome.reason ?? .notFinite)
    }
    let excess = outcome.degreesOfFreedom[0] * (f - 1)
    return EffectSize(
      excess / (excess + Double(count)),
      shareInterval(f, outcome.degreesOfFreedom[0], outcome.degreesOfFreedom[1], count: Double(count)))
  }

  /// The interval of a share of variance: the noncentralities at which an F as large, or as small, has 2.5 %, as shares
  /// λ / (λ + n).
  ///
  /// Source: Steiger, "Beyond the F test", 2004, doi:10.1037/1082-989X.9.2.164.
  /// - Parameter count: n; nil for the sum of the degrees of freedom and 1.
  static func shareInterval(
    _ f: Double, _ between: Double, _ within: Double, count: Double? = nil
  ) -> ClosedRange<Double>? {
    guard f.isFinite,
      let low = Distributions.noncentrality(ofF: f, between, within, probability: 1 - tail),
      let high = Distributions.noncentrality(ofF: f, between, within, probability: tail), low <= high
    else { return nil }
    let count = count ?? between + within + 1
    return low / (low + count)...high / (high + count)
  }

  /// Cohen's d: the first group's mean less the second's, in pooled standard deviations; its interval is that of the
  /// noncentral t.
  ///
  /// Source: Cohen, "Statistical power analysis for the behavioral sciences", 1988, doi:10.4324/9780203771587; interval:
  /// Cumming, Finch, "A primer on confidence intervals based on central and noncentral distributions", 2001,
  /// doi:10.1177/0013164401614002.
  static func cohensD(_ variances: VarianceAnalysis) -> EffectSize {
    let groups = variances.groups
    if groups.count > 2 { return EffectSize(undefined: .moreThanTwoGroups) }
    if let reason = variances.reason { return EffectSize(undefined: reason) }
    guard variances.withinSquares > 0 else { return EffectSize(undefined: .noVarianceWithin(group: nil)) }
    let degrees = variances.withinFreedom
    let d = (groups[0].mean - groups[1].mean) / (variances.withinSquares / degrees).squareRoot()
    let (first, second) = (Double(groups[0].count), Double(groups[1].count))
    let scale = (first * second / (first + second)).squareRoot()
    guard let low = Distributions.noncentrality(ofT: d * scale, degrees, probability: 1 - tail),
      let high = Distributions.noncentrality(ofT: d * scale, degrees, probability: tail), low <= high
    else { return EffectSize(d, nil) }
    return EffectSize(d, low / scale...high / scale)
  }

  /// Hedges' g: Cohen's d without the bias of few units, by the exact factor Γ(m/2) / (√(m/2) Γ((m − 1)/2)). It estimates
  /// what d estimates, and has its interval.
  ///
  /// Source: Hedges, "Distribution theory for Glass's estimator of effect size and related estimators", 1981,
  /// doi:10.3102/10769986006002107.
  static func hedgesG(_ d: EffectSize, _ variances: VarianceAnalysis) -> EffectSize {
    guard let value = d.value else { return d }
    let degrees = variances.withinFreedom
    guard degrees > 1 else { return EffectSize(undefined: .fewUnits(needed: 4)) }
    let factor = Distributions.gammaRatio(degrees / 2, (degrees - 1) / 2) / (degrees / 2).squareRoot()
    return EffectSize(value * factor, d.interval)
  }

  /// The rank-biserial correlation, 2 AUC − 1.
  ///
  /// Source: Cureton, "Rank-biserial correlation", 1956, doi:10.1007/BF02289138.
  static func rankBiserial(_ area: EffectSize) -> EffectSize {
    guard let value = area.value else { return area }
    return EffectSize(2 * value - 1, area.interval.map { 2 * $0.lowerBound - 1...2 * $0.upperBound - 1 })
  }

  /// The interval of an area under the ROC curve: areas θ from which the one seen is 1.96 standard errors away, by Hanley
  /// and McNeil's standard error at θ with the mean of both sizes. It does not shrink to nothing at 0 and 1.
  ///
  /// Source: Newcombe, "Confidence intervals for an effect size measure based on the Mann–Whitney statistic. Part 2",
  /// 2006, doi:10.1002/sim.2324 (method 5); Hanley, McNeil, 1982, doi:10.1148/radiology.143.1.7063747.
  static func areaInterval(_ area: Double, _ first: Int, _ second: Int) -> ClosedRange<Double>? {
    let z = Distributions.normalQuantile(1 - tail)
    let mean = Double(first + second) / 2 - 1
    let pairs = Double(first) * Double(second)
    func inner(_ place: Double) -> Double { 1 + mean * ((1 - place) / (2 - place) + place / (1 + place)) }
    func low(_ area: Double) -> Double? {
      if area <= 0 { return 0 }
      // At 1 both sides end in √(1 − θ), by which they are divided.
      guard area < 1 else {
        return Distributions.root(0, 1) { (1 - $0).squareRoot() - z * ($0 * inner($0) / pairs).squareRoot() }
      }
      return Distributions.root(0, area) { area - $0 - z * ($0 * (1 - $0) * inner($0) / pairs).squareRoot() }
    }
    // The other end is that of the area of the other group.
    guard let lower = low(area), let other = low(1 - area), lower <= 1 - other else { return nil }
    return lower...1 - other
  }

  /// The interval of a correlation by Fisher's z with a standard error of √(scale / (n − 3)).
  static func correlationInterval(_ r: Double, count: Int, scale: Double) -> ClosedRange<Double>? {
    guard count > 3, abs(r) < 1 else { return nil }
    let reach = Distributions.normalQuantile(1 - tail) * (scale / Double(count - 3)).squareRoot()
    let (low, high) = (tanh(atanh(r) - reach), tanh(atanh(r) + reach))
    return low <= high ? low...high : nil
  }
}
