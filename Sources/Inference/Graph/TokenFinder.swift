/// Tells which tensors of a graph are tokens of a transformer, and what their tokens are.
///
/// Tokens of the network's own are weights that are concatenated with those of the patches; from there on every operation
/// but a concatenation and a choice along the same axis keeps the order.
struct TokenFinder {
  /// Tokens of one kind that follow one another.
  private struct Group: Equatable {
    /// nil for patches.
    var kind: Tokens.Own?
    /// nil where the file leaves it open.
    var count: Int?
  }

  private let graph: Graph
  /// Width and height of the network's input.
  private let sidePixels: Int?
  private var groups: [[Group]?] = []
  /// Whether attention, in which tokens look at one another, is among what a node is made of.
  private var isAttended: [Bool] = []
  /// Whether the first token alone is read somewhere.
  private var readsFirst = false
  /// Width and height of a patch of the tile.
  let patchPixels: Int?
  /// The positions that are added to tokens: how many, and how many tokens that are no patches they are for.
  private(set) var positions: (count: Int, own: Int)?

  /// - Parameter sidePixels: width and height of the network's input, where that is known.
  init(_ graph: Graph, sidePixels: Int?) {
    self.graph = graph
    self.sidePixels = sidePixels
    patchPixels = Self.patchPixels(graph)
    for (index, node) in graph.nodes.enumerated() {
      let inputs = graph.isConstant[index] ? [] : graph.variableInputs(index)
      let products = node.operation == .matrixProduct && inputs.count > 1
      isAttended.append(products || inputs.contains { isAttended[$0.node] })
      groups.append(inputs.isEmpty ? nil : groups(of: index, inputs))
      if node.operation == .add, positions == nil { positions = positions(addedBy: index, inputs) }
    }
  }

  /// nil for what are no tokens.
  func tokens(_ edge: Graph.Edge) -> Tokens? {
    guard let shape = graph.port(edge).shape, shape.count == 3 else { return nil }
    var found = groups[edge.node] ?? []
    guard !found.isEmpty || isAttended[edge.node] else { return nil }
    if found.isEmpty { found = [Group(kind: nil, count: nil)] }
    guard let place = found.firstIndex(where: { $0.kind == nil }), found.count(where: { $0.kind == nil }) == 1,
      place == found.count - 1, found[..<place].allSatisfy({ $0.count != nil })
    else { return nil }
    var own = found[..<place].flatMap { group in
      [Tokens.Own](repeating: group.kind ?? .unclear, count: group.count ?? 0)
    }
    if own.isEmpty, let more = surplus(shape[1]) { own = [Tokens.Own](repeating: .unclear, count: more) }
    if !own.contains(.classToken), own.first == .unclear, own.count == 1 || readsFirst { own[0] = .classToken }
    // What follows a class token without a name of its own are registers.
    if own.first == .classToken { own = own.map { $0 == .unclear ? .register : $0 } }
    let patchCount = shape[1].map { $0 - own.count } ?? found[place].count
    return Tokens(own: own, patchCount: patchCount, patchPixels: isOfWholePatches(patchCount) ? patchPixels : nil)
  }

  /// More tokens of the network's own has none.
  private static let mostOwn = 16

  /// How many tokens there are beyond those of the patches, where they have joined in a way that is not seen.
  private func surplus(_ count: Int?) -> Int? {
    guard let patchPixels, let sidePixels, let count else { return nil }
    let patches = (sidePixels / patchPixels) * (sidePixels / patchPixels)
    return patches > 1 && (1...Self.mostOwn).contains(count - patches) ? count - patches : nil
  }

  /// False where patches have been merged, or are others.
  private func isOfWholePatches(_ count: Int?) -> Bool {
    guard let patchPixels, let sidePixels, let count else { return true }
    let alongSide = sidePixels / patchPixels
    return count == alongSide * alongSide
  }

  /// Patches along a side of the tile that the network has positions for, and the width of one in pixels.
  var grid: (count: Int, patch: Int)? {
    guard let patchPixels, let positions else { return nil }
    // A class token that has a position of its own may have joined in a way that is not seen.
    for own in [positions.own, 0, 1] where own < positions.count {
      let count = Int(Double(positions.count - own).squareRoot())
      if count > 1, count * count == positions.count - own { return (count, patchPixels) }
    }
    return nil
  }

  // MARK: One node

  private mutating func groups(of index: Int, _ inputs: [Graph.Edge]) -> [Group]? {
    let node = graph.nodes[index]
    switch node.operation {
    case .convolution, .groupConvolution, .maximumPooling, .averagePooling: return nil
    case .concatenation:
      if let joined = joined(node) { return joined }
    case .reduceMean, .reduceMaximum, .reduceSum:
      if rank(inputs[0]) == 3, values(node, 1).contains(1) { return nil }
    case .selection where rank(inputs[0]) == 3:
      guard let own = groups[inputs[0].node] else { return nil }
      return selected(node, from: own)
    default: break
    }
    return inputs.compactMap { groups[$0.node] }.first
  }

  private func rank(_ edge: Graph.Edge) -> Int? { graph.port(edge).shape?.count }

  private func values(_ node: Graph.Node, _ input: Int) -> [Int] {
    guard node.inputs.indices.contains(input) else { return [] }
    // "To the end" is written as the largest number of some type.
    return graph.nodes[node.inputs[input].node].values.compactMap { $0 < 1e9 ? Int(exactly: $0) : .max }
  }

