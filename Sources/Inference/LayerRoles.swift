/// Which tensors of a graph are the class output and postconv, told from the graph's form and its names.
struct LayerRoles {
  struct Postconv: Equatable {
    let edge: Graph.Edge
    let reason: String
  }
  struct ClassOutput: Equatable {
    let edge: Graph.Edge
    let areProbabilities: Bool
    let reason: String
  }

  let postconv: Postconv?
  let logits: ClassOutput?

  init(_ graph: Graph) {
    let finder = RoleFinder(graph: graph)
    let logits = finder.classOutput()
    self.logits = logits
    postconv = finder.postconv(logits: logits)
  }
}

private struct RoleFinder {
  let graph: Graph

  // MARK: The class output

  func classOutput() -> LayerRoles.ClassOutput? {
    let outputs = graph.results
    if let edge = outputs.first(where: { isNamed($0, ["logits", "logit"]) }) {
      return .init(edge: edge, areProbabilities: false, reason: "the output “\(name(edge))” is named so.")
    }
    for edge in outputs {
      let activation = throughShapes(edge)
      let node = graph.nodes[activation.node]
      guard ["Softmax", "LogSoftmax", "Sigmoid"].contains(node.type), let input = node.inputs.first else { continue }
      return .init(
        edge: named(input), areProbabilities: false,
        reason: "the tensor before the \(node.type.lowercased()) of the output “\(name(edge))”.")
    }
    let words = ["prob", "softmax", "score"]
    if let edge = outputs.first(where: { edge in words.contains { name(edge).lowercased().contains($0) } }) {
      return .init(
        edge: edge, areProbabilities: true,
        reason: "the output “\(name(edge))” gives probabilities, and no softmax can be seen before it.")
    }
    let classLike = outputs.filter { !isFeatureLike($0) }
    if let edge = classLike.first(where: { denseInput($0) != nil }) {
      return .init(
        edge: edge, areProbabilities: false,
        reason: "the output “\(name(edge))” of the last fully connected layer, without a softmax.")
    }
    if let edge = classLike.first(where: { classConvolutionInput($0) != nil }) {
      return .init(
        edge: edge, areProbabilities: false,
        reason: "the output “\(name(edge))” is the mean of the last convolution's maps, without a softmax.")
    }
    return nil
  }

  // MARK: postconv

  func postconv(logits: LayerRoles.ClassOutput?) -> LayerRoles.Postconv? {
    for index in graph.nodes.indices {
      for port in graph.nodes[index].outputs.indices
      where graph.nodes[index].type != "Result" && isNamed(Graph.Edge(node: index, port: port), ["postconv"]) {
        return .init(edge: Graph.Edge(node: index, port: port), reason: "a tensor of that name.")
      }
    }
    if let logits, let last = denseInput(logits.edge) {
      let first = firstDenseInput(last)
      if first != last, isPooled(first) {
        return .init(
          edge: named(first), reason: "the pooled vector that feeds the first of the fully connected layers.")
      }
      return isPooled(last)
        ? .init(edge: named(last), reason: "the pooled vector that feeds the last fully connected layer.")
        : .init(edge: named(last), reason: "the vector that feeds the last fully connected layer.")
    }
    let vectors = graph.results.filter { edge in
      edge != logits?.edge && isVector(edge) && !leads(edge, from: logits?.edge)
    }
    if vectors.count == 1, let edge = vectors.first {
      return .init(edge: edge, reason: "the only output that is a vector and no class output, “\(name(edge))”.")
    }
    if let logits, let edge = classConvolutionInput(logits.edge) {
      return .init(
        edge: named(edge),
        reason: "there is no fully connected layer: what the last convolution, the class one, reads, averaged over "
          + "the tile.")
    }
    return nil
  }

  // MARK: Walking back

  private static let shapeOperations: Set<String> = [
    "Reshape", "Squeeze", "Unsqueeze", "Transpose", "Convert", "Identity",
  ]
  private static let poolings: Set<String> = ["ReduceMean", "ReduceMax", "AvgPool", "AdaptiveAvgPool", "MaxPool"]
  private static let activations: Set<String> = [
    "Relu", "Clamp", "Gelu", "Elu", "Swish", "HSwish", "Tanh", "Sigmoid", "PRelu", "BatchNormInference",
  ]

  /// Past what only rearranges.
  private func throughShapes(_ edge: Graph.Edge) -> Graph.Edge {
    var edge = edge
    while Self.shapeOperations.contains(graph.nodes[edge.node].type), let input = graph.nodes[edge.node].inputs.first,
      !graph.isConstant[input.node]
    {
      edge = input
    }
    return edge
  }

