import Analysis
import Glibc

extension OutcomeComparison {
  /// One line: the test, who is compared, what a unit counts with, how many there are, what the p-values are corrected for.
  var caption: String {
    let parts = [
      headline, unitsPhrase, adjustmentPhrase,
      "q by Benjamini and Hochberg over \(shownTests.count { $0.p != nil }.counted("feature"))", tilesPhrase,
    ]
    return (parts.compactMap(\.self) + units.clauses).joined(separator: "; ")
      + (units.remark.map { ". \($0)" } ?? "")
  }

  private var headline: String {
    let count = "\(vectors.featureCount.counted("feature"))"
    guard !units.areNumbers else {
      return "Correlation of \(count) with \(units.outcome), Pearson's r and Spearman's ρ".followed(by: basis)
    }
    if let pairs = units.pairs {
      return "\(testTitle) of \(count) between \(categories.joined(separator: " and ")), \(pairs.count.counted("pair"))"
        .followed(by: basis)
    }
    let counts = categories.indices.map { "\(categories[$0]) (\(units.count(of: $0)))" }.joined(separator: ", ")
    return "\(testTitle) of \(count) by \(units.outcome): \(counts)".followed(by: basis)
  }

  private var unitsPhrase: String {
    let slides = Set(units.slides.flatMap { $0.tiles.map(\.slide) }).count
    guard units.unit == .patient else {
      return "over \(slides.counted("slide")), each with \(request.method.phrase("its"))"
    }
    let patients = units.patientCount.counted("patient")
    return "over \(patients) with \(slides.counted("slide")), each patient with \(request.method.phrase("all their"))"
  }

  private var adjustmentPhrase: String? {
    guard let adjustment else { return nil }
    let count = request.permutations.grouped
    let ranks = request.test == .kruskal || request.test == .mannWhitney ? " of ranks" : ""
    let strata =
      adjustment.strataColumns.isEmpty
      ? "" : " within \(adjustment.strataColumns.joined(separator: " and "))"
    let covariates =
      adjustment.covariateColumns.isEmpty
      ? "" : ", \(adjustment.covariateColumns.joined(separator: " and ")) accounted for"
    return "p by \(count) permutations\(ranks)\(strata)\(covariates), seed \(request.seed)"
  }

  private var tilesPhrase: String? {
    guard adjustment == nil else { return nil }
    let tiles = vectors.tileCounts.reduce(0, +)
    return "tile p over \(tiles.grouped) tiles, of which those of one slide are not independent"
  }

  /// What a reader should know beside the table.
  package var remarks: [Remark] {
    var remarks = units.warnings.map(Remark.warning)
    remarks += [tileWarning, smallestP, undefinedPhrase, shortUnits].compactMap(\.self)
    if let adjustment, adjustment.isPartial {
      remarks.append(
        .warning(
          "Not all differences between \(units.outcome) can be told from \(adjustment.columns): those within \(adjustment.columns) are compared."
        ))
    }
    return remarks
  }

  /// Fewer patients than that and a p of tiles tells nothing of them.
  private static let fewPatients = 30

  /// A tiny p over tiles that rests on a few patients.
  private var tileWarning: Remark? {
    guard adjustment == nil, units.patientCount < Self.fewPatients else { return nil }
    let tiny = tileTests.indices.compactMap { feature -> (p: Double, feature: Int)? in
      guard let p = tileTests[feature].p, p < 1e-6, tests[feature].p.map({ $0 > p * 1000 }) ?? true else { return nil }
      return (p, feature)
    }
    guard let (tileP, least) = tiny.min(by: <) else { return nil }
    let own = tests[least].p
    let ofUnits = own.map { "over \(units.noun)s it is \(Self.pText($0))" } ?? "over \(units.noun)s there is none"
    return .warning(
      "A tile p of \(Self.pText(tileP)) (feature \(features.columnNames[least])) rests on \(units.patientCount.counted("patient")) only: "
        + "tiles of one slide are not independent, and \(ofUnits). Report the p over \(units.noun)s.")
  }

