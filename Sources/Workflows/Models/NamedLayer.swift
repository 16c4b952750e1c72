package import Inference

/// A layer under the name by which its columns are called later.
package struct NamedLayer: Sendable {
  package let name: String
  package let layer: Layer

  /// Layers by their names, pooled.
  ///
  /// - Parameters:
  ///   - names: `postconv`, or names of the model.
  ///   - pooling: nil for the class token of tokens that have one, else the mean.
  package static func layers(
    _ names: [String] = ["postconv"], pooling: Layer.Pooling? = nil, of model: StudyModel
  ) throws -> [NamedLayer] {
    guard !names.isEmpty else {
      throw WorkflowFailure("No layer is named.", remedy: "layers=[postconv]", parameter: "layers")
    }
    var layers: [NamedLayer] = []
    for name in names {
      let layer: Layer
      if name == "postconv" {
        guard let postconv = model.model.layers.postconv else {
          throw WorkflowFailure(
            model.model.layers.postconvReason, remedy: model.model.layers.names.last.map { "layers=[\($0)]" },
            parameter: "layers")
        }
        layer = postconv
      } else {
        layer = try Reporting.run(parameter: "layers") { try model.model.layers.layer(named: name) }
      }
      if layers.contains(where: { $0.name == name }) {
        throw WorkflowFailure("The layer \(name) is named twice.", parameter: "layers")
      }
      if !layer.isSpatial, pooling == .classToken || pooling == .classAndMean { throw noTokens(name, of: model) }
      let pooled = try Reporting.run(parameter: "pooling") { try layer.pooled(by: pooling) }
      layers.append(NamedLayer(name: name, layer: pooled))
    }
    return layers
  }

  /// That two names are of one layer, whose columns stand twice then: a sentence; nil where none are.
  static func sameSentence(_ layers: [NamedLayer]) -> String? {
    let groups = Dictionary(grouping: layers) { $0.layer.name }.values.filter { $0.count > 1 }
    guard !groups.isEmpty else { return nil }
    return groups.map { $0.map(\.name).joined(separator: " and ") }.sorted().joined(separator: ", ")
      + " are the same layer of the network; its columns stand under each of the names."
  }

  /// The class token of a layer is wanted that is one vector for each tile.
  private static func noTokens(_ name: String, of model: StudyModel) -> WorkflowFailure {
    let tokens = model.model.layers.all.last { $0.tokens?.hasClassToken == true }?.name
    return WorkflowFailure(
      "The layer \(name) is one vector for each tile, without tokens"
        + (tokens == nil ? ", and no layer of this model has a class token." : "."),
      remedy: tokens.map { "layers=[\($0)], which has a class token" }, parameter: "pooling")
  }

  /// Which columns of layers side by side are whose.
  static func columns(of layers: [NamedLayer]) -> [FeatureSet.LayerColumns] {
    var start = 0
    return layers.map { layer in
      defer { start += layer.layer.width }
      return FeatureSet.LayerColumns(layer: layer.name, columns: start..<start + layer.layer.width)
    }
  }
}
