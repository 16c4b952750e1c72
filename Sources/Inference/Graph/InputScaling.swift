/// The arithmetic that a network does on its input before its first layer: x × factor + offset, where preprocessing was
/// exported with it.
struct InputScaling: Equatable {
  /// The mean over the channels.
  let factor: Double
  let offset: Double

  /// nil where the input goes into the first layer as it is.
  init?(_ graph: Graph) {
    guard var node = graph.nodes.firstIndex(where: { $0.operation == .input }) else { return nil }
    var scaling: (factor: Double, offset: Double) = (1, 0)
    var isChanged = false
    while let next = Self.onlyReader(of: node, graph) {
      if !Graph.shapeOperations.contains(graph.nodes[next].operation) {
        guard let number = Self.number(graph, next), Self.apply(graph.nodes[next].operation, number, to: &scaling)
        else {
          break
        }
        isChanged = true
      }
      node = next
    }
    guard isChanged else { return nil }
    (factor, offset) = scaling
  }

  private static func onlyReader(of node: Int, _ graph: Graph) -> Int? {
    let readers = graph.nodes.indices.filter { reader in
      !graph.isConstant[reader] && graph.nodes[reader].inputs.contains { $0.node == node }
    }
    return readers.count == 1 ? readers[0] : nil
  }

  /// - Returns: false for any other operation.
  private static func apply(
    _ operation: Graph.Operation, _ number: Double, to scaling: inout (factor: Double, offset: Double)
  ) -> Bool {
    switch operation {
    case .add: scaling.offset += number
    case .subtract: scaling.offset -= number
    case .multiply: scaling = (scaling.factor * number, scaling.offset * number)
    case .divide where number != 0: scaling = (scaling.factor / number, scaling.offset / number)
    default: return false
    }
    return true
  }

  /// The mean of the constant that a node's variable first input is combined with.
  private static func number(_ graph: Graph, _ index: Int) -> Double? {
    let inputs = graph.nodes[index].inputs
    guard inputs.count == 2 else { return nil }
    let isTurned = graph.isConstant[inputs[0].node] && [.divide, .subtract].contains(graph.nodes[index].operation)
    guard !isTurned, let constant = inputs.first(where: { graph.isConstant[$0.node] })
    else { return nil }
    let values = graph.nodes[constant.node].values
    guard values.count == 1 || values.count == 3 else { return nil }
    return values.reduce(0, +) / Double(values.count)
  }

  /// What x is, by how small the factor is; nil where that cannot be told.
  var range: Standardization.InputRange? {
    switch abs(factor) {
    case 0.001...0.03: .bytes
    case 0.4...20: abs(offset / factor) > 2 ? .bytes : .shares
    default: nil
    }
  }
}
