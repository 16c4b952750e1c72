import Analysis
package import Rendering

/// A column of a table of features, and its cells.
private struct FeatureColumn {
  let column: DataTable.Column
  let cell: (Int) -> DataTable.Cell

  init(_ name: String, _ kind: DataTable.Kind, _ value: @escaping (Int) -> Double?) {
    column = DataTable.Column(name, kind)
    cell = { value($0).map { .number($0) } ?? .missing }
  }

  init(text name: String, _ value: @escaping (Int) -> String?, alignment: DataTable.Alignment? = nil) {
    column = DataTable.Column(name, alignment: alignment)
    cell = { value($0).map { .text($0) } ?? .missing }
  }

  init(count name: String, _ value: @escaping (Int) -> Int) {
    column = DataTable.Column(name, .integer)
    cell = { .integer(value($0)) }
  }
}

extension OutcomeComparison {
  /// Over units first, then over tiles.
  var comparisonTable: DataTable {
    let names = features.columnNames
    let noun = units.noun
    let shown = shownTests
    var columns = [FeatureColumn(text: "feature", { names[$0] })]
    columns += [
      FeatureColumn("\(noun) \(statisticSymbol)", .number(significantDigits: 4)) { shown[$0].statistic },
      FeatureColumn("\(noun) p", .pValue) { shown[$0].p }, FeatureColumn("\(noun) q", .pValue) { q[$0] },
    ]
    columns += effectColumns(statisticIsEffect: statisticSymbol == effectSymbol)
    if adjustment != nil {
      columns.append(FeatureColumn("\(noun) p without \(adjustment?.columns ?? "")", .pValue) { tests[$0].p })
    } else {
      columns += [
        FeatureColumn("tile \(tileSymbol)", .number(significantDigits: 4)) { tileTests[$0].statistic },
        // Nobody should take the number without it.
        FeatureColumn("tile p (tiles not independent)", .pValue) { tileTests[$0].p },
        FeatureColumn("tile q", .pValue) { tileQ[$0] },
      ]
    }
    return DataTable(columns, order, caption: caption)
  }

  private var statisticSymbol: String { adjusted != nil ? "F" : units.areNumbers ? "r" : testSymbol }
  private var tileSymbol: String { units.areNumbers ? "r" : tileTest.symbol }

  private func effectColumns(statisticIsEffect: Bool) -> [FeatureColumn] {
    var columns: [FeatureColumn] = []
    if !statisticIsEffect {
      columns.append(FeatureColumn(effectSymbol, .number(significantDigits: 3)) { effect(of: $0).value })
    }
    columns.append(interval("\(effectSymbol) 95 % CI") { effect(of: $0) })
    switch findings {
    case .numbers(let correlations) where adjusted == nil:
      let q = GroupTests.adjustedPValues(correlations.map(\.spearman.p))
      columns += [
        FeatureColumn("ρ", .number(significantDigits: 3)) { correlations[$0].rho.value },
        FeatureColumn("ρ p", .pValue) { correlations[$0].spearman.p }, FeatureColumn("ρ q", .pValue) { q[$0] },
      ]
    case .groups(let features) where categories.count == 2 && adjusted == nil && test == .anova:
      columns += [
        FeatureColumn("g (\(contrast))", .number(significantDigits: 3)) { features[$0].hedgesG.value },
        interval("g 95 % CI") { features[$0].hedgesG },
      ]
    case .pairs(let features):
      columns.insert(
        FeatureColumn("difference (\(contrast))", .number(significantDigits: 3)) { features[$0].differences.mean },
        at: 0)
    case .numbers, .groups: break
    }
    return columns
  }

  /// "negative − positive": what differences of two categories are of.
  private var contrast: String { categories.joined(separator: " − ") }

  private func interval(_ name: String, _ effect: @escaping (Int) -> EffectSize) -> FeatureColumn {
    FeatureColumn(
      text: name,
      { feature in
        effect(feature).interval.map { "\(String(rounded: $0.lowerBound)) to \(String(rounded: $0.upperBound))" }
      }, alignment: .right)
  }

  // MARK: Everything

