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

  package func compile(_ compilation: NetworkCompilation) throws(InferenceError) -> any CompiledNetwork {
    try OpenVINONetwork(compilation, library: OpenVINOLibrary.shared())
  }
}
