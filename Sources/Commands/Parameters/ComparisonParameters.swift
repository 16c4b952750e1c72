import Analysis
import CommandLanguage
import Slides
import Workflows

extension ComparisonRequest.Test: ParameterChoice {}
extension ComparisonRequest.Unit: ParameterChoice {}

/// How the tiles of a slide or a patient are summed up, as it is written.
enum SummaryMethod: ParameterValue, Equatable {
  case mean, threshold, median, max
  case top(Int)

  static let parameterType = ParameterType.choiceOrCount(
    ["mean", "threshold", "median", "max"], counted: "top", 1...1_000_000)

  init?(argument: BoundValue) {
    switch argument.text {
    case "mean": self = .mean
    case "threshold": self = .threshold
    case "median": self = .median
    case "max": self = .max
    case let text?:
      let start = "top:"
      guard text.hasPrefix(start), let count = Int(text.dropFirst(start.count)) else { return nil }
      self = .top(count)
    case nil: return nil
    }
  }

  var spelling: String? {
    switch self {
    case .mean: "mean"
    case .threshold: "threshold"
    case .median: "median"
    case .max: "max"
    case .top(let count): "top:\(count)"
    }
  }
}

/// What tells the groups: labels of slides, or the region of interest of each tile.
enum ComparedGroups: ParameterValue {
  case labels(LabelChoice)
  case regions

  static let parameterType = ParameterType.either([LabelChoice.parameterType, .choice(["region"])])
  init?(argument: BoundValue) {
    guard let labels = LabelChoice(argument: argument) else { return nil }
    self = if case .column("region") = labels { .regions } else { .labels(labels) }
  }
}

/// How features are compared between outcomes.
struct ComparisonParameters: ParameterGroup {
  @Parameter(
    "How the tiles of a slide or patient become one number: their mean, median or maximum, the share of them above "
      + "`threshold`, or the mean of the N highest.")
  var method = SummaryMethod.mean
  @Parameter("Above it a tile counts.", in: -1e9...1e9, only: [.with(\ComparisonParameters.$method, .threshold)])
  var threshold = 0.5
  @Parameter(
    "What counts once: a slide, or a patient with all tiles of their slides. Left out, it is the patient where one has "
      + "several slides.")
  var unit: ComparisonRequest.Unit?
  @Parameter(
    "The groups: a column, labels, or `region`; or a column of numbers, with which features are correlated.",
    implies: ImpliedParameter(
      LabelSet.type, broughtAlong: "those that the features were made with", otherwise: nil))
  var outcomes: ComparedGroups?
  @Parameter(
    "Reads the outcomes as numbers; left out, a column of many different numbers is.",
    only: [.with(\ComparisonParameters.$outcomes)])
  var useFloat: Bool?
  @Parameter("Two of the categories, the first against the second; left out, all of them.", as: .list(.text))
  var between: [String]?
  @Parameter(
    "The test of categories: analysis of variance as in slideflow, Welch's, which lets categories vary unequally, or one of "
      + "ranks: Kruskal–Wallis, and Mann–Whitney for two categories.",
    shown: "anova")
  var test: ComparisonRequest.Test?
  @Parameter(
    "Columns that are accounted for: categories are permuted within their values only, and numbers are regressed out.",
    as: .list(.name(.column)))
  var adjust: [String]?
  @Group(only: [.with(\ComparisonParameters.$adjust)]) var drawing: PermutationParameters

  func request(of features: FeatureSet) -> ComparisonRequest {
    var request = ComparisonRequest()
    request.method =
      switch method {
      case .mean: .mean
      case .threshold: .threshold(Float(threshold))
      case .median: .median
      case .max: .max
      case .top(let count): .top(count)
      }
    request.groups = groups(of: features)
    request.unit = unit
    request.test = test
    request.between = between
    request.adjust = adjust ?? []
    request.permutations = drawing.permutations
    request.seed = UInt64(drawing.seed)
    request.useFloat = useFloat
    return request
  }

  private func groups(of features: FeatureSet) -> ComparisonRequest.Groups {
    guard $outcomes.isGiven else { return .labels(nil) }
    switch $outcomes.given ?? nil {
    case .regions?:
      let isColumn = features.study.project.annotations.columns.contains("region")
      return isColumn ? .labels(.column("region")) : .regions
    case .labels(let labels)?: return .labels(labels)
    case nil: return .labels(LabelChoice.none)
    }
  }
}

/// The permutations of a comparison that accounts for columns.
struct PermutationParameters: ParameterGroup {
  @Parameter("Permutations; the smallest p is one over one more.", in: 99...10_000_000) var permutations = 9999
  @Parameter("The same seed draws the same permutations.", in: 0...Int.max) var seed = 42
}
