/// A library that reads models and runs tiles through them. Everything else in this module knows engines by this protocol
/// alone, so another engine is a type that conforms to it, in a target of its own, and its entry in the list of engines
/// that `Model.open` is given.
///
/// Its methods may be called from several threads.
package protocol InferenceEngine: Sendable {
  /// As it stands in messages and in the store's key, such as "OpenVINO".
  var name: String { get }

  /// The version of the library that is loaded. Another version may give other bits, so it is a part of the store's key.
  ///
  /// - Throws: `engineUnavailable`.
  func version() throws(InferenceError) -> String

  /// The kinds of files that it reads.
  var formats: Set<ModelFormat> { get }

  /// Loads every library that reading and running a model of any kind needs, so that the process's memory map names them
  /// all: an installation copies these.
  ///
  /// - Throws: `engineUnavailable`.
  func warmUp() throws(InferenceError)

  /// The graph of a model file, with its operations in the words of `Graph.Operation`.
  ///
  /// - Parameter path: a file that has passed `ModelFile.check`.
  /// - Throws: `modelRefused`, `engineUnavailable`.
  func graph(of path: String) throws(InferenceError) -> Graph

  /// The same with the shapes that tensors have for tiles of the input's side, which the file leaves open.
  ///
  /// - Throws: `modelRefused`, `engineUnavailable`.
  func graph(of path: String, sized input: ModelInput) throws(InferenceError) -> Graph

  /// Of some widths and heights those that a model takes whose file leaves them open.
  ///
  /// - Throws: `modelRefused`, `engineUnavailable`.
  func sides(_ sides: [Int], takenBy path: String, input: ModelInput) throws(InferenceError) -> [Int]

  /// That networks can be computed in a precision here.
  ///
  /// - Throws: `precisionUnavailable`.
  func check(_ precision: InferenceSettings.Precision) throws(InferenceError)

  /// The network that finds the ranges for eight bits, in single precision: whatever the layers, it gives for each tile the
  /// least value of every tensor that would become whole numbers, the largest value, and the means that belong to them, as
  /// a `Calibration` gathers them.
  ///
  /// - Throws: `precisionUnavailable`, `compilationFailed`, `engineUnavailable`.
  func compileForCalibration(_ compilation: NetworkCompilation) throws(InferenceError) -> any CompiledNetwork

  /// - Throws: `compilationFailed`, `precisionUnavailable`, `engineUnavailable`.
  func compile(_ compilation: NetworkCompilation) throws(InferenceError) -> any CompiledNetwork

  /// Tiles that it is given at once, of so many pixels in width and height.
  func batchSize(_ settings: InferenceSettings, sidePixels: Int) -> Int
}

extension InferenceEngine {
  /// As the settings say.
  package func batchSize(_ settings: InferenceSettings, sidePixels: Int) -> Int { settings.batchSize }

  /// With the shapes of the file.
  package func graph(of path: String, sized input: ModelInput) throws(InferenceError) -> Graph { try graph(of: path) }

  /// All of them: an engine that cannot tell says so when it compiles.
  package func sides(_ sides: [Int], takenBy path: String, input: ModelInput) throws(InferenceError) -> [Int] { sides }

  /// All but eight bits.
  package func check(_ precision: InferenceSettings.Precision) throws(InferenceError) {
    if precision == .int8 { throw .precisionUnavailable(.unknown(engine: name, .int8)) }
  }

  /// An engine that does not compute in eight bits.
  package func compileForCalibration(
    _ compilation: NetworkCompilation
  ) throws(InferenceError) -> any CompiledNetwork {
    throw .precisionUnavailable(.unknown(engine: name, .int8))
  }
}

/// A model compiled for one batch shape. Requests are made, and run, on several threads at once.
package protocol CompiledNetwork: Sendable {
  /// Values for each tile, layer by layer of the compilation.
  var widths: [Int] { get }

  /// How it computes, in one line, to be kept beside the results: device, precision, batch, threads.
  var record: String { get }

  /// Batches that are worth having under way at once: filled, waiting or computed; nil for two more than streams.
  var requestCount: Int? { get }

  /// Batches that are computed at the same time; nil for as many as streams.
  var computedAtOnce: Int? { get }

  /// What is to be said of how it computed, since it was last asked: sentences.
  func takeRemarks() -> [String]

  /// - Throws: `inferenceFailed`.
  func makeRequest() throws(InferenceError) -> any InferenceRequest
}

extension CompiledNetwork {
  package var requestCount: Int? { nil }
  package var computedAtOnce: Int? { nil }
  package func takeRemarks() -> [String] { [] }
}

/// One batch at a time on its way through a network. It stays on the thread that made it.
package protocol InferenceRequest: AnyObject {
  /// batch × side × side × 3 bytes, RGB, to be filled before `run`.
  var input: UnsafeMutableBufferPointer<UInt8> { get }

  /// Computes the first `count` tiles of the batch, and perhaps what stands after them; false if it was abandoned because
  /// `isStopping` became true, which is asked about every 50 ms.
  ///
  /// - Throws: `inferenceFailed`.
  func run(count: Int, isStopping: () -> Bool) throws(InferenceError) -> Bool

  /// batch × width values of a layer of the compilation, row-major, until the next run.
  ///
  /// - Throws: `inferenceFailed`.
  func output(_ index: Int) throws(InferenceError) -> UnsafeBufferPointer<Float>
}
