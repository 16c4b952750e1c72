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
  /// A digest of the records that were chosen of each file; nil, which leaves no trace in the key, for the first ones.
  package let records: String?
  /// Logits are kept besides the layers.
  package let includesLogits: Bool
  /// The tensors that are kept as logits; nil, which leaves no trace in the key, for those that the first versions kept.
  package let outputs: [String]?
  /// The tensors that are kept as uncertainty; nil, which leaves no trace in the key, where none are.
  package let uncertainty: [String]?
  /// The stain normaliser and its target in numbers; nil for tiles as they are.
  package let normalizer: String?
  /// Settings of the inference engine that may change the last bits, such as the batch size.
  package let engine: String
  /// What computes, such as "OpenVINO"; nil in keys of the first form alone.
  package private(set) var engineName: String?
  /// Of the engine's library; nil in keys of the first form alone.
  package private(set) var engineVersion: String?

  package init(
    modelDigest: String, layers: [String], precision: String, standardization: String, tileLabel: String,
    maxTiles: Int, records: String? = nil, includesLogits: Bool, outputs: [String]? = nil, uncertainty: [String]? = nil,
    normalizer: String?,
    engine: String,
    engineName: String, engineVersion: String
  ) {
    self.modelDigest = modelDigest
    self.layers = layers
    self.precision = precision
    self.standardization = standardization
    self.tileLabel = tileLabel
    self.maxTiles = maxTiles
    self.records = records
    self.includesLogits = includesLogits
    self.outputs = outputs
    self.uncertainty = uncertainty
    self.normalizer = normalizer
    self.engine = engine
    self.engineName = engineName
    self.engineVersion = engineVersion
  }

  /// The key that results are stored under.
  package var storeKey: StoreKey { StoreKey(self, prefix: "features 2\n") }

  /// The keys that results may lie under, the one of `storeKey` first. Keys of the first form did not name the engine: all
  /// results were OpenVINO's, of any version.
  package var storeKeys: [StoreKey] {
    guard engineName == "OpenVINO" else { return [storeKey] }
    var first = self
    first.engineName = nil
    first.engineVersion = nil
    return [storeKey, StoreKey(first, prefix: "features 1\n")]
  }
}

/// Everything that imported features depend on besides the bytes of their file.
package struct ImportKey: Sendable, Equatable, Codable {
  /// SHA-256 of the file and of those beside it that belong to it.
  package let source: String
  /// The file's name, for slides are named after it.
  package let name: String
  /// Of the slide, where the file has lengths in micrometres and it is known; nil elsewhere.
  package let micronsPerPixel: Double?
  /// What else was asked of the file; nil where nothing was.
  package let request: BagRequest?

  /// - Parameter request: its microns per pixel are given by themselves.
  package init(source: String, name: String, micronsPerPixel: Double?, request: BagRequest = BagRequest()) {
    self.source = source
    self.name = name
    self.micronsPerPixel = micronsPerPixel
    var asked = request
    asked.micronsPerPixel = nil
    self.request = asked == BagRequest() ? nil : asked
  }

  /// What imports of the first form noted of outputs was too little to tell logits from probabilities, and of lengths, to tell
  /// whether they are micrometres; those of the second had no numbers besides features.
  package var storeKey: StoreKey { StoreKey(self, prefix: "imported features 3\n") }
}

/// The name under which features of slides, or a map, lie in the store.
package struct StoreKey: Sendable, Equatable {
  /// The key as JSON with sorted names: the same text for the same key.
  package let text: String
  /// SHA-256 of the text, with what kind of key it is.
  package let digest: String

  /// - Parameter prefix: the kind of key and the number of its form.
  package init(_ key: some Encodable, prefix: String) {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
    // Texts and finite numbers always encode; an empty text would only cost a recomputation.
    text = (try? encoder.encode(key)).map { String(decoding: $0, as: UTF8.self) } ?? ""
    digest = ContentDigest.ofText(prefix + text)
  }

  /// A key that is a text, whatever kind it is of.
  package init(text: String) {
    self.text = text
    digest = ContentDigest.ofText(text)
  }
}
