import CInferenceEngine
import Glibc
import Inference
import Synchronization

/// A model compiled by OpenVINO.
///
/// `@unchecked Sendable`: the handle is only used to make requests, which `creation` allows one thread at a time.
final class OpenVINONetwork: CompiledNetwork, @unchecked Sendable {
  let widths: [Int]
  let record: String
  fileprivate let compilation: NetworkCompilation
  fileprivate let functions: tessera_engine
  private let handle: OpaquePointer
  private let creation = Mutex(())

  /// What is made of a model.
  enum Form {
    case asItIs(InferenceSettings.Precision)
    /// The network that finds the ranges for eight bits.
    case calibrating
    /// In eight bits where that is possible; `rest` is the precision elsewhere.
    case inEightBits(Calibration, rest: InferenceSettings.Precision)

    fileprivate var precision: InferenceSettings.Precision {
      switch self {
      case .asItIs(let precision), .inEightBits(_, rest: let precision): precision
      case .calibrating: .f32
      }
    }
  }

  /// - Throws: `compilationFailed`.
  init(_ compilation: NetworkCompilation, _ form: Form, library: OpenVINOLibrary) throws(InferenceError) {
    let functions = library.functions
    let texts = compilation.layers.map { (strdup($0.node), strdup($0.nodeType)) }
    defer {
      for (node, type) in texts {
        free(node)
        free(type)
      }
    }
    func failed(_ reason: String) -> InferenceError {
      .compilationFailed(path: compilation.path, engine: OpenVINOEngine().name, reason: reason)
    }
    var outputs: [tessera_output] = []
    for (text, layer) in zip(texts, compilation.layers) {
      guard let node = text.0, let type = text.1 else { throw failed("out of memory") }
      outputs.append(tessera_output(layer, node: node, type: type))
    }
    var pointer: OpaquePointer?
    let error = form.precision.rawValue.withCString { precision in
      var options = tessera_compile_options(compilation, precision: precision)
      return CallMessage.failure(of: { message in
        let path = compilation.path
        switch form {
        case .asItIs: return functions.network_compile(path, outputs, outputs.count, &options, &pointer, message)
        case .calibrating:
          return functions.network_quantize(path, outputs, outputs.count, &options, nil, &pointer, message)
        case .inEightBits(let calibration, _):
          return calibration.withRanges {
            functions.network_quantize(path, outputs, outputs.count, &options, $0, &pointer, message)
          }
        }
      })
    }
    guard let pointer else { throw failed(error ?? "no network was made") }
    self.compilation = compilation
    self.functions = functions
    handle = pointer
    let outputCount = if case .calibrating = form { 3 } else { outputs.count }
    widths = (0..<outputCount).map { functions.network_width(pointer, $0) }
    let precision =
      if case .inEightBits(let calibration, let rest) = form {
        "int8, calibrated on \(calibration.tileCount) tiles (\(functions.network_eight_bit_layers(pointer)) layers; others \(rest.rawValue))"
      } else {
        form.precision.rawValue
      }
    record =
      "CPU; precision=\(precision); batch=\(compilation.batch); streams=\(compilation.streams) of one thread; pinning=no"
  }

  deinit { functions.network_free(handle) }

  func makeRequest() throws(InferenceError) -> any InferenceRequest {
    var request: OpaquePointer?
    let error = creation.withLock { _ in CallMessage.failure(of: { functions.request_create(handle, &request, $0) }) }
    guard let request else { throw .inferenceFailed(path: compilation.path, reason: error ?? "no request was made") }
    return OpenVINORequest(pointer: request, network: self)
  }
}

private final class OpenVINORequest: InferenceRequest {
  private let pointer: OpaquePointer
  private let network: OpenVINONetwork

  init(pointer: OpaquePointer, network: OpenVINONetwork) {
    self.pointer = pointer
    self.network = network
  }

  deinit { network.functions.request_free(pointer) }

  private func failed(_ reason: String) -> InferenceError {
    .inferenceFailed(path: network.compilation.path, reason: reason)
  }

  var input: UnsafeMutableBufferPointer<UInt8> {
    let compilation = network.compilation
    return UnsafeMutableBufferPointer(
      start: network.functions.request_input(pointer),
      count: compilation.batch * compilation.sidePixels * compilation.sidePixels * 3)
  }

  func run(count: Int, isStopping: () -> Bool) throws(InferenceError) -> Bool {
    let functions = network.functions
    if let reason = CallMessage.failure(of: { functions.request_start(pointer, $0) }) { throw failed(reason) }
    while true {
      var done: Int32 = 0
      if let reason = CallMessage.failure(of: { functions.request_wait(pointer, 50, &done, $0) }) {
        throw failed(reason)
      }
      if done != 0 { return true }
      if isStopping() {
        functions.request_cancel(pointer)
        return false
      }
    }
  }

  func output(_ index: Int) throws(InferenceError) -> UnsafeBufferPointer<Float> {
    guard let start = network.functions.request_output(pointer, index) else {
      throw failed("an output cannot be read")
    }
    return UnsafeBufferPointer(start: start, count: network.compilation.batch * network.widths[index])
  }
}

extension tessera_output {
  fileprivate init(_ layer: Layer, node: UnsafePointer<CChar>, type: UnsafePointer<CChar>) {
    self.init(
      node: node, type: type, number: layer.nodeNumber, port: layer.port,
      pooled_axes: layer.pooledAxes.reduce(UInt32(0)) { $0 | 1 << UInt32($1) },
      pools_by_maximum: layer.pooling == .maximum ? 1 : 0, skipped_tokens: Int64(layer.skippedTokenCount),
      takes_first_token: layer.takesClassToken ? 1 : 0)
  }
}

extension tessera_compile_options {
  fileprivate init(_ compilation: NetworkCompilation, precision: UnsafePointer<CChar>) {
    self.init(
      batch: Int64(compilation.batch), side: Int64(compilation.sidePixels),
      model_side: Int64(compilation.networkSidePixels), resized_side: Int64(compilation.resizedSidePixels),
      is_bicubic: compilation.resizing.filter == .bicubic ? 1 : 0,
      channels_last: compilation.input.channelOrder == .channelsLast ? 1 : 0,
      standardization: tessera_standardization(compilation.standardization), streams: Int32(compilation.streams),
      precision: precision)
  }
}

extension Calibration {
  /// For the duration of `body`.
  fileprivate func withRanges<Result>(_ body: (UnsafePointer<tessera_ranges>) -> Result) -> Result {
    lows.withUnsafeBufferPointer { lows in
      highs.withUnsafeBufferPointer { highs in
        means.withUnsafeBufferPointer { means in
          body([
            tessera_ranges(
              point_count: min(lows.count, highs.count), lows: lows.baseAddress, highs: highs.baseAddress,
              mean_count: means.count, means: means.baseAddress)
          ])
        }
      }
    }
  }
}

extension tessera_standardization {
  fileprivate init(_ standardization: Standardization) {
    self.init()
    reverse_channels = standardization.channels == .bgr ? 1 : 0
    switch standardization.rule {
    case .perImage:
      per_image = 1
      scale = (1, 1, 1)
    case .fixed(let mean, let scale):
      self.mean = (Float(mean[0]), Float(mean[1]), Float(mean[2]))
      self.scale = (Float(scale[0]), Float(scale[1]), Float(scale[2]))
    }
  }
}
