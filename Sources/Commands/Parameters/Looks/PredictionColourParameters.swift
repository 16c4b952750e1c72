import CommandLanguage
import Workflows

/// What of the predictions colours a map or a mosaic.
struct PredictionColourParameters: ParameterGroup {
  @Parameter(
    "Colours by the predicted probability of this outcome, by number or name, instead of labels; `true` by the class that is "
      + "predicted. Where a point stands for a slide, by the share of its tiles that are predicted so, or the class of most "
      + "of them.")
  var showPrediction: ShownPrediction?
  @Parameter(
    restrictionDocumentation + " Probabilities are taken over these alone.",
    as: .list(.indexOrName(.outcome)), referenceNames: ["prediction_filter"],
    only: [.with(\PredictionColourParameters.$showPrediction)])
  var restrictPred: [NumberOrName]?

  static let restrictionDocumentation =
    "Only these outcomes, by number or name, can be predicted: of each tile the one with the largest logit."

  /// - Throws: `WorkflowFailure` for what these features do not have, before anything is computed.
  func colour(of features: FeatureSet) throws -> PredictionColour? {
    guard let asked = showPrediction?.asked else { return nil }
    return try PredictionColour(asked, among: restrictPred?.map(\.outputName), of: features)
  }
}

/// What `show_prediction` is given: an outcome, or whether the predicted class is shown.
enum ShownPrediction: ParameterValue {
  case predictedClass(Bool)
  case outcome(NumberOrName)

  static let parameterType = ParameterType.either([.boolean, .indexOrName(.outcome)])

  init?(argument: BoundValue) {
    if let isShown = argument.boolean {
      self = .predictedClass(isShown)
    } else if let outcome = NumberOrName(argument: argument) {
      self = .outcome(outcome)
    } else {
      return nil
    }
  }

  /// Nil for `false`.
  var asked: PredictionColour.Asked? {
    switch self {
    case .predictedClass(let isShown): isShown ? .predictedClass : nil
    case .outcome(let outcome): .probability(outcome.outputName)
    }
  }
}

extension NumberOrName {
  var outputName: SlidePredictions.OutputName {
    switch self {
    case .number(let number): .index(number)
    case .name(let name): .name(name)
    }
  }
}
