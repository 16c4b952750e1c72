import Analysis
import CommandLanguage
import Rendering
import Workflows

/// `stats`: which features differ between outcomes.
struct StatsCommand: TypedCommand {
  /// How a slide's tiles are summed up.
  enum Method: String, ParameterChoice { case mean, threshold }

  static let page = CommandPage(
    "stats", topic: "Statistics",
    summary: "Compares every feature between the outcomes: one-way ANOVA over tiles and over slides.",
    discussion: """
      With `method=mean` a slide counts with the mean of its tiles, with `method=threshold` with the share of its tiles \
      above `threshold`. Adjusted p is Benjamini and Hochberg's. `outdir` gets slide_level_summary.csv in slideflow's layout. \
      Tiles with NaN or infinity are left out and named.
      """, reference: ["DatasetFeatures.stats"],
    examples: ["stats outcomes=HPV_status", "stats df method=mean outdir=stats"])

  @Subject("The features.") var features: FeatureSet
  @Parameter("How a slide's tiles are summed up.") var method = Method.mean
  @Parameter("Above it a tile counts.", in: -1e9...1e9, only: [.with(\StatsCommand.$method, .threshold)])
  var threshold = 0.5
  @Parameter(
    "The groups.",
    implies: ImpliedParameter(
      LabelSet.type, broughtAlong: "those that the features were made with", otherwise: nil))
  var outcomes: LabelChoice?
  @Parameter("Rows that are shown.", in: 1...100_000) var top = 10
  @Parameter("A folder for the CSV.", as: .path(.output(extensions: []))) var outdir: String?

  func run(_ invocation: Invocation) throws -> TableValue {
    let comparison = try OutcomeComparison(
      features, method: method == .threshold ? .threshold(Float(threshold)) : .mean, outcomes: $outcomes.choice,
      basis: invocation.fullBasis, monitor: invocation.work)
    if let outdir { invocation.output.note("Written: \(try comparison.write(toFolder: outdir))") }
    let table = comparison.table
    let value = TableValue(
      whole: { table }, shown: table, shownRows: top, shape: "\(table.rows.count) features",
      names: features.knownNames)
    value.show(in: invocation.output)
    return value
  }
}
