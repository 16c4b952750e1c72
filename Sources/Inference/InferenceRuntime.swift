import COpenVINO

/// The library behind inference.
package enum InferenceRuntime {
  /// The version of OpenVINO that is loaded, such as "2026.4.1-22982-…".
  package static func version() throws(InferenceError) -> String {
    var failure: String?
    let version = withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { buffer -> String in
      guard let start = buffer.baseAddress else { return "" }
      start.initialize(repeating: 0, count: buffer.count)
      failure = withMessage { tessera_openvino_version(tessera_message(text: start, capacity: buffer.count), $0) }
      return String(cString: start)
    }
    if let failure { throw .engineUnavailable(reason: failure) }
    return version
  }

  /// Makes OpenVINO load every library that it needs to run an ONNX model on the processor, so that the process's
  /// memory map names them all.
  package static func warmUp() throws(InferenceError) {
    let failure = withMessage { tessera_openvino_load_all($0) }
    if let failure { throw .engineUnavailable(reason: failure) }
  }
}
