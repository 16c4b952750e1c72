import CommandLanguage
import FeatureData
import Inference
import Rendering

/// `logits_mean`, `logits_percent` and `logits_predict`: what a model says of whole slides.
enum SlidePredictionCommands {
  static let commands = [Kind.mean, .percent, .predict].map(command)

  /// How the tiles of a slide are summed up.
  private enum Kind: String {
    case mean = "logits_mean"
    case percent = "logits_percent"
    case predict = "logits_predict"

    var summary: String {
      switch self {
      case .mean: "Shows the mean of the logits, or of the probabilities, over the tiles of each slide."
      case .percent: "Shows for each slide the share of its tiles that each outcome is predicted for."
      case .predict: "Shows the prediction for each slide: the outcome predicted for most of its tiles."
      }
    }

    var discussion: String {
      switch self {
      case .mean:
        """
        Logits are the network's outputs before the softmax; `of=probabilities` takes the softmax of each tile first, as \
        slideflow 3 does in softmax_mean. A model that gives nothing but probabilities is averaged as it is, and the \
        caption says so. The prediction is the outcome with the largest mean.
        """
      case .percent:
        "A tile counts for the outcome with its largest logit; of equal ones for the first. The shares add up to 1."
      case .predict:
        """
        The columns count the tiles that each outcome is predicted for, the one with the largest logit; of equal ones the \
        first counts, for tiles as for slides.
        """
      }
    }

    var referenceNames: [String] {
      ["DatasetFeatures." + rawValue, "DatasetFeatures." + rawValue.replacing("logits", with: "softmax")]
    }
  }

  private static let truth = """
     Where the outcomes of slides are known, by `outcomes` or from making the features, they stand beside the \
    predictions, and the caption counts how many are right.
    """

  private static func command(_ kind: Kind) -> Command {
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
        "What is true of each slide; left out, the outcomes that the features were made with."),
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
        guard let features = invocation.subjects.first as? FeaturesValue else { return nil }
        let value = try table(kind, features, invocation)
        value.show(in: invocation.output)
        return value
      })
  }

  private static let shownColumns = 8
  private static let shownRows = 30

  private static func table(_ kind: Kind, _ features: FeaturesValue, _ invocation: Invocation) throws -> TableValue {
    let arguments = invocation.arguments
    let outputs = try ClassOutputs(features)
    guard kind == .mean || outputs.areClasses else { throw outputs.noClasses(kind.rawValue) }
    if arguments.has("restrict_pred"), !outputs.areClasses { throw outputs.noClasses("restrict_pred") }
    let asProbabilities = try outputs.takesSoftmax(of: arguments.text("of"))
    let allowed = try restriction(arguments, features) ?? Array(outputs.names.indices)
    let monitor = StatementMonitor(monitor: invocation.monitor)
    let predictions = try features.slides.enumerated().map { index, slide in
      try Reporting.run { try monitor.checkInterrupted() }
      monitor.report(phase: "summing up slides", unit: "slides", done: index, total: features.slides.count)
      return SlidePrediction(
        of: slide, classCount: outputs.names.count, asProbabilities: asProbabilities, allowed: allowed)
    }
    let chosen = predictions.map { prediction -> String? in
      guard outputs.areClasses else { return nil }
      let index =
        kind == .mean ? prediction.classOfMean(among: allowed) : prediction.classOfVotes(among: allowed)
      return index.map { outputs.names[$0] }
    }
    let truth = try Truth(
      LabelsCommand.labels(
        "outcomes", of: arguments, project: features.project, slides: features.slides.map(\.name))
        ?? features.outcomes, outputs)

    let columns = kind == .mean ? Array(outputs.names.indices) : allowed
    let cellKind: DataTable.Kind = kind == .predict ? .integer : .number(significantDigits: 4)
    func head(_ columns: [Int]) -> [DataTable.Column] {
      [DataTable.Column("slide"), DataTable.Column("tiles", .integer)]
        + columns.map { DataTable.Column(outputs.names[$0], cellKind) }
    }
    func cells(_ prediction: SlidePrediction, _ columns: [Int]) -> [DataTable.Cell] {
      let numbers: [DataTable.Cell] =
        switch kind {
        case .mean: columns.map { prediction.means.isEmpty ? .missing : .number(prediction.means[$0]) }
        case .percent: columns.map { prediction.tileCount == 0 ? .missing : .number(prediction.shares[$0]) }
        case .predict: columns.map { .integer(prediction.votes[$0]) }
        }
      return [.text(prediction.slide), .integer(prediction.tileCount)] + numbers
    }
    let lastColumns = (outputs.areClasses ? [DataTable.Column("prediction")] : []) + (truth?.columns ?? [])
    let lastCells = zip(predictions, chosen).map { prediction, chosen -> [DataTable.Cell] in
      (outputs.areClasses ? [chosen.map { .text($0) } ?? .missing] : [])
        + (truth?.cells(prediction.slide, predicted: chosen) ?? [])
    }
    let caption =
      [
        "\(kind.rawValue): " + quantity(kind, outputs, asProbabilities), features.slides.count.counted("slide"),
        features.tileCount.counted("tile") + (invocation.subjectName.map { ", on \($0)" } ?? ""),
      ].joined(separator: ", ")
      + (allowed.count < outputs.names.count
        ? "; predicted among " + allowed.map { outputs.names[$0] }.joined(separator: ", ") : "")
      + (truth?.summary(of: predictions, chosen).map { "; " + $0 } ?? "")

    let shown = Array(columns.prefix(shownColumns))
    let rest = columns.count - shown.count
    let more = rest > 0 ? [DataTable.Column("… \(rest) more")] : []
    let first = DataTable(
      columns: head(shown) + more + lastColumns,
      rows: zip(predictions, lastCells).map { cells($0, shown) + more.map { _ in .text("…") } + $1 }, caption: caption)
    let whole = DataTable(
      columns: head(columns) + lastColumns, rows: zip(predictions, lastCells).map { cells($0, columns) + $1 },
      caption: caption)
    return TableValue(
      table: { whole }, shown: first, shownRows: shownRows, shape: "\(predictions.count.counted("slide"))",
      names: features.knownNames)
  }

  private static func quantity(_ kind: Kind, _ outputs: ClassOutputs, _ asProbabilities: Bool) -> String {
    switch kind {
    case .mean where !outputs.areClasses: "mean outputs of the model"
    case .mean where outputs.areProbabilities: "mean probabilities, which is what the model gives"
    case .mean: asProbabilities ? "mean probabilities" : "mean logits"
    case .percent: "share of the tiles by predicted outcome"
    case .predict: "tiles by predicted outcome, and the outcome of most"
    }
  }

  /// The classes that can be predicted, ascending; nil if all can.
  private static func restriction(_ arguments: BoundArguments, _ features: FeaturesValue) throws -> [Int]? {
    guard let items = arguments["restrict_pred"]?.items else { return nil }
    let indices = try items.map { item in
      try Reporting.run(parameter: "restrict_pred") {
        try features.outcome(item.integer.map(String.init) ?? item.text ?? "", isIndex: item.integer != nil)
      }
    }
    return Set(indices).sorted()
  }
}

