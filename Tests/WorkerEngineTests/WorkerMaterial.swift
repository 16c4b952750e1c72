import ChannelMeans
import FeatureData
import Foundation
import Inference
import Synchronization
import Testing

@testable import WorkerEngine

/// Runs of the scripted worker, beside the same engine in this process.
enum WorkerMaterial {
  /// Beside the tests.
  static let program: String? = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")).map {
    URL(fileURLWithPath: $0).deletingLastPathComponent().appendingPathComponent("scripted-worker").path
  }

  static func engine(_ arguments: String..., patience: WorkerPatience = patience) throws -> WorkerEngine {
    WorkerEngine(
      WorkerProgram(engine: "means", executable: try #require(program), arguments: arguments), patience: patience)
  }

  /// Short, for failures that are told by nothing but time.
  static var patience: WorkerPatience {
    var patience = WorkerPatience()
    patience.silenceAtStart = .seconds(2)
    patience.silence = .milliseconds(800)
    patience.firstBatch = .milliseconds(1500)
    patience.batch = .milliseconds(1500)
    return patience
  }

  static let model = Result {
    try Model.open(
      URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("InferenceTests/Fixtures/classifier.onnx").path, engines: [ChannelMeansEngine()])
  }

  static func pipeline(
    _ engine: any InferenceEngine, devices: [String] = ["cpu"], batch: Int = 4
  ) throws -> InferencePipeline {
    var settings = InferenceSettings(batchSize: batch, streams: 3)
    if engine is WorkerEngine {
      settings.engine = EngineChoice(name: engine.name, devices: devices, batchLimit: batch)
    }
    let model = try model.get()
    return try InferencePipeline(
      model: model, layers: [try model.layers.layer(named: "means")], outputs: model.layers.heads.map(\.layer),
      standardization: .torch, engine: engine, tileSidePixels: 16, settings: settings)
  }

  static func job(_ slide: Int, tileCount: Int) -> SlideJob {
    SlideJob(name: "s\(slide)", tileCount: tileCount) { index, pixels in
      for place in pixels.indices { pixels[place] = UInt8((slide * 31 + index * 7 + place * (place % 3 + 1)) % 256) }
    }
  }

  /// Runs slides, and gives those that were handed over as they came, and what stopped the run.
  static func run(
    _ pipeline: InferencePipeline, slides: Int, tileCount: Int, monitor: any WorkMonitor = SilentMonitor(),
    completed: (SlideInference) -> Void = { _ in }
  ) -> (finished: [SlideInference], error: (any Error)?) {
    let next = Mutex(0)
    var finished: [SlideInference] = []
    do {
      try pipeline.run(
        monitor: monitor, totalTiles: slides * tileCount,
        next: {
          let slide = next.withLock { next -> Int in
            defer { next += 1 }
            return next
          }
          return slide < slides ? job(slide, tileCount: tileCount) : nil
        },
        completed: {
          finished.append($0)
          completed($0)
        })
      return (finished, nil)
    } catch { return (finished, error) }
  }

  /// What the engine in this process gives for each of such slides.
  static func expected(slides: Int, tileCount: Int) throws -> [String: SlideInference] {
    let (finished, error) = run(try pipeline(ChannelMeansEngine()), slides: slides, tileCount: tileCount)
    if let error { throw error }
    return Dictionary(finished.map { ($0.name, $0) }) { first, _ in first }
  }

  static func isEqual(_ one: SlideInference, _ other: SlideInference?) -> Bool {
    one.tiles == other?.tiles && one.activations == other?.activations && one.logits == other?.logits
  }

  /// Identifiers of the scripted workers that this process has, running or not yet reaped.
  static func children() -> [pid_t] {
    let own = getpid()
    return ((try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []).compactMap { pid_t($0) }.filter {
      guard let text = try? String(contentsOfFile: "/proc/\($0)/stat", encoding: .utf8),
        let end = text.lastIndex(of: ")"), text.contains("(scripted-worke")
      else { return false }
      return text[end...].split(separator: " ").dropFirst(2).first.flatMap { pid_t($0) } == own
    }
  }

  /// Mappings and descriptors of shared memory that this process has.
  static func sharedMemoryCount() throws -> Int {
    let maps = try String(contentsOfFile: "/proc/self/maps", encoding: .utf8).split(separator: "\n")
      .count { $0.contains("/memfd:tessera-means") }
    let files = try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count {
      (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\($0)"))?
        .contains("/memfd:tessera-means") == true
    }
    return maps + files
  }

  /// Whether no process and no memory is left, at the latest when the threads of a run have ended.
  static func isClean() throws -> Bool {
    for _ in 0..<200 {
      if children().isEmpty, try sharedMemoryCount() == 0 { return true }
      usleep(10_000)
    }
    Issue.record("processes \(children()), shared memory \(try sharedMemoryCount())")
    return false
  }

  /// A path in a folder of its own, at which nothing is yet.
  static func withMarker<R>(_ body: (String) throws -> R) throws -> R {
    let path = NSTemporaryDirectory() + "tessera-worker-" + UUID().uuidString
    defer { try? FileManager.default.removeItem(atPath: path) }
    return try body(path)
  }
}

/// Interrupted after a while.
struct InterruptingMonitor: WorkMonitor {
  let start = ContinuousClock.now
  let delay: Duration

  var isInterrupted: Bool { ContinuousClock.now - start > delay }
  func report(phase: String, unit: String, done: Int, total: Int) {}
}
