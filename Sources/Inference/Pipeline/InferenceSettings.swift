import Foundation

/// What is fixed for a run, so that the same tiles give the same numbers wherever a run was interrupted.
package struct InferenceSettings: Sendable, Hashable {
  package enum Precision: String, Sendable, CaseIterable, Codable {
    /// Single precision.
    case f32
    /// Half the time on processors made for it; activations differ by some tenths of a percent.
    case bf16
    /// Half precision, of graphics processors.
    case fp16
    /// Whole numbers of eight bits, in ranges found on tiles of the dataset.
    case int8
  }

  /// Tiles computed together; the last batch of a slide is filled up.
  package var batchSize: Int
  package var precision: Precision
  /// The ranges of eight bits; nil for the other precisions.
  package var calibration: Calibration?
  /// Batches computed at the same time, on one thread each. It does not change a result.
  package var streams: Int
  /// What computes; nil for the engine that reads the model, on the processor.
  package var engine: EngineChoice?

  /// - Parameter streams: by default one for each processor core.
  package init(batchSize: Int = 8, precision: Precision = .f32, streams: Int? = nil) {
    self.batchSize = max(1, batchSize)
    self.precision = precision
    self.streams = max(1, streams ?? ProcessInfo.processInfo.activeProcessorCount)
  }

  /// What may change a result: a part of the store's key.
  package var identity: String {
    // Other engines find their batches by themselves.
    if let engine { return "precision=\(precision.rawValue);device=\(engine.deviceKinds.joined(separator: ","))" }
    return "precision=\(precision.rawValue);batch=\(batchSize)" + (calibration.map { ";ranges=\($0.identity)" } ?? "")
  }
}