/// The outputs of a model, by name, and whether they are classes.
private struct ClassOutputs {
  let names: [String]
  let areProbabilities: Bool
  let areClasses: Bool
  private let model: String

  init(_ features: FeaturesValue) throws(CommandFailure) {
    guard features.logitCount > 0 else {
      throw CommandFailure("These features have no logits: the model gives none, or they were left out.")
    }
    let parameters = features.model?.choice.parameters
    let isClassifier = parameters?.kind == nil || parameters?.kind == .classification
    areClasses = isClassifier && features.logitCount > 1
    let outcomes = parameters?.outcomes ?? []
    names = !areClasses && outcomes.count == features.logitCount ? outcomes : features.classNames
    areProbabilities = features.areProbabilities
    model = features.model?.model.path.withShortPaths ?? "behind these features"
  }

  func noClasses(_ what: String) -> CommandFailure {
    let reason = names.count == 1 ? "has one output" : "predicts numbers"
    return CommandFailure(
      "The model \(model) \(reason) and no classes, so there is nothing that `\(what)` could choose between.",
      remedy: "logits_mean", parameter: what == "restrict_pred" ? what : nil)
  }

  /// Whether each tile's outputs go through the softmax first.
  func takesSoftmax(of asked: String?) throws(CommandFailure) -> Bool {
    if asked == "logits", areProbabilities {
      throw CommandFailure(
        "The model \(model) gives probabilities, and no logits.", remedy: "of=probabilities", parameter: "of")
    }
    guard asked == "probabilities" else { return false }
    if !areClasses { throw noClasses("of=probabilities") }
    return !areProbabilities
  }
}

/// What is known to be true of the slides.
private struct Truth {
  private let labels: SlideLabels
  private let outputs: ClassOutputs
  /// True if the labels are of what the model predicts.
  private let isComparable: Bool

  init?(_ labels: SlideLabels?, _ outputs: ClassOutputs) {
    guard let labels else { return nil }
    self.labels = labels
    self.outputs = outputs
    isComparable = outputs.areClasses && labels.categories.contains { outputs.names.contains($0) }
  }

  var columns: [DataTable.Column] {
    let isNumber = if case .continuous = labels.values { true } else { false }
    return [DataTable.Column(labels.column, isNumber ? .number(significantDigits: 4) : .text)]
      + (isComparable ? [DataTable.Column("right")] : [])
  }

  func cells(_ slide: String, predicted: String?) -> [DataTable.Cell] {
    switch labels.values {
    case .continuous(let bySlide): return [bySlide[slide].map { .number($0) } ?? .missing]
    case .categorical(let bySlide, _):
      let label = bySlide[slide]
      let mark: [DataTable.Cell] =
        if isComparable {
          [isRight(label, predicted).map { .text($0 ? "yes" : "no") } ?? .missing]
        } else { [] }
      return [label.map { .text($0) } ?? .missing] + mark
    }
  }

  /// Nil for slides without a prediction, and for those whose label the model does not know.
  private func isRight(_ label: String?, _ predicted: String?) -> Bool? {
    guard let label, let predicted, outputs.names.contains(label) else { return nil }
    return label == predicted
  }

  /// How many predictions are right, or how far numbers are off.
  func summary(of predictions: [SlidePrediction], _ chosen: [String?]) -> String? {
    switch labels.values {
    case .categorical(let bySlide, _):
      guard isComparable else {
        return outputs.areClasses ? "the model's outcomes are not those of \(labels.column)" : nil
      }
      let marks = zip(predictions, chosen).compactMap { isRight(bySlide[$0.slide], $1) }
      let right = marks.count { $0 }
      let left = predictions.count - marks.count
      guard !marks.isEmpty else { return "no slide has a label of \(labels.column) that the model knows" }
      return "\(right) of \(marks.count.counted("slide")) right by \(labels.column)"
        + (left > 0 ? ", \(left) without a label to compare with" : "")
    case .continuous(let bySlide):
      guard !outputs.areClasses, outputs.names.count == 1 else { return nil }
      let errors = predictions.compactMap { prediction in
        prediction.means.first.flatMap { mean in bySlide[prediction.slide].map { abs($0 - mean) } }
      }
      guard !errors.isEmpty else { return nil }
      return "mean absolute error \((errors.reduce(0, +) / Double(errors.count)).shortText) by \(labels.column)"
    }
  }
}
