/// One tensor of a model that can be had for every tile.
package struct Layer: Sendable, Hashable {
  /// The tensor's name; it stands for the layer in the store's key.
  package internal(set) var name: String
  /// Other names for it: the node's, and the module path of the exporting program ("layer4.1", "layer4").
  package internal(set) var aliases: [String]
  /// In a word or two, such as "convolution" or "ReLU".
  package let kind: String
  /// Batch first; nil where a size is not fixed in the file, e.g. `[nil, 512, 7, 7]`.
  package let shape: [Int?]
  /// Values for each tile after pooling.
  package private(set) var width: Int
  /// How a tile gets one vector where the layer is spatial; the mean unless `pooled(by:)` says otherwise.
  package private(set) var pooling = Pooling.average
  /// What its tokens are; nil for all but the tokens of a transformer.
  package let tokens: Tokens?
  /// The axes along which places within the tile lie; empty for vectors.
  private let spatialAxes: [Int]
  /// The node's name in the graph; with the next three, by which an engine finds the tensor again.
  package let node: String
  package let nodeType: String
  /// In graph order, for nodes whose name is made up anew each time that the file is read.
  package let nodeNumber: Int
  package let port: Int

  /// How the values at the places of a tile, or of its tokens, become one vector.
  package enum Pooling: String, Sendable, CaseIterable, Codable {
    /// The mean of each channel over all places or tokens.
    case average = "avg"
    /// The largest value of each channel.
    case maximum = "max"
    /// All values, in the order of the layer's shape, as both torch and Keras flatten them.
    case none
    /// The class token.
    case classToken = "cls"
    /// The mean over the patches: without class and register tokens.
    case patchMean = "mean"
    /// The class token, then the mean over the patches.
    case classAndMean = "cls+mean"
  }

  /// Whether it is no layer of the network but how far a head spreads over passes with dropout.
  package var isUncertainty: Bool { name.hasPrefix(ModuleNames.uncertaintyPrefix) }

  /// Whether the layer keeps places within the tile, and is therefore pooled when asked for.
  package var isSpatial: Bool { !spatialAxes.isEmpty }

  /// The axes over which values are pooled.
  package var pooledAxes: [Int] { pooling == .none || pooling == .classToken ? [] : spatialAxes }

  /// Whether the first token is given, before what is pooled.
  package var takesClassToken: Bool { pooling == .classToken || pooling == .classAndMean }

  /// Tokens at the front that are left out of the pooling.
  package var skippedTokenCount: Int {
    pooling == .patchMean || pooling == .classAndMean ? tokens?.ownCount ?? 0 : 0
  }

  /// The layer's name with what distinguishes its values: a part of the store's key. It is the name alone for the mean
  /// and for vectors.
  package var identity: String {
    guard pooling != .average else { return name }
    return "\(name);pooling=\(pooling.rawValue)" + (skippedTokenCount > 0 ? ";from=\(skippedTokenCount)" : "")
  }

  /// The same layer, its places brought together in another way; vectors stay as they are.
  ///
  /// - Parameter pooling: nil for the class token of tokens that have one, for which it is trained, else the mean.
  /// - Throws: `layerSizeUnknown` for `none` where the file leaves the number of places open; `noClassToken`.
  package func pooled(by pooling: Pooling?) throws(InferenceError) -> Layer {
    guard isSpatial else { return self }
    var layer = self
    let pooling = pooling ?? (tokens?.hasClassToken == true ? .classToken : .patchMean)
    // Without tokens of the network's own, the mean is the mean over all.
    layer.pooling = pooling == .patchMean && tokens?.ownCount ?? 0 == 0 ? .average : pooling
    layer.width = channelCount
    switch pooling {
    case .none:
      for axis in spatialAxes {
        guard let size = shape[axis] else { throw .layerSizeUnknown(name: name, shape: shapeText) }
        layer.width *= size
      }
    case .classToken, .classAndMean:
      guard let tokens, tokens.hasClassToken || tokens.isUnclear else {
        throw .noClassToken(layer: name, shape: shapeText, tokens: tokens?.phrase)
      }
      if pooling == .classAndMean { layer.width *= 2 }
    case .average, .maximum, .patchMean: break
    }
    return layer
  }

  /// What the values of a tile are made of, where that is a choice: a clause, as in "the class token".
  package var pooledPhrase: String? {
    guard let tokens else { return nil }
    let patches = (tokens.patchCount.map { "\($0) " } ?? "") + "patches"
    switch pooling {
    case .classToken: return tokens.isUnclear ? "the first token, taken for the class token" : "the class token"
    case .patchMean: return "the mean over its \(patches)"
    case .classAndMean: return "the class token, then the mean over its \(patches)"
    case .average: return tokens.ownCount == 0 ? "the mean over its \(patches)" : "the mean over all its tokens"
    case .maximum: return tokens.ownCount == 0 ? "the maximum over its \(patches)" : "the maximum over all its tokens"
    case .none: return "all tokens, one behind the other"
    }
  }

  private let channelCount: Int

  /// As in "N × 512 × 7 × 7".
  package var shapeText: String {
    (["N"] + shape.dropFirst().map { $0.map(String.init) ?? "?" }).joined(separator: " × ")
  }
}