  /// Every test, effect size and interval of every feature, with the count, mean and standard deviation of each category,
  /// and why something is undefined.
  package var fullTable: DataTable {
    let names = features.columnNames
    var columns = [
      FeatureColumn(text: "feature", { names[$0] }), FeatureColumn(text: "unit", { _ in units.noun }),
      FeatureColumn(count: "units") { _ in units.units.count },
      FeatureColumn(text: "method", { _ in request.method.phrase(units.unit == .patient ? "all their" : "its") }),
    ]
    switch findings {
    case .groups(let features): columns += groupColumns(features)
    case .pairs(let features): columns += pairColumns(features)
    case .numbers(let correlations): columns += numberColumns(correlations)
    }
    if let adjusted, let adjustment {
      columns.append(FeatureColumn(text: "adjusted_for", { _ in adjustment.columns }))
      columns += testColumns("adjusted", "F", degrees: 2) { adjusted[$0].test }
      columns += effectColumns("partial_eta_squared") { adjusted[$0].share }
      columns += [
        FeatureColumn(count: "permutations") { _ in request.permutations },
        FeatureColumn(text: "seed", { _ in "\(request.seed)" }),
      ]
    }
    columns += [
      FeatureColumn(text: "tile_test", { _ in units.areNumbers ? "pearson" : tileTest.rawValue }),
      FeatureColumn(count: "tiles_not_independent") { _ in vectors.tileCounts.reduce(0, +) },
      FeatureColumn("tile_\(tileSymbol)", Self.exact) { tileTests[$0].statistic },
      FeatureColumn("tile_p", Self.exact) { tileTests[$0].p }, FeatureColumn("tile_q", Self.exact) { tileQ[$0] },
      FeatureColumn(text: "undefined", undefinedText),
    ]
    return DataTable(columns, order, caption: nil)
  }

  private static let exact = DataTable.Kind.number(significantDigits: 17)

  private func groupColumns(_ features: [GroupedFeature]) -> [FeatureColumn] {
    var columns: [FeatureColumn] = []
    if categories.count == 2 { columns.append(FeatureColumn(text: "contrast", { _ in contrast })) }
    columns += testColumns("anova", "F", degrees: 2) { features[$0].anova }
    columns += testColumns("welch", "F", degrees: 2) { features[$0].welch }
    columns += testColumns("kruskal", "H", degrees: 1) { features[$0].kruskal }
    if categories.count == 2 { columns += testColumns("mannwhitney", "U", degrees: 0) { features[$0].mannWhitney } }
    columns += effectColumns("eta_squared") { features[$0].etaSquared }
    columns += effectColumns("omega_squared") { features[$0].omegaSquared }
    columns += effectColumns("welch_omega_squared") { features[$0].welchOmegaSquared }
    columns += effectColumns("epsilon_squared") { features[$0].epsilonSquared }
    if categories.count == 2 {
      columns += effectColumns("cohens_d") { features[$0].cohensD }
      columns += effectColumns("hedges_g") { features[$0].hedgesG }
      columns += effectColumns("auc") { features[$0].areaUnderCurve }
      columns += effectColumns("rank_biserial") { features[$0].rankBiserial }
    }
    for (place, name) in categories.enumerated() {
      columns += [
        FeatureColumn(count: "n \(name)") { features[$0].groups[place].count },
        FeatureColumn("mean \(name)", Self.exact) { features[$0].groups[place].mean },
        FeatureColumn("sd \(name)", Self.exact) { features[$0].groups[place].standardDeviation },
      ]
    }
    return columns
  }

  private func pairColumns(_ features: [PairedFeature]) -> [FeatureColumn] {
    [
      FeatureColumn(text: "contrast", { _ in contrast }),
      FeatureColumn(count: "pairs") { features[$0].differences.count },
    ]
      + [
        FeatureColumn("mean_difference", Self.exact) { features[$0].differences.mean },
        FeatureColumn("sd_difference", Self.exact) { features[$0].differences.standardDeviation },
      ] + testColumns("paired_t", "t", degrees: 1) { features[$0].t }
      + testColumns("wilcoxon", "W", degrees: 0) { features[$0].wilcoxon }
      + effectColumns("cohens_d_of_pairs") { features[$0].cohensD }
      + effectColumns("hedges_g_of_pairs") { features[$0].hedgesG }
      + effectColumns("rank_biserial_of_pairs") { features[$0].rankBiserial }
      + categories.enumerated().flatMap { place, name in
        [
          FeatureColumn("mean \(name)", Self.exact) { features[$0].groups[place].mean },
          FeatureColumn("sd \(name)", Self.exact) { features[$0].groups[place].standardDeviation },
        ]
      }
  }

