/// What a tensor is to a person who looks for a layer to take features from.
package enum LayerPart: String, Sendable {
  case logits, postconv, output
  case pooled = "pooled vector"
  case dense = "fully connected"
  case stage, block
}

/// Finds the tensors of a network that a person would ask for, among the hundreds that it has.
///
/// These are: its outputs; vectors that a pooling or a fully connected layer gives; and the results of its stages and
/// blocks. Where the file tells the modules of the program, a block is a module that has others in it and a number in
/// its name, as "layer4" and "layer4.1"; blocks within blocks within blocks are left out, and those within blocks too
/// where they are many. Where it does not, a stage ends where the next has fewer places, and a block with a sum or a
/// concatenation of two branches.
struct LayerParts {
  /// More than these are not read through.
  private static let mostBlocks = 40

  private let graph: Graph
  private let consumers: [[Int]]
  private(set) var parts: [Graph.Edge: LayerPart] = [:]

  /// - Parameters:
  ///   - edges: the tensors that are layers, in graph order.
  ///   - modules: for each of them the path of the module it was made in, nil where that is not told.
  init(_ graph: Graph, roles: LayerRoles, edges: [Graph.Edge], modules: [[String]?]) {
    self.graph = graph
    var consumers = graph.nodes.map { _ in [Int]() }
    for (index, node) in graph.nodes.enumerated() {
      for input in node.inputs { consumers[input.node].append(index) }
    }
    self.consumers = consumers
    var found = Self.blocks(edges: edges, modules: modules)
    if found.isEmpty {
      let known = Set(edges)
      let blocks = edges.filter(isBranchEnd).map { afterActivation($0, among: known) }
      if blocks.count <= Self.mostBlocks { for edge in blocks { found[edge] = .block } }
      for edge in stageEnds(edges) where found[edge] == nil { found[edge] = .stage }
    }
    for edge in edges where isVector(edge) {
      if let part = vectorPart(edge) { found[edge] = part }
    }
    for edge in graph.results { found[edge] = .output }
    if let postconv = roles.postconv { found[postconv.edge] = .postconv }
    for head in roles.heads { found[head.edge] = .logits }
    parts = found
  }

  // MARK: Modules

  private static func blocks(edges: [Graph.Edge], modules: [[String]?]) -> [Graph.Edge: LayerPart] {
    var last: [[String]: Graph.Edge] = [:]
    var children: [[String]: Set<String>] = [:]
    for (edge, path) in zip(edges, modules) {
      guard let path else { continue }
      for end in path.indices {
        let module = Array(path[...end])
        last[module] = edge
        children[module, default: []].insert(end + 1 < path.count ? path[end + 1] : "")
      }
    }
    let blocks = children.filter { path, inner in
      inner.count > 1 && path.last?.contains(where: \.isNumber) == true
    }.map(\.key)
    func depth(_ path: [String]) -> Int { blocks.count { $0.count < path.count && path.starts(with: $0) } }
    var result: [Graph.Edge: LayerPart] = [:]
    let inner = blocks.filter { depth($0) == 1 }
    if inner.count <= mostBlocks { for path in inner { result[last[path] ?? edges[0]] = .block } }
    let hasInner = !result.isEmpty
    for path in blocks where depth(path) == 0 { result[last[path] ?? edges[0]] = hasInner ? .stage : .block }
    return result
  }

  // MARK: The form of the graph

  private func sides(_ edge: Graph.Edge) -> Int? {
    guard let shape = graph.port(edge).shape, shape.count == 4, let height = shape[2], let width = shape[1] else {
      return nil
    }
    // Height × width × channels has two equal sizes first, channels × height × width last.
    return shape[2] == shape[3] ? height : shape[1] == shape[2] ? width : nil
  }

  /// The last tensor of each size, as long as sizes only shrink.
  private func stageEnds(_ edges: [Graph.Edge]) -> [Graph.Edge] {
    var last: [Int: Graph.Edge] = [:]
    for edge in edges {
      guard graph.nodes[edge.node].operation != .padding, let side = sides(edge), side > 1 else { continue }
      last[side] = edge
    }
    return Array(last.values)
  }

  /// A sum or a concatenation of branches that both depend on the pixels.
  private func isBranchEnd(_ edge: Graph.Edge) -> Bool {
    guard [.add, .concatenation].contains(graph.nodes[edge.node].operation), let shape = graph.port(edge).shape else {
      return false
    }
    return shape.count > 2 && !shape.dropFirst(2).allSatisfy { $0 == 1 } && graph.variableInputs(edge.node).count > 1
  }

  /// The activation that alone reads a sum, as at the end of a residual block.
  private func afterActivation(_ edge: Graph.Edge, among edges: Set<Graph.Edge>) -> Graph.Edge {
    guard consumers[edge.node].count == 1, let next = consumers[edge.node].first,
      [.relu, .clamp].contains(graph.nodes[next].operation), edges.contains(Graph.Edge(node: next))
    else { return edge }
    return Graph.Edge(node: next)
  }

  private func isVector(_ edge: Graph.Edge) -> Bool {
    guard let shape = graph.port(edge).shape, shape.count >= 2 else { return false }
    return shape.count == 2 || (shape.count == 4 && sides(edge) == 1)
  }

  /// The last tensor of a pooling or a fully connected layer, behind its bias and activation.
  private func vectorPart(_ edge: Graph.Edge) -> LayerPart? {
    if let next = consumers[edge.node].first, consumers[edge.node].count == 1, continues(next) { return nil }
    var edge = edge
    while true {
      let node = graph.nodes[edge.node]
      let inputs = graph.variableInputs(edge.node)
      if node.operation == .matrixProduct, inputs.count == 1 { return .dense }
      if [.reduceMean, .reduceMaximum, .averagePooling, .maximumPooling].contains(node.operation) { return .pooled }
      guard continues(edge.node) || [.reshape, .squeeze].contains(node.operation), inputs.count == 1 else { return nil }
      edge = inputs[0]
    }
  }

  /// Whether a node belongs to the layer whose result it reads.
  private func continues(_ node: Int) -> Bool {
    let activations: Set<Graph.Operation> = [.relu, .clamp, .gelu, .elu, .swish, .hardSwish, .tanh, .sigmoid]
    let operation = graph.nodes[node].operation
    return activations.contains(operation)
      || [.add, .multiply, .subtract].contains(operation) && graph.variableInputs(node).count == 1
  }
}
