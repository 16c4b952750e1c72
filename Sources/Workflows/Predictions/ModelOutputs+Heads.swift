import FeatureData

/// Which head of a model a prediction is of, and what is said where there is nothing to predict.
extension ModelOutputs {
  /// The places of the heads whose outputs are classes that exclude each other.
  var headsWithClasses: [Int] { heads.indices.filter { heads[$0].hasClasses } }

  /// The head of that name, or the only one, whose classes a prediction chooses between.
  ///
  /// - Parameters:
  ///   - asked: what is to choose, as it is written: "by=prediction".
  ///   - model: at the beginning of a sentence: "The model hpv.onnx".
  func headWithClasses(
    _ name: String?, for asked: String, of model: String, parameter: String
  ) throws(WorkflowFailure) -> Int {
    if let name {
      guard let head = heads.firstIndex(where: { $0.name == name }) else {
        let known = heads.map(\.name)
        throw WorkflowFailure(
          "\(model) has no head \(name); \(heads.count == 1 ? "its only one is" : "they are") "
            + "\(known.joined(separator: ", ")).",
          remedy: heads.count == 1 ? asked : known.first.map { "\(asked):\($0)" }, parameter: parameter)
      }
      guard heads[head].hasClasses else {
        throw ModelOutputs([heads[head]]).noClasses(asked, of: model, parameter: parameter)
      }
      return head
    }
    let fitting = headsWithClasses
    guard let head = fitting.first else { throw noClasses(asked, of: model, parameter: parameter) }
    guard fitting.count == 1 else {
      throw WorkflowFailure(
        "\(model) predicts by \(fitting.count) heads: \(fitting.map { heads[$0].name }.joined(separator: ", ")).",
        remedy: "\(asked):\(heads[head].name)", parameter: parameter)
    }
    return head
  }

  /// As in "prediction", and with several heads "prediction of msi".
  func predictionTitle(of head: Int) -> String {
    heads.count == 1 ? "prediction" : "prediction of \(heads[head].name)"
  }

  /// That nothing can be chosen between.
  func noClasses(_ asked: String, of model: String, parameter: String?) -> WorkflowFailure {
    guard count > 0 else {
      return WorkflowFailure(
        "\(model) gives no logits, or they were left out, so there is no prediction.", parameter: parameter)
    }
    let isQuantity = asked.hasSuffix("=prediction")
    let instead = asked.replacing("=prediction", with: "=logit:\(names[0])")
    let shown = names.prefix(6).joined(separator: ", ") + (count > 6 ? ", …" : "")
    if heads.contains(where: { $0.meaning == .labels }), count > 1 {
      return WorkflowFailure(
        "\(model) gives labels that do not exclude each other (\(shown)), so no one of them is predicted.",
        remedy: isQuantity ? instead : "logits_mean of=probabilities", parameter: parameter)
    }
    let reason =
      count > 1 ? "predicts numbers" : heads[0].meaning == .labels ? "gives one probability" : "gives one number"
    return WorkflowFailure(
      "\(model) \(reason) and no classes, so there is nothing that `\(asked)` could choose between.",
      remedy: isQuantity ? instead : "logits_mean", parameter: parameter)
  }
}
