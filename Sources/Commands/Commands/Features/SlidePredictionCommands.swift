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
        let value = try table(kind, features, invocation)
        value.show(in: invocation.output)
        return value
      })
  }

  private static let shownColumns = 8
  private static let shownRows = 30

  private static func table(_ kind: Kind, _ features: FeatureSet, _ invocation: Invocation) throws -> TableValue {
    let arguments = invocation.arguments
    let outputs = features.outputs
    guard outputs.count > 0 else {
      throw CommandFailure("These features have no logits: the model gives none, or they were left out.")
    }
    let names = outputs.names
    let heads = outputs.headsWithClasses
    if heads.isEmpty, kind != .mean || arguments.has("restrict_pred") {
      let asked = kind == .mean ? "restrict_pred" : kind.rawValue
      throw outputs.noClasses(asked, of: features.modelName, parameter: kind == .mean ? asked : nil)
    }
    let asProbabilities = try asProbabilities(arguments.text("of"), features)
    let classes = heads.flatMap { Array(outputs.columns(of: $0)) }
    let allowed = try restriction(arguments, features)?.filter(classes.contains) ?? classes
    guard !allowed.isEmpty || heads.isEmpty else {
      throw CommandFailure(
        "None of these outputs is a class that can be predicted; the classes are "
          + "\(StudyModel.inShort(classes.map { names[$0] })).",
        remedy: "restrict_pred=[\(names[classes[0]])]", parameter: "restrict_pred")
    }
    let monitor = StatementMonitor(monitor: invocation.monitor)
    let predictions = try features.slides.enumerated().map { index, slide in
      try Reporting.run { try monitor.checkInterrupted() }
      monitor.report(phase: "summing up slides", unit: "slides", done: index, total: features.slides.count)
      return SlidePrediction(
        of: slide, outputs: outputs, asProbabilities: asProbabilities, allowed: allowed)
    }
    // By slide, a prediction for each head with classes.
    let chosen = predictions.map { prediction in
      heads.map { head -> String? in
        let column =
          kind == .mean
          ? prediction.classOfMean(head, among: allowed) : prediction.classOfVotes(head, among: allowed)
        return column.map { outputs.heads[head].outputNames[$0 - outputs.columns(of: head).lowerBound] }
      }
    }
    let truth = try Truth(LabelsCommand.outcomes(arguments, of: features), outputs)

    let columns = kind == .mean ? Array(names.indices) : allowed
    let cellKind: DataTable.Kind = kind == .predict ? .integer : .number(significantDigits: 4)
    func head(_ columns: [Int]) -> [DataTable.Column] {
      [DataTable.Column("slide"), DataTable.Column("tiles", .integer)]
        + columns.map { DataTable.Column(names[$0], cellKind) }
    }
    func cells(_ prediction: SlidePrediction, _ columns: [Int]) -> [DataTable.Cell] {
      let numbers: [DataTable.Cell] =
        switch kind {
        case .mean: columns.map { prediction.means.isEmpty ? .missing : .number(prediction.means[$0]) }
        case .percent: columns.map { prediction.shares.isEmpty ? .missing : .number(prediction.shares[$0]) }
        case .predict: columns.map { .integer(prediction.votes[$0]) }
        }
      return [.text(prediction.slide), .integer(prediction.tileCount)] + numbers
    }
    let lastColumns = heads.map { DataTable.Column(outputs.predictionTitle(of: $0)) } + (truth?.columns ?? [])
    let lastCells = zip(predictions, chosen).map { prediction, chosen -> [DataTable.Cell] in
      chosen.map { $0.map { .text($0) } ?? .missing } + (truth?.cells(prediction.slide, predicted: chosen) ?? [])
    }
    let missing = predictions.reduce(0) { $0 + $1.missingCount }
    let caption =
      [
        "\(kind.rawValue): " + quantity(kind, outputs, asProbabilities), features.slides.count.counted("slide"),
        features.tileCount.counted("tile").followed(by: invocation.fullBasis),
      ].joined(separator: ", ")
      + (allowed.count < classes.count ? "; predicted among " + allowed.map { names[$0] }.joined(separator: ", ") : "")
      + (kind != .mean && classes.count < outputs.count ? "; outputs that are no classes left out" : "")
      + (missing > 0 ? "; \(missing.counted("tile")) without finite outputs left out" : "")
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

  private static func quantity(_ kind: Kind, _ outputs: ModelOutputs, _ asProbabilities: Bool) -> String {
    let links = Set(outputs.heads.filter(\.areLogits).map(\.link)).sorted().joined(separator: ", ")
    return switch kind {
    case .mean where outputs.heads.allSatisfy { $0.meaning == .numbers }: "mean outputs of the model, as it gives them"
    case .mean where !outputs.heads.contains(where: \.areLogits):
      "mean probabilities, which is what the model gives"
    case .mean: asProbabilities ? "mean probabilities (\(links))" : "mean logits"
    case .percent: "share of the tiles by predicted outcome"
    case .predict: "tiles by predicted outcome, and the outcome of most"
    }
  }

  /// Whether each tile's outputs become probabilities first.
  private static func asProbabilities(_ asked: String?, _ features: FeatureSet) throws(CommandFailure) -> Bool {
    let heads = features.outputs.heads
    if asked == "logits", heads.contains(where: \.areProbabilities), !heads.contains(where: \.areLogits) {
      throw CommandFailure(
        "\(features.modelName) gives probabilities, and no logits.", remedy: "of=probabilities", parameter: "of")
    }
    if asked == "probabilities", heads.allSatisfy({ $0.meaning == .numbers }) {
      throw CommandFailure(
        "\(features.modelName) gives numbers (\(StudyModel.inShort(features.classNames))), which have no probabilities.",
        remedy: "logits_mean", parameter: "of")
    }
    return asked == "probabilities"
  }

  /// The columns of the classes that can be predicted, ascending; nil if all can.
  private static func restriction(_ arguments: BoundArguments, _ features: FeatureSet) throws -> [Int]? {
    guard let items = arguments["restrict_pred"]?.items else { return nil }
    let indices = try items.map { item in
      try Reporting.run(parameter: "restrict_pred") {
        try features.outcome(item.integer.map(String.init) ?? item.text ?? "", isIndex: item.integer != nil)
      }
    }
    return Set(indices).sorted()
  }
}

