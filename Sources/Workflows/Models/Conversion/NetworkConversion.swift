import FeatureData
import FeatureStore
import Foundation
import Inference
import PythonPrograms

/// Has a network of torch written as ONNX by a program in Python, and checks that both give the same numbers.
struct NetworkConversion {
  let network: TorchNetwork
  let study: Study?
  let monitor: (any WorkMonitor)?

  /// Relative to a tensor's size: more is no rounding.
  private static let allowedDifference = 1e-4
  /// Of ours; the largest encoders take some minutes.
  private static let secondsLimit = 3600

  /// What the program answers.
  private struct Answer: Decodable {
    struct Tensor: Decodable {
      let name: String
      let width: Int
    }
    let tensors: [Tensor]
    /// Of the tiles that it was tried on.
    let side: Int
    let count: Int
    let heads: [String]
    let later: [String: String]
    let dropout: Bool
    let preprocessing: ConversionRecord.Preprocessing?
    let versions: [String: String]
  }

  /// The network as it is kept, else converted now.
  ///
  /// - Throws: also where no Python with torch is here, or where the converted network gives other numbers.
  func run() throws -> Conversion {
    let conversion = try keptOrMade()
    NetworkStore.note(conversion)
    return conversion
  }

  private func keptOrMade() throws -> Conversion {
    let store = NetworkStore(study)
    for path in network.weights where !FileManager.default.fileExists(atPath: path) {
      throw WorkflowFailure("The model \(network.path) keeps weights in \(path), and there is no such file.")
    }
    let digest = try Reporting.run { try store.digest(of: network) }
    if let kept = store.conversion(digest, of: network) { return kept }
    guard let environment = PythonEnvironment.found() else {
      throw WorkflowFailure(
        "The model \(network.path.withShortPaths) is a network of torch, which a program in Python converts once, and no "
          + "Python with torch is here\(PythonEnvironment.absence).", remedy: PythonEnvironment.remedy)
    }
    let lock = try waitForLock(store, digest)
    defer { withExtendedLifetime(lock) {} }
    if let kept = store.conversion(digest, of: network) { return kept }
    let byteCount = network.weights.reduce(0) {
      $0 + ((try? FileManager.default.attributesOfItem(atPath: $1)[.size] as? Int) ?? 0)
    }
    let folder = try store.makeFolder(digest, byteCount: byteCount)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let answer = try convert(environment, store, in: folder, byteCount: byteCount)
    let record = try check(answer, digest, files: try store.fileDigests(in: folder), in: folder)
    for name in ["tiles.u8", "expected.f32"] { try? FileManager.default.removeItem(atPath: folder + "/" + name) }
    try store.keep(folder, digest, record)
    guard let kept = store.conversion(digest, of: network) else {
      throw WorkflowFailure("The converted network cannot be read again from \(store.folders[0].withShortPaths).")
    }
    return kept
  }

  /// Waits while another kernel converts the same network.
  private func waitForLock(_ store: NetworkStore, _ digest: String) throws -> SlideLock {
    while true {
      switch try store.claim(digest) {
      case .held(let lock): return lock
      case .taken(let holder):
        try monitor?.checkInterrupted()
        monitor?.report(phase: "waiting for \(holder)", unit: "networks", done: 0, total: 1)
        usleep(200_000)
      }
    }
  }

  private func convert(
    _ environment: PythonEnvironment, _ store: NetworkStore, in folder: String, byteCount: Int
  ) throws -> Answer {
    let started = ContinuousClock.now
    let recipe = try JSONSerialization.jsonObject(with: Data(network.recipe.utf8))
    let request: [String: Any] = [
      "recipe": recipe, "output": folder + "/" + NetworkStore.modelFile, "tiles": folder + "/tiles.u8",
      "expected": folder + "/expected.f32",
    ]
    do {
      let data = try PythonRequest("convert", in: environment, secondsLimit: Self.secondsLimit).answer(
        request, byteCount: byteCount
      ) {
        let seconds = (ContinuousClock.now - started).components.seconds
        monitor?.report(
          phase: "converting \(network.path.withShortPaths)", unit: "seconds", done: Int(seconds), total: 0)
        return monitor?.isInterrupted ?? false
      }
      return try JSONDecoder().decode(Answer.self, from: data)
    } catch let failure as PythonRequest.Failure {
      switch failure {
      case .interrupted: throw WorkInterrupted()
      case .refused(let problem):
        throw WorkflowFailure("The model \(network.path.withShortPaths) cannot be converted. \(problem)")
      case .missing(let module):
        throw WorkflowFailure(
          "The Python \(environment.interpreter.withShortPaths) has no \(module), which converts networks of torch.",
          remedy: PythonEnvironment.remedy)
      case .noRoom:
        throw store.noRoom("The disk of \(store.folders[0].withShortPaths) is full; nothing was kept there.")
      case .notStarted(let reason):
        throw WorkflowFailure(
          "\(environment.interpreter.withShortPaths) cannot be started: \(reason)", remedy: PythonEnvironment.remedy)
      case .ended(let how, let lines):
        throw WorkflowFailure(
          "The model \(network.path.withShortPaths) cannot be converted: of the program that should, \(how)."
            + (lines.isEmpty ? "" : " It said: \(lines)"))
      }
    }
  }

