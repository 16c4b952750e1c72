/// A trained network in a file: what it takes, and what can be read out of it.
package struct Model: Sendable {
  package let path: String
  package let input: ModelInput
  package let layers: Layers
  /// What reads and runs it.
  package let engine: any InferenceEngine

  /// Looks at the file, reads its graph, and finds the parts that its layers play.
  ///
  /// - Parameters:
  ///   - engines: the first that reads files of this kind takes the model.
  ///   - side: width and height that a person says the network takes, where its file leaves them open.
  ///   - registers: how many register tokens a person says there are.
  /// - Throws: `InferenceError`, which names the file, for what is missing, cut off, of no kind that is read, or a model
  ///   that does not take a batch of square RGB tiles.
  /// - Complexity: linear in the size of the file; 0.05 to 0.2 s for a ResNet.
  package static func open(
    _ path: String, engines: [any InferenceEngine], side: Int? = nil, registers: Int? = nil
  ) throws(InferenceError) -> Model {
    let format = try ModelFile.check(path)
    guard let engine = engines.first(where: { $0.formats.contains(format) }) else {
      throw .noEngine(path: path, kind: format.rawValue)
    }
    var graph = try engine.graph(of: path)
    let input = try ModelInput(graph, path: path).settled(graph, engine: engine, path: path, given: side)
    if input.sidePixels != nil, input.isSideOpen { graph = try engine.graph(of: path, sized: input) }
    let layers = Layers(graph, input: input, scopes: ModuleScopes.read(path), registers: registers, path: path)
    if let registers, !layers.all.contains(where: { $0.tokens?.registerCount == registers }) {
      throw .registersContradicted(
        path: path, registers: registers, tokens: layers.all.last { $0.tokens != nil }?.tokens?.phrase)
    }
    return Model(path: path, input: input, layers: layers, engine: engine)
  }

  /// The same with another side, where the file leaves it open and nobody has said which.
  ///
  /// - Throws: `sideRefused`.
  package func with(side: Int) throws(InferenceError) -> Model {
    try Self.open(path, engines: [engine], side: side, registers: layers.registers)
  }
}
