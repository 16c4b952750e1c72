import CInferenceEngine

/// The computation graph of a model as plain values, in an order in which each node follows those it reads.
struct Graph: Sendable, Equatable {
  /// One output of one node.
  struct Edge: Sendable, Hashable {
    let node: Int
    var port = 0
  }

  struct Port: Sendable, Equatable {
    /// Tensor names, sorted; most inner outputs have none.
    var names: [String] = []
    /// Such as "f32".
    var type = "f32"
    /// nil where the rank is not known; nil items where a dimension is not fixed.
    var shape: [Int?]?
  }

  struct Node: Sendable, Equatable {
    /// OpenVINO's name of the operation, such as "Convolution".
    let type: String
    let name: String
    var inputs: [Edge] = []
    var outputs: [Port] = []

    /// Whether the name is one that OpenVINO gave: a type and a running number, as "Transpose_5842". The number counts
    /// all nodes of the process, so it says nothing about the file.
    var hasMadeUpName: Bool {
      guard let line = name.lastIndex(of: "_") else { return false }
      let number = name[name.index(after: line)...]
      return !number.isEmpty && number.allSatisfy(\.isNumber) && name[..<line].allSatisfy { $0.isLetter || $0 == "_" }
        && name.first?.isUppercase == true
    }
  }

  let nodes: [Node]
  /// Whether a node's values do not depend on the pixels: weights, sizes, and what is computed from these alone.
  let isConstant: [Bool]

  init(nodes: [Node]) {
    self.nodes = nodes
    var isConstant: [Bool] = []
    for node in nodes {
      let readsConstants = !node.inputs.isEmpty && node.inputs.allSatisfy { isConstant[$0.node] }
      isConstant.append(["Constant", "ShapeOf"].contains(node.type) || readsConstants)
    }
    self.isConstant = isConstant
  }

  func port(_ edge: Edge) -> Port { nodes[edge.node].outputs[edge.port] }

  /// The outputs of the model, in the order of the graph.
  var results: [Edge] { nodes.filter { $0.type == "Result" }.compactMap(\.inputs.first) }

  /// The inputs of a node that depend on the pixels.
  func variableInputs(_ node: Int) -> [Edge] { nodes[node].inputs.filter { !isConstant[$0.node] } }
}

extension Graph {
  /// Reads the graph of a model of any kind.
  ///
  /// - Throws: what `ModelFile.check` throws, and `modelRefused`.
  static func read(_ path: String) throws(InferenceError) -> Graph {
    try ModelFile.check(path)
    let engine = try Engine.shared().functions
    var handle: OpaquePointer?
    let error = withMessage { engine.graph_read(path, &handle, $0) }
    if let error { throw .modelRefused(path: path, reason: error) }
    guard let handle else { throw .modelRefused(path: path, reason: "it gives no graph") }
    defer { engine.graph_free(handle) }
    return Graph(nodes: (0..<engine.graph_node_count(handle)).map { node(engine, handle, $0) })
  }

  private static func node(_ engine: tessera_engine, _ graph: OpaquePointer, _ index: Int) -> Node {
    let inputs = (0..<engine.graph_node_input_count(graph, index)).map { input in
      var source = 0
      var port = 0
      engine.graph_node_input(graph, index, input, &source, &port)
      return Edge(node: source, port: port)
    }
    let outputs = (0..<engine.graph_node_output_count(graph, index)).map { port(engine, graph, index, $0) }
    return Node(
      type: String(cString: engine.graph_node_type(graph, index)),
      name: String(cString: engine.graph_node_name(graph, index)), inputs: inputs, outputs: outputs)
  }

  private static func port(_ engine: tessera_engine, _ graph: OpaquePointer, _ node: Int, _ port: Int) -> Port {
    let names = String(cString: engine.graph_output_names(graph, node, port)).split(separator: "\n")
    let rank = Int(engine.graph_output_rank(graph, node, port))
    let shape: [Int?]? =
      rank < 0
      ? nil
      : (0..<rank).map { axis in
        let size = engine.graph_output_dimension(graph, node, port, axis)
        return size < 0 ? nil : Int(size)
      }
    return Port(
      names: names.map(String.init).sorted(), type: String(cString: engine.graph_output_type(graph, node, port)),
      shape: shape)
  }
}
