import CInferenceEngine
import Synchronization

/// The library behind inference.
package enum InferenceRuntime {
  /// The version of OpenVINO that is loaded, such as "2026.4.1-22982-…".
  package static func version() throws(InferenceError) -> String {
    let engine = try Engine.shared()
    var failure: String?
    let version = withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { buffer -> String in
      guard let start = buffer.baseAddress else { return "" }
      start.initialize(repeating: 0, count: buffer.count)
      failure = withMessage { engine.functions.version(tessera_message(text: start, capacity: buffer.count), $0) }
      return String(cString: start)
    }
    if let failure { throw .engineUnavailable(reason: failure) }
    return version
  }

  /// Makes OpenVINO load every library that it needs to run a model of any kind on the processor, so that the process's
  /// memory map names them all.
  package static func warmUp() throws(InferenceError) {
    let engine = try Engine.shared()
    let failure = withMessage { engine.functions.load_all($0) }
    if let failure { throw .engineUnavailable(reason: failure) }
  }
}

/// The engine's functions, from a library that is opened by the first use: it takes more memory and time than all the
/// rest of a kernel's start.
///
/// `@unchecked Sendable`: the table never changes, and its functions say themselves what threads they take.
struct Engine: @unchecked Sendable {
  let functions: tessera_engine

  private static let opened = Mutex<Engine?>(nil)

  /// - Throws: `engineUnavailable`; a later call tries again.
  static func shared() throws(InferenceError) -> Engine {
    let result = opened.withLock { opened -> Result<Engine, InferenceError> in
      if let opened { return .success(opened) }
      var table: UnsafePointer<tessera_engine>?
      if let reason = withMessage({ tessera_engine_open(&table, $0) }) {
        return .failure(.engineUnavailable(reason: reason))
      }
      guard let table else { return .failure(.engineUnavailable(reason: "it has no functions")) }
      let engine = Engine(functions: table.pointee)
      opened = engine
      return .success(engine)
    }
    return try result.get()
  }
}
