import FeatureData
package import Inference
package import Slides

/// What of a model is run, and how: its layers, whether its logits are kept, stain normalisation, batch and precision.
package struct NetworkRun: Sendable {
  package let model: StudyModel
  package let layers: [NamedLayer]
  private let pooling: Layer.Pooling?
  /// False also where the model gives none.
  package let includesLogits: Bool
  /// How far each head spreads over passes with dropout, and the names that its numbers are kept under; empty where that is
  /// not asked for.
  let uncertainties: [(names: [String], layer: Layer)]
  package internal(set) var settings: InferenceSettings
  /// How it was calibrated for eight bits.
  var calibration: EightBitCalibration?
  package let stain: ModelStain
  /// What computes.
  private let runner: any InferenceEngine
  let engineVersion: String

  /// - Parameters:
  ///   - layers: `postconv`, or names of the model.
  ///   - pooling: nil for the class token of tokens that have one, else the mean.
  ///   - includesUncertainty: whether the spread over passes with dropout is computed too.
  ///   - stain: nil for that of the model's training.
  package init(
    _ model: StudyModel, layers: [String] = ["postconv"], pooling: Layer.Pooling? = nil,
    includesLogits: Bool = true, includesUncertainty: Bool = false,
    settings: InferenceSettings = InferenceSettings(), stain: ModelStain? = nil
  ) throws {
    self.model = model
    self.layers = try NamedLayer.layers(layers, pooling: pooling, of: model)
    self.pooling = pooling
    self.includesLogits = includesLogits && model.reading.outputs.count > 0
    uncertainties = includesUncertainty ? try model.uncertainties() : []
    let (runner, settled) = try Reporting.run { try InferenceEngines.runner(settings, of: model.model) }
    self.runner = runner
    self.settings = settled
    try Reporting.run { try runner.check(settings.precision) }
    if settings.precision == .int8 {
      try EightBitCalibration.checkOutputs(logits: self.includesLogits, uncertainty: includesUncertainty)
    }
    self.stain = try stain ?? ModelStain(of: model)
    engineVersion = try Reporting.run { try runner.version() }
  }

  var outputs: ModelOutputs { includesLogits ? model.reading.outputs : .none }
  var featureCount: Int { layers.reduce(0) { $0 + $1.layer.width } }

  /// Its name and version.
  var engine: String { "\(engineName) \(engineVersion)" }

  var engineName: String { runner.name }

  /// The same as data.
  package var plan: NetworkPlan {
    NetworkPlan(
      path: TorchNetwork.named(model.model.path) == nil ? PathResolution.absolute(model.model.path) : model.model.path,
      engine: engine, asked: model.asked, layers: layers.map(\.name), pooling: pooling,
      includesLogits: includesLogits, includesUncertainty: !uncertainties.isEmpty, precision: settings.precision,
      batchSize: settings.batchSize, calibration: calibration?.storeDigest, choice: settings.engine,
      normalizer: stain.normalizer)
  }

  func pipeline(tileSidePixels: Int) throws -> InferencePipeline {
    try InferencePipeline(
      model: model.model, layers: layers.map(\.layer) + uncertainties.map(\.layer),
      outputs: includesLogits ? model.reading.kept : [], standardization: model.choice.standardization,
      resizing: model.choice.resizing, engine: runner, tileSidePixels: tileSidePixels,
      settings: settings)
  }

  /// What is likely to be wrong, to be said before work starts.
  package var warnings: [Remark] {
    let unclear = layers.filter { $0.layer.tokens?.isUnclear == true && $0.layer.pooling != .none }.map { named in
      "Which of the tokens of \(named.name) are a class token and registers, the file does not show; taken is "
        + "\(named.layer.pooledPhrase ?? ""). registers=\(named.layer.tokens.map { $0.unclearCount - 1 } ?? 0) says that the "
        + "first is a class token, registers=\(named.layer.tokens?.unclearCount ?? 0) that there is none."
    }
    return model.warnings + (NamedLayer.sameSentence(layers).map { [.note($0)] } ?? []) + unclear.map { .warning($0) }
      + (stain.warning.map { [.warning($0)] } ?? [])
  }

  /// How tiles became the network's input, and its tokens features.
  package var remarks: [Remark] {
    let place = settings.engine.map { choice in
      Remark.note(
        "Computed by \(engine) on \(choice.devices.joined(separator: ", ")), in \(settings.precision.rawValue).")
    }
    let tokens = layers.compactMap { named in
      named.layer.tokens.map { tokens in
        Remark.note(
          "The tokens of \(named.name) are \(tokens.phrase); taken is \(named.layer.pooledPhrase ?? "")"
            + (tokens.hasClassToken ? "; pooling=cls, mean or cls+mean says which." : "."))
      }
    }
    let spread =
      uncertainties.isEmpty
      ? []
      : [
        Remark.note(
          "Uncertainty: the standard deviation of \(model.reading.outputs.heads.allSatisfy { $0.meaning == .numbers } ? "the output" : "the probabilities") over "
            + "30 passes with dropout, the same 30 for every tile; the logits are those without dropout.")
      ]
    return [.note("Standardisation: \(model.choice.standardization.sentence), \(model.choice.reason.withShortPaths).")]
      + ([place, calibration.map { .note($0.sentence) }].compactMap(\.self)) + tokens + spread + model.remarks
      + (stain.sentence.map { [.note($0)] } ?? [])
  }
}

