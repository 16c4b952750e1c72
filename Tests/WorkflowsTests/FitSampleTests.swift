import Testing

@testable import Workflows

@Suite struct FitSampleTests {
  private func points(_ sizes: [Int]) -> [FeatureMap.Point] {
    sizes.enumerated().flatMap { slide, size in (0..<size).map { FeatureMap.Point(slide: slide, row: $0) } }
  }

  @Test func `each slide gives in proportion to its tiles, and one at least`() {
    let points = points([1000, 500, 3, 497, 1])
    let sample = FitSample(of: points, count: 200, seed: 1)
    #expect(sample.indices == sample.indices.sorted() && Set(sample.indices).count == 200)
    let counts = (0..<5).map { slide in sample.indices.count { points[$0].slide == slide } }
    #expect(counts.reduce(0, +) == 200)
    #expect(abs(counts[0] - 100) <= 2 && abs(counts[1] - 50) <= 2 && abs(counts[3] - 50) <= 2)
    #expect(counts[2] == 1 && counts[4] == 1)
    #expect(sample.shareText == "1 to \(counts.max() ?? 0) a slide")
    #expect(Set(sample.others).union(sample.indices).count == points.count)
    #expect(Set(sample.others).isDisjoint(with: sample.indices))
  }

  @Test func `the seed draws, and tiles come from all over a slide`() {
    let points = points([900, 900])
    let first = FitSample(of: points, count: 90, seed: 1)
    #expect(FitSample(of: points, count: 90, seed: 1).indices == first.indices)
    #expect(FitSample(of: points, count: 90, seed: 2).indices != first.indices)
    for third in 0..<6 {
      #expect(first.indices.count { $0 / 300 == third } == 15)
    }
    #expect(first.shareText == "45 a slide")
  }

  @Test func `fewer tiles than slides come from the largest`() {
    let sample = FitSample(of: points([5, 9, 2, 8]), count: 2, seed: 3)
    #expect(sample.indices.count == 2 && sample.shareText == "0 to 1 a slide")
  }
}