  private func numberColumns(_ correlations: [Correlation]) -> [FeatureColumn] {
    testColumns("pearson", "r", degrees: 1) { correlations[$0].pearson }
      + [
        FeatureColumn("pearson_low", Self.exact) { correlations[$0].r.interval?.lowerBound },
        FeatureColumn("pearson_high", Self.exact) { correlations[$0].r.interval?.upperBound },
      ] + testColumns("spearman", "rho", degrees: 1) { correlations[$0].spearman }
      + [
        FeatureColumn("spearman_low", Self.exact) { correlations[$0].rho.interval?.lowerBound },
        FeatureColumn("spearman_high", Self.exact) { correlations[$0].rho.interval?.upperBound },
        FeatureColumn("mean", Self.exact) { correlations[$0].moments.mean },
        FeatureColumn("sd", Self.exact) { correlations[$0].moments.standardDeviation },
      ]
  }

  private func testColumns(
    _ name: String, _ symbol: String, degrees: Int, _ test: @escaping (Int) -> TestOutcome
  ) -> [FeatureColumn] {
    let q = GroupTests.adjustedPValues((0..<vectors.featureCount).map { test($0).p })
    return [FeatureColumn("\(name)_\(symbol)", Self.exact) { test($0).statistic }]
      + (0..<degrees).map { place in
        FeatureColumn("\(name)_df\(degrees > 1 ? "\(place + 1)" : "")", Self.exact) {
          let found = test($0).degreesOfFreedom
          return found.indices.contains(place) ? found[place] : nil
        }
      }
      + [FeatureColumn("\(name)_p", Self.exact) { test($0).p }, FeatureColumn("\(name)_q", Self.exact) { q[$0] }]
  }

  private func effectColumns(_ name: String, _ effect: @escaping (Int) -> EffectSize) -> [FeatureColumn] {
    [
      FeatureColumn(name, Self.exact) { effect($0).value },
      FeatureColumn("\(name)_low", Self.exact) { effect($0).interval?.lowerBound },
      FeatureColumn("\(name)_high", Self.exact) { effect($0).interval?.upperBound },
    ]
  }

  /// "anova: each category has one slide; hedges_g: 4 slides are needed"; nil where everything is defined.
  private func undefinedText(of feature: Int) -> String? {
    var reasons: [(String, UndefinedTest?)] = []
    switch findings {
    case .groups(let features):
      let found = features[feature]
      reasons = [
        ("anova", found.anova.reason), ("welch", found.welch.reason), ("kruskal", found.kruskal.reason),
      ]
      if categories.count == 2 {
        reasons += [
          ("mannwhitney", found.mannWhitney.reason), ("cohens_d", found.cohensD.reason),
          ("hedges_g", found.hedgesG.reason), ("auc", found.areaUnderCurve.reason),
        ]
      }
    case .pairs(let features):
      reasons = [("paired_t", features[feature].t.reason), ("wilcoxon", features[feature].wilcoxon.reason)]
    case .numbers(let correlations):
      reasons = [
        ("pearson", correlations[feature].pearson.reason), ("spearman", correlations[feature].spearman.reason),
      ]
    }
    if let adjusted { reasons.append(("adjusted", adjusted[feature].test.reason)) }
    reasons.append(("tile", tileTests[feature].reason))
    let texts = reasons.compactMap { name, reason in reason.map { "\(name): \(words(of: $0))" } }
    return texts.isEmpty ? nil : texts.joined(separator: "; ")
  }
}

extension DataTable {
  fileprivate init(_ columns: [FeatureColumn], _ features: [Int], caption: String?) {
    self.init(
      columns: columns.map(\.column), rows: features.map { feature in columns.map { $0.cell(feature) } },
      caption: caption)
  }
}