/// What is known to be true of the slides.
private struct Truth {
  private let labels: SlideLabels
  private let outputs: ModelOutputs
  /// Among the heads with classes the one that predicts what the labels are of, and its classes; nil if none does.
  private let head: (place: Int, classes: [String])?

  private var isComparable: Bool { head != nil }

  init?(_ labels: SlideLabels?, _ outputs: ModelOutputs) {
    guard let labels else { return nil }
    self.labels = labels
    self.outputs = outputs
    let known = outputs.headsWithClasses.map { outputs.heads[$0] }
    let fitting = known.indices.filter { place in
      labels.categories.contains { known[place].outputNames.contains($0) }
    }
    let place = fitting.first { known[$0].name == labels.column } ?? fitting.first
    head = place.map { ($0, known[$0].outputNames) }
  }

  var columns: [DataTable.Column] {
    let isNumber = if case .continuous = labels.values { true } else { false }
    return [DataTable.Column(labels.column, isNumber ? .number(significantDigits: 4) : .text)]
      + (isComparable ? [DataTable.Column("right")] : [])
  }

  func cells(_ slide: String, predicted: [String?]) -> [DataTable.Cell] {
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
  private func isRight(_ label: String?, _ predicted: [String?]) -> Bool? {
    guard let head, let label, let predicted = predicted[head.place], head.classes.contains(label) else { return nil }
    return label == predicted
  }

  /// How many predictions are right, or how far numbers are off.
  func summary(of predictions: [SlidePrediction], _ chosen: [[String?]]) -> String? {
    switch labels.values {
    case .categorical(let bySlide, _):
      guard isComparable else {
        return outputs.headsWithClasses.isEmpty ? nil : "the model's outcomes are not those of \(labels.column)"
      }
      let marks = zip(predictions, chosen).compactMap { isRight(bySlide[$0.slide], $1) }
      let right = marks.count { $0 }
      let left = predictions.count - marks.count
      guard !marks.isEmpty else { return "no slide has a label of \(labels.column) that the model knows" }
      return "\(right) of \(marks.count.counted("slide")) right by \(labels.column)"
        + (left > 0 ? ", \(left) without a label to compare with" : "")
    case .continuous(let bySlide):
      guard outputs.count == 1, outputs.heads[0].meaning == .numbers else { return nil }
      let errors = predictions.compactMap { prediction in
        prediction.means.first.flatMap { mean in bySlide[prediction.slide].map { abs($0 - mean) } }
      }
      guard !errors.isEmpty else { return nil }
      return "mean absolute error \((errors.reduce(0, +) / Double(errors.count)).shortText) by \(labels.column)"
    }
  }
}
