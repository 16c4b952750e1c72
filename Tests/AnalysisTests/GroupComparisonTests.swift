import FeatureData
import Testing

@testable import Analysis

/// Numbers of SciPy 1.17, in float64: `f_oneway` (also with `equal_var=False`), `ttest_ind`, `kruskal`,
/// `mannwhitneyu`, and roots of `ncf.cdf` and `nct.cdf`.
@Suite struct GroupComparisonTests {
  private static let a = [2.1, 3.4, 1.9, 5.6, 4.4]
  private static let b = [6.2, 5.9, 7.7, 3.8]
  private static let c = [1.0, 8.5, 9.25, 2.75, 6.5, 7.0]

  private func compare(_ groups: [Double]...) throws -> GroupedFeature {
    let values = groups.flatMap(\.self)
    return try #require(
      try FeatureComparison.groups(
        featureCount: 1, groups: groups.enumerated().flatMap { place, group in group.map { _ in place } },
        groupCount: groups.count
      ) { _ in values }.first)
  }

  private func expect(
    _ test: TestOutcome, _ statistic: Double, _ p: Double, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(agree(test.statistic, statistic, within: 1e-12), "\(test)", sourceLocation: sourceLocation)
    #expect(agree(test.p, p, within: 1e-12), "\(test)", sourceLocation: sourceLocation)
  }

  private func expect(
    _ effect: EffectSize, _ value: Double, _ low: Double, _ high: Double,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(agree(effect.value, value, within: 1e-12), "\(effect)", sourceLocation: sourceLocation)
    #expect(agree(effect.interval?.lowerBound, low, within: 1e-7), "\(effect)", sourceLocation: sourceLocation)
    #expect(agree(effect.interval?.upperBound, high, within: 1e-7), "\(effect)", sourceLocation: sourceLocation)
  }

  @Test func `every test of three groups agrees with SciPy`() throws {
    let three = try compare(Self.a, Self.b, Self.c)
    expect(three.anova, 1.5977147045419307, 0.24255465405532836)
    expect(three.welch, 2.7648641468298885, 0.12428643736408022)
    expect(three.kruskal, 3.375, 0.1849813999073043)
    #expect(three.mannWhitney == TestOutcome(undefined: .moreThanTwoGroups))
    #expect(three.cohensD.reason == .moreThanTwoGroups && three.areaUnderCurve.reason == .moreThanTwoGroups)
  }

  @Test func `Welch's t and the exact Mann–Whitney test agree with SciPy`() throws {
    let two = try compare(Self.a, Self.b)
    expect(two.welch, 2.2741307762983918 * 2.2741307762983918, 0.060129355695553846)
    #expect(agree(two.welch.degreesOfFreedom.last, 6.474297665070942, within: 1e-12))
    expect(two.mannWhitney, 2, 0.06349206349206349)
    let long = try compare([0.5, 1.5, 290.5], (0..<300).map(Double.init))
    #expect(agree(long.mannWhitney.p, 0.3186436660871428, within: 1e-12))
  }

  @Test func `ties are corrected for, and above eight units the normal distribution is taken`() throws {
    let ties = try compare([1, 2, 2, 3, 3, 3, 7], [2, 3, 4, 4, 5])
    expect(ties.kruskal, 1.363837638376379, 0.24287349109557826)
    expect(ties.mannWhitney, 10.5, 0.2781795785808443)
    let large = try compare(
      [-0.75, -1.359375, -0.21875, 0.421875, 1.1875, 0.203125, -0.40625, -0.640625, 0.875],
      [
        2.376953125, 1.134765625, -0.357421875, -0.099609375, 2.408203125, 1.041015625, -0.826171875, 0.806640625,
        -0.310546875, 0.197265625,
      ])
    expect(large.mannWhitney, 30, 0.23644471557230384)
  }

  @Test func `effect sizes have the intervals of noncentral distributions`() throws {
    let three = try compare(Self.a, Self.b, Self.c)
    expect(three.etaSquared, 0.21028885219746576, 0, 0.4703689356093113)
    expect(three.omegaSquared, 0.07381276401435552, 0, 0.4703689356093113)
    expect(three.epsilonSquared, 3.375 / 14, 0, 0.4969818499954034)
    let two = try compare(Self.a, Self.b)
    expect(two.cohensD, -1.5310674149410397, -3.024195552877047, 0.039857987223924196)
    expect(two.hedgesG, -1.3598985297936341, -3.024195552877047, 0.039857987223924196)
    expect(two.areaUnderCurve, 0.1, 0.014013314123586224, 0.5000759676935433)
    expect(two.rankBiserial, -0.8, 2 * 0.014013314123586224 - 1, 2 * 0.5000759676935433 - 1)
  }

  @Test func `groups that do not overlap leave room in the interval of the area under the curve`() throws {
    let apart = try compare([7, 8, 9, 10, 11, 12], [1, 2, 3, 4, 5, 6])
    expect(apart.areaUnderCurve, 1, 0.6892305747307815, 1)
    let other = try compare([1, 2, 3], [4, 5, 6, 7, 8])
    expect(other.areaUnderCurve, 0, 0, 0.4338432315314618)
  }

  @Test func `what cannot be tested says why, and nothing is NaN`() throws {
    let constant = try compare([0.1, 0.1, 0.1], [0.1, 0.1])
    #expect(
      [constant.anova, constant.welch, constant.kruskal, constant.mannWhitney].allSatisfy { $0.reason == .constant })
    #expect(constant.areaUnderCurve.value == 0.5 && constant.etaSquared.reason == .constant)
    let single = try compare([1, 2, 3], [4])
    #expect(single.anova.p != nil && single.welch.reason == .singleMember(group: 1))
    #expect(single.hedgesG.value != nil)
    let pair = try compare([1], [4])
    #expect(pair.anova.reason == .noRepeats && pair.cohensD.reason == .noRepeats)
    #expect(pair.mannWhitney.p == 1 && pair.areaUnderCurve.value == 0)
    let three = try compare([1, 2], [4])
    #expect(three.cohensD.value != nil && three.hedgesG.reason == .fewUnits(needed: 4))
    let still = try compare([1, 1], [2, 2, 2])
    #expect(still.anova.statistic == .infinity && still.anova.p == 0 && still.etaSquared.value == 1)
    #expect(still.etaSquared.interval == nil && still.cohensD.reason == .noVarianceWithin(group: nil))
    #expect(still.welch.reason == .noVarianceWithin(group: nil))
    #expect(try compare([1, 2], [3, 3], [5, 7]).welch.reason == .noVarianceWithin(group: 1))
    let alone = try compare([1, 2, 3], [])
    #expect(alone.anova.reason == .fewerThanTwoGroups && alone.areaUnderCurve.reason == .fewerThanTwoGroups)
    #expect(try compare([1, 2, .nan], [3, 4]).anova.reason == .notFinite)
    #expect(try compare([1e200, 2e200], [3, 4]).anova.reason == .notFinite)
    let none = try compare([], [])
    #expect(none.kruskal.reason == .fewerThanTwoGroups && none.mannWhitney.p == nil)
  }

  @Test func `equal means have an F of zero, however large they are`() throws {
    let test = try compare([1e8 + 1, 1e8 - 1], [1e8 + 2, 1e8 - 2]).anova
    #expect(test.statistic == 0 && test.p == 1)
  }

  @Test(
    "the tails are exact to the last digits, where p is hardly above nothing",
    arguments: [
      (Distributions.fSurvival(1200, 1, 2000), 2.2080641420175344e-206),
      (Distributions.fSurvival(85.5, 4, 22896), 3.2655464702264497e-72),
      (Distributions.fSurvival(3.2e4, 1, 10), 7.3236697497288637e-19),
      (Distributions.tBothTails(-1200.squareRoot(), 2000), 2.2080641420175344e-206),
      (Distributions.normalSurvival(20), 2.7536241186062337e-89),
      (Distributions.normalSurvival(37), 5.7255712225245768e-300),
      (Distributions.chiSquaredSurvival(1300, 1), 1.1303728441492742e-284),
      (Distributions.chiSquaredSurvival(900, 5), 2.6614147330185111e-192),
    ])
  func tails(found: Double, expected: Double) {
    // By mpmath with 50 digits.
    #expect(agree(found, expected, within: 1e-12), "\(found)")
  }

  @Test func `correlations agree with SciPy, and have Fisher's and Bonett and Wright's intervals`() throws {
    let x = [1, 2, 3, 4, 5.5, 6, 7.25, 8]
    let y = [2.2, 1.1, 3.9, 3.1, 5.0, 7.7, 6.1, 9.9]
    let found = try #require(try FeatureComparison.correlations(featureCount: 1, outcome: y) { _ in x }.first)
    expect(found.pearson, 0.902561212810148, 0.0021470642821818436)
    expect(found.spearman, 0.9285714285714287, 0.0008629681828999767)
    expect(found.r, 0.902561212810148, 0.5436647452205218, 0.9824106798180237)
    expect(found.rho, 0.9285714285714287, 0.5365787878206821, 0.9909445391230495)
    #expect(Correlation([1, 2], outcome: [3, 4], outcomeRanks: Ranks([3, 4])).pearson.reason == .fewUnits(needed: 3))
    let still = Correlation([1, 1, 1], outcome: [3, 4, 9], outcomeRanks: Ranks([3, 4, 9]))
    #expect(still.pearson.reason == .constant && still.rho.reason == .constant)
    let same = Correlation([1, 2, 4], outcome: [5, 5, 5], outcomeRanks: Ranks([5, 5, 5]))
    #expect(same.spearman.reason == .constantOutcome)
    let line = Correlation([1, 2, 4, 8], outcome: [2, 4, 8, 16], outcomeRanks: Ranks([2, 4, 8, 16]))
    #expect(line.pearson.statistic == 1 && line.pearson.p == 0 && line.r.interval == nil)
  }
}

