package import Analysis

/// How features are compared between outcomes.
package struct ComparisonRequest: Sendable {
  /// What tells the groups.
  package enum Groups: Sendable {
    /// Labels of slides; nil for those that the features were made with.
    case labels(LabelChoice?)
    /// The region of interest that each tile lies in.
    case regions
    /// Two groups of tiles, within the units that have tiles in both.
    case tiles(ComparedTiles)
  }

  /// What counts once.
  package enum Unit: String, Sendable, Hashable, CaseIterable { case slide, patient }

  /// A test of groups.
  package enum Test: String, Sendable, Hashable, CaseIterable {
    case anova, welch, kruskal
    case mannWhitney = "mannwhitney"
    /// Of pairs alone.
    case wilcoxon
  }

  package var method = TileSummary.mean
  package var groups = Groups.labels(nil)
  /// Nil for patients where one has several slides, else slides.
  package var unit: Unit?
  /// Nil for an analysis of variance, or for correlations where outcomes are numbers.
  package var test: Test?
  /// The two categories that are compared, the first against the second; nil for all.
  package var between: [String]?
  /// Columns whose values are strata, or numbers that are accounted for.
  package var adjust: [String] = []
  package var permutations = 9999
  package var seed: UInt64 = 42
  /// Reads a column as numbers; nil where nearly every slide has another number.
  package var useFloat: Bool?

  package init() {}
}

extension ComparisonRequest.Test {
  /// In a caption.
  var title: String {
    switch self {
    case .anova: "One-way ANOVA"
    case .welch: "Welch's ANOVA"
    case .kruskal: "Kruskal–Wallis test"
    case .mannWhitney: "Mann–Whitney test"
    case .wilcoxon: "Wilcoxon signed-rank test"
    }
  }

  /// What the statistic is called.
  var symbol: String {
    switch self {
    case .anova, .welch: "F"
    case .kruskal: "H"
    case .mannWhitney: "U"
    case .wilcoxon: "W"
    }
  }

  /// What the effect size that belongs to it is called.
  var effectSymbol: String {
    switch self {
    case .anova: "η²"
    case .welch: "ω²"
    case .kruskal: "ε²"
    case .mannWhitney: "AUC"
    case .wilcoxon: "rank-biserial r"
    }
  }

  func outcome(of feature: GroupedFeature) -> TestOutcome {
    switch self {
    case .anova: feature.anova
    case .welch: feature.welch
    case .kruskal: feature.kruskal
    case .mannWhitney: feature.mannWhitney
    case .wilcoxon: TestOutcome(undefined: .fewerThanTwoGroups)
    }
  }

  func effect(of feature: GroupedFeature) -> EffectSize {
    switch self {
    case .anova: feature.etaSquared
    case .welch: feature.welchOmegaSquared
    case .kruskal: feature.epsilonSquared
    case .mannWhitney: feature.areaUnderCurve
    case .wilcoxon: EffectSize(undefined: .fewerThanTwoGroups)
    }
  }

  /// True of those that look at the order of values alone.
  var isOfRanks: Bool {
    switch self {
    case .anova, .welch: false
    case .kruskal, .mannWhitney, .wilcoxon: true
    }
  }
}

extension TileSummary {
  /// What a unit counts with, for captions.
  func phrase(_ unit: String) -> String {
    switch self {
    case .mean: "the mean of \(unit) tiles"
    case .median: "the median of \(unit) tiles"
    case .max: "the maximum of \(unit) tiles"
    case .top(let count): "the mean of the \(count) highest of \(unit) tiles"
    case .threshold(let threshold): "the share of \(unit) tiles above \(Double(threshold).shortText)"
    }
  }
}