  /// Past additions and multiplications of weights: bias, alpha and beta.
  private func throughBias(_ edge: Graph.Edge) -> Graph.Edge {
    var edge = edge
    while true {
      let inputs = graph.variableInputs(edge.node)
      guard ["Add", "Multiply", "Subtract"].contains(graph.nodes[edge.node].type), inputs.count == 1 else {
        return edge
      }
      edge = inputs[0]
    }
  }

  /// What the fully connected layer reads whose result this is; nil if it is none.
  private func denseInput(_ edge: Graph.Edge) -> Graph.Edge? {
    let product = throughBias(throughShapes(edge))
    let inputs = graph.variableInputs(product.node)
    guard graph.nodes[product.node].type == "MatMul", inputs.count == 1 else { return nil }
    return inputs[0]
  }

  /// What the first of a chain of fully connected layers reads.
  private func firstDenseInput(_ edge: Graph.Edge) -> Graph.Edge {
    var edge = edge
    while true {
      var source = throughShapes(edge)
      while Self.activations.contains(graph.nodes[source.node].type),
        let input = graph.variableInputs(source.node).first
      {
        source = throughShapes(input)
      }
      guard let input = denseInput(source) else { return edge }
      edge = input
    }
  }

  private func isPooled(_ edge: Graph.Edge) -> Bool {
    Self.poolings.contains(graph.nodes[throughShapes(edge).node].type)
  }

  /// What the convolution reads whose maps, averaged, are this output; nil if it is none.
  private func classConvolutionInput(_ edge: Graph.Edge) -> Graph.Edge? {
    var edge = edge
    var sawPooling = false
    while true {
      edge = throughBias(throughShapes(edge))
      let node = graph.nodes[edge.node]
      if node.type == "Convolution" {
        guard let input = graph.variableInputs(edge.node).first else { return nil }
        return sawPooling || isPooled(input) ? input : nil
      }
      let isPooling = Self.poolings.contains(node.type)
      guard isPooling || Self.activations.contains(node.type) || Self.shapeOperations.contains(node.type),
        let input = graph.variableInputs(edge.node).first
      else { return nil }
      sawPooling = sawPooling || isPooling
      edge = input
    }
  }

  /// The same numbers under a name that the file gives, where a mere reshaping lies between.
  private func named(_ edge: Graph.Edge) -> Graph.Edge {
    var candidate = edge
    while graph.port(candidate).names.isEmpty {
      guard Self.shapeOperations.contains(graph.nodes[candidate.node].type),
        let input = graph.variableInputs(candidate.node).first, keepsColumns(input, candidate)
      else { return edge }
      candidate = input
    }
    return candidate
  }

  /// Whether pooling the one gives the columns of the other.
  private func keepsColumns(_ a: Graph.Edge, _ b: Graph.Edge) -> Bool {
    guard let before = graph.port(a).shape, let after = graph.port(b).shape, before.count > 1, after.count > 1,
      let columns = after[1]
    else { return false }
    return before[1] == columns && before.dropFirst(2).allSatisfy { $0 == 1 }
  }

  /// Whether `source` is among what `edge` is made from by rearranging and a softmax alone.
  private func leads(_ edge: Graph.Edge, from source: Graph.Edge?) -> Bool {
    guard let source else { return false }
    var edge = edge
    while edge != source {
      let types = Self.shapeOperations.union(["Softmax", "LogSoftmax", "Sigmoid"])
      guard types.contains(graph.nodes[edge.node].type), let input = graph.variableInputs(edge.node).first else {
        return false
      }
      edge = input
    }
    return true
  }

  private func isVector(_ edge: Graph.Edge) -> Bool {
    let port = graph.port(edge)
    guard let shape = port.shape, ["f32", "f16", "bf16", "f64"].contains(port.type), shape.count >= 2 else {
      return false
    }
    return shape[1] != nil && shape.dropFirst(2).allSatisfy { $0 == 1 }
  }

  private func name(_ edge: Graph.Edge) -> String { graph.port(edge).names.first ?? graph.nodes[edge.node].name }

  /// By the last part of a tensor's name.
  private func isNamed(_ edge: Graph.Edge, _ words: Set<String>) -> Bool {
    graph.port(edge).names.contains { name in
      words.contains(name.split(whereSeparator: { "/.:".contains($0) }).last?.lowercased() ?? "")
    }
  }

  private func isFeatureLike(_ edge: Graph.Edge) -> Bool {
    let words = ["feature", "feat", "embed", "pool", "latent", "hidden", "postconv", "activation"]
    return words.contains { name(edge).lowercased().contains($0) }
  }
}
