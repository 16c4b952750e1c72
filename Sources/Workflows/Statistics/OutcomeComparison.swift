package import Analysis
package import FeatureData
import FeatureStore
package import Rendering
import Slides

/// Which features differ between outcomes, over tiles and over slides.
package struct OutcomeComparison: Sendable {
  package let statistics: FeatureStatistics
  /// A row for each feature, by p over slides.
  package let table: DataTable
  private let featureNames: [String]

  /// - Parameters:
  ///   - outcomes: the groups; left out, the labels that the features were made with.
  ///   - basis: what was worked on, named or not.
  package init(
    _ features: FeatureSet, method: FeatureStatistics.Method = .mean, outcomes: LabelChoice? = nil,
    basis: String? = nil, monitor: any WorkMonitor
  ) throws {
    let annotations = features.study.project.annotations
    guard let labels = try features.outcomes(outcomes) else {
      let column = annotations.outcomeColumns.first { !annotations.isContinuous($0) }
      throw WorkflowFailure(
        "`stats` compares outcomes, and these features were made without any.",
        remedy: "stats outcomes=\(column ?? "COLUMN")", parameter: nil)
    }
    guard case .categorical(let bySlide, let categories) = labels.values else {
      throw WorkflowFailure(
        "`stats` compares categories, and \(labels.column) holds numbers, nearly every slide another.",
        remedy: "outcomes=\(annotations.outcomeColumns.first { !annotations.isContinuous($0) } ?? "COLUMN")",
        parameter: "outcomes")
    }
    let labelled = features.slides.indices.filter { bySlide[features.slides[$0].name] != nil }
    let chosen = labelled.filter { !features.usableRows(of: $0).isEmpty }
    if chosen.isEmpty, features.notFinite(of: labelled) != nil { throw features.nothingFinite(of: labelled) }
    let slides = chosen.map { features.slides[$0] }
    let leftOut = features.notFinite(of: labelled)
    let used = Set(slides.compactMap { bySlide[$0.name] })
    guard used.count > 1 else {
      throw WorkflowFailure(
        "All slides with features have the same \(labels.column), \(used.first ?? "blank"); there is nothing to compare."
          + (leftOut.map { " Left out: \($0)." } ?? ""),
        remedy: "outcomes=COLUMN, one with several outcomes", parameter: "outcomes")
    }
    statistics = try Reporting.run {
      try FeatureStatistics.compute(
        slides: slides.map { FeatureStatistics.Slide(name: $0.name, category: bySlide[$0.name] ?? "") }, method: method,
        monitor: monitor
      ) { features.usableActivations(of: chosen[$0]) }
    }
    featureNames = features.columnNames
    let counts = categories.filter { used.contains($0) }.map { name in
      "\(name) (\(slides.count { bySlide[$0.name] == name }))"
    }
    let left = features.slides.count - labelled.count
    let empty = labelled.count { features.slides[$0].tileCount == 0 }
    table = Self.table(
      statistics, featureNames,
      caption: "One-way ANOVA of \(features.featureCount) features by \(labels.column): "
        + counts.joined(separator: ", ").followed(by: basis)
        + (left > 0 ? "; \(left.counted("slide")) without a label left out" : "")
        + (empty > 0 ? "; \(empty.counted("slide")) without tiles left out" : "")
        + (leftOut.map { "; left out: \($0)" } ?? "") + (labels.blankPhrase.map { ". \($0)" } ?? ""))
  }

  /// Writes slideflow's table of slides into a folder.
  ///
  /// - Returns: its path.
  package func write(toFolder folder: String) throws -> String {
    let path = folder + "/slide_level_summary.csv"
    let names = featureNames.map { "Feature_" + $0 }
    try Reporting.run(parameter: "outdir") {
      try PathResolution.write(Array(statistics.summaryCSV(featureNames: names).utf8), to: path)
    }
    return path
  }

  private static func table(_ statistics: FeatureStatistics, _ names: [String], caption: String) -> DataTable {
    func number(_ value: Double?) -> DataTable.Cell { value.map { .number($0) } ?? .missing }
    return DataTable(
      columns: [
        DataTable.Column("feature"), DataTable.Column("slide F", .number(significantDigits: 4)),
        DataTable.Column("slide p", .pValue), DataTable.Column("slide adjusted p", .pValue),
        DataTable.Column("slide η²", .number(significantDigits: 3)),
        DataTable.Column("tile F", .number(significantDigits: 4)), DataTable.Column("tile p", .pValue),
        DataTable.Column("tile adjusted p", .pValue),
      ],
      rows: statistics.featureOrder.map { feature in
        let slide = statistics.slideTests[feature]
        let tile = statistics.tileTests[feature]
        return [
          .text(names[feature]), number(slide.f), number(slide.p), number(statistics.adjustedSlideP[feature]),
          number(slide.etaSquared), number(tile.f), number(tile.p), number(statistics.adjustedTileP[feature]),
        ]
      }, caption: caption)
  }
}
