package import FeatureData

/// How features differ between categories of slides, tile by tile and slide by slide.
package struct FeatureStatistics: Sendable, Equatable {
  /// How a slide's tiles make one vector.
  package enum Method: Sendable, Hashable {
    /// The mean over the slide's tiles.
    case mean
    /// The fraction of the slide's tiles with an activation above the threshold.
    case threshold(Float)
  }

  /// A slide and the category it belongs to.
  package struct Slide: Sendable, Hashable {
    package let name: String
    package let category: String

    package init(name: String, category: String) {
      self.name = name
      self.category = category
    }
  }

  package let slides: [Slide]
  package let method: Method
  /// Tiles by slide.
  package let tileCounts: [Int]
  /// slides × features; a slide without tiles has zeros and takes no part in the tests.
  package let slideVectors: Matrix
  /// Over tiles by category of their slide, one a feature; of activations, whatever the method.
  package let tileTests: [FeatureTest]
  /// Over slide vectors by category, one a feature.
  package let slideTests: [FeatureTest]
  /// Benjamini–Hochberg over features.
  package let adjustedTileP: [Double?]
  package let adjustedSlideP: [Double?]
  /// Features by slide-level p ascending, equal ones by index, undefined ones as p = 1.
  package let featureOrder: [Int]

  /// Computes everything in one pass over the slides; one slide's activations are held at a time.
  ///
  /// - Parameters:
  ///   - slides: In the order in which they are to be listed.
  ///   - activations: Called once with each slide's place in `slides`, in order: tiles × features. A slide may have
  ///     no tiles. Its errors are passed on.
  /// - Throws: `AnalysisError.countMismatch` if slides differ in width, `notFinite` (row within the slide), or
  ///   `WorkInterrupted`.
  package static func compute(
    slides: [Slide], method: Method = .mean, monitor: any WorkMonitor = SilentMonitor(),
    activations: (_ slide: Int) throws -> Matrix
  ) throws -> FeatureStatistics {
    let categories = Array(Set(slides.map(\.category))).sorted()
    let groupOfCategory = Dictionary(uniqueKeysWithValues: categories.enumerated().map { ($1, $0) })
    let groups = slides.map { groupOfCategory[$0.category] ?? 0 }
    var featureCount: Int?
    var tileMoments: [ColumnMoments] = []
    var tileCounts: [Int] = []
    var vectors: [Double] = []
    for slide in slides.indices {
      try monitor.checkInterrupted()
      let matrix = try activations(slide)
      let width = featureCount ?? matrix.columnCount
      if featureCount == nil {
        featureCount = width
        tileMoments = [ColumnMoments](repeating: ColumnMoments(columnCount: width), count: categories.count)
      }
      guard matrix.columnCount == width else {
        throw AnalysisError.countMismatch(
          what: "features of \(slides[slide].name)", expected: width, got: matrix.columnCount)
      }
      if let flaw = matrix.elements.firstIndex(where: { !$0.isFinite }) {
        throw AnalysisError.notFinite(row: flaw / width, column: flaw % width)
      }
      let moments = ColumnMoments(matrix)
      tileMoments[groups[slide]].add(moments)
      tileCounts.append(matrix.rowCount)
      vectors += vector(of: matrix, means: moments.means, method: method)
      monitor.report(phase: "statistics", unit: "slides", done: slide + 1, total: slides.count)
    }
    let width = featureCount ?? 0
    let withTiles = slides.indices.filter { tileCounts[$0] > 0 }
    let slideMoments = categories.indices.map { group in
      ColumnMoments(vectors, columnCount: width, rows: withTiles.filter { groups[$0] == group })
    }
    return FeatureStatistics(
      slides: slides, method: method, tileCounts: tileCounts,
      slideVectors: Matrix(rowCount: slides.count, columnCount: width, elements: vectors.map { Float($0) }),
      tileTests: GroupTests.analysisOfVariance(tileMoments),
      slideTests: GroupTests.analysisOfVariance(slideMoments))
  }

  private init(
    slides: [Slide], method: Method, tileCounts: [Int], slideVectors: Matrix, tileTests: [FeatureTest],
    slideTests: [FeatureTest]
  ) {
    self.slides = slides
    self.method = method
    self.tileCounts = tileCounts
    self.slideVectors = slideVectors
    self.tileTests = tileTests
    self.slideTests = slideTests
    adjustedTileP = GroupTests.adjustedPValues(tileTests.map(\.p))
    adjustedSlideP = GroupTests.adjustedPValues(slideTests.map(\.p))
    featureOrder = slideTests.indices.sorted { (slideTests[$0].p ?? 1, $0) < (slideTests[$1].p ?? 1, $1) }
  }

  private static func vector(of matrix: Matrix, means: [Double], method: Method) -> [Double] {
    guard case .threshold(let threshold) = method else { return means }
    let d = matrix.columnCount
    var above = [Int](repeating: 0, count: d)
    for r in 0..<matrix.rowCount {
      for c in 0..<d where matrix.elements[r * d + c] > threshold { above[c] += 1 }
    }
    return above.map { matrix.rowCount > 0 ? Double($0) / Double(matrix.rowCount) : 0 }
  }
}
