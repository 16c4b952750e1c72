import CInferenceEngine

/// Calls of C functions that write texts into a buffer of the caller's.
enum CallMessage {
  /// What a function reports as its failure; nil for success.
  static func failure(of body: (tessera_message) -> Int32) -> String? {
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: 2048) { buffer in
      guard let start = buffer.baseAddress else { return "out of memory" }
      start.initialize(repeating: 0, count: buffer.count)
      let status = body(tessera_message(text: start, capacity: buffer.count))
      return status == 0 ? nil : String(cString: start)
    }
  }

  /// The text that a function gives, and what it reports as its failure.
  static func text(_ body: (_ text: tessera_message, _ error: tessera_message) -> Int32) -> (String, failure: String?) {
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { buffer in
      guard let start = buffer.baseAddress else { return ("", "out of memory") }
      start.initialize(repeating: 0, count: buffer.count)
      let failure = Self.failure(of: { body(tessera_message(text: start, capacity: buffer.count), $0) })
      return (String(cString: start), failure)
    }
  }
}