  /// A test that can give no small p whatever the data.
  private var smallestP: Remark? {
    if let adjustment {
      guard let count = adjustment.arrangementCount, count <= Double(request.permutations) else { return nil }
      return .warning(
        "Within \(adjustment.columns) there are only \(Int(count.rounded()).counted("arrangement")) of \(units.outcome): no p below \(Self.pText(1 / count)) can be expected."
      )
    }
    if let pairs = units.pairs, test.isOfRanks {
      guard let least = FeatureComparison.smallestSignedRankP(pairs.count), least > 0.05 else { return nil }
      return .warning(
        "With \(pairs.count.counted("pair")) the smallest p that Wilcoxon's test can give is \(Self.pText(least)).")
    }
    guard !units.areNumbers, units.pairs == nil, test == .mannWhitney, categories.count == 2 else { return nil }
    let (first, second) = (units.count(of: 0), units.count(of: 1))
    guard let least = FeatureComparison.smallestMannWhitneyP(first, second), least > 0.05 else { return nil }
    return .warning(
      "With \(first) and \(second) \(units.noun)s the smallest p that the Mann–Whitney test can give is \(Self.pText(least))."
    )
  }

  /// Features without a test, by why.
  private var undefinedPhrase: Remark? {
    let reasons = Dictionary(
      shownTests.compactMap { test in test.reason.map { (words(of: $0), 1) } }, uniquingKeysWith: +)
    guard !reasons.isEmpty else { return nil }
    let all = reasons.values.reduce(0, +)
    let texts = reasons.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
    if all == shownTests.count, texts.count == 1 {
      return .warning("No feature has a p over \(units.noun)s: \(texts[0].key).")
    }
    return .note(
      "\(all.counted("feature")) \(all == 1 ? "has" : "have") no p over \(units.noun)s: "
        + texts.map { "\($0.key) (\($0.value))" }.joined(separator: ", ") + ".")
  }

  /// Units with fewer tiles than are asked for.
  private var shortUnits: Remark? {
    guard case .top(let count) = request.method else { return nil }
    let short = vectors.tileCounts.indices.filter { vectors.tileCounts[$0] < count }
    guard !short.isEmpty else { return nil }
    let names = short.prefix(5).map { "\(units.units[$0].name) (\(vectors.tileCounts[$0]))" }.joined(separator: ", ")
    return .note(
      "\(short.count.counted(units.noun)) \(short.count == 1 ? "has" : "have") fewer than \(count.counted("tile")) and \(short.count == 1 ? "counts" : "count") with the mean of all: \(names)"
        + (short.count > 5 ? ", …" : "") + ".")
  }

  /// Why there is no number, as it follows after a colon.
  func words(of reason: UndefinedTest) -> String {
    switch reason {
    case .fewerThanTwoGroups: "fewer than two categories have a \(units.noun)"
    case .moreThanTwoGroups: "it is of two categories, and there are \(categories.count)"
    case .constant where units.pairs != nil: "the feature is the same on both sides in every \(units.noun)"
    case .noVarianceWithin where units.pairs != nil: "the difference is the same in every \(units.noun)"
    case .constant:
      adjustment == nil ? "the feature is the same everywhere" : "the feature is the same throughout each stratum"
    case .constantOutcome: "\(units.outcome) is the same everywhere"
    case .noRepeats: "each category has one \(units.noun)"
    case .singleMember(let group): "\(name(group)) has one \(units.noun)"
    case .noVarianceWithin(let group?): "the feature does not vary in \(name(group))"
    case .noVarianceWithin(nil): "the feature does not vary within categories"
    case .fewUnits(let needed): "\(needed) \(units.noun)s are needed"
    case .groupsFollowStrata: "\(adjustment?.columns ?? "the strata") and \(units.outcome) cannot be told apart"
    case .noFreedom: "there are too few \(units.noun)s for what is accounted for"
    case .notFinite: "its values are too large to be squared"
    }
  }

  private func name(_ group: Int) -> String { categories.indices.contains(group) ? categories[group] : "a category" }

  /// "0.034", "1e-50"; what is too small to be held is less than 1e-300.
  static func pText(_ p: Double) -> String {
    if p < 1e-300 { return "less than 1e-300" }
    guard p < 0.001 else { return p.shortText }
    let exponent = Int(log10(p).rounded(.down))
    let digit = Int((p / pow(10, Double(exponent))).rounded())
    return digit == 10 ? "1e\(exponent + 1)" : "\(digit)e\(exponent)"
  }
}

extension Int {
  /// Digits in groups of three: "22,901".
  fileprivate var grouped: String {
    let digits = String(magnitude)
    return digits.enumerated().reduce(into: "") { text, digit in
      if digit.offset > 0, (digits.count - digit.offset) % 3 == 0 { text.append(",") }
      text.append(digit.element)
    }
  }
}
