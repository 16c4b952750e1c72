import Analysis
import FeatureData
import Slides

/// Who is compared in a check of batches: patients, each with a site and an outcome.
///
/// A patient whose slides are of several sites or outcomes is a case for each; nothing is learned of one of them when
/// another is left out.
struct BatchCases: Sendable {
  struct Case: Sendable {
    let patient: Int
    let site: Int
    let outcome: Int
    /// Places among the slides of the features.
    var slides: [Int]
  }

  let cases: [Case]
  let patients: [String]
  /// By number, in their natural order.
  let sites: [String]
  let outcomes: [String]
  /// What is counted: a patient whose slides differ in site or outcome is more than one case.
  var caseNoun: String { cases.count == patients.count ? "patient" : "case" }
  let siteLabels: SlideLabels
  let outcomeLabels: SlideLabels
  /// What was left out, each a clause.
  let leftOut: [String]
  /// Patients with cases of several sites, and of several outcomes.
  let severalSites: [String]
  let severalOutcomes: [String]

  /// The columns.
  var siteName: String { siteLabels.column }
  var outcomeName: String { outcomeLabels.column }
  var slideCount: Int { cases.reduce(0) { $0 + $1.slides.count } }
  var table: CrossTable {
    CrossTable(
      rows: cases.map(\.site), columns: cases.map(\.outcome), rowCount: sites.count, columnCount: outcomes.count)
  }

  /// - Throws: `WorkflowFailure` where there is nothing to compare.
  init(_ features: FeatureSet, by: LabelChoice?, outcomes choice: LabelChoice?) throws {
    let (siteLabels, outcomeLabels) = try Self.labels(features, by: by, outcomes: choice)
    guard case .categorical(let siteOfSlide, let siteNames) = siteLabels.values,
      case .categorical(let outcomeOfSlide, let outcomeNames) = outcomeLabels.values
    else { throw Self.numbers(siteLabels, outcomeLabels, features) }
    self.siteLabels = siteLabels
    self.outcomeLabels = outcomeLabels
    let labelled = features.slides.indices.filter {
      siteOfSlide[features.slides[$0].name] != nil && outcomeOfSlide[features.slides[$0].name] != nil
    }
    let chosen = labelled.filter { !features.usableRows(of: $0).isEmpty }
    let notFinite = features.notFinite(of: labelled)
    if chosen.isEmpty, notFinite != nil { throw features.nothingFinite(of: labelled) }
    let annotations = features.study.project.annotations
    func patient(_ slide: Int) -> String {
      let name = features.slides[slide].name
      return annotations.patient(of: name) ?? name
    }
    let patients = NaturalOrder.sorted(Set(chosen.map(patient)))
    let sites = siteNames.filter { name in chosen.contains { siteOfSlide[features.slides[$0].name] == name } }
    let outcomes = outcomeNames.filter { name in
      chosen.contains { outcomeOfSlide[features.slides[$0].name] == name }
    }
    let places = (Self.places(patients), Self.places(sites), Self.places(outcomes))
    var cases: [[Int]: Case] = [:]
    for slide in chosen {
      let name = features.slides[slide].name
      let key = [
        places.0[patient(slide)] ?? 0, places.1[siteOfSlide[name] ?? ""] ?? 0,
        places.2[outcomeOfSlide[name] ?? ""] ?? 0,
      ]
      cases[key, default: Case(patient: key[0], site: key[1], outcome: key[2], slides: [])].slides.append(slide)
    }
    let sorted = cases.sorted { $0.key.lexicographicallyPrecedes($1.key) }.map(\.value)
    func several(_ label: (Case) -> Int) -> [String] {
      Dictionary(grouping: sorted, by: \.patient).filter { Set($0.value.map(label)).count > 1 }.keys.sorted()
        .map { patients[$0] }
    }
    self.cases = sorted
    self.patients = patients
    self.sites = sites
    self.outcomes = outcomes
    severalSites = several(\.site)
    severalOutcomes = several(\.outcome)
    let unlabelled = features.slides.count - labelled.count
    let empty = labelled.count { features.slides[$0].tileCount == 0 }
    leftOut =
      [
        unlabelled > 0
          ? "\(unlabelled.counted("slide")) without \(siteLabels.column) or \(outcomeLabels.column) left out" : nil,
        empty > 0 ? "\(empty.counted("slide")) without tiles left out" : nil, notFinite.map { "left out: \($0)" },
      ].compactMap(\.self) + [siteLabels.blankPhrase, outcomeLabels.blankPhrase].compactMap(\.self)
    try checkSpread(features)
  }

