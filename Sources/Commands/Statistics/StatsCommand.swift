import Analysis
import CommandLanguage
import Rendering
import Workflows

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
      let arguments = invocation.arguments
      let comparison = try OutcomeComparison(
        features,
        method: arguments.text("method") == "threshold"
          ? .threshold(Float(arguments.number("threshold") ?? 0.5)) : .mean,
        outcomes: LabelChoice("outcomes", of: arguments), basis: invocation.fullBasis, monitor: invocation.work)
      if let folder = arguments.text("outdir") {
        invocation.output.note("Written: \(try comparison.write(toFolder: folder))")
      }
      let table = comparison.table
      let value = TableValue(
        whole: { table }, shown: table, shownRows: arguments.integer("top") ?? 10,
        shape: "\(table.rows.count) features", names: features.knownNames)
      value.show(in: invocation.output)
      return value
    })
}
