package import FeatureData

/// How one feature differs between groups of units.
package struct GroupedFeature: Sendable {
  /// By group.
  package let groups: [GroupMoments]
  package let anova: TestOutcome
  package let welch: TestOutcome
  package let kruskal: TestOutcome
  /// Of two groups.
  package let mannWhitney: TestOutcome
  package let etaSquared: EffectSize
  package let omegaSquared: EffectSize
  package let welchOmegaSquared: EffectSize
  package let epsilonSquared: EffectSize
  /// Of two groups: the first against the second.
  package let cohensD: EffectSize
  package let hedgesG: EffectSize
  package let areaUnderCurve: EffectSize
  package let rankBiserial: EffectSize

  init(_ values: [Double], groups: [Int], groupCount: Int, _ exact: MannWhitneyDistributions) {
    let moments = GroupMoments.of(values, groups: groups, groupCount: groupCount)
    let variances = VarianceAnalysis(moments)
    let ranks = RankSums(Ranks(values), groups: groups, groupCount: groupCount)
    self.groups = moments
    anova = GroupTests.anova(variances)
    welch = GroupTests.welch(variances)
    kruskal = ranks.kruskal()
    mannWhitney = ranks.mannWhitney(exact)
    etaSquared = EffectSizes.etaSquared(variances)
    omegaSquared = EffectSizes.omegaSquared(variances)
    welchOmegaSquared = EffectSizes.omegaSquared(welch: welch, count: values.count)
    epsilonSquared = ranks.epsilonSquared()
    cohensD = EffectSizes.cohensD(variances)
    hedgesG = EffectSizes.hedgesG(cohensD, variances)
    areaUnderCurve = ranks.areaUnderCurve()
    rankBiserial = EffectSizes.rankBiserial(areaUnderCurve)
  }
}

/// Every feature compared between groups of units, or with a number of each unit.
package enum FeatureComparison {
  /// Every test and effect size of every feature.
  ///
  /// - Parameters:
  ///   - values: of a feature, by unit; called from several threads.
  ///   - groups: the group of each unit, from 0.
  /// - Throws: `WorkInterrupted`.
  package static func groups(
    featureCount: Int, groups: [Int], groupCount: Int, threads: Int? = nil,
    monitor: any WorkMonitor = SilentMonitor(), values: @Sendable (_ feature: Int) -> [Double]
  ) throws(WorkInterrupted) -> [GroupedFeature] {
    var exact = MannWhitneyDistributions()
    let sizes = (0..<groupCount).map { group in groups.count { $0 == group } }.filter { $0 > 0 }
    if sizes.count == 2, sizes.contains(where: { $0 <= 8 }) { exact.prepare(sizes[0], sizes[1]) }
    return try each(featureCount, WorkerThreads(threads), monitor) { [exact] feature in
      GroupedFeature(values(feature), groups: groups, groupCount: groupCount, exact)
    }
  }

  /// - Parameter outcome: a number of each unit.
  package static func correlations(
    featureCount: Int, outcome: [Double], threads: Int? = nil, monitor: any WorkMonitor = SilentMonitor(),
    values: @Sendable (_ feature: Int) -> [Double]
  ) throws(WorkInterrupted) -> [Correlation] {
    let ranks = Ranks(outcome)
    return try each(featureCount, WorkerThreads(threads), monitor) { feature in
      Correlation(values(feature), outcome: outcome, outcomeRanks: ranks)
    }
  }

  /// Ranks in the place of values, from 1, the mean of their places for equal ones.
  package static func ranks(_ values: [Double]) -> [Double] { Ranks(values).ranks }

  /// The p of two groups of which one lies above the other, without ties; nil where it is not exact.
  package static func smallestMannWhitneyP(_ first: Int, _ second: Int) -> Double? {
    guard first > 0, second > 0, min(first, second) <= 8 else { return nil }
    var exact = MannWhitneyDistributions()
    exact.prepare(first, second)
    return min(1, 2 * exact.survival(Double(first) * Double(second), first, second))
  }

  static func each<Result: Sendable>(
    _ count: Int, _ threads: WorkerThreads, _ monitor: any WorkMonitor, size: Int = 16,
    _ body: @Sendable (Int) -> Result
  ) throws(WorkInterrupted) -> [Result] {
    var results = [Result?](repeating: nil, count: count)
    results.withUnsafeMutableBufferPointer { places in
      nonisolated(unsafe) let places = places
      threads.forEachBlock(of: count, size: size) { block in
        if monitor.isInterrupted { return }
        for index in block { places[index] = body(index) }
      }
    }
    try monitor.checkInterrupted()
    return results.compactMap(\.self)
  }
}
