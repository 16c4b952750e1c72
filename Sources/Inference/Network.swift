import CInferenceEngine
import Glibc
import Synchronization

/// A model compiled for one batch shape.
///
/// `@unchecked Sendable`: the handle is only used to make requests, which `creation` allows one thread at a time.
final class Network: @unchecked Sendable {
  let path: String
  let batch: Int
  let sidePixels: Int
  /// Values for each tile in each output.
  let widths: [Int]
  fileprivate let engine: Engine
  private let handle: OpaquePointer
  private let creation = Mutex(())

  /// - Throws: `compilationFailed`.
  init(
    model: Model, layers: [Layer], standardization: Standardization, sidePixels: Int, batch: Int,
    settings: InferenceSettings
  ) throws(InferenceError) {
    let engine = try Engine.shared()
    let texts = layers.map { (strdup($0.node), strdup($0.nodeType)) }
    defer {
      for (node, type) in texts {
        free(node)
        free(type)
      }
    }
    var outputs: [tessera_output] = []
    for (text, layer) in zip(texts, layers) {
      guard let node = text.0, let type = text.1 else {
        throw .compilationFailed(path: model.path, reason: "out of memory")
      }
      let axes = layer.pooledAxes.reduce(UInt32(0)) { $0 | 1 << UInt32($1) }
      outputs.append(
        tessera_output(
          node: node, type: type, number: layer.nodeNumber, port: layer.port, pooled_axes: axes,
          pools_by_maximum: layer.pooling == .maximum ? 1 : 0))
    }
    var pointer: OpaquePointer?
    let error = settings.precision.rawValue.withCString { precision in
      var options = tessera_compile_options(
        batch: Int64(batch), side: Int64(sidePixels),
        model_side: Int64(model.input.sidePixels ?? sidePixels),
        channels_last: model.input.channelOrder == .channelsLast ? 1 : 0,
        standardization: standardization.forOpenVINO, streams: Int32(settings.streams), precision: precision)
      return withMessage {
        engine.functions.network_compile(model.path, outputs, outputs.count, &options, &pointer, $0)
      }
    }
    guard let pointer else { throw .compilationFailed(path: model.path, reason: error ?? "no network was made") }
    self.engine = engine
    handle = pointer
    path = model.path
    self.batch = batch
    self.sidePixels = sidePixels
    widths = layers.indices.map { engine.functions.network_width(pointer, $0) }
    for (layer, width) in zip(layers, widths) where layer.width != width {
      throw .compilationFailed(
        path: model.path, reason: "layer “\(layer.name)” has \(width) values instead of \(layer.width)")
    }
  }

  deinit { engine.functions.network_free(handle) }

  func makeRequest() throws(InferenceError) -> Request {
    var request: OpaquePointer?
    let error = creation.withLock { _ in withMessage { engine.functions.request_create(handle, &request, $0) } }
    guard let request else { throw .inferenceFailed(path: path, reason: error ?? "no request was made") }
    return Request(pointer: request, network: self)
  }
}

/// One batch at a time on its way through a network. It stays on the thread that made it.
struct Request: ~Copyable {
  private let pointer: OpaquePointer
  private let network: Network

  fileprivate init(pointer: OpaquePointer, network: Network) {
    self.pointer = pointer
    self.network = network
  }

  deinit { network.engine.functions.request_free(pointer) }

  /// batch × side × side × 3 bytes, to be filled before `run`.
  var input: UnsafeMutableBufferPointer<UInt8> {
    UnsafeMutableBufferPointer(
      start: network.engine.functions.request_input(pointer),
      count: network.batch * network.sidePixels * network.sidePixels * 3)
  }

  /// Computes the batch; false if it was abandoned because `isStopping` became true.
  borrowing func run(isStopping: () -> Bool) throws(InferenceError) -> Bool {
    if let error = withMessage({ network.engine.functions.request_start(pointer, $0) }) {
      throw .inferenceFailed(path: network.path, reason: error)
    }
    while true {
      var done: Int32 = 0
      if let error = withMessage({ network.engine.functions.request_wait(pointer, 50, &done, $0) }) {
        throw .inferenceFailed(path: network.path, reason: error)
      }
      if done != 0 { return true }
      if isStopping() {
        network.engine.functions.request_cancel(pointer)
        return false
      }
    }
  }

  /// batch × width values of an output, until the next run.
  func output(_ index: Int) throws(InferenceError) -> UnsafeBufferPointer<Float> {
    guard let start = network.engine.functions.request_output(pointer, index) else {
      throw .inferenceFailed(path: network.path, reason: "an output cannot be read")
    }
    return UnsafeBufferPointer(start: start, count: network.batch * network.widths[index])
  }
}

extension Standardization {
  fileprivate var forOpenVINO: tessera_standardization {
    var result = tessera_standardization()
    result.reverse_channels = channels == .bgr ? 1 : 0
    switch rule {
    case .perImage:
      result.per_image = 1
      result.scale = (1, 1, 1)
    case .fixed(let mean, let scale):
      result.mean = (Float(mean[0]), Float(mean[1]), Float(mean[2]))
      result.scale = (Float(scale[0]), Float(scale[1]), Float(scale[2]))
    }
    return result
  }
}
