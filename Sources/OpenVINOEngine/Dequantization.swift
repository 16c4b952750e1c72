import Inference

/// Finds what turns quantised numbers back into real ones, (q − zero point) × scale: the same numbers in another form.
enum Dequantization {
  /// The nodes, those steps among them as casts.
  static func marked(_ nodes: [Graph.Node]) -> [Graph.Node] {
    var isConstant: [Bool] = []
    var isUnscaled: [Bool] = []
    return nodes.map { node in
      let ownIsConstant =
        node.operation == .constant || !node.inputs.isEmpty && node.inputs.allSatisfy { isConstant[$0.node] }
      defer { isConstant.append(ownIsConstant) }
      guard let source = node.inputs.first, !ownIsConstant else {
        isUnscaled.append(false)
        return node
      }
      let isStep = node.inputs.count == 2 && isConstant[node.inputs[1].node] && isUnscaled[source.node]
      switch node.operation {
      case .cast:
        let isQuantised = ["u8", "i8"].contains(nodes[source.node].outputs[source.port].type)
        isUnscaled.append(isQuantised && nodes[source.node].operation != .input)
        return node
      case .subtract where isStep:
        isUnscaled.append(true)
        return node.read(as: .cast)
      case .multiply where isStep:
        isUnscaled.append(false)
        return node.read(as: .cast)
      default:
        isUnscaled.append(false)
        return node
      }
    }
  }
}
