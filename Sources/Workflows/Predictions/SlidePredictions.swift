package import FeatureData
import Inference
package import Rendering

/// What a model says of whole slides, summed up over their tiles.
package struct SlidePredictions: Sendable {
  /// How the tiles of a slide are summed up.
  package enum Kind: String, Sendable, CaseIterable {
    case mean = "logits_mean"
    case percent = "logits_percent"
    case predict = "logits_predict"
  }

  /// What is averaged.
  package enum Quantity: String, Sendable, CaseIterable {
    case logits, probabilities
  }

  /// An outcome as it is asked for; a name may be a number too.
  package enum OutputName: Sendable, Equatable {
    case index(Int)
    case name(String)

    package var written: String {
      switch self {
      case .index(let index): String(index)
      case .name(let name): name
      }
    }
  }

  /// A row for each slide.
  package let table: DataTable
  /// The same with the first columns.
  package let excerpt: DataTable

  private static let shownColumns = 40

  /// - Parameters:
  ///   - restriction: outcomes among which the class of a tile is chosen; nil for all.
  ///   - outcomes: what is true of each slide; left out, the labels that the features were made with.
  ///   - basis: what was worked on, named or not.
  package init(
    _ kind: Kind, of features: FeatureSet, asked: Quantity? = nil, restriction: [OutputName]? = nil,
    outcomes: LabelChoice? = nil, basis: String? = nil, monitor: any WorkMonitor
  ) throws {
    let outputs = features.outputs
    guard outputs.count > 0 else {
      throw WorkflowFailure("These features have no logits: the model gives none, or they were left out.")
    }
    let names = outputs.names
    let heads = outputs.headsWithClasses
    if heads.isEmpty, kind != .mean || restriction != nil {
      let asked = kind == .mean ? "restrict_pred" : kind.rawValue
      throw outputs.noClasses(asked, of: features.modelName, parameter: kind == .mean ? asked : nil)
    }
    let asProbabilities = try Self.asProbabilities(asked, features)
    let classes = heads.flatMap { Array(outputs.columns(of: $0)) }
    let allowed = try restriction.map { heads.isEmpty ? [] : try features.classColumns($0) } ?? classes
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
    let truth = try SlideTruth(features.outcomes(outcomes), outputs)

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
        "\(kind.rawValue): " + Self.quantity(kind, outputs, asProbabilities), features.slides.count.counted("slide"),
        features.tileCount.counted("tile").followed(by: basis),
      ].joined(separator: ", ")
      + (allowed.count < classes.count ? "; predicted among " + allowed.map { names[$0] }.joined(separator: ", ") : "")
      + (kind != .mean && classes.count < outputs.count ? "; outputs that are no classes left out" : "")
      + (missing > 0 ? "; \(missing.counted("tile")) without finite outputs left out" : "")
      + (truth?.summary(of: predictions, chosen).map { "; " + $0 } ?? "")

    let shown = Array(columns.prefix(Self.shownColumns))
    let rest = columns.count - shown.count
    let more = rest > 0 ? [DataTable.Column("… \(rest) more")] : []
    excerpt = DataTable(
      columns: head(shown) + more + lastColumns,
      rows: zip(predictions, lastCells).map { cells($0, shown) + more.map { _ in .text("…") } + $1 }, caption: caption)
    table = DataTable(
      columns: head(columns) + lastColumns, rows: zip(predictions, lastCells).map { cells($0, columns) + $1 },
      caption: caption)
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
  private static func asProbabilities(_ asked: Quantity?, _ features: FeatureSet) throws(WorkflowFailure) -> Bool {
    let heads = features.outputs.heads
    if asked == .logits, heads.contains(where: \.areProbabilities), !heads.contains(where: \.areLogits) {
      throw WorkflowFailure(
        "\(features.modelName) gives probabilities, and no logits.", remedy: "of=probabilities", parameter: "of")
    }
    if asked == .probabilities, heads.allSatisfy({ $0.meaning == .numbers }) {
      throw WorkflowFailure(
        "\(features.modelName) gives numbers (\(StudyModel.inShort(features.classNames))), which have no probabilities.",
        remedy: "logits_mean", parameter: "of")
    }
    return asked == .probabilities
  }
}
