package import FeatureData

/// How the outputs of a model are read: which of them are outcomes, and what their numbers mean.
package struct OutputReading: Sendable {
  /// What a person says that the outputs are.
  package enum Asked: String, Sendable, CaseIterable, Codable {
    /// Classes that exclude each other.
    case softmax
    /// Labels of which each may hold or not.
    case sigmoid
    /// As the model gives them.
    case numbers
    /// No outcome at all.
    case features
  }

  /// With the heads that are outcomes, and the postconv that follows from them.
  package let model: Model
  /// What is kept of each head.
  package let kept: [Layer]
  /// What the kept numbers are.
  package let outputs: ModelOutputs
  /// What was assumed and decided, a sentence each.
  package let remarks: [String]

  /// The kept tensors, as they are part of a store's key; nil where the first versions kept the same ones, whose key did
  /// not name them.
  package var storeIdentity: [String]? {
    let heads = model.layers.heads
    return heads.count == 1 && heads[0].isFirstVersions && kept == [heads[0].layer] ? nil : kept.map(\.identity)
  }

  /// Decides by what is asked, then by the activation in the graph and by params.json, at last by what is common.
  ///
  /// - Parameters:
  ///   - parameters: the params.json that belongs to the model, if one does.
  ///   - largestOutcome: categories of the outcome that has most, among those at hand.
  /// - Throws: `outputsContradicted` where what is asked is not what the graph shows.
  package static func choose(
    _ model: Model, parameters: ModelParameters?, asked: Asked?, largestOutcome: Int = 0
  ) throws(InferenceError) -> OutputReading {
    let all = model.layers.heads
    let outcomes = ParameterOutcomes(parameters, heads: all)
    var dropped: [Head] = []
    var remarks: [String] = []
    for head in all {
      if asked == .features {
        dropped.append(head)
      } else if asked == nil, outcomes[head] == nil, all.count > 1 || parameters?.kind != .classification,
        let why = head.whyFeatures(largestOutcome: largestOutcome)
      {
        dropped.append(head)
        remarks.append(
          "The \(head.width) numbers of the output “\(head.name)” are read as features, not as classes: \(why), and no "
            + "params.json names them; outputs=softmax, sigmoid or numbers says otherwise.")
      }
    }
    let layers = model.layers.without(dropped)
    if !dropped.isEmpty, let inner = model.layers.postconv, inner.name != layers.postconv?.name {
      remarks.append("The vector before it is the layer \(inner.name).")
    }
    var heads: [OutputHead] = []
    for head in layers.heads {
      let read = try read(head, outcomes[head], parameters?.kind, asked, path: model.path)
      heads.append(read)
    }
    remarks += self.remarks(on: Array(zip(layers.heads, heads)))
    heads = withNamesOfTheirOwn(heads)
    if heads.count > 1 {
      let list = heads.map { "\($0.name) (\(shortList($0.outputNames)))" }.joined(separator: ", ")
      let names = ModelOutputs(heads).names
      remarks.append(
        "The model has \(heads.count) heads: \(list). All are kept; an output goes by its head, as \(names[0]).")
    }
    let kept = zip(layers.heads, heads).map { $1.meaning == .numbers ? $0.output : $0.layer }
    return OutputReading(
      model: model.with(layers), kept: kept,
      outputs: ModelOutputs(heads),
      remarks: remarks)
  }

  // MARK: One head

  private static func read(
    _ head: Head, _ outcome: ParameterOutcomes.Outcome?, _ kind: ModelParameters.Kind?, _ asked: Asked?, path: String
  ) throws(InferenceError) -> OutputHead {
    let meaning: OutputHead.Meaning
    var isAssumed = false
    switch (asked, head.activation) {
    case (.softmax, .sigmoid), (.softmax, .sigmoidWithoutLogits), (.sigmoid, .softmax):
      throw .outputsContradicted(
        path: path, output: head.name, shown: head.activation == .softmax ? "softmax" : "sigmoid",
        asked: asked?.rawValue ?? "")
    case (.numbers, _): meaning = .numbers
    case (.softmax, _): meaning = head.width > 1 ? .classes : .labels
    case (.sigmoid, _): meaning = .labels
    case _ where kind == .regression || kind == .survival: meaning = .numbers
    case (_, .softmax): meaning = head.width > 1 ? .classes : .labels
    case (_, .sigmoid): meaning = .labels
    case (_, .sigmoidWithoutLogits):
      meaning = .labels
      isAssumed = true
    case (_, .unseen):
      meaning = head.width > 1 ? .classes : .labels
      isAssumed = true
    case (_, .none) where kind == .classification || kind == nil && outcome?.labels.isEmpty == false:
      meaning = head.width > 1 ? .classes : .labels
    case (_, .none):
      meaning = head.width > 1 ? .classes : .numbers
      isAssumed = true
    case (_, .other): meaning = .numbers
    }
    return OutputHead(
      name: outcome?.name ?? head.name, meaning: meaning,
      areProbabilities: [.unseen, .sigmoidWithoutLogits].contains(head.activation),
      outputNames: names(head, outcome), isAssumed: isAssumed)
  }

  /// Those of params.json; without, numbers, and the output's own name for a single one.
  private static func names(_ head: Head, _ outcome: ParameterOutcomes.Outcome?) -> [String] {
    guard let outcome else { return head.width == 1 ? [head.name] : (0..<head.width).map(String.init) }
    if outcome.labels.count == head.width { return outcome.labels }
    // One probability is that of the second of two classes.
    if head.width == 1 { return [outcome.labels.last ?? outcome.name ?? head.name] }
    return (0..<head.width).map(String.init)
  }

  /// What was assumed of heads of which nothing says what they are.
  private static func remarks(on heads: [(head: Head, read: OutputHead)]) -> [String] {
    func names(_ isMeant: (Head, OutputHead) -> Bool) -> String? {
      let names = heads.filter { $0.read.isAssumed && isMeant($0.head, $0.read) }.map { "“\($0.head.name)”" }
      return names.isEmpty ? nil : (names.count == 1 ? "output " : "outputs ") + names.joined(separator: ", ")
    }
    return [
      names { $0.activation == .none && $1.meaning == .classes }.map {
        "Nothing says what the numbers of the \($0) are; they are read as logits of classes that exclude each other "
          + "(softmax). outputs=sigmoid, numbers or features says otherwise."
      },
      names { $0.activation == .none && $1.meaning == .numbers }.map {
        "Nothing says what the number of the \($0) is; it is shown as the model gives it. outputs=sigmoid reads it as the "
          + "logit of a probability."
      },
      names { head, _ in head.activation == .unseen }.map {
        "The \($0) gives probabilities, by its name, and no logits."
      },
    ].compactMap(\.self)
  }

  /// Heads are told apart by name, so no two may have the same.
  private static func withNamesOfTheirOwn(_ heads: [OutputHead]) -> [OutputHead] {
    guard Set(heads.map(\.name)).count < heads.count else { return heads }
    return heads.enumerated().map { index, head in
      OutputHead(
        name: "\(head.name)_\(index)", meaning: head.meaning, areProbabilities: head.areProbabilities,
        outputNames: head.outputNames, isAssumed: head.isAssumed)
    }
  }

  private static func shortList(_ names: [String]) -> String {
    names.count <= 6 ? names.joined(separator: ", ") : "\(names[0]), \(names[1]), … \(names[names.count - 1])"
  }
}

