/// The computation graph of a model as plain values, in an order in which each node follows those it reads.
package struct Graph: Sendable, Equatable {
  /// One output of one node.
  package struct Edge: Sendable, Hashable {
    package let node: Int
    package let port: Int

    package init(node: Int, port: Int = 0) {
      self.node = node
      self.port = port
    }
  }

  package struct Port: Sendable, Equatable {
    /// Tensor names, sorted; most inner outputs have none.
    package let names: [String]
    /// The element type; those of floating-point numbers are "f16", "bf16", "f32" and "f64".
    package let type: String
    /// nil where the rank is not known; nil items where a dimension is not fixed.
    package let shape: [Int?]?

    package init(names: [String] = [], type: String = "f32", shape: [Int?]?) {
      self.names = names
      self.type = type
      self.shape = shape
    }

    var isFloat: Bool { ["f32", "f16", "bf16", "f64"].contains(type) }
  }

  package struct Node: Sendable, Equatable {
    package let operation: Operation
    /// The engine's own name of the operation, which is shown where `Operation` has no better word.
    package let typeName: String
    package let name: String
    /// Whether the engine made the name up while it read the file, so that it says nothing about the file.
    package let hasMadeUpName: Bool
    package let inputs: [Edge]
    package let outputs: [Port]
    /// The numbers of a constant of a few; empty for all other nodes.
    package let values: [Double]

    package init(
      _ operation: Operation, typeName: String, name: String, hasMadeUpName: Bool = false, inputs: [Edge] = [],
      outputs: [Port] = [], values: [Double] = []
    ) {
      self.operation = operation
      self.typeName = typeName
      self.name = name
      self.hasMadeUpName = hasMadeUpName
      self.inputs = inputs
      self.outputs = outputs
      self.values = values
    }

    /// The same node as another operation.
    package func read(as operation: Operation) -> Node {
      Node(
        operation, typeName: typeName, name: name, hasMadeUpName: hasMadeUpName, inputs: inputs, outputs: outputs,
        values: values)
    }
  }

  package let nodes: [Node]
  /// Whether a node's values do not depend on the pixels: weights, sizes, and what is computed from these alone.
  let isConstant: [Bool]

  package init(nodes: [Node]) {
    self.nodes = nodes
    var isConstant: [Bool] = []
    for node in nodes {
      let readsConstants = !node.inputs.isEmpty && node.inputs.allSatisfy { isConstant[$0.node] }
      isConstant.append([.constant, .shapeOf].contains(node.operation) || readsConstants)
    }
    self.isConstant = isConstant
  }

  func port(_ edge: Edge) -> Port { nodes[edge.node].outputs[edge.port] }

  /// The outputs of the model, in the order of the graph.
  var results: [Edge] { nodes.filter { $0.operation == .output }.compactMap(\.inputs.first) }

  /// The inputs of a node that depend on the pixels.
  func variableInputs(_ node: Int) -> [Edge] { nodes[node].inputs.filter { !isConstant[$0.node] } }
}
