import FeatureData
import GoldenData
import Testing

@testable import Analysis

@Suite struct FeatureStatisticsTests {
  private static let slides = [
    FeatureStatistics.Slide(name: "a", category: "x"), FeatureStatistics.Slide(name: "b", category: "y"),
    FeatureStatistics.Slide(name: "c", category: "x"), FeatureStatistics.Slide(name: "d, e", category: "y"),
  ]
  /// Three features: one that tells the categories apart, one constant, one that does not tell them apart.
  private static let tiles: [Matrix] = [
    Matrix(rowCount: 2, columnCount: 3, elements: [1, 5, 0.25, 2, 5, 0.5]),
    Matrix(rowCount: 1, columnCount: 3, elements: [9, 5, 0.5]),
    Matrix(rowCount: 2, columnCount: 3, elements: [2, 5, 0.5, 2, 5, 1]),
    Matrix(rowCount: 2, columnCount: 3, elements: [8, 5, 0.25, 7, 5, 0.75]),
  ]

  @Test func `a slide's vector is the mean of its tiles`() throws {
    let result = try FeatureStatistics.compute(slides: Self.slides) { Self.tiles[$0] }
    #expect(result.slideVectors.row(0) == [1.5, 5, 0.375])
    #expect(result.tileCounts == [2, 1, 2, 2])
    #expect(result.featureOrder == [0, 2, 1])
    #expect(result.slideTests[1] == .undefined)
  }

  @Test func `with a threshold it is the fraction of its tiles above`() throws {
    let result = try FeatureStatistics.compute(slides: Self.slides, method: .threshold(1.5)) { Self.tiles[$0] }
    #expect(result.slideVectors.column(0) == [0.5, 1, 1, 1])
    let plain = try FeatureStatistics.compute(slides: Self.slides) { Self.tiles[$0] }
    #expect(result.tileTests == plain.tileTests)
  }

  @Test func `tile tests over slides agree with one test over all tiles`() throws {
    let result = try FeatureStatistics.compute(slides: Self.slides) { Self.tiles[$0] }
    let all = Matrix(rowCount: 7, columnCount: 3, elements: Self.tiles.flatMap(\.elements))
    let whole = try GroupTests.analysisOfVariance(all, groups: [0, 0, 1, 0, 0, 1, 1])
    for (split, joint) in zip(result.tileTests, whole) where joint.f != nil {
      #expect(agree(split.f, joint.f ?? 0, within: 1e-12))
    }
  }

  @Test func `the summary has the reference's layout`() throws {
    let result = try FeatureStatistics.compute(slides: Self.slides) { Self.tiles[$0] }
    let lines = result.summaryCSV().components("\r\n")
    #expect(lines.count == 10 && lines[9].isEmpty)
    #expect(lines[0] == "slide,category,Feature_0,Feature_2,Feature_1")
    #expect(lines[1] == "a,x,1.5,0.375,5.0")
    #expect(lines[4].hasPrefix("\"d, e\",y,7.5,"))
    #expect(lines[5].hasPrefix("Tile statistic,ANOVA P-value,") && lines[5].hasSuffix(",1.0"))
    #expect(lines[6].hasPrefix("Tile statistic,ANOVA F-value,") && lines[6].hasSuffix(",-1.0"))
    #expect(lines[7].hasPrefix("Slide statistic,ANOVA P-value,"))
    #expect(lines[8].hasPrefix("Slide statistic,ANOVA F-value,"))
    let named = result.summaryCSV(featureNames: ["l/0", "l/1", "l/2"]).components("\r\n")
    #expect(named[0] == "slide,category,l/0,l/2,l/1")
  }

  @Test func `a slide without tiles takes no part`() throws {
    let more = Self.slides + [FeatureStatistics.Slide(name: "empty", category: "x")]
    let result = try FeatureStatistics.compute(slides: more) { slide in
      slide < 4 ? Self.tiles[slide] : Matrix(rowCount: 0, columnCount: 3)
    }
    let without = try FeatureStatistics.compute(slides: Self.slides) { Self.tiles[$0] }
    #expect(result.slideTests == without.slideTests && result.tileTests == without.tileTests)
    #expect(result.slideVectors.rowCount == 5)
  }

  @Test func `no slides give an empty result`() throws {
    let result = try FeatureStatistics.compute(slides: []) { _ in Matrix(rowCount: 0, columnCount: 0) }
    #expect(result.slideTests.isEmpty && result.summaryCSV().hasPrefix("slide,category\r\n"))
  }

