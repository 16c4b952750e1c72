package import Inference
package import Slides

/// What of a model is run, and how, as data.
package struct NetworkPlan: Codable, Sendable, Hashable {
  /// Of the model, absolute.
  package let path: String
  /// Name and version of what computes: another gives other results.
  package let engine: String
  package let asked: ModelOpening.Asked
  package let layers: [String]
  /// Nil for the class token of tokens that have one, else the mean.
  package let pooling: Layer.Pooling?
  package let includesLogits: Bool
  package let includesUncertainty: Bool
  package let precision: InferenceSettings.Precision
  package let batchSize: Int
  /// Of a network in eight bits, the name under which its calibration is kept in the store.
  package let calibration: String?
  /// Nil for the engine that reads the model.
  package let choice: EngineChoice?
  /// Nil for tiles as they are.
  package let normalizer: StainNormalizer?

  /// The model opened, and what is run of it.
  ///
  /// - Throws: also where another engine would run it.
  func network(in study: Study) throws -> NetworkRun {
    var settings = InferenceSettings(batchSize: batchSize, precision: precision)
    settings.engine = choice
    var run = try NetworkRun(
      try ModelOpening.open(path, asked, study: study), layers: layers, pooling: pooling,
      includesLogits: includesLogits, includesUncertainty: includesUncertainty, settings: settings,
      stain: ModelStain(normalizer: normalizer))
    guard run.engine == engine else {
      throw WorkflowFailure("This was planned for \(engine), and here runs \(run.engine).")
    }
    if let calibration { run = try run.calibrated(asKeptIn: study.store, calibration) }
    return run
  }
}
