/// One tensor of a model that can be had for every tile.
package struct Layer: Sendable, Hashable {
  /// The tensor's name; it stands for the layer in the store's key.
  package let name: String
  /// Other names for it: the node's, and the module path of the exporting program ("layer4.1", "layer4").
  package internal(set) var aliases: [String]
  /// In a word or two, such as "convolution" or "ReLU".
  package let kind: String
  /// Batch first; nil where a size is not fixed in the file, e.g. `[nil, 512, 7, 7]`.
  package let shape: [Int?]
  /// Values for each tile after pooling.
  package let width: Int
  /// The axes over which the mean is taken, so that a tile gets one vector; empty for vectors.
  let pooledAxes: [Int]
  let node: String
  let port: Int

  /// Whether the layer keeps places within the tile, and is therefore pooled by global average when asked for.
  package var isSpatial: Bool { !pooledAxes.isEmpty }

  /// As in "N × 512 × 7 × 7".
  package var shapeText: String {
    (["N"] + shape.dropFirst().map { $0.map(String.init) ?? "?" }).joined(separator: " × ")
  }
}

extension Layer {
  /// nil if the tensor does not hold numbers for each tile of a batch, with a number of columns that the file fixes.
  init?(_ edge: Graph.Edge, in graph: Graph, input: ModelInput) {
    let port = graph.port(edge)
    let node = graph.nodes[edge.node]
    guard !graph.isConstant[edge.node], node.type != "Parameter", node.type != "Result",
      ["f32", "f16", "bf16", "f64"].contains(port.type), let shape = port.shape, let first = shape.first,
      first == input.declaredBatch, let (channels, pooled) = Self.channels(shape, input.channelOrder),
      let width = shape[channels]
    else { return nil }
    self.name = port.names.first ?? node.name
    self.aliases = (port.names.dropFirst() + [node.name]).filter { [name] in $0 != name }
    self.kind = Self.kind(of: edge, in: graph)
    self.shape = shape
    self.width = width
    self.pooledAxes = pooled
    self.node = node.name
    self.port = edge.port
  }

  /// The axis of the columns, and the axes to average over.
  private static func channels(_ shape: [Int?], _ order: ModelInput.Layout) -> (Int, [Int])? {
    switch shape.count {
    case 2: (1, [])
    // Tokens of a transformer: batch × tokens × channels.
    case 3: (2, [1])
    case 4: isChannelsLast(shape, order) ? (3, [1, 2]) : (1, [2, 3])
    default: nil
    }
  }

  /// Tiles are square, so the two equal sizes are height and width; where all three are equal, it is as in the input.
  private static func isChannelsLast(_ shape: [Int?], _ order: ModelInput.Layout) -> Bool {
    guard shape[1] == shape[2], shape[3] != nil else { return false }
    return shape[2] != shape[3] || order == .channelsLast
  }

  private static func kind(of edge: Graph.Edge, in graph: Graph) -> String {
    let node = graph.nodes[edge.node]
    switch node.type {
    case "Relu": return "ReLU"
    case "Clamp": return "clipped ReLU"
    case "Convolution", "GroupConvolution": return "convolution"
    case "MatMul": return graph.variableInputs(edge.node).count == 1 ? "fully connected" : "product"
    case "Add", "Multiply", "Subtract":
      if let source = graph.variableInputs(edge.node).first, graph.variableInputs(edge.node).count == 1 {
        return kind(of: source, in: graph)
      }
      return node.type == "Add" ? "sum" : node.type == "Multiply" ? "product" : "difference"
    case "ReduceMean", "AvgPool": return "average pooling"
    case "MaxPool", "ReduceMax": return "maximum pooling"
    case "BatchNormInference": return "batch normalisation"
    case "MVN": return "layer normalisation"
    case "Concat": return "concatenation"
    case "Reshape", "Squeeze", "Unsqueeze", "Transpose":
      return graph.port(edge).shape?.count == 2 ? "vector" : "reshaping"
    case "Softmax", "Sigmoid", "LogSoftmax", "Gelu", "Swish", "HSwish", "Elu": return node.type
    default: return node.type
    }
  }
}
