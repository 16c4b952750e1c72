import CommandLanguage
import Workflows

/// `logits_mean`, `logits_percent` and `logits_predict`: what a model says of whole slides.
enum SlidePredictionCommands {
  static let commands = SlidePredictions.Kind.allCases.map(command)

  private static let shownRows = 30

  private static let truth = """
     Where the outcomes of slides are known, by `outcomes` or from making the features, they stand beside the \
    predictions, and the caption counts how many are right.
    """

  private static func command(_ kind: SlidePredictions.Kind) -> Command {
    var parameters: [ParameterDeclaration] = []
    if kind == .mean {
      parameters.append(
        ParameterDeclaration(
          "of", .choice(["logits", "probabilities"]), default: "logits", "What is averaged over the tiles."))
    }
    parameters += [
      ParameterDeclaration(
        "restrict_pred", .list(.indexOrName(.outcome)), referenceNames: ["prediction_filter"],
        "Only these outcomes, by number or name, can be predicted; they keep the model's numbers."),
      ParameterDeclaration(
        "outcomes", .valueOrName([.labels], .column),
        implies: Implication(
          .labels, broughtAlong: "the outcomes that the features were made with", otherwise: "none"),
        "What is true of each slide."),
    ]
    let declaration = CommandDeclaration(
      name: kind.rawValue, referenceNames: kind.referenceNames, topic: "Features", summary: kind.summary,
      discussion: kind.discussion + truth,
      subject: SubjectDeclaration(name: "features", types: [.features], documentation: "The features."),
      parameters: parameters, result: .table,
      examples: [
        kind.rawValue,
        kind == .mean ? "logits_mean df of=probabilities" : "\(kind.rawValue) df restrict_pred=[negative, positive]",
        "t = \(kind.rawValue) df outcomes=HPV_status",
      ])
    return Command(
      declaration,
      run: { invocation in
        guard let features = invocation.subjects.first as? FeatureSet else { return nil }
        let arguments = invocation.arguments
        let predictions = try SlidePredictions(
          kind, of: features, asked: arguments.text("of").flatMap(SlidePredictions.Quantity.init(rawValue:)),
          restriction: restriction(arguments), outcomes: LabelChoice("outcomes", of: arguments),
          basis: invocation.fullBasis, monitor: invocation.work)
        let value = TableValue(
          whole: { predictions.table }, shown: predictions.excerpt, shownRows: shownRows,
          shape: features.slides.count.counted("slide"), names: features.knownNames)
        value.show(in: invocation.output)
        return value
      })
  }

  private static func restriction(_ arguments: BoundArguments) -> [SlidePredictions.OutputName]? {
    arguments["restrict_pred"]?.items.map { item in
      item.integer.map { .index($0) } ?? .name(item.text ?? "")
    }
  }
}

extension SlidePredictions.Kind {
  fileprivate var summary: String {
    switch self {
    case .mean: "Shows the mean of the logits, or of the probabilities, over the tiles of each slide."
    case .percent: "Shows for each slide the share of its tiles that each outcome is predicted for."
    case .predict: "Shows the prediction for each slide: the outcome predicted for most of its tiles."
    }
  }

  fileprivate var discussion: String {
    switch self {
    case .mean:
      """
      Logits are the network's outputs before its last activation; `of=probabilities` turns those of each tile into \
      probabilities first, by the softmax for classes, as slideflow 3 does in softmax_mean, and by the sigmoid for labels \
      that do not exclude each other. A model that gives nothing but probabilities, or numbers such as an age, is \
      averaged as it is, and the caption says so. The prediction is the class with the largest mean.
      """
    case .percent:
      """
      A tile counts for the outcome with its largest logit; of equal ones for the first. The shares add up to 1. Labels \
      that do not exclude each other, and numbers, have no shares.
      """
    case .predict:
      """
      The columns count the tiles that each outcome is predicted for, the one with the largest logit; of equal ones the \
      first counts, for tiles as for slides.
      """
    }
  }

  fileprivate var referenceNames: [String] {
    ["DatasetFeatures." + rawValue, "DatasetFeatures." + rawValue.replacing("logits", with: "softmax")]
  }
}
