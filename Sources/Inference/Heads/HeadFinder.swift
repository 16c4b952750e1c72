/// Finds the outputs of a graph that are no features: classes, labels, and numbers such as an age.
///
/// What stood last before an output tells what its numbers mean; the tensor before that is what is kept.
struct HeadFinder {
  struct Found: Sendable, Equatable {
    /// As the model gives it.
    let output: Graph.Edge
    /// Before the activation; the output itself where there is none.
    let edge: Graph.Edge
    var activation: Head.Activation
    /// The output's.
    let name: String
    /// How many numbers the last layer reads, where that is known.
    var inputWidth: Int?
    /// Whether the output's name says that it is one.
    var isNamedSo = false
    let reason: String
  }

  let graph: Graph

  /// In the order of the graph's outputs.
  func heads() -> [Found] {
    var found: [Found] = []
    for output in graph.results.map(graph.beforeQuantization).flatMap(parts) {
      guard let head = head(output) else { continue }
      // Logits, and what an activation makes of them, are one head.
      if let same = found.firstIndex(where: { $0.edge == head.edge }) {
        if found[same].activation == .none { found[same].activation = head.activation }
        found[same].isNamedSo = found[same].isNamedSo || head.isNamedSo
        continue
      }
      found.append(head)
    }
    return found.filter { head in
      !found.contains { other in
        guard other.edge != head.edge else { return false }
        // What another head is made of by further layers is an inner vector; what is made of another head without any
        // is that head, by an activation that is not known.
        return graph.isSource(head.edge, of: other.edge, passesLayers: true)
          && !graph.isSource(head.edge, of: other.edge, passesLayers: false)
          || graph.isSource(other.edge, of: head.edge, passesLayers: false)
      }
    }
  }

  /// What the first versions took for the logits, which they kept without a word on which tensor it was.
  var firstVersionsLogits: Graph.Edge? {
    var best: (rank: Int, edge: Graph.Edge)?
    for output in graph.results {
      guard let (rank, edge) = formerChoice(output), best.map({ rank < $0.rank }) ?? true else { continue }
      best = (rank, edge)
    }
    return best?.edge
  }

  private func formerChoice(_ output: Graph.Edge) -> (rank: Int, edge: Graph.Edge)? {
    if graph.isNamed(output, ["logits", "logit"]) { return (0, output) }
    let last = graph.nodes[graph.throughShapes(output).node]
    if [.softmax, .logSoftmax, .sigmoid].contains(last.operation), let input = last.inputs.first {
      return (1, graph.named(input))
    }
    if isNamedProbability(output) { return (2, output) }
    guard !graph.isFeatureLike(output) else { return nil }
    if graph.denseInput(output) != nil { return (3, output) }
    return graph.classConvolutionInput(output) == nil ? nil : (4, output)
  }

  // MARK: One output

  /// The heads that were laid side by side to make one output; the output itself where it is none of that kind.
  private func parts(_ output: Graph.Edge) -> [Graph.Edge] {
    let joined = graph.throughShapes(output)
    let inputs = graph.nodes[joined.node].inputs
    guard graph.nodes[joined.node].operation == .concatenation, inputs.count > 1, graph.isTileLevel(output),
      ActivationFinder(graph: graph).activation(of: output) == nil,
      inputs.allSatisfy({ !graph.isConstant[$0.node] && head($0) != nil })
    else { return [output] }
    return inputs
  }

  private func head(_ output: Graph.Edge) -> Found? {
    let title = graph.name(output)
    guard graph.isTileLevel(output), !title.hasPrefix(ModuleNames.uncertaintyPrefix) else { return nil }
    let isNamedSo = isNamedOutcome(output)
    if let (activation, input, word) = ActivationFinder(graph: graph).activation(of: output) {
      let edge = graph.named(withColumns(input))
      guard graph.isTileLevel(edge) else { return nil }
      return Found(
        output: withColumns(output), edge: edge, activation: activation, name: title, inputWidth: inputWidth(edge),
        isNamedSo: isNamedSo,
        reason: activation == .sigmoidWithoutLogits
          ? "the output “\(title)” itself: the logits before its \(word) are no tensor of the file."
          : "the tensor before the \(word) of the output “\(title)”.")
    }
    let edge = withColumns(output)
    func found(_ activation: Head.Activation, _ reason: String) -> Found {
      Found(
        output: edge, edge: edge, activation: activation, name: title, inputWidth: inputWidth(edge),
        isNamedSo: isNamedSo, reason: reason)
    }
    if graph.isNamed(output, ["logits", "logit"]) { return found(.none, "the output “\(title)” is named so.") }
    if graph.isFeatureLike(output) { return nil }
    if graph.denseInput(output) != nil {
      return found(.none, "the output “\(title)” of the last fully connected layer, without a softmax.")
    }
    if isNamedProbability(output) {
      return found(
        .unseen, "the output “\(title)” gives probabilities, and no softmax can be seen before it.")
    }
    if graph.classConvolutionInput(output) != nil {
      return found(.none, "the output “\(title)” is the mean of the last convolution's maps, without a softmax.")
    }
    let width = graph.port(edge).shape.flatMap { shape in shape.dropFirst().first { $0 != 1 } ?? 1 }
    if width == 1 || graph.denseBehindFunctions(edge) != nil {
      return found(.other, "the output “\(title)”, as the model gives it.")
    }
    return nil
  }

  /// The tensor of tiles and columns that a list of one number for each tile was made of.
  private func withColumns(_ edge: Graph.Edge) -> Graph.Edge {
    var edge = edge
    while graph.port(edge).shape?.count == 1, Graph.shapeOperations.contains(graph.nodes[edge.node].operation),
      let input = graph.variableInputs(edge.node).first
    {
      edge = input
    }
    return edge
  }

  private func inputWidth(_ edge: Graph.Edge) -> Int? {
    if let input = graph.denseInput(edge) { return graph.port(input).shape?.last ?? nil }
    guard let input = graph.classConvolutionInput(edge), let shape = graph.port(input).shape, shape.count > 1 else {
      return nil
    }
    return shape[1]
  }

  // MARK: Names

  private func isNamedProbability(_ edge: Graph.Edge) -> Bool {
    ["prob", "softmax", "score"].contains { graph.name(edge).lowercased().contains($0) }
  }

  private func isNamedOutcome(_ edge: Graph.Edge) -> Bool {
    ["logit", "prob", "softmax", "score", "predict"].contains { graph.name(edge).lowercased().contains($0) }
  }
}