  /// Of tokens laid one behind the other; nil for any other concatenation.
  private func joined(_ node: Graph.Node) -> [Group]? {
    guard let shape = node.outputs.first?.shape, shape.count == 3, let columns = shape[2],
      node.inputs.allSatisfy({ rank($0) == 3 }),
      node.inputs.allSatisfy({ graph.port($0).shape?[2].map { $0 == columns } ?? true }),
      node.inputs.contains(where: { graph.isConstant[$0.node] || groups[$0.node] != nil })
    else { return nil }
    return node.inputs.flatMap { edge -> [Group] in
      if graph.isConstant[edge.node] {
        let (name, count) = weights(behind: edge, columns: columns)
        return [Group(kind: kind(name), count: graph.port(edge).shape?[1] ?? count)]
      }
      return groups[edge.node] ?? [Group(kind: nil, count: graph.port(edge).shape?[1])]
    }
  }

  private func kind(_ name: String) -> Tokens.Own {
    // The module that the token belongs to stands before it.
    let name = name.split(whereSeparator: { "./:".contains($0) }).last?.lowercased() ?? ""
    if name.contains("reg") { return .register }
    if name.contains("dist") { return .other }
    return name.contains("cls") || name.contains("class") ? .classToken : .unclear
  }

  /// The weights that are repeated for each tile of a batch, by name, and how many tokens they are.
  private func weights(behind edge: Graph.Edge, columns: Int) -> (name: String, count: Int?) {
    var open = [edge]
    var seen: Set<Int> = []
    while let next = open.popLast() {
      guard seen.insert(next.node).inserted else { continue }
      let node = graph.nodes[next.node]
      if node.operation == .constant, let shape = graph.port(next).shape, shape.last == columns {
        return (
          ([node.name] + graph.port(next).names).joined(separator: " "), shape.count > 1 ? shape[shape.count - 2] : 1
        )
      }
      if node.operation != .shapeOf { open += node.inputs }
    }
    return ("", nil)
  }

  /// Some tokens of several; nil where they are one, or cannot be told.
  private mutating func selected(_ node: Graph.Node, from own: [Group]) -> [Group]? {
    let range: Range<Int>
    if node.inputs.count == 3 {
      // Gather: data, indices, axis. Of other axes it keeps the tokens; one token is a vector.
      guard values(node, 2) == [1] else { return own }
      if values(node, 1) == [0] { readsFirst = true }
      return nil
    }
    guard node.inputs.count >= 4 else { return own }
    // Slice: data, start, stop, step, axes.
    guard values(node, 4) == [1] || node.inputs.count == 4 else { return own }
    let (start, stop) = (values(node, 1), values(node, 2))
    let place = node.inputs.count == 4 ? 1 : 0
    guard start.indices.contains(place), stop.indices.contains(place), start[place] >= 0,
      values(node, 3).allSatisfy({ $0 == 1 })
    else { return nil }
    // Of a slice of all axes, one that ends at 0 goes on to the end.
    let end = stop[place] == 0 && node.inputs.count == 4 ? Int.max : stop[place]
    guard end > start[place] else { return nil }
    range = start[place]..<end
    if range == 0..<1 { readsFirst = true }
    return cut(own, range)
  }

  private func cut(_ own: [Group], _ range: Range<Int>) -> [Group]? {
    var result: [Group] = []
    var begin = 0
    for group in own where begin < range.upperBound {
      guard let count = group.count else {
        // Of patches whose number is open, all or none.
        guard begin >= range.lowerBound, range.upperBound == .max else { return nil }
        return result + [group]
      }
      let kept = min(begin + count, range.upperBound) - max(begin, range.lowerBound)
      if kept > 0 { result.append(Group(kind: group.kind, count: kept)) }
      begin += count
    }
    return result.isEmpty ? nil : result
  }

  // MARK: Places

  /// Weights of one row for each token that are added to all tiles alike.
  private func positions(addedBy index: Int, _ inputs: [Graph.Edge]) -> (count: Int, own: Int)? {
    let node = graph.nodes[index]
    guard inputs.count == 1, node.inputs.count == 2, rank(inputs[0]) == 3,
      let weights = node.inputs.first(where: { graph.isConstant[$0.node] }),
      let shape = graph.port(weights).shape, shape.count > 1, let columns = shape.last, columns != 1,
      let count = shape[shape.count - 2], count > 1, shape.dropLast(2).allSatisfy({ $0 == 1 })
    else { return nil }
    let own = (groups[inputs[0].node] ?? []).filter { $0.kind != nil }.reduce(0) { $0 + ($1.count ?? 0) }
    return (count, own)
  }

  /// By the weights of the first convolution that reads the pixels.
  private static func patchPixels(_ graph: Graph) -> Int? {
    guard
      let index = graph.nodes.indices.first(where: {
        graph.nodes[$0].operation == .convolution && !graph.isConstant[$0]
      }),
      let weights = graph.nodes[index].inputs.last, let shape = graph.port(weights).shape, shape.count == 4,
      shape[1] == 3, shape[2] == shape[3], let side = shape[2], side >= 4
    else { return nil }
    return side
  }
}
