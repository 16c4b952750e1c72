import CInferenceEngine
package import Inference

/// OpenVINO, on the processor.
package struct OpenVINOEngine: InferenceEngine {
  package init() {}

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

  package func compile(_ compilation: NetworkCompilation) throws(InferenceError) -> any CompiledNetwork {
    try OpenVINONetwork(compilation, library: OpenVINOLibrary.shared())
  }
}
