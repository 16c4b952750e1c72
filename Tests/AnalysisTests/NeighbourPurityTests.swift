import FeatureData
import Glibc
import Testing

@testable import Analysis

@Suite struct NeighbourPurityTests {
  private func graph(_ neighbours: [[Int32]]) -> NeighbourGraph {
    let k = neighbours.first?.count ?? 0
    return NeighbourGraph(
      rowCount: neighbours.count, neighbourCount: k, indices: neighbours.flatMap { $0 },
      distances: [Float](repeating: 1, count: neighbours.count * k))
  }

  /// As many neighbours drawn at random as every row has.
  private func randomGraph(rows n: Int, neighbours k: Int, seed: UInt64) -> NeighbourGraph {
    var generator = SplitMix64(seed: seed)
    return graph(
      (0..<n).map { row in
        var drawn: [Int32] = []
        while drawn.count < k {
          let other = Int32.random(in: 0..<Int32(n), using: &generator)
          if Int(other) != row && !drawn.contains(other) { drawn.append(other) }
        }
        return drawn
      })
  }

  /// log C(n, k).
  private func logChoose(_ n: Int, _ k: Int) -> Double {
    if k > n { return -.infinity }
    return lgamma(Double(n + 1)) - lgamma(Double(k + 1)) - lgamma(Double(n - k + 1))
  }

  @Test func `shares, slides and their means are those worked out by hand`() throws {
    let purity = try NeighbourPurity.measure(
      graph([[1, 2], [0, 4], [1, 3], [4, 0], [3, 1]]), categories: [7, 7, 7, 2, 2], slides: [0, 0, 5, 5, 9])
    #expect(purity.shares == [1, 0.5, 0.5, 0.5, 0.5])
    #expect(purity.slideCounts == [2, 2, 2, 2, 2])
    #expect(purity.mean == 0.6)
    // Three rows with 2 of 4 others alike, two with 1 of 4.
    #expect(abs(try #require(purity.chance) - 0.4) < 1e-12)
    #expect(abs(try #require(purity.ratioToChance) - 1.5) < 1e-12)
    #expect(purity.categories.map(\.number) == [2, 7] && purity.categories.map(\.rowCount) == [2, 3])
    #expect(purity.categories.map(\.mean) == [0.5, 2.0 / 3] && purity.categories.map(\.chance) == [0.25, 0.5])
    #expect(purity.meanSlideCount == 2)
  }

  @Test func `rows of unknown category count neither as rows nor as neighbours`() throws {
    let purity = try NeighbourPurity.measure(
      graph([[1, 2], [0, 3], [3, 1], [0, 1], [3, 3]]), categories: [0, 0, 1, -1, 0], slides: [0, 1, 2, 3, 4])
    #expect(purity.shares == [0.5, 1, 0, nil, nil])
    #expect(purity.slideCounts == [2, 1, 1, nil, nil])
    #expect(purity.mean == 0.5 && purity.rowCount == 3)
    // Of four known rows: 2 of 3 others alike for the first two rows, none for the third.
    #expect(abs(try #require(purity.chance) - 4.0 / 9) < 1e-12)
  }

  @Test func `without the row's own slide only neighbours of other slides count`() throws {
    let purity = try NeighbourPurity.measure(
      graph([[1, 2], [0, 3], [3, 0], [2, 2]]), categories: [0, 0, 0, 1], slides: [0, 0, 1, 1],
      leavesOutOwnSlide: true)
    #expect(purity.shares == [1, 0, 1, nil])
    #expect(purity.slideCounts == [1, 1, 1, nil])
    // Rows 0 and 1: one of two rows of the other slide is alike; row 2: both are.
    #expect(abs(try #require(purity.chance) - 2.0 / 3) < 1e-12)
    #expect(purity.chanceSlideCount == 1)
  }

