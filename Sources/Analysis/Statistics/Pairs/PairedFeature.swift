package import FeatureData

/// How one feature differs between two groups of tiles within the units that have tiles in both.
package struct PairedFeature: Sendable {
  /// By group, of the units' values.
  package let groups: [GroupMoments]
  /// Of the first less the second, by unit.
  package let differences: GroupMoments
  /// Student's t test of the differences.
  package let t: TestOutcome
  /// Wilcoxon's signed ranks, with W of the positive differences.
  package let wilcoxon: TestOutcome
  /// The mean difference in standard deviations of the differences.
  package let cohensD: EffectSize
  /// The same without the bias of few units.
  package let hedgesG: EffectSize
  /// The ranks of positive differences less those of negative ones, as a share of all.
  package let rankBiserial: EffectSize

  /// - Parameters:
  ///   - first: by unit, as many as of `second`.
  ///   - exact: of as many units.
  init(_ first: [Double], _ second: [Double], _ exact: SignedRankDistribution) {
    let differences = zip(first, second).map { $0 - $1 }
    let one = [Int](repeating: 0, count: first.count)
    groups = [first, second].map { GroupMoments.of($0, groups: one, groupCount: 1)[0] }
    self.differences = GroupMoments.of(differences, groups: one, groupCount: 1)[0]
    t = Self.tTest(self.differences)
    let ranks = SignedRanks(differences)
    wilcoxon = ranks.test(exact)
    rankBiserial = ranks.rankBiserial
    cohensD = Self.cohensD(self.differences)
    hedgesG = Self.hedgesG(cohensD, degrees: Double(differences.count - 1))
  }

  /// Why nothing can be said of differences; nil where something can.
  private static func reason(_ differences: GroupMoments) -> UndefinedTest? {
    guard differences.count > 1 else { return .fewUnits(needed: 2) }
    guard (differences.mean + differences.squares).isFinite else { return .notFinite }
    guard differences.squares > 0 else { return differences.mean == 0 ? .constant : .noVarianceWithin(group: nil) }
    return nil
  }

  /// Source: Student, "The probable error of a mean", 1908, doi:10.1093/biomet/6.1.1.
  private static func tTest(_ differences: GroupMoments) -> TestOutcome {
    if let reason = reason(differences) { return TestOutcome(undefined: reason) }
    let degrees = Double(differences.count - 1)
    let t = differences.mean / (differences.variance / Double(differences.count)).squareRoot()
    return TestOutcome(statistic: t, degreesOfFreedom: [degrees], p: Distributions.tBothTails(t, degrees))
  }

  /// Its interval is that of the noncentral t.
  ///
  /// Source: Cohen, "Statistical power analysis for the behavioral sciences", 1988, doi:10.4324/9780203771587 (d of
  /// differences).
  private static func cohensD(_ differences: GroupMoments) -> EffectSize {
    if let reason = reason(differences) { return EffectSize(undefined: reason) }
    let d = differences.mean / differences.variance.squareRoot()
    let scale = Double(differences.count).squareRoot()
    let degrees = Double(differences.count - 1)
    let tail = (1 - EffectSizes.confidence) / 2
    guard let low = Distributions.noncentrality(ofT: d * scale, degrees, probability: 1 - tail),
      let high = Distributions.noncentrality(ofT: d * scale, degrees, probability: tail), low <= high
    else { return EffectSize(d, nil) }
    return EffectSize(d, low / scale...high / scale)
  }

  private static func hedgesG(_ d: EffectSize, degrees: Double) -> EffectSize {
    guard let value = d.value else { return d }
    guard degrees > 1 else { return EffectSize(undefined: .fewUnits(needed: 3)) }
    let factor = Distributions.gammaRatio(degrees / 2, (degrees - 1) / 2) / (degrees / 2).squareRoot()
    return EffectSize(value * factor, d.interval)
  }
}

extension FeatureComparison {
  /// Every feature between two groups of the same units.
  ///
  /// - Parameter values: of a feature, by unit, in the one group and in the other; called from several threads.
  /// - Throws: `WorkInterrupted`.
  package static func pairs(
    featureCount: Int, pairCount: Int, threads: Int? = nil, monitor: any WorkMonitor = SilentMonitor(),
    values: @Sendable (_ feature: Int) -> ([Double], [Double])
  ) throws(WorkInterrupted) -> [PairedFeature] {
    let exact = SignedRankDistribution(count: pairCount)
    return try each(featureCount, WorkerThreads(threads), monitor) { feature in
      let (first, second) = values(feature)
      return PairedFeature(first, second, exact)
    }
  }

  /// The p of differences that all have one sign, without ties; nil where it is not exact.
  package static func smallestSignedRankP(_ count: Int) -> Double? {
    (1...SignedRankDistribution.largest).contains(count) ? min(1, 2 / Double(1 << count)) : nil
  }
}
