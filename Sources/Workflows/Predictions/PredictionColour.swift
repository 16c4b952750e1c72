package import FeatureData
import Foundation

/// The classes among which a prediction is chosen.
extension FeatureSet {
  /// The columns of the classes that are named, ascending.
  ///
  /// - Throws: `WorkflowFailure` with the parameter `restrict_pred` for a name that is no output, and where none of them is a
  ///   class.
  func classColumns(_ named: [SlidePredictions.OutputName]) throws -> [Int] {
    let classes = outputs.headsWithClasses.flatMap { Array(outputs.columns(of: $0)) }
    let indices = try named.map { name in
      try Reporting.run(parameter: "restrict_pred") {
        switch name {
        case .index(let index): try outcome(String(index), isIndex: true)
        case .name(let name): try outcome(name, isIndex: false)
        }
      }
    }
    let columns = Set(indices).intersection(classes).sorted()
    guard let first = classes.first else {
      throw outputs.noClasses("restrict_pred", of: modelName, parameter: "restrict_pred")
    }
    guard !columns.isEmpty else {
      throw WorkflowFailure(
        "None of these outputs is a class that can be predicted; the classes are "
          + "\(StudyModel.inShort(classes.map { classNames[$0] })).",
        remedy: "restrict_pred=[\(classNames[first])]", parameter: "restrict_pred")
    }
    return columns
  }

  /// The same for the classes of one head.
  func classColumns(_ named: [SlidePredictions.OutputName], of head: Int) throws(WorkflowFailure) -> [Int] {
    try ActivationColumns(owner: "These features have", layers: layers, outputs: outputs).classes(named, of: head)
  }
}

extension ModelOutputs {
  /// "prediction", or "prediction among A, C".
  func predictionTitle(of head: Int, among allowed: [Int]?) -> String {
    predictionTitle(of: head) + (allowed.map { " among \(amongText($0, of: head))" } ?? "")
  }

  fileprivate func amongText(_ allowed: [Int], of head: Int) -> String {
    let first = columns(of: head).lowerBound
    return allowed.map { heads[head].outputNames[$0 - first] }.joined(separator: ", ")
  }

  /// Of a tile the probability of a class given that it is one of some: the softmax over these alone. NaN where the row
  /// gives none.
  ///
  /// - Parameter allowed: columns of the head that the class belongs to.
  func probability(of column: Int, among allowed: [Int], in row: ArraySlice<Float>) -> Float {
    guard row.count == count else { return .nan }
    let head = heads[head(ofColumn: column)]
    func value(_ column: Int) -> Float { row[row.startIndex + column] }
    guard allowed.allSatisfy({ value($0).isFinite }) else { return .nan }
    guard head.areLogits else {
      let sum = allowed.reduce(Float(0)) { $0 + value($1) }
      return sum > 0 ? value(column) / sum : .nan
    }
    return 1 / allowed.reduce(Float(0)) { $0 + exp(value($1) - value(column)) }
  }
}

