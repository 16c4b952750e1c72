import Testing

@testable import Workflows

@Suite("Some of the points of a map")
struct PointSampleTests {
  @Test("each slide keeps its share, and at least one point")
  func shares() {
    // Slides of 900, 90, 9 and 1 points.
    let slides = [(0, 900), (1, 90), (2, 9), (3, 1)].flatMap { [Int](repeating: $0.0, count: $0.1) }
    let sample = PointSample(of: slides, count: 100)
    var counts = [0, 0, 0, 0]
    for place in sample.places { counts[slides[place]] += 1 }
    #expect(counts.reduce(0, +) == 100 && counts[0] >= 88 && counts[1] == 9 && counts[3] == 1 && counts[2] >= 1)
    #expect(Set(sample.places).count == 100 && sample.places == sample.places.sorted())
    #expect(PointSample(of: slides, count: 100).places == sample.places)
  }

  @Test("whatever the number that is asked for, so many there are", arguments: [1, 2, 3, 7, 50, 999, 1000, 2000])
  func counts(count: Int) {
    let slides = (0..<1000).map { $0 * $0 % 17 }
    #expect(PointSample(of: slides, count: count).places.count == min(count, 1000))
  }
}
