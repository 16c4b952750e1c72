import CInferenceEngine

/// Calls a function that reports failure by a text; nil means success.
func withMessage(_ body: (tessera_message) -> Int32) -> String? {
  withUnsafeTemporaryAllocation(of: CChar.self, capacity: 2048) { buffer in
    guard let start = buffer.baseAddress else { return "out of memory" }
    start.initialize(repeating: 0, count: buffer.count)
    let status = body(tessera_message(text: start, capacity: buffer.count))
    return status == 0 ? nil : String(cString: start)
  }
}