/// Against a model with an intercept for each stratum, by NumPy's `lstsq`, over every arrangement within the strata.
@Suite struct StratifiedPermutationTests {
  private static let values = [1.0, 2.5, 2.0, 4.5, 10.0, 11.5, 13.25, 14.0]
  private static let groups = [0, 1, 0, 1, 0, 0, 1, 1]
  private static let strata = [0, 0, 0, 0, 1, 1, 1, 1]

  private func compare(
    _ outcome: StratifiedPermutation.Outcome = .groups(groups, groupCount: 2), strata: [Int] = strata,
    covariates: [[Double]] = [], seed: UInt64 = 1, values: [Double] = values
  ) throws -> StratifiedPermutation.Feature {
    let permutation = StratifiedPermutation(
      outcome, strata: strata, covariates: covariates, permutations: 19_999, seed: seed)
    return try #require(try permutation.compare(featureCount: 1) { _ in values }.first)
  }

  @Test func `the partial F and its p are those of all arrangements within strata`() throws {
    let found = try compare()
    #expect(agree(found.test.statistic, 13.852459016393443, within: 1e-12))
    #expect(agree(found.share.value, 0.7347826086956522, within: 1e-12))
    // 2 of 36 arrangements; the standard error of so many permutations is 0.0016.
    #expect(abs((found.test.p ?? 0) - 2.0 / 36) < 0.005)
    #expect(StratifiedPermutation.arrangementCount(groups: Self.groups, strata: Self.strata) == 36)
  }

