import CommandLanguage
import FeatureData
import Workflows

/// What of whole slides `logits_mean`, `logits_percent` and `logits_predict` share.
struct SlidePredictionParameters: ParameterGroup {
  @Parameter(
    "Only these outcomes, by number or name, can be predicted; they keep the model's numbers.",
    as: .list(.indexOrName(.outcome)), referenceNames: ["prediction_filter"])
  var restrictPred: [NumberOrName]?
  @Parameter(
    "What is true of each slide.",
    implies: ImpliedParameter(
      LabelSet.type, broughtAlong: "the outcomes that the features were made with", otherwise: "none"))
  var outcomes: LabelChoice?
  @Group var rows: TableRowParameters

  fileprivate static let discussion = """
     Where the outcomes of slides are known, by `outcomes` or from making the features, they stand beside the \
    predictions, and the caption counts how many are right. \(TableRowParameters.discussion)
    """

  /// A column for each outcome, what is predicted and what is true.
  fileprivate func known(_ input: PeekInput) -> KnownNames {
    var columns = input.subjectNames?.names(of: .outcome).map { ["slide", "tiles", "prediction", "right"] + $0 }
    // Several heads have a prediction each.
    if columns?.contains(where: { $0.contains("/") }) == true { columns = nil }
    switch $outcomes.given ?? nil {
    case .column?: break
    case .labels(let labels)?: columns? += labels.columns.map(\.column)
    case .some(.none), nil:
      let truth = input.subjectNames?.names(of: .truth)
      let isSettled = input.subjectNames?.settled.contains($outcomes.name) == true
      if $outcomes.isGiven ? $outcomes.given == nil : isSettled && truth == nil { columns = nil }
      columns? += truth ?? []
    }
    return TableRowParameters.known(input, columns: columns, isJoined: true)
  }

  fileprivate static func reference(_ name: String) -> [String] {
    ["DatasetFeatures." + name, "DatasetFeatures." + name.replacing("logits", with: "softmax")]
  }

  fileprivate func predictions(
    _ kind: SlidePredictions.Kind, of features: FeatureSet, asked: SlidePredictions.Quantity? = nil,
    _ invocation: Invocation
  ) throws -> TableValue {
    let predictions = try SlidePredictions(
      kind, of: features, asked: asked, restriction: restrictPred?.map(\.outputName), outcomes: $outcomes.choice,
      basis: invocation.fullBasis, monitor: invocation.work)
    let truth = try features.outcomes($outcomes.choice)
    let value = try TableValue(
      whole: { predictions.table }, shown: predictions.excerpt, shownRows: 30,
      shape: features.slides.count.counted("slide"), names: features.knownNames, study: features.study,
      outcomes: truth.map { [$0.column: $0.categories] } ?? [:]
    ).choosing(rows)
    value.show(in: invocation.output)
    return value
  }
}

/// `logits_mean`: what a model says of whole slides, on average.
struct LogitsMeanCommand: TypedCommand {
  static let page = CommandPage(
    "logits_mean", topic: "Features",
    summary: "Shows the mean of the logits, or of the probabilities, over the tiles of each slide.",
    discussion: """
      Logits are the network's outputs before its last activation; `of=probabilities` turns those of each tile into \
      probabilities first, by the softmax for classes, as slideflow 3 does in softmax_mean, and by the sigmoid for labels \
      that do not exclude each other. A model that gives nothing but probabilities, or numbers such as an age, is \
      averaged as it is, and the caption says so. The prediction is the class with the largest mean.
      """ + SlidePredictionParameters.discussion, reference: SlidePredictionParameters.reference("logits_mean"),
    examples: ["logits_mean", "logits_mean df of=probabilities", "t = logits_mean df outcomes=HPV_status"])

  @Subject("The features.") var features: FeatureSet
  @Parameter("What is averaged over the tiles.", shown: "logits") var of: SlidePredictions.Quantity?
  @Group var slides: SlidePredictionParameters

  func peek(_ input: PeekInput) -> KnownNames? { slides.known(input) }

  func run(_ invocation: Invocation) throws -> TableValue {
    try slides.predictions(.mean, of: features, asked: of, invocation)
  }
}

/// `logits_percent`: the shares of a slide's tiles.
struct LogitsPercentCommand: TypedCommand {
  static let page = CommandPage(
    "logits_percent", topic: "Features",
    summary: "Shows for each slide the share of its tiles that each outcome is predicted for.",
    discussion: """
      A tile counts for the outcome with its largest logit; of equal ones for the first. The shares add up to 1. Labels \
      that do not exclude each other, and numbers, have no shares.
      """ + SlidePredictionParameters.discussion, reference: SlidePredictionParameters.reference("logits_percent"),
    examples: [
      "logits_percent", "logits_percent df restrict_pred=[negative, positive]",
      "t = logits_percent df outcomes=HPV_status",
    ])

  @Subject("The features.") var features: FeatureSet
  @Group var slides: SlidePredictionParameters

  func peek(_ input: PeekInput) -> KnownNames? { slides.known(input) }

  func run(_ invocation: Invocation) throws -> TableValue {
    try slides.predictions(.percent, of: features, invocation)
  }
}

/// `logits_predict`: what most tiles of a slide say.
struct LogitsPredictCommand: TypedCommand {
  static let page = CommandPage(
    "logits_predict", topic: "Features",
    summary: "Shows the prediction for each slide: the outcome predicted for most of its tiles.",
    discussion: """
      The columns count the tiles that each outcome is predicted for, the one with the largest logit; of equal ones the \
      first counts, for tiles as for slides.
      """ + SlidePredictionParameters.discussion, reference: SlidePredictionParameters.reference("logits_predict"),
    synonyms: ["predict", "prediction", "predictions", "infer", "inference", "classify", "diagnosis"],
    examples: [
      "logits_predict", "logits_predict df restrict_pred=[negative, positive]",
      "t = logits_predict df outcomes=HPV_status",
    ])

  @Subject("The features.") var features: FeatureSet
  @Group var slides: SlidePredictionParameters

  func peek(_ input: PeekInput) -> KnownNames? { slides.known(input) }

  func run(_ invocation: Invocation) throws -> TableValue {
    try slides.predictions(.predict, of: features, invocation)
  }
}
