package import Inference
import Synchronization

/// An engine that is another program: it computes networks, and reads no model files itself.
package struct WorkerEngine: InferenceEngine {
  package let program: WorkerProgram
  private let patience: WorkerPatience

  package init(_ program: WorkerProgram, patience: WorkerPatience = WorkerPatience()) {
    self.program = program
    self.patience = patience
  }

  package var name: String { program.engine }

  /// None: graphs are read by an engine of this process.
  package var formats: Set<ModelFormat> { [] }

  package func version() throws(InferenceError) -> String { try description().version }

  /// Nothing of it is a library of this process.
  package func warmUp() {}

  package func graph(of path: String) throws(InferenceError) -> Graph { throw .noEngine(path: path, kind: name) }

  package func compile(_ compilation: NetworkCompilation) throws(InferenceError) -> any CompiledNetwork {
    try WorkerNetwork(compilation, program: program, patience: patience)
  }

  /// Tiles that are held ready for a device at once: many for one that computes many together, and of large tiles fewer.
  package func batchSize(_ settings: InferenceSettings, sidePixels: Int) -> Int {
    let limit = settings.engine?.batchLimit
    let most = settings.engine?.deviceKinds == ["cpu"] ? 8 : 128
    return max(1, min(limit ?? most, Self.slotBytes / max(1, sidePixels * sidePixels * 3)))
  }

  private static let slotBytes = 32 << 20

  // MARK: What it says of itself

  private static let descriptions = Mutex<[WorkerProgram: WorkerDescription]>([:])

  /// Asked once, by a process that loads nothing.
  ///
  /// - Throws: `workerFailed`.
  func description() throws(InferenceError) -> WorkerDescription {
    if let known = Self.descriptions.withLock({ $0[program] }) { return known }
    var (patience, found) = (patience, WorkerDescription?.none)
    patience.silenceAtStart = .seconds(60)
    patience.start = .seconds(60)
    do throws(WorkerFault) {
      let process = try WorkerProcess(program, memory: nil, first: .describe, patience: patience)
      defer { process.stop() }
      found = try process.described()
    } catch { throw error.error(engine: name, device: nil) }
    guard let found else { throw .engineUnavailable(engine: name, reason: "it does not say what it is") }
    Self.descriptions.withLock { $0[program] = found }
    return found
  }

  /// The choice with its devices, where they are left to the engine.
  ///
  /// - Parameters:
  ///   - format: of the model's file.
  ///   - hasRecipe: whether Python can make the network.
  /// - Throws: `engineUnfit` where it does not compute such a model, or not in this precision.
  package func settled(
    _ settings: InferenceSettings, path: String, format: ModelFormat, hasRecipe: Bool
  ) throws(InferenceError) -> InferenceSettings {
    let own = try description()
    guard own.takes.contains("recipe") && hasRecipe || own.takes.contains("onnx") && format == .onnx else {
      let isONNX = format == .onnx
      throw .engineUnfit(
        engine: name, parameter: "engine",
        reason: own.takes.contains("onnx")
          ? "computes ONNX files, and \(path) is a model of the kind \(format.rawValue)"
          : "computes networks that Python makes, and \(path) is "
            + (isONNX ? "an ONNX file that was made elsewhere" : "a model of the kind \(format.rawValue)"),
        remedy: isONNX ? "engine=onnxruntime" : "engine=openvino")
    }
    guard own.precisions.contains(settings.precision.rawValue) else {
      throw .engineUnfit(
        engine: name, parameter: "precision",
        reason: "computes in \(own.precisions.joined(separator: ", ")), and not in \(settings.precision.rawValue)",
        remedy: settings.precision == .int8 ? "engine=openvino" : own.precisions.first.map { "precision=\($0)" })
    }
    var settings = settings
    var choice = settings.engine ?? EngineChoice(name: name)
    if choice.devices.isEmpty { choice.devices = [own.device] }
    guard choice.deviceKinds.count == 1 else {
      throw .engineUnfit(
        engine: name, parameter: "device",
        reason: "computes one dataset on devices of one kind, and not on \(choice.devices.joined(separator: " and "))",
        remedy: choice.devices.first.map { "device=\($0)" })
    }
    guard Set(choice.devices).count == choice.devices.count else {
      throw .engineUnfit(
        engine: name, parameter: "device", reason: "is given a device twice", remedy: nil)
    }
    settings.engine = choice
    return settings
  }
}
