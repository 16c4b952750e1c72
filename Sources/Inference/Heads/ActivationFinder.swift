/// Tells the activation that an output is the result of, also where it is written out in simpler operations.
struct ActivationFinder {
  let graph: Graph

  /// The activation, the tensor that it reads, and its name in a sentence; nil where none can be told.
  func activation(of output: Graph.Edge) -> (activation: Head.Activation, input: Graph.Edge, word: String)? {
    let edge = graph.throughShapes(output)
    let node = graph.nodes[edge.node]
    switch node.operation {
    case .softmax: return node.inputs.first.map { (.softmax, $0, "softmax") }
    case .logSoftmax: return node.inputs.first.map { (.softmax, $0, "log-softmax") }
    case .sigmoid: return node.inputs.first.map { (.sigmoid, $0, "sigmoid") }
    case .hardSigmoid: return (.sigmoidWithoutLogits, edge, "sigmoid")
    case .clamp, .logarithm, .exponential: return behind(edge)
    case .add, .multiply: return behindLogarithm(edge)
    case .selection:
      // One class of several, cut out of them.
      guard let found = behind(edge), found.activation == .softmax else { return nil }
      return found
    case .concatenation: return bothSides(edge)
    case .divide: return sigmoid(edge) ?? softmax(edge)
    case .power: return sigmoid(edge)
    case .subtract: return logSoftmax(edge)
    default: return nil
    }
  }

  private typealias Result = (activation: Head.Activation, input: Graph.Edge, word: String)

  /// The activation before a node that changes its result in a way that is undone by going to the logits: limits, a
  /// logarithm, a choice of columns.
  private func behind(_ edge: Graph.Edge) -> Result? {
    let inputs = graph.variableInputs(edge.node)
    guard inputs.count == 1 else { return nil }
    let operation = graph.nodes[edge.node].operation
    // A small number is often added before a logarithm.
    let source = operation == .logarithm ? graph.throughBias(graph.throughShapes(inputs[0])) : inputs[0]
    guard let found = activation(of: source) else { return nil }
    return operation == .exponential && found.word != "log-softmax" ? nil : found
  }

  /// After a logarithm the sign is often changed; nothing else is meant.
  private func behindLogarithm(_ edge: Graph.Edge) -> Result? {
    let inner = graph.throughShapes(graph.throughBias(edge))
    guard graph.nodes[inner.node].operation == .logarithm else { return nil }
    return behind(inner)
  }

  /// [1 − p, p] of one sigmoid.
  private func bothSides(_ edge: Graph.Edge) -> Result? {
    let inputs = graph.variableInputs(edge.node).map { activation(of: graph.throughBias(graph.throughShapes($0))) }
    guard inputs.count > 1, let first = inputs[0], first.activation == .sigmoid,
      inputs.allSatisfy({ $0?.input == first.input })
    else { return nil }
    return first
  }

  /// 1 / (1 + e^−x), or e^x / (1 + e^x).
  private func sigmoid(_ edge: Graph.Edge) -> Result? {
    let inputs = graph.nodes[edge.node].inputs
    guard inputs.count == 2 else { return nil }
    let isPower = graph.nodes[edge.node].operation == .power
    let (numerator, denominator) = isPower ? (inputs[1], inputs[0]) : (inputs[0], inputs[1])
    let sum = graph.throughShapes(denominator)
    guard graph.nodes[sum.node].operation == .add, let power = graph.variableInputs(sum.node).first,
      graph.variableInputs(sum.node).count == 1, let exponent = exponent(of: power)
    else { return nil }
    if graph.isConstant[numerator.node] {
      let negation = graph.throughShapes(exponent)
      guard graph.nodes[negation.node].operation == .negate, let input = graph.variableInputs(negation.node).first
      else { return (.sigmoidWithoutLogits, edge, "sigmoid") }
      return (.sigmoid, input, "sigmoid")
    }
    return self.exponent(of: numerator) == exponent ? (.sigmoid, exponent, "sigmoid") : nil
  }

  /// e^x / Σ e^x, with or without the largest x taken off first.
  private func softmax(_ edge: Graph.Edge) -> Result? {
    let inputs = graph.nodes[edge.node].inputs
    guard inputs.count == 2, let exponent = exponent(of: inputs[0]), isSum(inputs[1], of: exponent) else { return nil }
    return (.softmax, withoutLargest(exponent), "softmax")
  }

  /// x − log Σ e^x.
  private func logSoftmax(_ edge: Graph.Edge) -> Result? {
    let inputs = graph.nodes[edge.node].inputs
    guard inputs.count == 2 else { return nil }
    let logarithm = graph.throughShapes(inputs[1])
    guard graph.nodes[logarithm.node].operation == .logarithm, let sum = graph.variableInputs(logarithm.node).first,
      isSum(sum, of: graph.throughShapes(inputs[0]))
    else { return nil }
    return (.softmax, withoutLargest(graph.throughShapes(inputs[0])), "log-softmax")
  }

  private func exponent(of edge: Graph.Edge) -> Graph.Edge? {
    let power = graph.throughShapes(edge)
    guard graph.nodes[power.node].operation == .exponential else { return nil }
    return graph.variableInputs(power.node).first.map(graph.throughShapes)
  }

  private func isSum(_ edge: Graph.Edge, of exponent: Graph.Edge) -> Bool {
    let sum = graph.throughShapes(edge)
    guard graph.nodes[sum.node].operation == .reduceSum, let power = graph.variableInputs(sum.node).first else {
      return false
    }
    return self.exponent(of: power) == exponent
  }

  private func withoutLargest(_ edge: Graph.Edge) -> Graph.Edge {
    let inputs = graph.variableInputs(edge.node)
    guard graph.nodes[edge.node].operation == .subtract, inputs.count == 2,
      graph.nodes[graph.throughShapes(inputs[1]).node].operation == .reduceMaximum
    else { return edge }
    return inputs[0]
  }
}
