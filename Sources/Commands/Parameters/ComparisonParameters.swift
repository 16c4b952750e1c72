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

/// What tells the groups: labels of slides, the region of interest of each tile, or its cluster.
enum ComparedGroups: ParameterValue {
  case labels(LabelChoice)
  case regions
  case clusters(TileClusters)

  static let parameterType = ParameterType.either([
    .valueOrName([LabelSet.type, TileClusters.type], .column), .choice(["region"]),
  ])
  init?(argument: BoundValue) {
    if let clusters = argument.sessionValue as? TileClusters {
      self = .clusters(clusters)
      return
    }
    guard let labels = LabelChoice(argument: argument) else { return nil }
    self = if case .column("region") = labels { .regions } else { .labels(labels) }
  }
}

/// One side of a comparison: a category, or a selection under its name.
enum ComparedSide: ParameterValue {
  case category(String)
  case selection(SelectionRequest.Other)

  static let parameterType = ParameterType.text
  init?(argument: BoundValue) {
    if let named = NamedSelection(argument: argument) {
      self = .selection(named.other)
    } else if let text = argument.text {
      self = .category(text)
    } else {
      return nil
    }
  }
}

/// A command that compares features, to which outcomes mean nothing beside selections.
protocol ComparingCommand {
  var comparison: ComparisonParameters { get }
}

extension ComparingCommand {
  var comparesOutcomes: Bool { comparison.selections.isEmpty }
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
    "The groups: a column, labels, `region`, or clusters, of which `between` names two or one; or a column of numbers, with which "
      + "features are correlated.",
    implies: ImpliedParameter(
      LabelSet.type, broughtAlong: "those that the features were made with", otherwise: nil,
      where: \(any ComparingCommand).comparesOutcomes))
  var outcomes: ComparedGroups?
  @Parameter(
    "Reads the outcomes as numbers; left out, a column of many different numbers is.",
    only: [.with(\ComparisonParameters.$outcomes)])
  var useFloat: Bool?
  @Parameter(
    "Two of the categories, the first against the second; left out, all of them. Or two selections of tiles, or one, against the "
      + "rest.", as: .either([.list(.value([SelectedTiles.type])), .list(.text)]))
  var between: [ComparedSide]?
  @Parameter(
    "The test of categories: analysis of variance as in slideflow, Welch's, which lets categories vary unequally, or one of "
      + "ranks: Kruskal–Wallis, and Mann–Whitney for two categories. Of pairs, Student's t of the differences, and for those of "
      + "ranks Wilcoxon's.",
    shown: "anova")
  var test: ComparisonRequest.Test?
  @Parameter(
    "Columns that are accounted for: categories are permuted within their values only, and numbers are regressed out.",
    as: .list(.name(.column)))
  var adjust: [String]?
  @Group(only: [.with(\ComparisonParameters.$adjust)]) var drawing: PermutationParameters

  /// Those that are compared.
  var selections: [SelectionRequest.Other] {
    (($between.given ?? nil) ?? []).compactMap { if case .selection(let selection) = $0 { selection } else { nil } }
  }

  private var categories: [String]? {
    let names = (between ?? []).compactMap { if case .category(let name) = $0 { name } else { nil } }
    return names.isEmpty ? nil : names
  }

  func request(of features: FeatureSet) throws -> ComparisonRequest {
    var request = ComparisonRequest()
    request.method =
      switch method {
      case .mean: .mean
      case .threshold: .threshold(Float(threshold))
      case .median: .median
      case .max: .max
      case .top(let count): .top(count)
      }
    request.groups = try groups(of: features)
    request.unit = unit
    request.test = test
    request.between = categories
    request.adjust = adjust ?? []
    request.permutations = drawing.permutations
    request.seed = UInt64(drawing.seed)
    request.useFloat = useFloat
    return request
  }

  private func groups(of features: FeatureSet) throws -> ComparisonRequest.Groups {
    let selections = selections
    if !selections.isEmpty {
      guard !$outcomes.isGiven else {
        throw CommandFailure(
          "Selections are compared with one another, and outcomes have no part in that.", parameter: $outcomes.name)
      }
      return .tiles(try ComparedTiles(between: selections, on: features))
    }
    guard $outcomes.isGiven else { return .labels(nil) }
    switch $outcomes.given ?? nil {
    case .regions?:
      let isColumn = features.study.project.annotations.columns.contains("region")
      return isColumn ? .labels(.column("region")) : .regions
    case .labels(let labels)?: return .labels(labels)
    case .clusters(let clusters)?:
      return .tiles(try ComparedTiles(clusters: clusters, between: categories, on: features))
    case nil: return .labels(LabelChoice.none)
    }
  }
}

/// The permutations of a comparison that accounts for columns.
struct PermutationParameters: ParameterGroup {
  @Parameter("Permutations; the smallest p is one over one more.", in: 99...10_000_000) var permutations = 9999
  @Parameter("The same seed draws the same permutations.", in: 0...Int.max) var seed = 42
}
