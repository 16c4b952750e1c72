/// A trained network in a file: what it takes, and what can be read out of it.
package struct Model: Sendable {
  package let path: String
  package let input: ModelInput
  package let layers: Layers
  /// What reads and runs it.
  package let engine: any InferenceEngine

  /// Looks at the file, reads its graph, and finds the parts that its layers play.
  ///
  /// - Parameter engines: the first that reads files of this kind takes the model.
  /// - Throws: `InferenceError`, which names the file, for what is missing, cut off, of no kind that is read, or a model
  ///   that does not take a batch of square RGB tiles.
  /// - Complexity: linear in the size of the file; 0.05 to 0.2 s for a ResNet.
  package static func open(
    _ path: String, engines: [any InferenceEngine]
  ) throws(InferenceError) -> Model {
    let format = try ModelFile.check(path)
    guard let engine = engines.first(where: { $0.formats.contains(format) }) else {
      throw .noEngine(path: path, kind: format.rawValue)
    }
    let graph = try engine.graph(of: path)
    let input = try ModelInput(graph, path: path)
    return Model(
      path: path, input: input, layers: Layers(graph, input: input, scopes: ModuleScopes.read(path), path: path),
      engine: engine)
  }
}

/// The one input of a model: a batch of square RGB tiles.
package struct ModelInput: Sendable, Equatable {
  /// Where the colour channels stand.
  package enum Layout: String, Sendable {
    /// N × 3 × H × W
    case channelsFirst
    /// N × H × W × 3
    case channelsLast
  }

  package let name: String
  package let channelOrder: Layout
  /// Width and height of a tile; nil if the model takes any.
  package let sidePixels: Int?
  /// nil if the model takes batches of any size.
  package let declaredBatch: Int?

  /// As in "N × 3 × 224 × 224".
  package var shapeText: String {
    let side = sidePixels.map(String.init) ?? "?"
    let batch = declaredBatch.map(String.init) ?? "N"
    return channelOrder == .channelsFirst ? "\(batch) × 3 × \(side) × \(side)" : "\(batch) × \(side) × \(side) × 3"
  }
}

extension ModelInput {
  init(_ graph: Graph, path: String) throws(InferenceError) {
    let inputs = graph.nodes.filter { $0.operation == .input }
    guard let node = inputs.first, inputs.count == 1, let port = node.outputs.first else {
      let names = inputs.map { "“\($0.outputs.first?.names.first ?? $0.name)”" }.joined(separator: ", ")
      throw .inputUnsupported(path: path, found: "it has \(inputs.count) inputs \(names)")
    }
    name = port.names.first ?? node.name
    let text = (port.shape ?? []).map { $0.map(String.init) ?? "?" }.joined(separator: " × ")
    let found = "its input “\(name)” is \(port.type) \(port.shape == nil ? "of any shape" : text)"
    guard ["f32", "f16", "f64"].contains(port.type), let shape = port.shape, shape.count == 4 else {
      throw .inputUnsupported(path: path, found: found)
    }
    let sides: (Int?, Int?)
    if shape[1] == 3 || (shape[1] == nil && shape[3] != 3) {
      channelOrder = .channelsFirst
      sides = (shape[2], shape[3])
    } else if shape[3] == 3 {
      channelOrder = .channelsLast
      sides = (shape[1], shape[2])
    } else {
      throw .inputUnsupported(path: path, found: found)
    }
    if let height = sides.0, let width = sides.1, height != width {
      throw .inputUnsupported(path: path, found: found)
    }
    sidePixels = sides.0 ?? sides.1
    declaredBatch = shape[0]
  }
}