  @Test(arguments: [false, true])
  func `neighbours drawn at random are as pure and as mixed as by chance`(leavesOutOwnSlide: Bool) throws {
    let n = 4000
    var generator = SplitMix64(seed: 2)
    let categories = (0..<n).map { $0 % 17 < 11 ? 0 : $0 % 17 < 16 ? 1 : -1 }
    let slides = (0..<n).map { _ in Int(30 * generator.nextUnit() * generator.nextUnit()) }
    let purity = try NeighbourPurity.measure(
      randomGraph(rows: n, neighbours: 15, seed: 3), categories: categories, slides: slides,
      leavesOutOwnSlide: leavesOutOwnSlide)
    #expect(abs(try #require(purity.ratioToChance) - 1) < 0.01)
    #expect(abs(try #require(purity.meanSlideCount) / (try #require(purity.chanceSlideCount)) - 1) < 0.01)
    for category in purity.categories { #expect(abs(category.mean / category.chance - 1) < 0.04) }
  }

  @Test func `the expected number of slides is that of the hypergeometric distribution`() throws {
    let sizes = [1, 2, 30, 40, 40, 87]
    let slides = sizes.indices.flatMap { [Int](repeating: $0, count: sizes[$0]) }
    for k in [1, 5, 150, 199] {
      let purity = try NeighbourPurity.measure(
        randomGraph(rows: 200, neighbours: k, seed: 4), categories: [Int](repeating: 0, count: 200), slides: slides)
      var expected = 0.0
      for row in 0..<200 {
        for slide in sizes.indices {
          let size = sizes[slide] - (slides[row] == slide ? 1 : 0)
          expected += 1 - exp(logChoose(199 - size, k) - logChoose(199, k))
        }
      }
      #expect(abs(try #require(purity.chanceSlideCount) - expected / 200) < 1e-9)
    }
  }

  @Test func `separate categories are pure, and without slides there are no slides`() throws {
    let (matrix, labels) = SyntheticData.clustered(rows: 200, columns: 8, clusters: 4, seed: 5)
    let neighbours = try ExactSearch(metric: .euclidean).neighbours(of: matrix, count: 8, monitor: SilentMonitor())
    let purity = try NeighbourPurity.measure(neighbours, categories: labels)
    #expect(purity.mean == 1)
    #expect(abs(try #require(purity.ratioToChance) - 199.0 / 49) < 1e-9)
    #expect(purity.slideCounts.isEmpty && purity.meanSlideCount == nil && purity.chanceSlideCount == nil)
  }

  @Test func `where nothing can be measured there is no mean`() throws {
    let none = try NeighbourPurity.measure(graph([]), categories: [], slides: [])
    #expect(none.mean == nil && none.ratioToChance == nil && none.categories.isEmpty)
    let lone = try NeighbourPurity.measure(
      NeighbourGraph(rowCount: 1, neighbourCount: 0, indices: [], distances: []), categories: [3], slides: [0])
    #expect(lone.shares == [nil] && lone.mean == nil && lone.meanSlideCount == nil)
    let unknown = try NeighbourPurity.measure(graph([[1], [0]]), categories: [-1, -1])
    #expect(unknown.shares == [nil, nil] && unknown.mean == nil)
    let unlike = try NeighbourPurity.measure(graph([[1], [0]]), categories: [0, 1])
    #expect(unlike.mean == 0 && unlike.chance == 0 && unlike.ratioToChance == nil)
    let oneSlide = try NeighbourPurity.measure(
      graph([[1], [0]]), categories: [0, 0], slides: [4, 4], leavesOutOwnSlide: true)
    #expect(oneSlide.mean == nil)
  }

  @Test func `wrong input is named`() {
    let two = graph([[1], [0]])
    #expect(throws: AnalysisError.countMismatch(what: "categories", expected: 2, got: 1)) {
      try NeighbourPurity.measure(two, categories: [0])
    }
    #expect(throws: AnalysisError.countMismatch(what: "slides", expected: 2, got: 3)) {
      try NeighbourPurity.measure(two, categories: [0, 0], slides: [0, 1, 2])
    }
    #expect(throws: AnalysisError.invalidParameter(name: "slides", value: "-2", allowed: "0 or more")) {
      try NeighbourPurity.measure(two, categories: [0, 0], slides: [0, -2])
    }
    #expect(throws: AnalysisError.invalidParameter(name: "slides", value: "none", allowed: "a slide for each row")) {
      try NeighbourPurity.measure(two, categories: [0, 0], leavesOutOwnSlide: true)
    }
  }
}
