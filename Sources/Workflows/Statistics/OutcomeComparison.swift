package import Analysis
package import FeatureData
package import Rendering
import Slides

/// Which features differ between outcomes, or go with a number, over slides or patients and over tiles.
package struct OutcomeComparison: Sendable {
  /// What was found for every feature.
  enum Findings: Sendable {
    case groups([GroupedFeature])
    /// Within units that have tiles on both sides.
    case pairs([PairedFeature])
    case numbers([Correlation])
  }

  package let units: ComparedUnits
  /// What each unit's tiles come to.
  package let vectors: UnitVectors
  let features: FeatureSet
  let request: ComparisonRequest
  let basis: String?
  let findings: Findings
  /// One a feature; nil where no columns are accounted for.
  let adjusted: [StratifiedPermutation.Feature]?
  /// The strata of the adjustment, as they are shown.
  let adjustment: OutcomeAdjustment?
  /// Over tiles, one a feature.
  let tileTests: [TestOutcome]
  let tileQ: [Double?]
  /// The test that was asked for, over units: one a feature.
  let tests: [TestOutcome]
  let q: [Double?]

  /// The categories in their order; none of numbers.
  package var categories: [String] { units.categories }
  /// Features by p, and so by q; those without a test last.
  package private(set) var order: [Int]

  /// - Parameter basis: what was worked on, named or not.
  package init(
    _ features: FeatureSet, _ request: ComparisonRequest = ComparisonRequest(), basis: String? = nil,
    monitor: any WorkMonitor
  ) throws {
    let units = try ComparedUnits(features, request)
    if units.areNumbers, let test = request.test {
      let annotations = features.study.project.annotations
      throw WorkflowFailure(
        "`test=\(test.rawValue)` compares categories, and \(units.outcome) holds numbers, with which features are correlated.",
        remedy: "outcomes=\(annotations.outcomeColumns.first { !annotations.isContinuous($0) } ?? "COLUMN")",
        parameter: "outcomes")
    }
    let test = request.test ?? .anova
    if test == .mannWhitney, units.categories.count > 2 {
      throw WorkflowFailure(
        "The Mann–Whitney test compares two categories, and \(units.outcome) has \(units.categories.count): "
          + "\(units.categories.prefix(8).joined(separator: ", "))\(units.categories.count > 8 ? ", …" : "").",
        remedy: "test=kruskal", parameter: "test")
    }
    if test == .wilcoxon, units.pairs == nil {
      throw WorkflowFailure(
        "Wilcoxon's signed ranks are of pairs, and \(units.outcome) makes "
          + (units.areTileGroups
            ? "independent groups here: \(units.clauses.first ?? "")." : "groups of different \(units.noun)s."),
        remedy: units.categories.count == 2 ? "test=mannwhitney" : "test=kruskal", parameter: "test")
    }
    let adjustment = try request.adjust.isEmpty ? nil : OutcomeAdjustment(features, units, request)
    let vectors = try Reporting.run {
      try UnitVectors.compute(
        names: units.units.map(\.name), method: request.method, unit: units.noun + "s", monitor: monitor
      ) { features.activations(of: units.units[$0]) }
    }
    let width = vectors.featureCount
    let all = Array(units.units.indices)
    if units.areNumbers {
      let correlations = try FeatureComparison.correlations(
        featureCount: width, outcome: units.numbers, monitor: monitor
      ) { vectors.values(of: $0, all) }
      findings = .numbers(correlations)
      tileTests = TileComparison.correlations(vectors, outcome: units.numbers)
      tests = correlations.map(\.pearson)
    } else if let pairs = units.pairs {
      let compared = try FeatureComparison.pairs(featureCount: width, pairCount: pairs.count, monitor: monitor) {
        feature in
        (pairs.map { vectors.vectors[$0.first][feature] }, pairs.map { vectors.vectors[$0.second][feature] })
      }
      findings = .pairs(compared)
      tests = compared.map { test.isOfRanks ? $0.wilcoxon : $0.t }
      tileTests = try Self.tileTests(features, units, vectors, test, monitor)
    } else {
      let groups = units.groups
      let count = units.categories.count
      let compared = try FeatureComparison.groups(
        featureCount: width, groups: groups, groupCount: count, monitor: monitor
      ) { vectors.values(of: $0, all) }
      findings = .groups(compared)
      tests = compared.map(test.outcome)
      tileTests = try Self.tileTests(features, units, vectors, test, monitor)
    }
    adjusted = try adjustment?.compare(vectors, units, request, monitor)
    self.adjustment = adjustment
    self.features = features
    self.request = request
    self.units = units
    self.vectors = vectors
    self.basis = basis
    let shown = adjusted?.map(\.test) ?? tests
    let q = GroupTests.adjustedPValues(shown.map(\.p))
    self.q = q
    tileQ = GroupTests.adjustedPValues(tileTests.map(\.p))
    order = []
    // Of equal p, as of ranks and of permutations, the larger effect comes first.
    let strengths = shown.indices.map { strength(of: $0) }
    order = shown.indices.sorted {
      (shown[$0].p ?? 2, -strengths[$0], $0) < (shown[$1].p ?? 2, -strengths[$1], $1)
    }
  }

  /// Of categories, as if each tile stood for itself.
  private static func tileTests(
    _ features: FeatureSet, _ units: ComparedUnits, _ vectors: UnitVectors, _ test: ComparisonRequest.Test,
    _ monitor: any WorkMonitor
  ) throws -> [TestOutcome] {
    let groups = units.groups
    let count = units.categories.count
    guard test.isOfRanks else {
      return TileComparison.moments(vectors, groups: groups, groupCount: count, welch: test == .welch)
    }
    return try TileComparison.ranks(
      featureCount: vectors.featureCount, tileCounts: vectors.tileCounts, groups: groups, groupCount: count,
      mannWhitney: test != .kruskal, monitor: monitor
    ) { features.forEachSlide(of: units.units[$0], $1) }
  }

  private func strength(of feature: Int) -> Double {
    let value = effect(of: feature).value ?? 0
    return abs(effectSymbol == ComparisonRequest.Test.mannWhitney.effectSymbol ? value - 0.5 : value)
  }

  /// Of categories; analysis of variance where none was asked for.
  var test: ComparisonRequest.Test { request.test ?? .anova }

  /// That of tiles, which are never paired.
  var tileTest: ComparisonRequest.Test { test == .wilcoxon ? .mannWhitney : test }

  /// What the test of units is called, and what it gives.
  var testTitle: String {
    units.pairs == nil ? test.title : test.isOfRanks ? ComparisonRequest.Test.wilcoxon.title : "Paired t test"
  }
  var testSymbol: String { units.pairs == nil ? test.symbol : test.isOfRanks ? "W" : "t" }

  /// The test that is shown: that of the adjustment where there is one.
  var shownTests: [TestOutcome] { adjusted?.map(\.test) ?? tests }

  /// The effect size that belongs to the test that is shown.
  func effect(of feature: Int) -> EffectSize {
    if let adjusted { return adjusted[feature].share }
    switch findings {
    case .groups(let features): return test.effect(of: features[feature])
    case .pairs(let features): return test.isOfRanks ? features[feature].rankBiserial : features[feature].hedgesG
    case .numbers(let correlations): return correlations[feature].r
    }
  }

  var effectSymbol: String {
    if adjusted != nil { return "partial η²" }
    if units.pairs != nil { return test.isOfRanks ? ComparisonRequest.Test.wilcoxon.effectSymbol : "g of pairs" }
    return units.areNumbers ? "r" : test.effectSymbol
  }

  /// A row for each feature, by q over units.
  package var table: DataTable { comparisonTable }
}

