import CDemoModel

/// The demo's trained model, which is part of the binary.
package enum DemoModel {
  /// An ONNX file: input `n × 3 × 299 × 299` RGB in [-1, 1]; outputs `postconv` `n × 512` and `logits` `n × 2`.
  package static var onnx: [UInt8] {
    var byteCount = 0
    let start = demo_model_onnx(&byteCount)
    return Array(UnsafeBufferPointer(start: start, count: byteCount))
  }
}
