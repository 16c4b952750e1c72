import FeatureData
import Testing

@testable import Analysis

@Suite struct GroupTestsTests {
  @Test func `analysis of variance agrees with SciPy in float64`() throws {
    for expected in try SciPyFixtures.load().anova {
      let matrix = Matrix(rowCount: expected.values.count, columnCount: 1, elements: expected.values)
      let test = try #require(try GroupTests.analysisOfVariance(matrix, groups: expected.groups).first)
      #expect(agree(test.f, expected.f, within: 1e-9), "\(expected.name): \(test) for \(expected.f)")
      #expect(agree(test.p, expected.p, within: 1e-9), "\(expected.name): \(test) for \(expected.p)")
      #expect(agree(test.etaSquared, expected.etaSquared, within: 1e-9), "\(expected.name)")
    }
  }

  @Test func `adjusted p-values agree with SciPy and skip undefined ones`() throws {
    let expected = try SciPyFixtures.load().fdr
    let adjusted = GroupTests.adjustedPValues([nil] + expected.p.map { $0 } + [nil])
    #expect(adjusted.first == .some(nil) && adjusted.last == .some(nil))
    for (value, target) in zip(adjusted.dropFirst(), expected.adjusted) {
      #expect(agree(value, target, within: 1e-12))
    }
    #expect(GroupTests.adjustedPValues([]) == [])
  }

  /// One column of values.
  private func test(_ values: [Float], _ groups: [Int]) throws -> FeatureTest? {
    try GroupTests.analysisOfVariance(
      Matrix(rowCount: values.count, columnCount: 1, elements: values), groups: groups
    ).first
  }

  @Test func `a feature that is the same everywhere has no test`() throws {
    #expect(try test([0.1, 0.1, 0.1, 0.1, 0.1], [0, 0, 1, 1, 1]) == .undefined)
  }

  @Test func `groups that differ and do not vary have infinite F and p of zero`() throws {
    #expect(try test([1, 1, 2, 2], [0, 0, 1, 1]) == FeatureTest(f: .infinity, p: 0, etaSquared: 1))
  }

  @Test func `fewer than two groups, or only single members, have no test`() throws {
    #expect(try test([1, 2, 3], [0, 0, 0]) == .undefined)
    #expect(try test([1, 2, 3], [0, 1, 2]) == .undefined)
    #expect(try test([1, 2, .nan], [0, 0, 1]) == .undefined)
  }

  @Test func `group numbers that do not occur are no groups`() throws {
    let renumbered = try test([1, 2, 3, 5], [1, 1, 7, 7])
    #expect(try test([1, 2, 3, 5], [0, 0, 1, 1]) == renumbered)
  }

  @Test func `wrong group lists are refused`() throws {
    #expect(throws: AnalysisError.countMismatch(what: "groups", expected: 2, got: 1)) { try test([1, 2], [0]) }
    #expect(throws: AnalysisError.invalidParameter(name: "groups", value: "-1", allowed: "0 or more")) {
      try test([1, 2], [0, -1])
    }
  }
}
