import CommandLanguage
import Rendering
import Workflows

/// `stats`: which features differ between outcomes, or go with a number.
struct StatsCommand: TypedCommand, ComparingCommand {
  static let page = CommandPage(
    "stats", topic: "Statistics",
    summary: "Compares every feature between the outcomes, over slides or patients and over tiles.",
    discussion: """
      A slide or a patient counts once, with one number that `method` makes of its tiles; the p over tiles takes every \
      tile for itself, which tiles of one slide are not, so report the p over slides or patients. q is p after \
      Benjamini and Hochberg, over all features; features come by p. Each effect size has its 95 % confidence interval: η² of \
      the analysis of variance, ω² of Welch's, ε² of Kruskal–Wallis, the area under the curve of Mann–Whitney, and of two \
      categories Hedges' g, the first less the second. Numbers as outcomes give Pearson's r and Spearman's ρ. With \
      `adjust=[site]` the outcomes are permuted within each site, so that what the sites differ in counts for nothing; p \
      is then that of the permutations, of the partial F. What cannot be tested is said in words. `outdir` gets \
      statistics.csv with every test, effect size, interval, count, mean and standard deviation, and for categories \
      slide_level_summary.csv in slideflow's layout: slides and their analysis of variance, whatever else is asked. \
      Tiles with NaN or infinity are left out and named. With `outcomes=region` the groups are those of tiles, by the class of \
      the region of interest that their centre lies in: a slide or patient then counts once in each of its regions' classes.

      With `between=[s1, s2]` two selections of tiles are compared, with `between=s1` one and the rest, with `outcomes=c` two \
      clusters, or one and the rest. Tiles of one patient are alike, so the comparison is within the slides or patients that have tiles \
      on both sides: the number that `method` makes of the one side less that of the other, by Student's t test of the \
      differences, or Wilcoxon's of their ranks (`test=wilcoxon`). Those with tiles on one side alone are left out; where there are \
      more of them on either side than pairs, they are compared as independent groups, and those with tiles on both sides are \
      left out. The caption says which. Tiles that the features themselves chose, as on a map of them, differ in part because they were \
      chosen so; that is said too.
      """, reference: ["DatasetFeatures.stats"],
    synonyms: [
      "anova", "statistics", "stat", "ttest", "t_test", "compare", "test", "volcano", "differential", "wilcoxon",
      "kruskal", "significance", "mannwhitney", "mann_whitney", "welch", "spearman", "pearson", "correlation",
      "correlate", "corr", "effect_size", "effect_sizes", "cohen", "fdr", "pvalue", "p_value", "permutation",
    ],
    examples: [
      "stats outcomes=HPV_status", "stats df method=mean outdir=stats", "stats df test=mannwhitney method=top:20",
      "stats df outcomes=site between=[siteA, siteB]", "stats df outcomes=age", "stats df adjust=[site]",
      "stats df between=[s1, s2]",
      "stats df sort=\"-η²\" where={\"tile q\": <0.05} top=20",
    ])

  @Subject("The features.") var features: FeatureSet
  @Group var comparison: ComparisonParameters
  @Group var rows: TableRowParameters
  @Parameter("A folder for the CSV files.", as: .path(.output(extensions: []))) var outdir: String?

  /// What the columns are depends on what is compared.
  func peek(_ input: PeekInput) -> KnownNames? { TableRowParameters.known(input, columns: nil, isJoined: false) }

  func run(_ invocation: Invocation) throws -> TableValue {
    let found = try OutcomeComparison(
      features, try comparison.request(of: features), basis: invocation.fullBasis, monitor: invocation.work)
    if let outdir {
      for sentence in try found.write(toFolder: outdir, monitor: invocation.work) { invocation.output.note(sentence) }
    }
    invocation.output.add(found.remarks)
    let table = found.table
    let value = try TableValue(
      whole: { table }, shown: table, shownRows: 10, shape: "\(table.rows.count) features",
      names: features.knownNames
    ).choosing(rows)
    value.show(in: invocation.output)
    return value
  }
}