  @Test func `a covariate is regressed out before residuals are permuted`() throws {
    let found = try compare(covariates: [[50, 61, 58, 47, 70, 66, 49, 55]])
    #expect(agree(found.test.statistic, 6.510436296844065, within: 1e-11))
    #expect(abs((found.test.p ?? 0) - 0.0954861111111111) < 0.0065)
    #expect(found.test.degreesOfFreedom == [1, 4])
  }

  @Test func `the same seed gives the same p, on any number of threads`() throws {
    let permutation = StratifiedPermutation(
      .groups(Self.groups, groupCount: 2), strata: Self.strata, permutations: 999, seed: 7)
    func p(_ threads: Int) throws -> [Double?] {
      try permutation.compare(featureCount: 70, threads: threads) { feature in
        Self.values.enumerated().map { $1 + Double((feature * 7 + $0 * 3) % 11) }
      }.map(\.test.p)
    }
    #expect(try p(1) == p(4))
  }

  @Test func `a difference between strata counts for nothing`() throws {
    let shifted = Self.values.indices.map { Self.values[$0] + 1000 * Double(Self.strata[$0]) }
    #expect(try compare().test.p == compare(values: shifted).test.p)
  }

  @Test func `what the outcome explains whole has an infinite F, and the p of its arrangements`() throws {
    let found = try compare(
      values: Self.groups.indices.map { 0.1 * Double(Self.groups[$0]) + 7.3 * Double(Self.strata[$0]) })
    #expect(found.test.statistic == .infinity && found.share.value == 1 && found.share.interval == nil)
    #expect(abs((found.test.p ?? 0) - 2.0 / 36) < 0.005)
  }

  @Test func `an outcome that follows the strata cannot be told from them`() throws {
    #expect(try compare(.groups(Self.strata, groupCount: 2)).test.reason == .groupsFollowStrata)
    #expect(try compare(.numbers([1, 1, 1, 1, 2, 2, 2, 2])).test.reason == .groupsFollowStrata)
    #expect(try compare(values: Self.strata.map(Double.init)).test.reason == .constant)
    #expect(try compare(strata: Array(0..<8)).test.reason == .groupsFollowStrata)
  }
}

