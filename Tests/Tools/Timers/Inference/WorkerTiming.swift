import FeatureData
import Foundation
import Inference
import Synchronization
import WorkerEngine

/// Times the engine torch, and decoding alone; prints how many tiles there were, the processor seconds and the wall seconds,
/// as a JSON list:
///
/// - `worker PYTHON MODULES RECIPE WIDTH SIDE FOLDER PRECISION DEVICE COUNT`: its modules lie in the folder MODULES; `COUNT`
///   tiles, those of the folder over and over. The list goes on with milliseconds of a core to load a tile, the share of the
///   time that the device was busy, and what bounded the run.
/// - `decode FOLDER COUNT SIDE`: as many tiles decoded by all cores, and nothing else.
enum WorkerTiming {
  /// - Returns: false for other arguments.
  static func run(_ arguments: [String]) throws -> Bool {
    switch (arguments.first, arguments.count) {
    case ("worker", 10): try timeWorker(Array(arguments.dropFirst()))
    case ("decode", 4): try timeDecoding(Array(arguments.dropFirst()))
    default: return false
    }
    return true
  }

  private static func timeWorker(_ arguments: [String]) throws {
    guard let width = Int(arguments[3]), let side = Int(arguments[4]), let count = Int(arguments[8]),
      let precision = InferenceSettings.Precision(rawValue: arguments[6])
    else { throw TimeInference.Failure(text: "wrong arguments") }
    let tiles = try JPEGTiles(arguments[5])
    let start = "import sys; sys.path.insert(0, \"\(arguments[1])\"); import worker_torch; worker_torch.main()"
    let engine = WorkerEngine(
      WorkerProgram(engine: "torch", executable: arguments[0], arguments: ["-I", "-c", start]))
    // Any file that is a model: what it holds is not read.
    let file = arguments[1] + "/stated.onnx"
    let model = try Model.open(
      file, converted: ConvertedNetwork(file: file, recipe: arguments[2]),
      engines: [StatedNetwork(width: width, side: side)])
    var settings = InferenceSettings(precision: precision)
    settings.engine = EngineChoice(name: "torch", devices: [arguments[7]])
    let pipeline = try InferencePipeline(
      model: model, layers: [try model.layers.layer(named: "postconv")], outputs: [], standardization: .imagenet,
      engine: engine, tileSidePixels: side, settings: settings)
    // Until the worker is ready, and has had each of its shapes.
    _ = try pipeline.run(tiles.job(4 * pipeline.settings.batchSize, side: side))
    let before = TimeInference.processorSeconds() + childSeconds()
    let clock = ContinuousClock.now
    let next = Mutex(false)
    var done = 0
    let load = try pipeline.run(
      monitor: SilentMonitor(), totalTiles: count,
      next: {
        next.withLock { isTaken -> Bool in
          defer { isTaken = true }
          return !isTaken
        } ? tiles.job(count, side: side) : nil
      }, completed: { done += $0.tiles.count })
    let wall = (ContinuousClock.now - clock) / .seconds(1)
    let cpu = TimeInference.processorSeconds() + childSeconds() - before
    for remark in pipeline.takeRemarks() { FileHandle.standardError.write(Data((remark + "\n").utf8)) }
    FileHandle.standardError.write(Data((pipeline.record + "\n").utf8))
    print(
      "[\(done), \(cpu), \(wall), \(load?.loadingMilliseconds ?? 0), \(load?.busyShare ?? 0), \"\(load.map { "\($0.bound)" } ?? "")\"]"
    )
  }

  private static func timeDecoding(_ arguments: [String]) throws {
    guard let count = Int(arguments[1]), let side = Int(arguments[2]) else {
      throw TimeInference.Failure(text: "wrong arguments")
    }
    let tiles = try JPEGTiles(arguments[0])
    let job = Mutex(0)
    let (cpu, start) = (TimeInference.processorSeconds(), ContinuousClock.now)
    DispatchQueue.concurrentPerform(iterations: ProcessInfo.processInfo.activeProcessorCount) { _ in
      let pixels = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: side * side * 3)
      defer { pixels.deallocate() }
      while true {
        let first = job.withLock { next -> Int in
          defer { next += 16 }
          return next
        }
        guard first < count else { return }
        for index in first..<min(first + 16, count) { try? tiles.decode(index, into: pixels, side: side) }
      }
    }
    print("[\(count), \(TimeInference.processorSeconds() - cpu), \((ContinuousClock.now - start) / .seconds(1))]")
  }

  /// Of the processes that this one has started and that run.
  private static func childSeconds() -> Double {
    let own = getpid()
    let ticks = Double(sysconf(Int32(_SC_CLK_TCK)))
    return ((try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []).compactMap { Int32($0) }.reduce(0) {
      guard let text = try? String(contentsOfFile: "/proc/\($1)/stat", encoding: .utf8),
        let end = text.lastIndex(of: ")")
      else { return $0 }
      // After the name: state, parent, …; user and system time are the 12th and 13th.
      let fields = text[text.index(after: end)...].split(separator: " ")
      guard fields.count > 13, Int32(fields[1]) == own else { return $0 }
      return $0 + ((Double(fields[11]) ?? 0) + (Double(fields[12]) ?? 0)) / ticks
    }
  }
}
