/// The layers of a model by name, and the parts that some of them play.
package struct Layers: Sendable {
  /// In graph order.
  package let all: [Layer]
  /// For each of `all` what it is, nil for those that hardly anybody asks for.
  package let parts: [LayerPart?]
  /// The layer that the reference calls postconv; nil where none can be told.
  package let postconv: Layer?
  /// Why that one, or why none: a sentence.
  package let postconvReason: String
  /// What outputs may be outcomes, in their order; none for a model that gives only features.
  package let heads: [Head]
  private let path: String
  private let byName: [String: Int]
  private let source: Source

  /// What the layers are made of.
  private struct Source: Sendable {
    let graph: Graph
    let input: ModelInput
    let scopes: [String: [String]]
    let modules: ModuleNames?
    let registers: Int?
  }

  /// The same layers, where some of the heads are read as features; postconv is then another.
  package func without(_ heads: [Head]) -> Layers {
    heads.isEmpty
      ? self
      : Layers(
        source.graph, input: source.input, scopes: source.scopes, modules: source.modules, registers: source.registers,
        path: path,
        outcomes: self.heads.filter { !heads.contains($0) }.map(\.found))
  }

  /// Register tokens that a person said there are.
  var registers: Int? { source.registers }

  /// Sides that the network takes, where its file leaves them open.
  func sidesTaken(of file: String, engine: any InferenceEngine) throws(InferenceError) -> [Int] {
    try ModelInput.sidesTaken(by: file, source.input, source.graph, engine: engine)
  }

  /// How far each head spreads over passes with dropout, by the head's name; none where the network has no dropout.
  package var uncertainties: [String: Layer] {
    let prefix = ModuleNames.uncertaintyPrefix
    return Dictionary(
      all.filter { $0.name.hasPrefix(prefix) }.map { (String($0.name.dropFirst(prefix.count)), $0) },
      uniquingKeysWith: { first, _ in first })
  }

  /// How the network changes the numbers of its input before anything else; nil where it does not, as mostly.
  var inputScaling: InputScaling? { InputScaling(source.graph) }

  /// Every name that `layer(named:)` knows: "postconv", then names and aliases in graph order.
  package var names: [String] {
    var seen: Set<String> = []
    let postconvName = postconv == nil ? [] : ["postconv"]
    return (postconvName + all.filter { !$0.isUncertainty }.flatMap { [$0.name] + $0.aliases })
      .filter { seen.insert($0).inserted }
  }

  /// The layer of that name or alias; "postconv" always means the layer found to be it.
  ///
  /// - Throws: `unknownLayer` with the nearest names; `noPostconv`.
  package func layer(named name: String) throws(InferenceError) -> Layer {
    if name.lowercased() == "postconv" {
      guard let postconv else { throw .noPostconv(path: path, reason: postconvReason) }
      return postconv
    }
    if let index = byName[name] { return all[index] }
    let lowercased = name.lowercased()
    let sameLetters = Set(byName.filter { $0.key.lowercased() == lowercased }.values)
    if sameLetters.count == 1, let index = sameLetters.first { return all[index] }
    throw .unknownLayer(name: name, nearest: nearestNames(to: name, among: names), path: path)
  }

  /// - Parameters:
  ///   - scopes: module paths by tensor name, where the file tells them.
  ///   - modules: whose outputs they are, in a file that was converted here.
  ///   - registers: how many register tokens a person says there are.
  init(
    _ graph: Graph, input: ModelInput, scopes: [String: [String]], modules: ModuleNames? = nil, registers: Int? = nil,
    path: String
  ) {
    self.init(
      graph, input: input, scopes: scopes, modules: modules, registers: registers, path: path,
      outcomes: HeadFinder(graph: graph).heads())
  }

  private init(
    _ graph: Graph, input: ModelInput, scopes: [String: [String]], modules known: ModuleNames?, registers: Int?,
    path: String,
    outcomes: [HeadFinder.Found]
  ) {
    let tokens = TokenFinder(graph, sidePixels: input.sidePixels)
    let roles = LayerRoles(graph, heads: outcomes, tokens: tokens)
    let postconvRole = roles.postconv
    let roleEdges = Set(outcomes.flatMap { [$0.edge, $0.output] } + (postconvRole.map { [$0.edge] } ?? []))
    var layers: [Layer] = []
    var edges: [Graph.Edge] = []
    for (index, node) in graph.nodes.enumerated() {
      for port in node.outputs.indices {
        let edge = Graph.Edge(node: index, port: port)
        var own = tokens.tokens(edge)
        if let registers, let told = own?.with(registers: registers) { own = told }
        guard let layer = Layer(edge, in: graph, input: input, tokens: own) else { continue }
        layers.append(layer)
        edges.append(edge)
      }
    }
    // TensorFlow's models keep few tensor names; there a node's own serves, and a number where that is lost too.
    let hasTensorNames = edges.count { !graph.port($0).names.isEmpty } * 4 >= edges.count
    if hasTensorNames {
      // Helper nodes have no tensor name; they are listed only where they play a part.
      let kept = edges.indices.filter { index in
        let (edge, names) = (edges[index], graph.port(edges[index]).names)
        return roleEdges.contains(edge)
          || (known.map { !$0.tensors.isDisjoint(with: names) } ?? !names.isEmpty)
      }
      layers = kept.map { layers[$0] }
      edges = kept.map { edges[$0] }
    }
    var modules = layers.map { known?.path(of: $0.name) ?? scopes[$0.name] ?? modulePath($0.name) }
    let parts = LayerParts(graph, roles: roles, edges: edges, modules: modules).parts
    if !hasTensorNames {
      let kept = edges.indices.filter { index in
        parts[edges[index]] != nil || !graph.port(edges[index]).names.isEmpty
          || !graph.nodes[edges[index].node].hasMadeUpName
      }
      layers = kept.map { layers[$0] }
      edges = kept.map { edges[$0] }
      var counts: [LayerPart: Int] = [:]
      for (index, edge) in edges.enumerated() {
        guard let part = parts[edge], graph.port(edge).names.isEmpty, graph.nodes[edge.node].hasMadeUpName else {
          continue
        }
        counts[part, default: 0] += 1
        layers[index].name = part.rawValue.split(separator: " ").joined(separator: "_") + "_\(counts[part] ?? 1)"
      }
      modules = kerasPaths(of: layers.map(\.name))
    }
    // Of a converted file each module is known; elsewhere the last tensor made in one is taken for its output.
    let modulePaths =
      known.map { known in layers.map { known.aliases(of: $0.name) } } ?? moduleAliases(of: modules)
    var byName: [String: Int] = [:]
    for (index, layer) in layers.enumerated() { byName[layer.name] = index }
    for index in layers.indices {
      if known != nil { layers[index].aliases = [] }
      layers[index].aliases += modulePaths[index]
      layers[index].aliases = layers[index].aliases.filter { byName[$0] == nil }
      for alias in layers[index].aliases { byName[alias] = index }
    }
    func find(_ edge: Graph.Edge?) -> Layer? {
      guard let edge else { return nil }
      return layers.first { $0.nodeNumber == edge.node && $0.port == edge.port }
    }
    self.all = layers
    self.parts = edges.map { parts[$0] }
    self.path = path
    self.byName = byName
    source = Source(graph: graph, input: input, scopes: scopes, modules: known, registers: registers)
    postconv = find(postconvRole?.edge)
    postconvReason = postconvRole?.reason ?? "its outputs show neither a class output nor a vector of features."
    let former = outcomes.isEmpty ? nil : HeadFinder(graph: graph).firstVersionsLogits
    heads = outcomes.compactMap { found in
      find(found.edge).map { layer in
        Head(found, layer: layer, output: find(found.output) ?? layer, isFirstVersions: found.edge == former)
      }
    }
  }
}
