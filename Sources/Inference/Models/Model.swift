/// A trained network in a file: what it takes, and what can be read out of it.
package struct Model: Sendable {
  /// As a person names it.
  package let path: String
  /// How it was made of a network of torch; nil for a model file of its own.
  package let converted: ConvertedNetwork?
  package let input: ModelInput
  package let layers: Layers
  /// What reads and runs it.
  package let engine: any InferenceEngine

  /// What an engine reads.
  package var file: String { converted?.file ?? path }

  /// Looks at the file, reads its graph, and finds the parts that its layers play.
  ///
  /// - Parameters:
  ///   - path: of the model; of a converted one, of what it was made from.
  ///   - engines: the first that reads files of this kind takes the model.
  ///   - side: width and height that a person says the network takes, where its file leaves them open.
  ///   - registers: how many register tokens a person says there are.
  /// - Throws: `InferenceError`, which names the file, for what is missing, cut off, of no kind that is read, or a model
  ///   that does not take a batch of square RGB tiles.
  /// - Complexity: linear in the size of the file; 0.05 to 0.2 s for a ResNet.
  package static func open(
    _ path: String, converted: ConvertedNetwork? = nil, engines: [any InferenceEngine], side: Int? = nil,
    registers: Int? = nil
  ) throws(InferenceError) -> Model {
    let file = converted?.file ?? path
    let format = try ModelFile.check(file)
    guard let engine = engines.first(where: { $0.formats.contains(format) }) else {
      throw .noEngine(path: path, kind: format.rawValue)
    }
    var graph = try engine.graph(of: file)
    let input = try ModelInput(graph, path: path).settled(graph, engine: engine, path: file, given: side)
    if input.sidePixels != nil, input.isSideOpen { graph = try engine.graph(of: file, sized: input) }
    let layers = Layers(
      graph, input: input, scopes: ModuleScopes.read(file), modules: ModuleNames.read(file), registers: registers,
      path: path)
    if let registers, !layers.all.contains(where: { $0.tokens?.registerCount == registers }) {
      throw .registersContradicted(
        path: path, registers: registers, tokens: layers.all.last { $0.tokens != nil }?.tokens?.phrase)
    }
    return Model(path: path, converted: converted, input: input, layers: layers, engine: engine)
  }

  /// The same with another side, where the file leaves it open and nobody has said which.
  ///
  /// - Throws: `sideRefused`.
  package func with(side: Int) throws(InferenceError) -> Model {
    try Self.open(path, converted: converted, engines: [engine], side: side, registers: layers.registers)
  }

  /// The same with other layers.
  func with(_ layers: Layers) -> Model {
    Model(path: path, converted: converted, input: input, layers: layers, engine: engine)
  }
}
