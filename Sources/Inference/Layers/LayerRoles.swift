/// Which tensor of a graph is postconv, told from the graph's form and its names.
struct LayerRoles {
  struct Postconv: Equatable {
    let edge: Graph.Edge
    let reason: String
  }

  private let graph: Graph
  /// Those read as outcomes, in the order of the graph's outputs.
  let heads: [HeadFinder.Found]

  private let tokens: TokenFinder

  init(_ graph: Graph, heads: [HeadFinder.Found], tokens: TokenFinder) {
    self.graph = graph
    self.heads = heads
    self.tokens = tokens
  }

  var postconv: Postconv? {
    for index in graph.nodes.indices {
      for port in graph.nodes[index].outputs.indices
      where graph.nodes[index].operation != .output && graph.isNamed(Graph.Edge(node: index, port: port), ["postconv"])
      {
        return .init(edge: Graph.Edge(node: index, port: port), reason: "a tensor of that name.")
      }
    }
    let logits = heads.first.map { graph.denseBehindFunctions($0.edge) ?? $0.edge }
    if let logits, let last = graph.denseInput(logits) {
      let first = graph.firstDenseInput(last)
      if first != last, graph.isPooled(first) {
        return .init(
          edge: graph.named(first), reason: "the pooled vector that feeds the first of the fully connected layers.")
      }
      return graph.isPooled(last)
        ? .init(edge: graph.named(last), reason: "the pooled vector that feeds the last fully connected layer.")
        : .init(edge: graph.named(last), reason: "the vector that feeds the last fully connected layer.")
    }
    let vectors = graph.results.filter { edge in
      isVector(edge) && !heads.contains { $0.output == edge || leads(edge, from: $0.edge) }
    }
    if vectors.count == 1, let edge = vectors.first {
      return .init(edge: edge, reason: "the only output that is a vector and no class output, “\(graph.name(edge))”.")
    }
    if let logits, let edge = graph.classConvolutionInput(logits) {
      return .init(
        edge: graph.named(edge),
        reason: "there is no fully connected layer: what the last convolution, the class one, reads, averaged over "
          + "the tile.")
    }
    if vectors.isEmpty, heads.isEmpty {
      let outputs = graph.results.filter { tokens.tokens($0) != nil }
      if outputs.count == 1 { return .init(edge: outputs[0], reason: "the only output, tokens of a transformer.") }
    }
    return nil
  }

  /// Whether `source` is among what `edge` is made from by rearranging and a softmax alone.
  private func leads(_ edge: Graph.Edge, from source: Graph.Edge) -> Bool {
    var edge = edge
    while edge != source {
      let operations = Graph.shapeOperations.union([.softmax, .logSoftmax, .sigmoid])
      guard operations.contains(graph.nodes[edge.node].operation), let input = graph.variableInputs(edge.node).first
      else {
        return false
      }
      edge = input
    }
    return true
  }

  private func isVector(_ edge: Graph.Edge) -> Bool {
    let port = graph.port(edge)
    guard let shape = port.shape, port.isFloat, shape.count >= 2 else {
      return false
    }
    return shape[1] != nil && shape.dropFirst(2).allSatisfy { $0 == 1 }
  }
}