  private static func places(_ names: [String]) -> [String: Int] {
    Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, $0) })
  }

  private static func labels(
    _ features: FeatureSet, by: LabelChoice?, outcomes choice: LabelChoice?
  ) throws -> (SlideLabels, SlideLabels) {
    // Numbers are names of sites, as hospitals have them.
    guard let sites = try by.flatMap({ try features.labels($0, useFloat: false, parameter: "by") }) else {
      let outcomes = try features.outcomes(choice)?.column
      throw WorkflowFailure(
        "`batch_check` needs a column that says where each slide comes from.",
        remedy: "by=\(column(of: features, for: "by", besides: outcomes) ?? "COLUMN")",
        parameter: by == nil ? nil : "by")
    }
    guard let outcomes = try features.outcomes(choice) else {
      let column = column(of: features, for: "outcomes", besides: sites.column)
      throw WorkflowFailure(
        "`batch_check` sets \(sites.column) beside an outcome, and these features were made without any.",
        remedy: "outcomes=\(column ?? "COLUMN")", parameter: choice == nil ? nil : "outcomes")
    }
    guard sites.column != outcomes.column else {
      // One that is named as batches are is meant as such.
      let parameter = isNamedAsBatch(sites.column) ? "outcomes" : "by"
      throw WorkflowFailure(
        "`by` and `outcomes` are both \(sites.column): there is nothing to set beside it.",
        remedy: column(of: features, for: parameter, besides: sites.column).map { "\(parameter)=\($0)" },
        parameter: parameter)
    }
    return (sites, outcomes)
  }

  private static func numbers(
    _ sites: SlideLabels, _ outcomes: SlideLabels, _ features: FeatureSet
  ) -> WorkflowFailure {
    let isOfSites = if case .continuous = sites.values { true } else { false }
    let (labels, other) = isOfSites ? (sites, outcomes) : (outcomes, sites)
    let parameter = isOfSites ? "by" : "outcomes"
    return WorkflowFailure(
      "`batch_check` compares categories, and \(labels.column) holds numbers.",
      remedy: column(of: features, for: parameter, besides: other.column).map { "\(parameter)=\($0)" },
      parameter: parameter)
  }

  /// In names of columns that tell batches.
  private static let wordsOfBatches = [
    "site", "center", "centre", "hospital", "instit", "scanner", "batch", "cohort", "source",
  ]

  private static func isNamedAsBatch(_ column: String) -> Bool {
    wordsOfBatches.contains { column.lowercased().contains($0) }
  }

  /// A column that tells groups, of several values, some of which occur more than once: to tell batches one that is named
  /// as they are before others, and to tell outcomes one that is not.
  private static func column(
    of features: FeatureSet, for parameter: String, besides taken: String? = nil
  ) -> String? {
    let annotations = features.study.project.annotations
    let found = annotations.outcomeColumns.filter { column in
      guard column != taken, !annotations.isContinuous(column),
        let labels = try? annotations.labels(column, slides: features.slides.map(\.name), useFloat: false),
        case .categorical(let bySlide, let categories) = labels.values
      else { return false }
      return categories.count > 1 && 2 * categories.count <= bySlide.count
    }
    return found.first { isNamedAsBatch($0) == (parameter == "by") } ?? found.first
  }

  /// There must be two sites and two outcomes, and sites that several patients share.
  private func checkSpread(_ features: FeatureSet) throws {
    for (names, column, other, parameter) in [
      (sites, siteName, outcomeName, "by"), (outcomes, outcomeName, siteName, "outcomes"),
    ] where names.count < 2 {
      let left = leftOut.isEmpty ? "" : " Left out: \(leftOut.joined(separator: "; "))."
      throw WorkflowFailure(
        (names.isEmpty
          ? "No slide with features has both \(siteName) and \(outcomeName)."
          : "All slides compared have the same \(column), \(names[0]); there is nothing to compare.") + left,
        remedy: Self.column(of: features, for: parameter, besides: other).flatMap {
          $0 == column ? nil : "\(parameter)=\($0)"
        },
        parameter: parameter)
    }
    let patientsOfSite = sites.indices.map { site in Set(cases.filter { $0.site == site }.map(\.patient)).count }
    guard patientsOfSite.allSatisfy({ $0 == 1 }) else { return }
    throw WorkflowFailure(
      "Each of the \(sites.count) values of \(siteName) has one patient only, so what is of \(siteName) cannot be told "
        + "from what is of a patient.",
      remedy: Self.column(of: features, for: "by", besides: outcomeName).flatMap { $0 == siteName ? nil : "by=\($0)" },
      parameter: "by")
  }
}
