import Analysis
import FeatureData
import Slides

/// Columns that a comparison accounts for: those of categories are strata, within which outcomes are permuted; those of
/// numbers are covariates, of a patient the mean over slides.
struct OutcomeAdjustment: Sendable {
  let strataColumns: [String]
  let covariateColumns: [String]
  /// How many arrangements of the categories there are within the strata; nil of numbers, or with covariates.
  let arrangementCount: Double?
  /// True where some categories cannot be told from the strata.
  let isPartial: Bool
  private let permutation: StratifiedPermutation

  init(_ features: FeatureSet, _ units: ComparedUnits, _ request: ComparisonRequest) throws {
    if request.test == .welch {
      throw WorkflowFailure(
        "`adjust` works with an analysis of variance or with ranks, and not with Welch's.", remedy: "test=anova",
        parameter: "test")
    }
    if let column = request.adjust.first(where: { $0 == units.outcome }) {
      throw WorkflowFailure(
        "\(column) is what is compared, and cannot be accounted for as well.", parameter: "adjust")
    }
    let annotations = features.study.project.annotations
    // Patients may be numbered.
    let isNumber = { annotations.isContinuous($0) && $0 != Annotations.patientColumn }
    strataColumns = request.adjust.filter { !isNumber($0) }
    covariateColumns = request.adjust.filter(isNumber)
    let names = units.units.map { unit in unit.tiles.map { features.slides[$0.slide].name } }
    let strataTexts = try strataColumns.map { column in
      try Self.values(column, names, units) { try annotations.value(of: column, slide: $0) }
    }
    let keys = units.units.indices.map { unit in strataTexts.map { $0[unit] } }
    let distinct = Dictionary(
      uniqueKeysWithValues: Set(keys).sorted { $0.lexicographicallyPrecedes($1) }.enumerated().map { ($1, $0) })
    let strata = keys.map { distinct[$0] ?? 0 }
    let covariates = try covariateColumns.map { column in
      let numbers = try Reporting.run(parameter: "adjust") {
        try annotations.labels(column, slides: names.flatMap(\.self), useFloat: true)
      }
      guard case .continuous(let bySlide) = numbers.values else { return [Double](repeating: 0, count: names.count) }
      return names.map { slides in slides.reduce(0.0) { $0 + (bySlide[$1] ?? 0) } / Double(slides.count) }
    }
    let outcome: StratifiedPermutation.Outcome =
      units.areNumbers ? .numbers(units.numbers) : .groups(units.groups, groupCount: units.categories.count)
    permutation = StratifiedPermutation(
      outcome, strata: strata, covariates: covariates, permutations: request.permutations, seed: request.seed)
    guard permutation.freedom > 0 else {
      let columns = request.adjust.joined(separator: " and ")
      throw WorkflowFailure(
        "Within no \(columns) do \(units.noun)s differ in \(units.outcome), so the two cannot be told apart.",
        remedy: "leave adjust out, and take what differs for the \(columns)'s as well", parameter: "adjust")
    }
    isPartial = !units.areNumbers && permutation.freedom < units.categories.count - 1
    arrangementCount =
      units.areNumbers || !covariates.isEmpty
      ? nil : StratifiedPermutation.arrangementCount(groups: units.groups, strata: strata)
  }

  /// A text for each unit: that of its slides, which must agree.
  private static func values(
    _ column: String, _ names: [[String]], _ units: ComparedUnits, _ value: (String) throws -> String?
  ) throws -> [String] {
    try Reporting.run(parameter: "adjust") {
      try names.indices.map { unit in
        let found = Set(try names[unit].map { try value($0) ?? "" })
        guard found.count == 1, let text = found.first else {
          throw WorkflowFailure(
            "Slides of patient \(units.units[unit].name) differ in \(column): \(found.sorted().joined(separator: ", ")).",
            remedy: "unit=slide")
        }
        return text
      }
    }
  }

  /// Of ranks where the test is one of ranks.
  func compare(
    _ vectors: UnitVectors, _ units: ComparedUnits, _ request: ComparisonRequest, _ monitor: any WorkMonitor
  ) throws -> [StratifiedPermutation.Feature] {
    let all = Array(units.units.indices)
    let ofRanks = request.test == .kruskal || request.test == .mannWhitney
    return try permutation.compare(featureCount: vectors.featureCount, monitor: monitor) { feature in
      let values = vectors.values(of: feature, all)
      return ofRanks ? FeatureComparison.ranks(values) : values
    }
  }

  /// "site", "site and age".
  var columns: String { (strataColumns + covariateColumns).joined(separator: " and ") }
}