@Suite struct TileComparisonTests {
  private static let tiles: [Matrix] = [
    Matrix(rowCount: 3, columnCount: 2, elements: [1, 0, 2, 0, 2, 3]),
    Matrix(rowCount: 2, columnCount: 2, elements: [2, -0.0, 7, -5]),
    Matrix(rowCount: 4, columnCount: 2, elements: [3, 1, 3, 1, -4, 0, 9, 1e30]),
  ]

  private func vectors(_ method: TileSummary = .mean) throws -> UnitVectors {
    try UnitVectors.compute(names: ["a", "b", "c"], method: method) { Self.tiles[$0] }
  }

  @Test func `tests of tiles by ranks are those of the tiles themselves`() throws {
    for (mannWhitney, groups) in [(false, [0, 1, 2]), (true, [0, 1, 0])] {
      let found = try TileComparison.ranks(
        featureCount: 2, tileCounts: [3, 2, 4], groups: groups, groupCount: 3, mannWhitney: mannWhitney
      ) { unit, body in Self.tiles[unit].elements.withUnsafeBufferPointer(body) }
      for feature in 0..<2 {
        let values = Self.tiles.flatMap { $0.column(feature).map(Double.init) }
        let tileGroups = Self.tiles.indices.flatMap { unit in
          [Int](repeating: groups[unit], count: Self.tiles[unit].rowCount)
        }
        let expected = try #require(
          try FeatureComparison.groups(featureCount: 1, groups: tileGroups, groupCount: 3) { _ in values }.first)
        #expect(found[feature] == (mannWhitney ? expected.mannWhitney : expected.kruskal))
      }
    }
  }

  @Test func `Welch's test and correlations of tiles come from the moments of slides`() throws {
    let vectors = try vectors()
    let values = Self.tiles.flatMap { $0.column(0).map(Double.init) }
    let welch = try #require(
      try FeatureComparison.groups(featureCount: 1, groups: [0, 0, 0, 1, 1, 0, 0, 0, 0], groupCount: 2) { _ in values }
        .first?.welch)
    let found = TileComparison.moments(vectors, groups: [0, 1, 0], groupCount: 2, welch: true)[0]
    #expect(agree(found.p, welch.p ?? 0, within: 1e-12))
    let ages = [50.0, 61.5, 48]
    let ofTiles = Self.tiles.indices.flatMap { unit in [Double](repeating: ages[unit], count: Self.tiles[unit].rowCount)
    }
    let pearson = Correlation(values, outcome: ofTiles, outcomeRanks: Ranks(ofTiles)).pearson
    let correlation = TileComparison.correlations(vectors, outcome: ages)[0]
    #expect(agree(correlation.statistic, pearson.statistic ?? 0, within: 1e-12))
    #expect(agree(correlation.p, pearson.p ?? 0, within: 1e-12))
  }

  private static let summaries: [(method: TileSummary, expected: [Double])] = [
    (.median, [2, 4.5, 3]), (.max, [2, 7, 9]), (.top(2), [2, 4.5, 6]), (.top(50), [5.0 / 3, 4.5, 2.75]),
    (.threshold(2), [0, 0.5, 0.75]), (.mean, [5.0 / 3, 4.5, 2.75]),
  ]

  @Test(arguments: summaries)
  func `a unit's tiles are summed up as asked`(method: TileSummary, expected: [Double]) throws {
    let found = try vectors(method)
    for (value, expected) in zip(found.values(of: 0, [0, 1, 2]), expected) {
      #expect(abs(value - expected) < 1e-12, "\(method): \(value)")
    }
  }

  @Test func `the median and the highest tiles of many are those of the sorted ones`() throws {
    var generator = SplitMix64(seed: 3)
    for count in [1, 2, 3, 10, 97, 1000] {
      // Many equal ones, as a rectifier leaves.
      let elements = (0..<count * 3).map { _ in Swift.max(0, Float(generator.nextNormal())) }
      let matrix = Matrix(rowCount: count, columnCount: 3, elements: elements)
      func vector(_ method: TileSummary) throws -> [Double] {
        try UnitVectors.compute(names: ["a"], method: method) { _ in matrix }.vectors[0]
      }
      for column in 0..<3 {
        let sorted = matrix.column(column).sorted().map(Double.init)
        let median = (sorted[(count - 1) / 2] + sorted[count / 2]) / 2
        #expect(try vector(.median)[column] == median)
        let top = sorted.suffix(7)
        #expect(abs(try vector(.top(7))[column] - top.reduce(0, +) / Double(top.count)) < 1e-12)
        #expect(try vector(.max)[column] == sorted[count - 1])
      }
    }
  }
}
