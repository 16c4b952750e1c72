import CommandLanguage
import Rendering
import Workflows

extension DistributionFigure.Kind: ParameterChoice {}
extension FeaturePlots.Level: ParameterChoice {}
extension PictureFormat: ParameterChoice {}

/// Which features are shown: a range or a list of numbers, or ranges by layer.
enum FeatureChoice: ParameterValue {
  case numbers(RangeOrList<Int>)
  case layers(RangesByLayer)

  static let parameterType = ParameterType.either([
    .range, .list(.integer(0...10_000_000)), RangesByLayer.parameterType,
  ])

  init?(argument: BoundValue) {
    if let layers = RangesByLayer(argument: argument) {
      self = .layers(layers)
    } else if let numbers = RangeOrList<Int>(argument: argument) {
      self = .numbers(numbers)
    } else {
      return nil
    }
  }

  var chosen: FeaturePlots.Chosen {
    switch self {
    case .numbers(.range(let range)): .range(range)
    case .numbers(.list(let list)): .numbers(list)
    case .layers(let layers): .ranges(layers.pairs.map { FeaturePlots.LayerRange(layer: $0.layer, range: $0.range) })
    }
  }
}

/// `box_plots`: how features are spread in each outcome.
struct BoxPlotsCommand: TypedCommand, ComparingCommand {
  static let page = CommandPage(
    "box_plots", topic: "Statistics",
    summary: "Draws how features are spread in each outcome, over slides or patients and over tiles.",
    discussion: """
      A notebook shows a page of small pictures, features by q; `page` turns it. Each title has q and the effect size of `stats`, \
      whose parameters these are. A box reaches from the first to the third quartile, its line is the median, its whiskers end at the last \
      values within one and a half box heights; points are slides or patients, and of tiles those beyond the whiskers. `outdir` \
      gets a picture of each feature and index.html, which shows all of them.
      """, reference: ["DatasetFeatures.box_plots", "DatasetFeatures.activations_by_category"],
    synonyms: [
      "boxplot", "boxplots", "box_plot", "violin", "violinplot", "violin_plot", "strip", "stripplot", "swarm",
      "beeswarm", "distribution", "distributions", "hist", "histogram", "histograms",
    ],
    examples: [
      "box_plots outcomes=HPV_status", "box_plots df features=0..<8 outcomes=site kind=violin level=tile",
      "box_plots df features=[3, 5] outcomes=HPV_status outdir=boxes",
    ])

  @Subject("The features.") var activations: FeatureSet
  @Parameter(
    "Which features: a range, a list of numbers, or ranges by layer ({layer3: 0..<64}). Left out, those with the smallest q.",
    positional: true)
  var features: FeatureChoice?
  @Parameter("How many of the smallest q.", in: 1...100_000, only: [.without(\BoxPlotsCommand.$features)]) var top = 12
  @Parameter("Boxes with points over them, violins, points alone, or histograms.") var kind = DistributionFigure.Kind
    .box
  @Parameter("What has a value: slides or patients (`unit`), tiles, or both side by side.") var level = FeaturePlots
    .Level.both
  @Parameter("Which page is shown.", in: 1...1_000_000) var page = 1
  @Group var comparison: ComparisonParameters
  @Parameter("A title above the picture.") var title: String?
  @Parameter("A folder for a picture of each feature, and a page that shows all.", as: .path(.output(extensions: [])))
  var outdir: String?
  @Parameter("Of the pictures there.", only: [.with(\BoxPlotsCommand.$outdir)]) var format = PictureFormat.png
  @Group var look: StyleParameters

  func run(_ invocation: Invocation) throws -> PictureValue {
    let plots = try FeaturePlots(
      activations, features?.chosen ?? .top(top), try comparison.request(of: activations), kind: kind, level: level,
      basis: invocation.fullBasis, monitor: invocation.work)
    let figure = try Reporting.run { try plots.figure(page: page, title: title) }
    if let outdir {
      var style = look.style
      style.statement = invocation.statement
      let index = try plots.write(toFolder: outdir, as: format, style, monitor: invocation.work)
      invocation.output.note(
        "Written: \(plots.chosen.count.counted("picture")) and \(index), which shows them.")
    }
    invocation.output.add(plots.comparison.remarks)
    let value = try PictureValue(
      figure, in: look.style, text: figure.metadata.description ?? "", names: activations.knownNames)
    value.show(in: invocation.output)
    return value
  }
}
