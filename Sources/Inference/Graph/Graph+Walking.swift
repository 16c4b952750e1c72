/// Walking back through a graph, from what a tensor is to what it was made of.
extension Graph {
  static let shapeOperations: Set<Operation> = [
    .reshape, .squeeze, .unsqueeze, .transpose, .cast, .identity,
  ]
  static let poolings: Set<Operation> = [
    .reduceMean, .reduceMaximum, .averagePooling, .adaptiveAveragePooling, .maximumPooling,
  ]
  static let activations: Set<Operation> = [
    .relu, .clamp, .gelu, .elu, .swish, .hardSwish, .tanh, .sigmoid, .prelu, .batchNormalization,
  ]

  /// Past what only rearranges.
  func throughShapes(_ edge: Edge) -> Edge {
    var edge = edge
    while Self.shapeOperations.contains(nodes[edge.node].operation), let input = nodes[edge.node].inputs.first,
      !isConstant[input.node]
    {
      edge = input
    }
    return edge
  }

  /// The real numbers that an output was made of by quantising; the output itself where it is real.
  func beforeQuantization(_ edge: Edge) -> Edge {
    var edge = edge
    while !port(edge).isFloat, [.cast, .identity].contains(nodes[edge.node].operation),
      let input = variableInputs(edge.node).first
    {
      edge = input
      while nodes[edge.node].operation == .identity, let input = variableInputs(edge.node).first { edge = input }
    }
    return edge
  }

  /// Whether a tensor holds one vector of numbers for each tile.
  func isTileLevel(_ edge: Edge) -> Bool {
    guard port(edge).isFloat, let shape = port(edge).shape, !shape.isEmpty else {
      return false
    }
    return shape.dropFirst().count { $0 != 1 } <= 1
  }

  /// Whether a tensor is among what another is made of.
  ///
  /// - Parameter passesLayers: False looks no further back than to fully connected layers and convolutions.
  /// - Complexity: O(nodes).
  func isSource(_ source: Edge, of edge: Edge, passesLayers: Bool) -> Bool {
    var seen: Set<Edge> = []
    var open = [edge]
    while let next = open.popLast() {
      if next == source, next != edge { return true }
      guard seen.insert(next).inserted,
        passesLayers || ![.matrixProduct, .convolution, .groupConvolution].contains(nodes[next.node].operation)
      else { continue }
      open += variableInputs(next.node)
    }
    return false
  }

  /// Past additions and multiplications of weights: bias, alpha and beta.
  func throughBias(_ edge: Edge) -> Edge {
    var edge = edge
    while true {
      let inputs = variableInputs(edge.node)
      guard [.add, .multiply, .subtract].contains(nodes[edge.node].operation), inputs.count == 1 else {
        return edge
      }
      edge = inputs[0]
    }
  }

  /// What the fully connected layer reads whose result this is; nil if it is none.
  func denseInput(_ edge: Edge) -> Edge? {
    let product = throughBias(throughShapes(edge))
    let inputs = variableInputs(product.node)
    guard nodes[product.node].operation == .matrixProduct, inputs.count == 1 else { return nil }
    return inputs[0]
  }

  /// The result of the fully connected layer that is made into this by functions of single numbers alone, or that this
  /// is; nil if there is none.
  func denseBehindFunctions(_ edge: Edge) -> Edge? {
    let functions = Self.activations.union([
      .exponential, .logarithm, .power, .hardSigmoid, .divide, .negate, .elementwise,
    ])
    var edge = edge
    while denseInput(edge) == nil {
      edge = throughBias(throughShapes(edge))
      let inputs = variableInputs(edge.node)
      guard functions.contains(nodes[edge.node].operation), inputs.count == 1 else { return nil }
      edge = inputs[0]
    }
    return edge
  }

  /// What the first of a chain of fully connected layers reads.
  func firstDenseInput(_ edge: Edge) -> Edge {
    var edge = edge
    while true {
      var source = throughShapes(edge)
      while Self.activations.contains(nodes[source.node].operation),
        let input = variableInputs(source.node).first
      {
        source = throughShapes(input)
      }
      guard let input = denseInput(source) else { return edge }
      edge = input
    }
  }

  func isPooled(_ edge: Edge) -> Bool {
    Self.poolings.contains(nodes[throughShapes(edge).node].operation)
  }

  /// What the convolution reads whose maps, averaged, are this output; nil if it is none.
  func classConvolutionInput(_ edge: Edge) -> Edge? {
    var edge = edge
    var sawPooling = false
    while true {
      edge = throughBias(throughShapes(edge))
      let node = nodes[edge.node]
      if node.operation == .convolution {
        guard let input = variableInputs(edge.node).first else { return nil }
        return sawPooling || isPooled(input) ? input : nil
      }
      let isPooling = Self.poolings.contains(node.operation)
      guard isPooling || Self.activations.contains(node.operation) || Self.shapeOperations.contains(node.operation),
        let input = variableInputs(edge.node).first
      else { return nil }
      sawPooling = sawPooling || isPooling
      edge = input
    }
  }

  /// The same numbers under a name that the file gives, where a mere reshaping lies between.
  func named(_ edge: Edge) -> Edge {
    var candidate = edge
    while port(candidate).names.isEmpty {
      guard Self.shapeOperations.contains(nodes[candidate.node].operation),
        let input = variableInputs(candidate.node).first, keepsColumns(input, candidate)
      else { return edge }
      candidate = input
    }
    return candidate
  }

  /// Whether pooling the one gives the columns of the other.
  func keepsColumns(_ a: Edge, _ b: Edge) -> Bool {
    guard let before = port(a).shape, let after = port(b).shape, before.count > 1, after.count > 1,
      let columns = after[1]
    else { return false }
    return before[1] == columns && before.dropFirst(2).allSatisfy { $0 == 1 }
  }

  func name(_ edge: Edge) -> String { port(edge).names.first ?? nodes[edge.node].name }

  /// By the last part of a tensor's name.
  func isNamed(_ edge: Edge, _ words: Set<String>) -> Bool {
    port(edge).names.contains { name in
      words.contains(name.split(whereSeparator: { "/.:".contains($0) }).last?.lowercased() ?? "")
    }
  }

  func isFeatureLike(_ edge: Edge) -> Bool {
    let words = ["feature", "feat", "embed", "pool", "latent", "hidden", "postconv", "activation"]
    return words.contains { name(edge).lowercased().contains($0) }
  }
}
