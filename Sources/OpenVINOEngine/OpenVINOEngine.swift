import CInferenceEngine
package import Inference

/// OpenVINO, on the processor.
package struct OpenVINOEngine: InferenceEngine {
  private let processor: ProcessorFlags

  package init(processor: ProcessorFlags = .ofThisProcessor) { self.processor = processor }

  package let name = "OpenVINO"

  package let formats = Set(ModelFormat.allCases)

  /// Such as "2026.4.1-22982-…".
  package func version() throws(InferenceError) -> String {
    let library = try OpenVINOLibrary.shared()
    let (version, failure) = CallMessage.text { library.functions.version($0, $1) }
    if let failure { throw .engineUnavailable(engine: name, reason: failure) }
    return version
  }

  package func warmUp() throws(InferenceError) {
    let library = try OpenVINOLibrary.shared()
    if let failure = CallMessage.failure(of: { library.functions.load_all($0) }) {
      throw .engineUnavailable(engine: name, reason: failure)
    }
  }

  package func graph(of path: String) throws(InferenceError) -> Graph {
    try GraphReading(library: OpenVINOLibrary.shared(), path: path).graph()
  }

  package func graph(of path: String, sized input: ModelInput) throws(InferenceError) -> Graph {
    try GraphReading(library: OpenVINOLibrary.shared(), path: path, input: input).graph()
  }

  package func sides(
    _ sides: [Int], takenBy path: String, input: ModelInput
  ) throws(InferenceError) -> [Int] {
    let functions = try OpenVINOLibrary.shared().functions
    var takes = [Int32](repeating: 0, count: sides.count)
    let reason = CallMessage.failure(of: {
      // More than one tile, so that tiles that run into one another are seen.
      functions.sides_check(
        path, Int64(input.declaredBatch ?? 2), input.channelOrder == .channelsLast ? 1 : 0, sides.map(Int64.init),
        sides.count, &takes, $0)
    })
    if let reason { throw .modelRefused(path: path, engine: name, reason: reason, remedy: nil) }
    return zip(sides, takes).filter { $1 != 0 }.map { $0.0 }
  }

  package func check(_ precision: InferenceSettings.Precision) throws(InferenceError) {
    switch precision {
    case .f32, .bf16: break
    case .fp16: throw .precisionUnavailable(.unknown(engine: name, .fp16))
    case .int8: if !processor.hasEightBitProducts { throw .precisionUnavailable(.noEightBitProducts) }
    }
  }

  package func compileForCalibration(
    _ compilation: NetworkCompilation
  ) throws(InferenceError) -> any CompiledNetwork {
    try check(.int8)
    return try OpenVINONetwork(compilation, .calibrating, library: OpenVINOLibrary.shared())
  }

  package func compile(_ compilation: NetworkCompilation) throws(InferenceError) -> any CompiledNetwork {
    try check(compilation.precision)
    guard compilation.precision == .int8 else {
      return try OpenVINONetwork(compilation, .asItIs(compilation.precision), library: OpenVINOLibrary.shared())
    }
    guard let calibration = compilation.calibration else {
      throw .compilationFailed(path: compilation.path, engine: name, reason: "it was not calibrated for eight bits")
    }
    // Attention stays in floating point, and is a third of a transformer's time.
    let rest: InferenceSettings.Precision = processor.hasBrainFloats ? .bf16 : .f32
    return try OpenVINONetwork(compilation, .inEightBits(calibration, rest: rest), library: OpenVINOLibrary.shared())
  }
}
