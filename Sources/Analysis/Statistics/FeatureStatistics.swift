package import FeatureData

/// The outcome of a one-way analysis of variance of one feature; all nil where it is undefined.
package struct FeatureTest: Sendable, Equatable {
  /// The ratio of mean squares between and within groups; +infinity where the groups differ and do not vary.
  package let f: Double?
  /// The probability of such an F or a larger one if all groups had one mean.
  package let p: Double?
  /// The effect size: the share of the sum of squares that lies between groups, 0 to 1.
  package let etaSquared: Double?

  package init(f: Double?, p: Double?, etaSquared: Double?) {
    self.f = f
    self.p = p
    self.etaSquared = etaSquared
  }

  init(_ variances: VarianceAnalysis) {
    let test = GroupTests.anova(variances)
    let squares = variances.betweenSquares + variances.withinSquares
    self.init(
      f: test.statistic, p: test.p, etaSquared: test.p.map { _ in variances.betweenSquares / squares })
  }

  package static let undefined = FeatureTest(f: nil, p: nil, etaSquared: nil)
}

/// How features differ between categories of slides, tile by tile and slide by slide, as the reference counts.
package struct FeatureStatistics: Sendable, Equatable {
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
  package let method: TileSummary
  /// Tiles by slide.
  package let tileCounts: [Int]
  /// slides × features; a slide without tiles has zeros and takes no part in the tests.
  package let slideVectors: Matrix
  /// Over tiles by category of their slide, one a feature; of activations, whatever the method.
  package let tileTests: [FeatureTest]
  /// Over slide vectors by category, one a feature.
  package let slideTests: [FeatureTest]
  /// Features by slide-level p ascending, equal ones by index, undefined ones as p = 1.
  package let featureOrder: [Int]

  /// Computes everything in one pass over the slides; one slide's activations are held at a time.
  ///
  /// - Parameters:
  ///   - slides: In the order in which they are to be listed.
  ///   - activations: Called once with each slide's place in `slides`, in order: tiles × features. A slide may have
  ///     no tiles. Its errors are passed on.
  /// - Throws: As `UnitVectors.compute`.
  package static func compute(
    slides: [Slide], method: TileSummary = .mean, monitor: any WorkMonitor = SilentMonitor(),
    activations: (_ slide: Int) throws -> Matrix
  ) throws -> FeatureStatistics {
    FeatureStatistics(
      slides,
      try UnitVectors.compute(
        names: slides.map(\.name), method: method, monitor: monitor, activations: activations), method: method)
  }

  /// - Parameter vectors: of the slides, in their order.
  package init(_ slides: [Slide], _ vectors: UnitVectors, method: TileSummary) {
    let categories = Array(Set(slides.map(\.category))).sorted()
    let groupOfCategory = Dictionary(uniqueKeysWithValues: categories.enumerated().map { ($1, $0) })
    let groups = slides.map { groupOfCategory[$0.category] ?? 0 }
    let present = vectors.present
    let presentGroups = present.map { groups[$0] }
    let tileMoments = vectors.tileMoments(groups: groups, groupCount: categories.count)
    let features = 0..<vectors.featureCount
    self.slides = slides
    self.method = method
    tileCounts = vectors.tileCounts
    slideVectors = Matrix(
      rowCount: slides.count, columnCount: vectors.featureCount,
      elements: vectors.vectors.flatMap { $0.map { Float($0) } })
    tileTests = features.map { feature in FeatureTest(VarianceAnalysis(tileMoments.map { $0.moments(of: feature) })) }
    let slideTests = features.map { feature in
      FeatureTest(
        VarianceAnalysis(
          GroupMoments.of(
            vectors.values(of: feature, present), groups: presentGroups, groupCount: categories.count)))
    }
    self.slideTests = slideTests
    featureOrder = features.sorted { (slideTests[$0].p ?? 1, $0) < (slideTests[$1].p ?? 1, $1) }
  }
}
