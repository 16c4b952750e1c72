import Testing

@testable import Analysis

@Suite("Features of two groups within the same units")
struct PairedFeatureTests {
  private func pairs(_ first: [Double], _ second: [Double]) throws -> PairedFeature {
    try FeatureComparison.pairs(featureCount: 1, pairCount: first.count) { _ in (first, second) }[0]
  }

  private func isNear(_ found: Double?, _ expected: Double) -> Bool {
    found.map { abs($0 - expected) <= 1e-9 * abs(expected) } ?? false
  }

  @Test("Student's t of the differences and its effect size, with the interval of the noncentral t, are SciPy's")
  func student() throws {
    let found = try pairs(
      [5.1, 4.9, 6.2, 5.7, 6.0, 5.4, 6.8, 5.9, 6.1], [4.8, 5.0, 5.6, 5.1, 5.9, 5.6, 6.0, 5.2, 5.3])
    #expect(isNear(found.t.statistic, 3.0983866769659354) && isNear(found.t.p, 0.01470162935373147))
    #expect(found.t.degreesOfFreedom == [8])
    #expect(isNear(found.cohensD.value, 1.032795558988645) && isNear(found.hedgesG.value, 0.9323079941052412))
    let interval = try #require(found.cohensD.interval)
    #expect(isNear(interval.lowerBound, 0.19197885201492892) && isNear(interval.upperBound, 1.8341532580876942))
    #expect(isNear(found.differences.mean, 0.4) && found.groups.map(\.count) == [9, 9])
  }

  @Test("Signed ranks are exact without ties and zeros, and corrected for both elsewhere")
  func wilcoxon() throws {
    let exact = try pairs([3, -1, 2, 5, 7, -4, 9, 8, 6, 10], [Double](repeating: 0, count: 10))
    #expect(exact.wilcoxon.statistic == 50 && exact.wilcoxon.p == 0.01953125)
    #expect(isNear(exact.rankBiserial.value, 45.0 / 55))
    let tied = try pairs([1, 1, -2, 3, 0, 4, -1, 5, 2, 2, 6, 0], [Double](repeating: 0, count: 12))
    #expect(isNear(tied.wilcoxon.p, 0.04043649467525694), "\(tied.wilcoxon)")
    #expect(FeatureComparison.smallestSignedRankP(5) == 0.0625 && FeatureComparison.smallestSignedRankP(60) == nil)
    let many = try pairs((1...60).map { Double($0) }, [Double](repeating: 0, count: 60))
    #expect((many.wilcoxon.p ?? 1) < 1e-9)
  }

  @Test("What cannot be tested is said by its reason")
  func undefined() throws {
    #expect(try pairs([1, 2, 3], [1, 2, 3]).t.reason == .constant)
    #expect(try pairs([1, 2, 3], [1, 2, 3]).wilcoxon.reason == .constant)
    #expect(try pairs([2, 3, 4], [1, 2, 3]).t.reason == .noVarianceWithin(group: nil))
    #expect(try pairs([2], [1]).t.reason == .fewUnits(needed: 2))
    #expect(try pairs([.infinity, 1], [1, 0]).t.reason == .notFinite)
    #expect(try pairs([1, 5], [0, 2]).hedgesG.reason == .fewUnits(needed: 3))
  }
}
