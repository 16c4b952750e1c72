import Analysis
import CommandLanguage
import Rendering
import Slides
import Workflows

/// `stats`: which features differ between outcomes.
struct StatsCommand: TypedCommand {
  /// How a slide's tiles are summed up.
  enum Method: String, ParameterChoice { case mean, threshold }

  /// What tells the groups: labels of slides, or the region of interest of each tile.
  enum Groups: ParameterValue {
    case labels(LabelChoice)
    case regions

    static let parameterType = ParameterType.either([LabelChoice.parameterType, .choice(["region"])])
    init?(argument: BoundValue) {
      guard let labels = LabelChoice(argument: argument) else { return nil }
      self = if case .column("region") = labels { .regions } else { .labels(labels) }
    }
  }

  static let page = CommandPage(
    "stats", topic: "Statistics",
    summary: "Compares every feature between the outcomes: one-way ANOVA over tiles and over slides.",
    discussion: """
      With `method=mean` a slide counts with the mean of its tiles, with `method=threshold` with the share of its tiles \
      above `threshold`. Adjusted p is Benjamini and Hochberg's. `outdir` gets slide_level_summary.csv in slideflow's layout. \
      Tiles with NaN or infinity are left out and named. With `outcomes=region` the groups are those of tiles, by the class of \
      the region of interest that their centre lies in: a slide then counts once in each of its regions' classes.
      """, reference: ["DatasetFeatures.stats"],
    synonyms: [
      "anova", "statistics", "stat", "ttest", "t_test", "compare", "test", "volcano", "differential", "wilcoxon",
      "kruskal", "significance",
    ],
    examples: ["stats outcomes=HPV_status", "stats df method=mean outdir=stats"])

  @Subject("The features.") var features: FeatureSet
  @Parameter("How a slide's tiles are summed up.") var method = Method.mean
  @Parameter("Above it a tile counts.", in: -1e9...1e9, only: [.with(\StatsCommand.$method, .threshold)])
  var threshold = 0.5
  @Parameter(
    "The groups: a column, labels, or `region`.",
    implies: ImpliedParameter(
      LabelSet.type, broughtAlong: "those that the features were made with", otherwise: nil))
  var outcomes: Groups?
  @Parameter("Rows that are shown.", in: 1...100_000) var top = 10
  @Parameter("A folder for the CSV.", as: .path(.output(extensions: []))) var outdir: String?

  private var groups: OutcomeComparison.Groups {
    guard $outcomes.isGiven else { return .labels(nil) }
    switch $outcomes.given ?? nil {
    case .regions?:
      let isColumn = features.study.project.annotations.columns.contains("region")
      return isColumn ? .labels(.column("region")) : .regions
    case .labels(let labels)?: return .labels(labels)
    case nil: return .labels(LabelChoice.none)
    }
  }

  func run(_ invocation: Invocation) throws -> TableValue {
    let comparison = try OutcomeComparison(
      features, method: method == .threshold ? .threshold(Float(threshold)) : .mean, groups: groups,
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
