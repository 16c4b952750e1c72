import CInferenceEngine
import Inference
import Synchronization

/// OpenVINO's functions, from a library that is opened by the first use: it takes more memory and time than all the rest
/// of a kernel's start.
///
/// `@unchecked Sendable`: the table never changes, and its functions say themselves what threads they take.
struct OpenVINOLibrary: @unchecked Sendable {
  let functions: tessera_engine

  private static let opened = Mutex<OpenVINOLibrary?>(nil)

  /// - Throws: `engineUnavailable`; a later call tries again.
  static func shared() throws(InferenceError) -> OpenVINOLibrary {
    let result = opened.withLock { opened -> Result<OpenVINOLibrary, InferenceError> in
      if let opened { return .success(opened) }
      func unavailable(_ reason: String) -> Result<OpenVINOLibrary, InferenceError> {
        .failure(.engineUnavailable(engine: OpenVINOEngine().name, reason: reason))
      }
      var table: UnsafePointer<tessera_engine>?
      if let reason = CallMessage.failure(of: { tessera_engine_open(&table, $0) }) { return unavailable(reason) }
      guard let table else { return unavailable("it has no functions") }
      let library = OpenVINOLibrary(functions: table.pointee)
      opened = library
      return .success(library)
    }
    return try result.get()
  }
}
