import Foundation

/// Everything that the features of a slide depend on besides the slide's own tiles.
///
/// Two sets of features are the same exactly when their keys are; how a label or an outcome is used later is no
/// part of it.
package struct FeatureKey: Sendable, Equatable, Codable {
  /// SHA-256 of the model file.
  package let modelDigest: String
  package let layers: [String]
  /// Such as "f32".
  package let precision: String
  /// How bytes became the network's input, as `Standardization` spells it.
  package let standardization: String
  /// Folder of the tiles, such as "299px_302um".
  package let tileLabel: String
  /// The first N records of each file; 0 for all.
  package let maxTiles: Int
  /// Logits are kept besides the layers.
  package let includesLogits: Bool
  /// Settings of the inference engine that may change the last bits, such as the batch size.
  package let engine: String

  package init(
    modelDigest: String, layers: [String], precision: String, standardization: String, tileLabel: String,
    maxTiles: Int, includesLogits: Bool, engine: String
  ) {
    self.modelDigest = modelDigest
    self.layers = layers
    self.precision = precision
    self.standardization = standardization
    self.tileLabel = tileLabel
    self.maxTiles = maxTiles
    self.includesLogits = includesLogits
    self.engine = engine
  }

  /// The key as JSON with sorted names: the same text for the same key.
  package var text: String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
    // Strings and integers always encode; an empty text would only cost a recomputation.
    return (try? encoder.encode(self)).map { String(decoding: $0, as: UTF8.self) } ?? ""
  }

  /// SHA-256 of `text`.
  package var digest: String { ContentDigest.ofText("features 1\n" + text) }
}
