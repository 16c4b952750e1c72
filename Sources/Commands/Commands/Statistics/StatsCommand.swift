import Analysis
import CommandLanguage
import FeatureData
import FeatureStore
import Rendering
import Slides

/// `stats`: which features differ between outcomes.
enum StatsCommand {
  static let declaration = CommandDeclaration(
    name: "stats", referenceNames: ["DatasetFeatures.stats"], topic: "Statistics",
    summary: "Compares every feature between the outcomes: one-way ANOVA over tiles and over slides.",
    discussion: """
      With `method=mean` a slide counts with the mean of its tiles, with `method=threshold` with the share of its tiles \
      above `threshold`. Adjusted p is Benjamini and Hochberg's. `outdir` gets slide_level_summary.csv in slideflow's layout. \
      Tiles with NaN or infinity are left out and named.
      """,
    subject: SubjectDeclaration(name: "features", types: [.features], documentation: "The features."),
    parameters: [
      ParameterDeclaration(
        "method", .choice(["mean", "threshold"]), default: "mean", "How a slide's tiles are summed up."),
      ParameterDeclaration(
        "threshold", .number(-1e9...1e9), default: "0.5", effects: [.with("method", values: ["threshold"])],
        "Above it a tile counts."),
      ParameterDeclaration(
        "outcomes", .valueOrName([.labels], .column),
        implies: Implication(.labels, broughtAlong: "those that the features were made with", otherwise: nil),
        "The groups."),
      ParameterDeclaration("top", .integer(1...100_000), default: "10", "Rows that are shown."),
      ParameterDeclaration("outdir", .path(.output(extensions: [])), "A folder for the CSV."),
    ], result: .table, examples: ["stats outcomes=HPV_status", "stats df method=mean outdir=stats"])

  static let command = Command(
    declaration,
    run: { invocation in
      guard let features = invocation.subjects.first as? FeatureSet else { return nil }
      let value = try make(features, invocation)
      value.show(in: invocation.output)
      return value
    })

  private static func make(_ features: FeatureSet, _ invocation: Invocation) throws -> TableValue {
    let arguments = invocation.arguments
    let annotations = features.study.project.annotations
    guard let labels = try LabelsCommand.outcomes(arguments, of: features) else {
      let column = annotations.outcomeColumns.first { !annotations.isContinuous($0) }
      throw CommandFailure(
        "`stats` compares outcomes, and these features were made without any.",
        remedy: "stats outcomes=\(column ?? "COLUMN")", parameter: nil)
    }
    guard case .categorical(let bySlide, let categories) = labels.values else {
      throw CommandFailure(
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
      throw CommandFailure(
        "All slides with features have the same \(labels.column), \(used.first ?? "blank"); there is nothing to compare."
          + (leftOut.map { " Left out: \($0)." } ?? ""),
        remedy: "outcomes=COLUMN, one with several outcomes", parameter: "outcomes")
    }
    let method: FeatureStatistics.Method =
      arguments.text("method") == "threshold" ? .threshold(Float(arguments.number("threshold") ?? 0.5)) : .mean
    let statistics = try Reporting.run {
      try FeatureStatistics.compute(
        slides: slides.map { FeatureStatistics.Slide(name: $0.name, category: bySlide[$0.name] ?? "") }, method: method,
        monitor: StatementMonitor(monitor: invocation.monitor)
      ) { features.usableActivations(of: chosen[$0]) }
    }
    if let outdir = arguments.text("outdir") {
      let path = outdir + "/slide_level_summary.csv"
      let names = features.columnNames.map { "Feature_" + $0 }
      try Reporting.run(parameter: "outdir") {
        try PathResolution.write(Array(statistics.summaryCSV(featureNames: names).utf8), to: path)
      }
      invocation.output.note("Written: \(path)")
    }
    let counts = categories.filter { used.contains($0) }.map { name in
      "\(name) (\(slides.count { bySlide[$0.name] == name }))"
    }
    let left = features.slides.count - labelled.count
    let empty = labelled.count { features.slides[$0].tileCount == 0 }
    let table = table(
      statistics, features,
      caption: "One-way ANOVA of \(features.featureCount) features by \(labels.column): "
        + counts.joined(separator: ", ").followed(by: invocation.fullBasis)
        + (left > 0 ? "; \(left.counted("slide")) without a label left out" : "")
        + (empty > 0 ? "; \(empty.counted("slide")) without tiles left out" : "")
        + (leftOut.map { "; left out: \($0)" } ?? "") + (labels.blankPhrase.map { ". \($0)" } ?? ""))
    return TableValue(
      table: { table }, shown: table, shownRows: arguments.integer("top") ?? 10, shape: "\(table.rows.count) features",
      names: features.knownNames)
  }

  private static func table(_ statistics: FeatureStatistics, _ features: FeatureSet, caption: String) -> DataTable {
    let names = features.columnNames
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