/// What of the predictions colours a map or a mosaic: what `show_prediction` and `restrict_pred` ask for.
package struct PredictionColour: Sendable {
  package enum Asked: Sendable {
    /// The class with the largest output.
    case predictedClass
    /// The probability of an output.
    case probability(SlidePredictions.OutputName)
  }

  private let features: FeatureSet
  private let head: Int
  /// Whose probability is shown; nil shows the class that is predicted.
  private let column: Int?
  /// The columns among which a class is chosen, ascending; nil for all.
  private let allowed: [Int]?

  /// - Parameter restriction: classes among which a class is chosen, and over which probabilities are taken; nil for all.
  /// - Throws: `WorkflowFailure` with the parameter `show_prediction` or `restrict_pred`.
  package init(
    _ asked: Asked, among restriction: [SlidePredictions.OutputName]? = nil, of features: FeatureSet
  ) throws {
    let outputs = features.outputs
    self.features = features
    guard outputs.count > 0 else {
      throw outputs.noClasses("show_prediction", of: features.modelName, parameter: "show_prediction")
    }
    switch asked {
    case .predictedClass:
      column = nil
      head = try Self.onlyHead(features)
    case .probability(let name):
      let found = try Reporting.run(parameter: "show_prediction") {
        switch name {
        case .index(let index): try features.outcome(String(index), isIndex: true)
        case .name(let name): try features.outcome(name, isIndex: false)
        }
      }
      column = found
      head = outputs.head(ofColumn: found)
    }
    guard let restriction else {
      allowed = nil
      return
    }
    let columns = try features.classColumns(restriction, of: head)
    if let column, !columns.contains(column) {
      throw WorkflowFailure(
        "\(features.classNames[column]) is not among the outcomes of `restrict_pred`.",
        remedy: "show_prediction=\(features.classNames[columns[0]])", parameter: "show_prediction")
    }
    allowed = columns
  }

  private static func onlyHead(_ features: FeatureSet) throws(WorkflowFailure) -> Int {
    let outputs = features.outputs
    let fitting = outputs.headsWithClasses
    if fitting.count > 1 {
      let first = features.classNames[outputs.columns(of: fitting[0]).lowerBound]
      throw WorkflowFailure(
        "\(features.modelName) predicts by \(fitting.count) heads: "
          + "\(fitting.map { outputs.heads[$0].name }.joined(separator: ", ")).",
        remedy: "show_prediction=\"\(first)\"", parameter: "show_prediction")
    }
    guard let head = fitting.first else {
      throw WorkflowFailure(
        outputs.noClasses("show_prediction=true", of: features.modelName, parameter: nil).message,
        remedy: features.classNames.first.map { "show_prediction=\($0)" }, parameter: "show_prediction")
    }
    return head
  }

  /// The names of the classes of the head.
  package var classNames: [String] { features.outputs.heads[head].outputNames }

  /// Whether numbers from 0 to 1 are shown.
  package var areProbabilities: Bool { column != nil && features.outputs.heads[head].meaning != .numbers }

  /// What it shows, in a legend.
  ///
  /// - Parameter isOfSlides: of slides as wholes instead of tiles.
  package func title(isOfSlides: Bool) -> String {
    let outputs = features.outputs
    guard let column else {
      return (isOfSlides ? "prediction of most tiles" : outputs.predictionTitle(of: head))
        + (allowed.map { " among \(outputs.amongText($0, of: head))" } ?? "")
    }
    let name = classNames[column - outputs.columns(of: head).lowerBound]
    let among = allowed.map { " among \(outputs.amongText($0, of: head))" } ?? ""
    if isOfSlides, outputs.heads[head].hasClasses { return "share of tiles predicted \(name)\(among)" }
    if isOfSlides { return "mean \(outputs.probabilityTitle(column))" }
    return allowed == nil
      ? outputs.probabilityTitle(column)
      : "probability of \(name)\(among)" + (outputs.heads[head].areLogits ? " (softmax over these)" : "")
  }

  // MARK: Tiles

  /// The class of a tile, a place among `classNames`; nil where none is predicted.
  package func predictedClass(_ point: FeatureMap.Point) -> Int? {
    let outputs = features.outputs
    return outputs.predictedColumn(
      of: head, in: features.slides[point.slide].outputs(point.row), among: allowed
    ).map { $0 - outputs.columns(of: head).lowerBound }
  }

  /// The number that a tile is coloured by; NaN where there is none, nil where classes are shown.
  package func number(_ point: FeatureMap.Point) -> Float? {
    guard let column else { return nil }
    let row = features.slides[point.slide].outputs(point.row)
    return allowed.map { features.outputs.probability(of: column, among: $0, in: row) }
      ?? features.outputs.probabilities(of: row)[column]
  }

  // MARK: Slides

  /// The same of slides as wholes: the share of a slide's tiles of the class, or the class of most of its tiles; of an output
  /// that is no class the mean.
  ///
  /// - Parameter slides: places of those that are asked for.
  package func ofSlides(_ slides: [Int], monitor: any WorkMonitor) throws -> SlideLabels {
    let outputs = features.outputs
    let columns = outputs.columns(of: head)
    var shares: [String: Double] = [:]
    var classes: [String: String] = [:]
    for place in slides {
      try Reporting.run { try monitor.checkInterrupted() }
      let slide = features.slides[place]
      let prediction = SlidePrediction(
        of: slide, outputs: outputs, asProbabilities: true, allowed: allowed ?? Array(columns))
      if let column {
        let numbers = outputs.heads[head].hasClasses ? prediction.shares : prediction.means
        if !numbers.isEmpty { shares[slide.name] = numbers[column] }
      } else if let found = prediction.classOfVotes(head, among: allowed ?? Array(columns)) {
        classes[slide.name] = classNames[found - columns.lowerBound]
      }
    }
    return SlideLabels(
      column: title(isOfSlides: true),
      values: column == nil ? .categorical(bySlide: classes, categories: classNames) : .continuous(bySlide: shares))
  }
}
