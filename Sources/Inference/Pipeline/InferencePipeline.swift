package import FeatureData
import Foundation

/// A model ready to run: tiles in, activations of the chosen layers and logits out.
///
/// Worker threads decode a batch and hand it to the engine; there are more of them than streams, so that while some wait
/// for their results others decode, and the next slide begins while the last batches of the former are computed. A
/// batch never holds tiles of two slides and each tile has a fixed place in its batch, so the result of a slide depends
/// on that slide alone.
package final class InferencePipeline: Sendable {
  package let layers: [Layer]
  /// Of which the numbers stand side by side in the logits.
  package let outputs: [Layer]
  package let settings: InferenceSettings
  package let standardization: Standardization
  package let tileSidePixels: Int
  private let compilation: NetworkCompilation
  private let network: any CompiledNetwork
  /// Name and version of what computes.
  private let engine: String

  /// What was fixed for the run, in one line, to be kept beside the results.
  package var record: String { "\(engine); \(network.record)" }

  /// - Parameters:
  ///   - layers: from `model.layers`; none if only outputs are wanted.
  ///   - outputs: what is kept of the model's heads; none without logits.
  ///   - engine: what computes; nil for the model's own.
  ///   - tileSidePixels: width and height of the tiles that will come; where the model reads another size they
  ///     are resized inside the graph, as Pillow does.
  /// - Throws: `nothingAsked`, `compilationFailed`, `sideRefused`, `engineUnavailable`, `workerFailed`.
  /// - Complexity: 0.1 to 0.5 s for a ResNet.
  package init(
    model: Model, layers: [Layer], outputs: [Layer], standardization: Standardization,
    resizing: TileResizing = .standard, engine: (any InferenceEngine)? = nil, tileSidePixels: Int,
    settings: InferenceSettings = InferenceSettings()
  ) throws(InferenceError) {
    if layers.isEmpty && outputs.isEmpty { throw .nothingAsked }
    let engine = engine ?? model.engine
    var settings = settings
    settings.batchSize = engine.batchSize(settings, sidePixels: tileSidePixels)
    func compilation(_ batch: Int) -> NetworkCompilation {
      NetworkCompilation(
        path: model.file, recipe: model.converted?.recipe, input: model.input, layers: layers + outputs,
        standardization: standardization,
        resizing: resizing, sidePixels: tileSidePixels, batch: batch, precision: settings.precision,
        calibration: settings.calibration, streams: settings.streams, devices: settings.engine?.devices ?? ["cpu"])
    }
    var used = compilation(settings.batchSize)
    do throws(InferenceError) {
      network = try Self.compile(used, with: engine)
    } catch {
      // Some files fix the batch inside the graph too, and run only with that one.
      guard let declared = model.input.declaredBatch, declared != settings.batchSize else {
        throw try Self.reason(error, model, side: tileSidePixels)
      }
      used = compilation(declared)
      network = try Self.compile(used, with: engine)
      settings.batchSize = declared
    }
    self.compilation = used
    self.engine = "\(engine.name) \(try engine.version())"
    self.layers = layers
    self.outputs = outputs
    self.settings = settings
    self.standardization = standardization
    self.tileSidePixels = tileSidePixels
  }

  /// A pipeline that finds the ranges for eight bits: its activations are those of `compileForCalibration`.
  private init(
    calibrating model: Model, layers: [Layer], standardization: Standardization, resizing: TileResizing,
    tileSidePixels: Int, streams: Int
  ) throws(InferenceError) {
    // A tile at a time, so that none is mixed with others, unless the file has another number.
    let batch = model.input.declaredBatch ?? 1
    compilation = NetworkCompilation(
      path: model.file, input: model.input, layers: layers, standardization: standardization, resizing: resizing,
      sidePixels: tileSidePixels, batch: batch, precision: .f32, streams: streams)
    network = try model.engine.compileForCalibration(compilation)
    engine = model.engine.name
    self.layers = []
    outputs = []
    settings = InferenceSettings(batchSize: batch, streams: streams)
    self.standardization = standardization
    self.tileSidePixels = tileSidePixels
  }

  /// The ranges of a network's tensors on some tiles.
  ///
  /// - Parameters:
  ///   - layers: at which the network is cut.
  ///   - digest: of some numbers; it becomes the calibration's identity.
  /// - Throws: `InferenceError`, what the tiles throw, `WorkInterrupted`.
  /// - Complexity: as long as the same tiles in single precision, and half a second.
  package static func calibrate(
    _ model: Model, layers: [Layer], standardization: Standardization, resizing: TileResizing = .standard,
    tileSidePixels: Int, tiles: SlideJob, streams: Int = InferenceSettings().streams,
    monitor: any WorkMonitor = SilentMonitor(), digest: ([Float]) -> String
  ) throws -> Calibration {
    let pipeline = try InferencePipeline(
      calibrating: model, layers: layers, standardization: standardization, resizing: resizing,
      tileSidePixels: tileSidePixels, streams: streams)
    let found = try pipeline.run(tiles, monitor: monitor)
    if let first = found.failures.first { throw first.error }
    return Calibration(
      lows: found.activations[0], highs: found.activations[1], means: found.activations[2], digest: digest)
  }

  /// Of a model whose file leaves the side open, that it does not take this one, where that is why it fails.
  private static func reason(
    _ error: InferenceError, _ model: Model, side: Int
  ) throws(InferenceError) -> InferenceError {
    guard case .compilationFailed = error, model.input.sidePixels == nil,
      try model.engine.sides([side], takenBy: model.file, input: model.input).isEmpty
    else { return error }
    return .sideRefused(
      path: model.path, side: side, taken: try model.layers.sidesTaken(of: model.file, engine: model.engine))
  }

  private static func compile(
    _ compilation: NetworkCompilation, with engine: any InferenceEngine
  ) throws(InferenceError) -> any CompiledNetwork {
    let network = try engine.compile(compilation)
    for (layer, width) in zip(compilation.layers, network.widths) where layer.width != width {
      throw .compilationFailed(
        path: compilation.path, engine: engine.name,
        reason: "layer “\(layer.name)” has \(width) values instead of \(layer.width)")
    }
    return network
  }

  /// Runs many slides, back to back.
  ///
  /// - Parameters:
  ///   - totalTiles: for the report of progress; 0 if it is not known.
  ///   - next: gives the next slide, nil after the last. It is called from worker threads, one call at a time, when
  ///     there is room for another slide.
  ///   - completed: is called on the calling thread for each slide, in the order in which they are finished, while the
  ///     work goes on.
  /// - Returns: what bounded the run; nil where it was too short to tell.
  /// - Throws: what `next` or `completed` throw; `InferenceError`; `WorkInterrupted` within a second of the
  ///   interruption, after `completed` was called for every slide that is whole.
  @discardableResult package func run(
    monitor: any WorkMonitor, totalTiles: Int, next: @escaping @Sendable () throws -> SlideJob?,
    completed: (SlideInference) throws -> Void
  ) throws -> InferenceLoad? {
    // One more than the streams decodes, and one more waits with a full batch.
    let workers = network.requestCount ?? settings.streams + 2
    let meter = RunMeter(computedAtOnce: network.computedAtOnce ?? settings.streams, threadCount: workers)
    let schedule = InferenceSchedule(
      batchSize: compilation.batch, widths: network.widths, outputCount: outputs.count, monitor: monitor, meter: meter,
      next: next)
    for _ in 0..<workers {
      schedule.enter()
      let thread = Thread { [network, compilation] in
        InferenceWorker(network: network, compilation: compilation, schedule: schedule, meter: meter).run()
        schedule.leave()
      }
      thread.stackSize = 4 << 20
      thread.start()
    }
    defer { schedule.waitForAll(reporting: totalTiles) }
    while let slide = try schedule.nextFinished(reporting: totalTiles) {
      do {
        try completed(slide)
      } catch {
        schedule.fail(error)
        throw error
      }
    }
    return meter.load
  }

  /// What is to be said of how the network was computed, since it was last asked: sentences.
  package func takeRemarks() -> [String] { network.takeRemarks() }

  /// Runs one slide.
  package func run(_ job: SlideJob, monitor: any WorkMonitor = SilentMonitor()) throws -> SlideInference {
    let once = OneJob(job)
    var result: SlideInference?
    try run(monitor: monitor, totalTiles: job.tileCount, next: { once.take() }, completed: { result = $0 })
    guard let result else {
      throw InferenceError.inferenceFailed(path: compilation.path, reason: "no result arrived")
    }
    return result
  }
}