extension Layer {
  /// nil if the tensor does not hold numbers for each tile of a batch, with a number of columns that the file fixes.
  init?(_ edge: Graph.Edge, in graph: Graph, input: ModelInput, tokens: Tokens?) {
    let port = graph.port(edge)
    let node = graph.nodes[edge.node]
    guard !graph.isConstant[edge.node], node.operation != .input, node.operation != .output,
      port.isFloat, let shape = port.shape, let first = shape.first,
      first == input.declaredBatch,
      let (channels, spatial) = Self.channels(shape, Self.layout(of: edge, in: graph, input: input)),
      let width = shape[channels]
    else { return nil }
    self.name = port.names.first ?? node.name
    let others = port.names.dropFirst() + (node.hasMadeUpName ? [] : [node.name])
    self.aliases = others.filter { [name] in $0 != name }
    self.kind = Self.kind(of: edge, in: graph)
    self.tokens = tokens
    self.shape = shape
    self.width = width
    self.channelCount = width
    self.spatialAxes = spatial
    self.node = node.name
    self.nodeType = node.typeName
    self.nodeNumber = edge.node
    self.port = edge.port
  }

  /// The axis of the columns, and the axes of the places.
  private static func channels(_ shape: [Int?], _ layout: @autoclosure () -> ModelInput.Layout) -> (Int, [Int])? {
    switch shape.count {
    case 2: (1, [])
    // Tokens of a transformer: batch × tokens × channels.
    case 3: (2, [1])
    case 4: isChannelsLast(shape, layout()) ? (3, [1, 2]) : (1, [2, 3])
    default: nil
    }
  }

  /// Tiles are square, so the two equal sizes are height and width; where all three are equal, the graph tells.
  private static func isChannelsLast(
    _ shape: [Int?], _ layout: @autoclosure () -> ModelInput.Layout
  ) -> Bool {
    guard shape[1] == shape[2], shape[3] != nil else { return false }
    return shape[2] != shape[3] || layout() == .channelsLast
  }

  /// By what the tensor comes from: convolutions and poolings of a graph have channels first, and a transposition
  /// changes that.
  private static func layout(of edge: Graph.Edge, in graph: Graph, input: ModelInput) -> ModelInput.Layout {
    var node = edge.node
    var isTransposed = false
    while graph.nodes[node].operation != .input {
      let operation = graph.nodes[node].operation
      if [.convolution, .groupConvolution, .maximumPooling, .averagePooling].contains(operation) {
        return isTransposed ? .channelsLast : .channelsFirst
      }
      if operation == .matrixProduct { return isTransposed ? .channelsFirst : .channelsLast }
      if operation == .transpose { isTransposed.toggle() }
      guard let source = graph.variableInputs(node).first else { break }
      node = source.node
    }
    if !isTransposed { return input.channelOrder }
    return input.channelOrder == .channelsLast ? .channelsFirst : .channelsLast
  }

  private static func kind(of edge: Graph.Edge, in graph: Graph) -> String {
    let node = graph.nodes[edge.node]
    switch node.operation {
    case .relu: return "ReLU"
    case .clamp: return "clipped ReLU"
    case .convolution, .groupConvolution: return "convolution"
    case .matrixProduct: return graph.variableInputs(edge.node).count == 1 ? "fully connected" : "product"
    case .add, .multiply, .subtract:
      if let source = graph.variableInputs(edge.node).first, graph.variableInputs(edge.node).count == 1 {
        return kind(of: source, in: graph)
      }
      return node.operation == .add ? "sum" : node.operation == .multiply ? "product" : "difference"
    case .reduceMean, .averagePooling: return "average pooling"
    case .maximumPooling, .reduceMaximum: return "maximum pooling"
    case .batchNormalization: return "batch normalisation"
    case .layerNormalization: return "layer normalisation"
    case .concatenation: return "concatenation"
    case .reshape, .squeeze, .unsqueeze, .transpose:
      return graph.port(edge).shape?.count == 2 ? "vector" : "reshaping"
    default: return node.typeName
    }
  }
}