/// Which outcome of a params.json each head of a model gives.
struct ParameterOutcomes {
  struct Outcome: Equatable {
    /// The column of the annotations; nil where several make one head.
    let name: String?
    /// Of the classes, or of the numbers; empty where only the column is known.
    let labels: [String]
  }

  private var byHead: [Head: Outcome] = [:]

  subscript(head: Head) -> Outcome? { byHead[head] }

  init(_ parameters: ModelParameters?, heads: [Head]) {
    guard let parameters else { return }
    let outcomes = Self.outcomes(parameters)
    var open = outcomes
    // A head that is named after its outcome; then those that stand in the same order; then the only one that fits.
    for head in heads {
      guard let index = open.firstIndex(where: { Self.fits($0, head) && Self.isNamed(head, after: $0) }) else {
        continue
      }
      byHead[head] = open.remove(at: index)
    }
    let rest = heads.filter { byHead[$0] == nil }
    if rest.count == open.count, zip(rest, open).allSatisfy({ Self.fits($1, $0) }) {
      for (head, outcome) in zip(rest, open) { byHead[head] = outcome }
      return
    }
    for outcome in open {
      let fitting = rest.filter { byHead[$0] == nil && Self.fits(outcome, $0) }
      if fitting.count == 1 { byHead[fitting[0]] = outcome }
    }
  }

  private static func outcomes(_ parameters: ModelParameters) -> [Outcome] {
    if !parameters.labelsByOutcome.isEmpty {
      let order = parameters.outcomes.filter { parameters.labelsByOutcome[$0] != nil }
      let rest = parameters.labelsByOutcome.keys.filter { !order.contains($0) }.sorted()
      return (order + rest).map { Outcome(name: $0, labels: parameters.labelsByOutcome[$0] ?? []) }
    }
    let isNumber = parameters.kind == .regression || parameters.kind == .survival
    let names = parameters.outcomes
    if !parameters.outcomeLabels.isEmpty {
      return [Outcome(name: names.count == 1 ? names[0] : nil, labels: parameters.outcomeLabels)]
    }
    if isNumber, names.count > 1 { return [Outcome(name: nil, labels: names)] }
    return names.map { Outcome(name: $0, labels: isNumber ? [$0] : []) }
  }

  static func fits(_ outcome: Outcome, _ head: Head) -> Bool {
    outcome.labels.isEmpty
      ? head.width == 1 : outcome.labels.count == head.width || head.width == 1 && outcome.labels.count == 2
  }

  private static func isNamed(_ head: Head, after outcome: Outcome) -> Bool {
    outcome.name.map { head.name.lowercased().contains($0.lowercased()) } ?? false
  }

  /// Whether a params.json names the outcomes of such heads, as many as they give.
  static func names(_ parameters: ModelParameters, heads: [Head]) -> Bool {
    let matched = ParameterOutcomes(parameters, heads: heads)
    return !heads.isEmpty && heads.allSatisfy { matched[$0]?.labels.isEmpty == false }
  }

  /// Why these heads cannot be those of a model that a params.json describes; nil if they can.
  static func misfit(_ parameters: ModelParameters, heads: [Head]) -> String? {
    guard !heads.isEmpty else { return nil }
    let outcomes = outcomes(parameters).filter { !$0.labels.isEmpty }
    guard !outcomes.isEmpty else { return nil }
    let matched = ParameterOutcomes(parameters, heads: heads)
    if heads.contains(where: { matched[$0] != nil }) { return nil }
    // Numbers of several columns may also come from a head each.
    if outcomes.count == 1, outcomes[0].labels.count == heads.count, heads.allSatisfy({ $0.width == 1 }) { return nil }
    let named = outcomes.map { "\($0.labels.count)" }.joined(separator: " and ")
    let given = heads.map { "\($0.width)" }.joined(separator: " and ")
    return "it names \(named) outcomes, and the model gives \(given)"
  }
}