  /// Runs the converted network on the same tiles, every tensor of it.
  private func check(
    _ answer: Answer, _ digest: String, files: [String: String], in folder: String
  ) throws -> ConversionRecord {
    let file = ConvertedNetwork(file: folder + "/" + NetworkStore.modelFile, recipe: network.recipe)
    let model = try Model.open(network.path, converted: file, engines: InferenceEngines.all)
    let tiles = try Data(contentsOf: URL(fileURLWithPath: folder + "/tiles.u8"))
    let tileBytes = answer.side * answer.side * 3
    let expected = try Data(contentsOf: URL(fileURLWithPath: folder + "/expected.f32"))
    var compared: [(layer: Layer, start: Int)] = []
    var start = 0
    for tensor in answer.tensors {
      defer { start += tensor.width * answer.count }
      let layer = try? model.layers.layer(named: tensor.name).pooled(by: .average)
      guard let layer, layer.width == tensor.width else {
        // Those that are pooled in another way here are not compared; what features and outcomes come of has to be.
        guard isNeeded(tensor.name, answer) else { continue }
        throw WorkflowFailure(
          "The model \(network.path.withShortPaths) cannot be converted: its “\(tensor.name)” of \(tensor.width) numbers is "
            + (layer.map { "one of \($0.width)" } ?? "not to be found") + " in what was made of it.")
      }
      // Of two names of one tensor one is enough.
      if !compared.contains(where: { $0.layer.name == layer.name }) { compared.append((layer, start)) }
    }
    guard tiles.count == answer.count * tileBytes, expected.count == start * MemoryLayout<Float>.size, !compared.isEmpty
    else {
      throw WorkflowFailure(
        "The model \(network.path.withShortPaths) cannot be converted: nothing came of it to compare.")
    }
    let pipeline = try InferencePipeline(
      model: model, layers: compared.map(\.layer), outputs: [], standardization: .torch,
      tileSidePixels: answer.side, settings: InferenceSettings(batchSize: answer.count, streams: 1))
    let result = try pipeline.run(
      SlideJob(name: "tiles", tileCount: answer.count) { index, pixels in
        tiles.copyBytes(to: pixels, from: index * tileBytes..<(index + 1) * tileBytes)
      })
    var largest = 0.0
    for (number, (layer, start)) in compared.enumerated() {
      let given = result.activations[number].elements
      let wanted = expected.withUnsafeBytes { bytes in
        (0..<given.count).map { bytes.loadUnaligned(fromByteOffset: (start + $0) * 4, as: Float.self) }
      }
      let difference = Self.difference(given, wanted, least: layer.isUncertainty ? 1e-2 : 0)
      guard difference <= Self.allowedDifference else {
        throw InferenceError.conversionDiffers(
          path: network.path.withShortPaths, tensor: layer.name, error: difference, allowed: Self.allowedDifference)
      }
      largest = max(largest, difference)
    }
    return ConversionRecord(
      digest: digest, source: PathResolution.absolute(network.path), files: files,
      torch: answer.versions["torch"] ?? "",
      tileCount: answer.count, tensorCount: compared.count, largestDifference: largest, later: answer.later,
      heads: answer.heads, hasDropout: answer.dropout, preprocessing: answer.preprocessing)
  }

  private func isNeeded(_ name: String, _ answer: Answer) -> Bool {
    name == "postconv" || answer.heads.contains(name) || name.hasPrefix("uncertainty:")
  }

  /// The size of the difference of two lists, relative to that of the second; infinite where one is not finite.
  ///
  /// - Parameter least: what a number counts as at least: a spread of nearly nothing is rounding.
  private static func difference(_ a: [Float], _ b: [Float], least: Double) -> Double {
    var (difference, size) = (0.0, 0.0)
    for (x, y) in zip(a, b) {
      difference += (Double(x) - Double(y)) * (Double(x) - Double(y))
      size += max(Double(y) * Double(y), least * least)
    }
    guard difference.isFinite, size.isFinite else { return .infinity }
    return size == 0 ? (difference == 0 ? 0 : .infinity) : (difference / size).squareRoot()
  }
}