extension StudyModel {
  /// How far each head spreads over passes with dropout, and the names that are given to its numbers: one for the classes of a
  /// head, and one for each number of a regression.
  ///
  /// - Throws: where the network has no dropout, or its file does not show any.
  func uncertainties() throws(WorkflowFailure) -> [(names: [String], layer: Layer)] {
    func refused(_ reason: String, _ remedy: String? = nil) -> WorkflowFailure {
      WorkflowFailure(
        "The model \(model.path.withShortPaths) gives no uncertainty: \(reason).", remedy: remedy,
        parameter: "uncertainty")
    }
    let heads = reading.outputs.heads
    guard !heads.isEmpty else { throw refused("it has no outcome") }
    guard let conversion else {
      throw refused(
        "a model file holds no dropout any more, which is for training; a folder of slideflow's torch model does")
    }
    guard conversion.record.hasDropout else {
      throw refused("it has no dropout before its outcome, of a slideflow model in its hidden layers (hp.dropout)")
    }
    let layers = model.layers.uncertainties
    return zip(model.layers.heads, heads).compactMap { own, read in
      guard let layer = layers[own.name] else { return nil }
      if layer.width > 1 { return (read.outputNames.map { FeatureSet.uncertaintyName($0) }, layer) }
      return ([FeatureSet.uncertaintyName(heads.count == 1 ? nil : read.name)], layer)
    }
  }

  /// The tile size that the model was trained on, as its params.json says.
  package var tileSize: TileSize? {
    guard let parameters = choice.parameters, let pixels = parameters.tilePixels else { return nil }
    switch parameters.tileMicrons {
    case .microns(let microns): return Int(exactly: microns).map { TileSize(pixels: pixels, extent: .microns($0)) }
    case .magnification(let power):
      return TileSize(label: "\(pixels)px_\(power.lowercased())")
    case nil: return nil
    }
  }

  /// What a model is run on without a dataset: all tiles of the study at the model's size.
  package func allTiles(of study: Study?) throws -> StudyDataset {
    guard let study else {
      throw WorkflowFailure("This needs tiles of a project, and none is open.", remedy: "project PATH")
    }
    var size = tileSize
    if size == nil, let side = model.input.sidePixels {
      let fitting = study.project.tileSizes.filter { $0.pixels == side }
      if fitting.count == 1 { size = fitting[0] }
    }
    return try StudyDataset(study, size: size, parameter: "model")
  }
}

/// The file format that tiles had when a model was trained, which is done to tiles that come straight from a slide.
package enum TileFormatChoice: String, Sendable, CaseIterable {
  case auto, jpg, none

  func usesJPEG(_ model: StudyModel) -> Bool {
    switch self {
    case .jpg: true
    case .none: false
    case .auto: ["jpg", "jpeg"].contains(model.choice.parameters?.imageFormat?.lowercased() ?? "")
    }
  }
}