  @Test func `slides of another width, and numbers that are none, are refused`() throws {
    #expect(throws: AnalysisError.countMismatch(what: "features of b", expected: 3, got: 2)) {
      try FeatureStatistics.compute(slides: Self.slides) {
        $0 == 1 ? Matrix(rowCount: 1, columnCount: 2) : Self.tiles[$0]
      }
    }
    #expect(throws: AnalysisError.notFinite(row: 1, column: 2)) {
      try FeatureStatistics.compute(slides: Self.slides) { _ in
        Matrix(rowCount: 2, columnCount: 3, elements: [0, 0, 0, 0, 0, .nan])
      }
    }
  }

  @Test func `an interruption stops before the next slide`() throws {
    #expect(throws: WorkInterrupted()) {
      try FeatureStatistics.compute(slides: Self.slides, monitor: InterruptingMonitor(during: "statistics")) {
        Self.tiles[$0]
      }
    }
  }

  private static func golden(_ activations: (Int) throws -> Matrix) throws -> FeatureStatistics {
    let slides = GoldenBags.slides.indices.map {
      FeatureStatistics.Slide(name: GoldenBags.slides[$0], category: GoldenBags.category($0))
    }
    return try FeatureStatistics.compute(slides: slides, method: .mean) { try activations($0) }
  }

  /// - Parameter column: where a feature of the golden project stands in `result`.
  private func compareWithSciPy(_ result: FeatureStatistics, column: (Int) -> Int) throws {
    for expected in try SciPyFixtures.load().golden {
      let column = column(expected.feature)
      let (slide, tile) = (result.slideTests[column], result.tileTests[column])
      #expect(agree(slide.f, expected.slide.f, within: 1e-9))
      #expect(agree(slide.p, expected.slide.p, within: 1e-9))
      #expect(agree(slide.etaSquared, expected.slide.etaSquared, within: 1e-9))
      #expect(agree(tile.f, expected.tile.f, within: 1e-9))
      #expect(agree(tile.p, expected.tile.p, within: 1e-9))
    }
  }

  private func compareWithReference(
    _ result: FeatureStatistics, _ text: String, featureCount: Int, column: (Int) -> Int
  ) throws {
    let lines = GoldenBags.lines(text).dropFirst()
    #expect(lines.count == featureCount)
    for line in lines {
      let column = column(try #require(Int(line[0])))
      #expect(agree(result.tileTests[column].f, try #require(Double(line[1])), within: 1e-3))
      #expect(agree(result.slideTests[column].f, try #require(Double(line[3])), within: 1e-3))
    }
  }

  @Test func `every 16th golden feature has SciPy's and the reference's statistics`() throws {
    let result = try Self.golden(GoldenBags.keptActivations)
    try compareWithSciPy(result) { $0 / 16 }
    try compareWithReference(result, GoldenData.text("stats_by_feature.csv"), featureCount: 32) { $0 / 16 }
  }

  @Test(.enabled(if: SharedData.isPresent, "\(SharedData.absence)"))
  func `golden features have SciPy's statistics`() throws {
    try compareWithSciPy(Self.golden(GoldenBags.activations)) { $0 }
  }

  @Test(.enabled(if: SharedData.isPresent, "\(SharedData.absence)"))
  func `golden features have the reference's statistics, which it computes in single precision`() throws {
    try compareWithReference(
      Self.golden(GoldenBags.activations), GoldenBags.text("stats_by_feature.csv"), featureCount: 512
    ) { $0 }
  }

  /// The reference divides by the number of features, where its documentation speaks of the share of tiles.
  @Test(.enabled(if: SharedData.isPresent, "\(SharedData.absence)"))
  func `tiles above the threshold are the reference's, as a share of tiles`() throws {
    let slides = GoldenBags.slides.indices.map {
      FeatureStatistics.Slide(name: GoldenBags.slides[$0], category: GoldenBags.category($0))
    }
    let ours = try FeatureStatistics.compute(slides: slides, method: .threshold(0.5)) { try GoldenBags.activations($0) }
    let theirs = try GoldenBags.text("stats_threshold/slide_level_summary.csv").components("\r\n")
      .map { $0.components(",") }
    for slide in slides.indices {
      for (name, value) in zip(theirs[0], theirs[slide + 1]).dropFirst(2) {
        let feature = try #require(Int(name.dropFirst("Feature_".count)))
        let above = try #require(Double(value)) * 512
        #expect(abs(Double(ours.slideVectors[slide, feature]) * Double(ours.tileCounts[slide]) - above) < 0.01)
      }
    }
  }

  @Test(.enabled(if: SharedData.isPresent, "\(SharedData.absence)"))
  func `the golden summary has the reference's rows and columns`() throws {
    let ours = try Self.golden(GoldenBags.activations).summaryCSV().components("\r\n").map { $0.components(",") }
    let text = try GoldenBags.text("stats_mean/slide_level_summary.csv")
    let theirs = text.components("\r\n").map { $0.components(",") }
    #expect(ours.count == theirs.count)
    #expect(ours.map { $0.prefix(2) } == theirs.map { $0.prefix(2) })
    // Nearly equal p-values may change places in single precision.
    #expect(Set(ours[0]) == Set(theirs[0]) && ours[0].prefix(10) == theirs[0].prefix(10))
    for row in 1..<15 {
      let place = Dictionary(uniqueKeysWithValues: zip(theirs[0], theirs[row]))
      for (name, value) in zip(ours[0], ours[row]).dropFirst(2) {
        let expected = try #require(place[name].flatMap(Double.init))
        let tolerance = row < 11 ? 1e-6 : 1e-2
        #expect(agree(Double(value), expected, within: tolerance), "\(ours[row][1]) \(name)")
      }
    }
  }
}

extension String {
  /// The parts between occurrences of a separator.
  fileprivate func components(_ separator: String) -> [String] {
    split(separator: separator, omittingEmptySubsequences: false).map(String.init)
  }
}