extension OutcomeComparison {
  /// One feature, as figures show it.
  package struct Feature: Sendable {
    package let index: Int
    /// "12", or "layer/12" with several layers.
    package let name: String
    /// Over units, by the test that was asked for; nil where it is undefined.
    package let p: Double?
    /// p after Benjamini and Hochberg, over all features.
    package let q: Double?
    /// Such as "η² 0.31"; nil where it is undefined.
    package let effect: String?
    /// Why there is no p, in words.
    package let reason: String?
    /// By category, in the order of `categories`: a number for each slide or patient.
    package let values: [[Double]]
  }

  /// - Parameter index: 0 ..< `vectors.featureCount`.
  package func feature(_ index: Int) -> Feature {
    let test = shownTests[index]
    let effect = effect(of: index).value.map { "\(effectSymbol) \(String(rounded: $0))" }
    return Feature(
      index: index, name: features.columnNames[index], p: test.p, q: q[index], effect: effect,
      reason: test.reason.map { words(of: $0) },
      values: categories.indices.map { category in
        vectors.values(of: index, units.units.indices.filter { units.units[$0].category == category })
      })
  }
}

extension String {
  /// Two decimals, as effect sizes are given.
  init(rounded value: Double) {
    guard abs(value) < 1e12 else {
      self = value.shortText
      return
    }
    let hundredths = Int((abs(value) * 100).rounded())
    let decimals = hundredths % 100
    self =
      (value < 0 && hundredths > 0 ? "-" : "") + "\(hundredths / 100)." + (decimals < 10 ? "0" : "") + "\(decimals)"
  }
}
