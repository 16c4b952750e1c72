import Foundation

/// What slideflow wrote beside a model when it trained it: `params.json`.
package struct ModelParameters: Sendable, Equatable {
  package enum Backend: String, Sendable {
    case torch, tensorflow
  }
  package enum Kind: String, Sendable {
    case classification, regression, survival
  }
  /// The side of a tile on the slide.
  package enum TileExtent: Sendable, Hashable {
    case microns(Double)
    /// As in "10x".
    case magnification(String)
  }

  package let path: String
  /// Whether it lies beside several models, so that it may be another's.
  private(set) var isBesideSeveral = false
  package let slideflowVersion: String?
  package let modelName: String?
  package let backend: Backend?
  package let kind: Kind?
  package let tilePixels: Int?
  package let tileMicrons: TileExtent?
  /// The columns of the annotations that were learned.
  package let outcomes: [String]
  /// The names of the classes by index; empty for a regression, or where several outcomes have classes of their own.
  package let outcomeLabels: [String]
  /// The names of the classes by outcome, where several outcomes have classes of their own; otherwise empty.
  package let labelsByOutcome: [String: [String]]
  /// The stain normaliser used in training, such as "reinhard_fast".
  package let normalizer: String?
  /// What the normaliser was fitted to, by the names of slideflow's attributes ("target_means", "target_stds",
  /// "stain_matrix_target", "target_concentrations"); matrices row by row. nil where the file holds no fit.
  package let normalizerFit: [String: [Double]]?
  /// How the tiles were kept that the model was trained on: "jpg" or "png".
  package let imageFormat: String?
  /// The network that was trained; nil where its architecture is not said.
  package let network: Network?

  /// What is trained, as `hp` says it.
  package struct Network: Sendable, Equatable {
    /// slideflow's name of it, such as "resnet18", "densenet" or "timm_vit_small_patch16_224".
    package let architecture: String
    package let hiddenLayerCount: Int
    package let hiddenLayerWidth: Int
    /// After each hidden layer, from 0 to 1.
    package let dropout: Double
    /// Whether the inner layers of a classifier of several are kept.
    package let includesTop: Bool
    /// Whether it takes no tiles.
    package let dropsImages: Bool
    /// Columns of the annotations that it takes besides the tile.
    package let inputFeatures: [String]
  }

  /// Reads a params.json of any release of slideflow.
  ///
  /// - Throws: `parametersMissing`, `parametersUnreadable`, or `parametersInvalid` with the key at fault.
  package static func read(_ path: String) throws(InferenceError) -> ModelParameters {
    try parse(try ParameterReader.content(path), path: path)
  }

  /// The params.json in the folder of a model, or in the model that is a folder; nil if there is none.
  package static func beside(modelPath: String) throws(InferenceError) -> ModelParameters? {
    let model = URL(fileURLWithPath: modelPath)
    let paths = [model, model.deletingLastPathComponent()].map { $0.appendingPathComponent("params.json").path }
    guard let path = paths.first(where: FileManager.default.fileExists) else { return nil }
    var parameters = try read(path)
    parameters.isBesideSeveral = path == paths[1] && ModelFile.hasSiblings(modelPath)
    return parameters
  }

  static func parse(_ data: Data, path: String) throws(InferenceError) -> ModelParameters {
    try ModelParameters(ParameterReader(data, path: path))
  }

  private init(_ file: ParameterReader) throws(InferenceError) {
    let hyperparameters = try file.object("hp")
    path = file.path
    slideflowVersion = try file.text("slideflow_version")
    modelName = try file.text("model_name")
    backend = try file.choice("backend", ["torch": .torch, "pytorch": .torch, "tensorflow": .tensorflow])
    kind = try file.choice(
      "model_type",
      [
        "classification": .classification, "categorical": .classification, "regression": .regression,
        "linear": .regression, "survival": .survival, "cph": .survival,
      ])
    let (ownPixels, ownMicrons) = (try file.size("tile_px"), try file.extent("tile_um"))
    let (trainedPixels, trainedMicrons) = (
      try hyperparameters?.size("tile_px"), try hyperparameters?.extent("tile_um")
    )
    tilePixels = ownPixels ?? trainedPixels
    tileMicrons = ownMicrons ?? trainedMicrons
    let (names, oldNames) = (try file.texts("outcomes"), try file.texts("outcome_label_headers"))
    outcomes = names ?? oldNames ?? []
    outcomeLabels = try file.labels("outcome_labels")
    labelsByOutcome = try file.labelsByOutcome("outcome_labels")
    normalizer = try hyperparameters?.text("normalizer")
    normalizerFit = try Self.fit(in: file)
    imageFormat = try file.text("img_format")?.lowercased()
    network = try Self.network(in: file, hyperparameters)
  }
}

extension ModelParameters {
  private static func network(
    in file: ParameterReader, _ hyperparameters: ParameterReader?
  ) throws(InferenceError) -> Network? {
    guard let hyperparameters, let architecture = try hyperparameters.text("model") else { return nil }
    return Network(
      architecture: architecture, hiddenLayerCount: try hyperparameters.count("hidden_layers") ?? 0,
      hiddenLayerWidth: try hyperparameters.count("hidden_layer_width") ?? 500,
      dropout: try hyperparameters.number("dropout") ?? 0,
      includesTop: try hyperparameters.flag("include_top") ?? true,
      dropsImages: try hyperparameters.flag("drop_images") ?? false,
      inputFeatures: try file.texts("input_features") ?? [])
  }

  private static let fitNames = ["target_means", "target_stds", "stain_matrix_target", "target_concentrations"]

  /// Since 1.1 an object, before that two lists of their own.
  private static func fit(in file: ParameterReader) throws(InferenceError) -> [String: [Double]]? {
    if let fit = try file.object("norm_fit") {
      var values: [String: [Double]] = [:]
      for name in fitNames { values[name] = try fit.numbers(name) }
      return values.isEmpty ? nil : values
    }
    let (means, deviations) = (try file.numbers("norm_mean"), try file.numbers("norm_std"))
    guard means != nil || deviations != nil else { return nil }
    var values: [String: [Double]] = [:]
    values["target_means"] = means
    values["target_stds"] = deviations
    return values
  }
}
