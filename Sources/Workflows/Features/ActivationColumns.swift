import FeatureData

/// Which columns of activations and logits are meant by `feature:7`, `feature:layer3/7` and `logit:positive`.
struct ActivationColumns {
  /// What has the columns, at the beginning of a sentence with its verb: "These features have".
  let owner: String
  let layers: [FeatureSet.LayerColumns]
  /// What the logits are; without heads where there are none.
  let outputs: ModelOutputs

  func feature(layer: String?, index: Int) throws(WorkflowFailure) -> Int {
    let chosen = layer.map { name in layers.first { $0.layer == name } } ?? (layers.count == 1 ? layers.first : nil)
    guard let chosen else {
      let names = layers.map(\.layer)
      throw WorkflowFailure(
        layer.map { "\(owner) no layer \($0); the layers are \(names.joined(separator: ", "))." }
          ?? "With several layers a feature is named with its layer.",
        remedy: names.first.map { "feature:\($0)/\(index)" })
    }
    guard (0..<chosen.columns.count).contains(index) else {
      let last = chosen.columns.count - 1
      throw WorkflowFailure(
        "\(chosen.layer) has \(chosen.columns.count) features, numbered 0 to \(last).",
        remedy: layers.count == 1 ? "feature:\(last)" : "feature:\(chosen.layer)/\(last)")
    }
    return chosen.columns.lowerBound + index
  }

  var noLogits: WorkflowFailure {
    WorkflowFailure("\(owner) no logits: the model gives none, or they were left out.")
  }

  /// The same for what a probability is asked of.
  func probability(_ name: String) throws(WorkflowFailure) -> Int {
    do throws(WorkflowFailure) { return try logit(name) } catch {
      guard let remedy = error.remedy else { throw error }
      throw WorkflowFailure(
        error.message.replacing("no logit ", with: "no probability "),
        remedy: remedy.replacing("logit:", with: "probability:"))
    }
  }

  /// The place among the logits that a class name or a number means; a name may be a number too.
  func logit(_ name: String) throws(WorkflowFailure) -> Int {
    let classNames = outputs.names
    guard !classNames.isEmpty else { throw noLogits }
    if let index = classNames.firstIndex(of: name) { return index }
    if let index = Int(name), classNames.indices.contains(index) { return index }
    throw WorkflowFailure(
      "There is no logit \(name); the outcomes are \(StudyModel.inShort(classNames)).",
      remedy: "logit:\(classNames[0])")
  }

  /// The columns of the classes of a head that are named, ascending.
  func classes(_ named: [SlidePredictions.OutputName], of head: Int) throws(WorkflowFailure) -> [Int] {
    let own = outputs.columns(of: head)
    var columns: Set<Int> = []
    for name in named {
      switch name {
      case .index(let index) where outputs.names.indices.contains(index): columns.insert(index)
      case .index, .name:
        do throws(WorkflowFailure) { columns.insert(try logit(name.written)) } catch {
          throw WorkflowFailure(
            error.message.replacing("no logit ", with: "no outcome "),
            remedy: "restrict_pred=[\(outputs.names[own.lowerBound])]", parameter: "restrict_pred")
        }
      }
    }
    let classes = columns.filter(own.contains).sorted()
    guard !classes.isEmpty else {
      let names = own.map { outputs.names[$0] }
      throw WorkflowFailure(
        "None of these outcomes is a class that "
          + (outputs.heads.count == 1 ? "can be predicted" : "the head \(outputs.heads[head].name) predicts")
          + "; the classes are \(StudyModel.inShort(names)).",
        remedy: "restrict_pred=[\(names[0])]", parameter: "restrict_pred")
    }
    return classes
  }
}
