import FeatureData
import Foundation

/// How sure a model is of a tile.
extension ModelOutputs {
  /// The head of that name, or the only one, whose probabilities have an entropy.
  ///
  /// - Parameters:
  ///   - asked: what needs it, as it is written: "by=uncertainty".
  ///   - model: at the beginning of a sentence: "The model hpv.onnx".
  func headWithUncertainty(
    _ name: String?, for asked: String, of model: String, parameter: String
  ) throws(WorkflowFailure) -> Int {
    guard count > 0 else {
      throw WorkflowFailure(
        "\(model) gives no logits, or they were left out, so there is no uncertainty of a prediction.",
        parameter: parameter)
    }
    // One label that holds or not is a choice between two.
    let fitting = heads.indices.filter { heads[$0].hasClasses || heads[$0].meaning == .labels && heads[$0].count == 1 }
    if let name {
      guard let head = heads.firstIndex(where: { $0.name == name }) else {
        throw WorkflowFailure(
          "\(model) has no head \(name); the heads are \(heads.map(\.name).joined(separator: ", ")).",
          remedy: fitting.first.map { heads.count == 1 ? asked : "\(asked):\(heads[$0].name)" }, parameter: parameter)
      }
      if fitting.contains(head) { return head }
      throw ModelOutputs([heads[head]]).noUncertainty(of: model, parameter: parameter)
    }
    guard let head = fitting.first else { throw noUncertainty(of: model, parameter: parameter) }
    guard fitting.count == 1 else {
      throw WorkflowFailure(
        "\(model) predicts by \(fitting.count) heads: \(fitting.map { heads[$0].name }.joined(separator: ", ")).",
        remedy: "\(asked):\(heads[head].name)", parameter: parameter)
    }
    return head
  }

  private func noUncertainty(of model: String, parameter: String) -> WorkflowFailure {
    let labels = heads.first { $0.meaning == .labels }
    return WorkflowFailure(
      labels == nil
        ? "\(model) predicts numbers and no probabilities, so nothing says how sure it is."
        : "\(model) gives labels that do not exclude each other, so their probabilities have no common entropy.",
      remedy: "\(parameter)=\(labels == nil ? "logit" : "probability"):\(names[0])", parameter: parameter)
  }

  func uncertaintyTitle(of head: Int) -> String {
    "uncertainty" + (heads.count == 1 ? "" : " of \(heads[head].name)")
      + " (entropy of the \(heads[head].areProbabilities ? "probabilities" : heads[head].link), 0 to 1)"
  }

  /// The entropy of a tile's probabilities, as a share of the greatest there can be: 0 where one class is certain, 1 where
  /// all are equally likely. NaN where the row gives none.
  func uncertainty(of head: Int, in row: ArraySlice<Float>) -> Float {
    guard row.count == count else { return .nan }
    var probabilities = heads[head].probabilities(
      of: row.dropFirst(columns(of: head).lowerBound).prefix(heads[head].count)
    )
    .map { Double($0) }
    if probabilities.count == 1 { probabilities.append(1 - probabilities[0]) }
    let sum = probabilities.reduce(0, +)
    guard probabilities.allSatisfy({ $0.isFinite && $0 >= -1e-6 }), sum > 0 else { return .nan }
    let entropy = probabilities.reduce(0.0) { total, probability in
      let share = max(probability, 0) / sum
      return share > 0 ? total - share * log(share) : total
    }
    return Float(min(max(entropy / log(Double(probabilities.count)), 0), 1))
  }
}

extension FeatureSet {
  /// What the numbers of a head's uncertainty are called that are kept with the features.
  ///
  /// - Parameter head: nil for the only one.
  static func uncertaintyName(_ head: String?) -> String { "uncertainty" + (head.map { ":" + $0 } ?? "") }

  /// The uncertainty that came with the features, or was computed with them; nil where none was.
  func keptUncertainty(_ head: String?) -> TileNumbers? { quantity(Self.uncertaintyName(head)) }

  func keptUncertaintyTitle(_ head: String?) -> String {
    let title = "uncertainty" + (head.map { " of \($0)" } ?? "")
    return model == nil
      ? title + ", as it came with the features" : title + " (standard deviation over 30 passes with dropout)"
  }

  /// Whether `uncertainty` is something of these tiles.
  package var hasUncertainty: Bool {
    quantityNames.contains { $0 == "uncertainty" || $0.hasPrefix("uncertainty:") }
      || (try? outputs.headWithUncertainty(nil, for: "", of: "", parameter: "")) != nil
  }
}
