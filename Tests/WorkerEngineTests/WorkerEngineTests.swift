import ChannelMeans
import FeatureData
import Foundation
import Inference
import Testing

@testable import WorkerEngine

// One after another: they count the processes and the memory that are left.
@Suite("Engines that are programs of their own", .serialized)
struct WorkerEngineTests {
  @Test("tiles that a worker computed are those that are computed here", arguments: [["cpu"], ["cpu:0", "cpu:1"]])
  func results(devices: [String]) throws {
    do {
      let pipeline = try WorkerMaterial.pipeline(WorkerMaterial.engine(), devices: devices)
      let (finished, error) = WorkerMaterial.run(pipeline, slides: 5, tileCount: 21)
      #expect(error == nil && finished.count == 5)
      let expected = try WorkerMaterial.expected(slides: 5, tileCount: 21)
      for slide in finished { #expect(WorkerMaterial.isEqual(slide, expected[slide.name])) }
      #expect(pipeline.takeRemarks().isEmpty)
      #expect(pipeline.record.hasPrefix("means 1.0; \(devices.joined(separator: ", ")); precision=f32"))
    }
    #expect(try WorkerMaterial.isClean())
  }

  @Test("a program of that name on the PATH is an engine")
  func onPath() throws {
    let folder = NSTemporaryDirectory() + "tessera-path-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try FileManager.default.createSymbolicLink(
      atPath: folder + "/tessera-engine-means", withDestinationPath: try #require(WorkerMaterial.program))
    try Data("no program".utf8).write(to: URL(fileURLWithPath: folder + "/tessera-engine-text"))
    #expect(WorkerProgram.enginesOnPath(folders: ["/nowhere", folder]) == ["means"])
    #expect(WorkerProgram.onPath("text", folders: [folder]) == nil)
    #expect(WorkerProgram.onPath("../means", folders: [folder]) == nil)
    let program = try #require(WorkerProgram.onPath("means", folders: ["/nowhere", folder]))
    let engine = WorkerEngine(program)
    #expect(try engine.version() == "1.0" && engine.name == "means")
    let result = try WorkerMaterial.pipeline(engine).run(WorkerMaterial.job(0, tileCount: 3))
    #expect(result.tiles == [0, 1, 2])
  }

  /// - Parameters:
  ///   - mode: what the worker does wrong with its third batch.
  ///   - phrase: a part of the message.
  @Test(
    "a worker that fails is an error in words, and slides that were finished stay",
    arguments: [
      ("die", "was killed by the system or by somebody; memory may be short, 2 times on the same tiles"),
      ("crash", "crashed (Segmentation fault)"),
      ("stop:3", "gave no sign of life for"),
      ("hang:3", "on one batch without an end and was ended"),
      ("garbage:3", "sent a line that is no message: “Traceback (most recent call last):”"),
      ("binary:3", "sent a line that is no message"),
      ("short:3", "sent a message “done” without id"),
      ("long:3", "sent a line of more than 65536 bytes"),
      ("id:3", "sent the end of a batch"),
      ("slot:3", "as that of slot"),
      ("twice:3", "that it was not given"),
      ("nan:3", "computed NaN or infinity in layer “means” of tile 0 of a batch"),
      ("lazy:3", "said that it was done, and left out layer “logits” of tile 0 of a batch"),
      ("memory:3", "has not enough memory on cuda:0 for one tile"),
      ("exit", "ended by itself with status 7; its last line was “no such library”"),
      ("fatal", "finds no CUDA"),
      ("mute", "gave no sign of life for 2 seconds and was ended"),
    ])
  func failure(mode: String, phrase: String) throws {
    let start = ContinuousClock.now
    do {
      let network = try WorkerMaterial.pipeline(DescribedEngine(try WorkerMaterial.engine(mode)))
      let (finished, error) = WorkerMaterial.run(network, slides: 6, tileCount: 4)
      guard case .workerFailed(let engine, let device, let reason, _)? = error as? InferenceError else {
        Issue.record("\(mode): \(error.map { "\($0)" } ?? "no error")")
        return
      }
      #expect(engine == "means" && device == "cpu")
      #expect(reason.contains(phrase), "\(mode): \(reason)")
      let expected = try WorkerMaterial.expected(slides: 6, tileCount: 4)
      for slide in finished { #expect(WorkerMaterial.isEqual(slide, expected[slide.name])) }
    }
    #expect(try WorkerMaterial.isClean())
    #expect(ContinuousClock.now - start < .seconds(12))
  }

  @Test(
    "a worker that fails once is started anew, and what it had is computed again",
    arguments: ["die:3", "crash:3", "stop:3", "hang:3", "exit"])
  func anotherTry(mode: String) throws {
    try WorkerMaterial.withMarker { marker in
      let engine = DescribedEngine(try WorkerMaterial.engine(mode, marker))
      let pipeline = try WorkerMaterial.pipeline(engine)
      let (finished, error) = WorkerMaterial.run(pipeline, slides: 4, tileCount: 10)
      #expect(error == nil && finished.count == 4, "\(mode): \(error.map { "\($0)" } ?? "")")
      let expected = try WorkerMaterial.expected(slides: 4, tileCount: 10)
      for slide in finished { #expect(WorkerMaterial.isEqual(slide, expected[slide.name])) }
      let remarks = pipeline.takeRemarks()
      #expect(remarks.count == 1)
      #expect(remarks.first?.hasPrefix("The engine means on cpu ") == true)
      #expect(remarks.first?.hasSuffix("it was started anew, and the batch that it had is computed again.") == true)
    }
  }

  @Test("a worker that is killed at any moment costs no finished slide, no process and no memory")
  func killed() throws {
    var generator = SystemRandomNumberGenerator()
    let expected = try WorkerMaterial.expected(slides: 8, tileCount: 12)
    var whole = 0
    for _ in 0..<30 {
      let delay = UInt32.random(in: 0...110_000, using: &generator)
      do {
        let pipeline = try WorkerMaterial.pipeline(DescribedEngine(try WorkerMaterial.engine("slow")))
        let killer = Thread {
          usleep(delay)
          for child in WorkerMaterial.children() { kill(child, SIGKILL) }
        }
        killer.start()
        let (finished, error) = WorkerMaterial.run(pipeline, slides: 8, tileCount: 12)
        while !killer.isFinished { usleep(1000) }
        for slide in finished { #expect(WorkerMaterial.isEqual(slide, expected[slide.name])) }
        if let error {
          guard case .workerFailed? = error as? InferenceError else {
            Issue.record("after \(delay) µs: \(error)")
            continue
          }
        } else {
          #expect(finished.count == 8)
          whole += 1
        }
      }
      #expect(try WorkerMaterial.isClean())
    }
    // One death is made good.
    #expect(whole == 30)
  }

  @Test("an interrupt ends a run soon, whatever the worker does", arguments: ["slow", "hang:2", "stop:2", "mute"])
  func interrupt(mode: String) throws {
    var patience = WorkerPatience()
    patience.end = .milliseconds(300)
    do {
      let pipeline = try WorkerMaterial.pipeline(DescribedEngine(WorkerMaterial.engine(mode, patience: patience)))
      let start = ContinuousClock.now
      let (_, error) = WorkerMaterial.run(
        pipeline, slides: 400, tileCount: 12, monitor: InterruptingMonitor(delay: .milliseconds(200)))
      #expect(error is WorkInterrupted)
      #expect(ContinuousClock.now - start < .seconds(2))
    }
    #expect(try WorkerMaterial.isClean())
  }

  @Test("a worker of another version of the protocol, and a program that is none, are refused in words")
  func descriptions() throws {
    let future = #expect(throws: InferenceError.self) { try WorkerMaterial.engine("future").version() }
    #expect(
      future?.message
        == "The engine means speaks version 2 of the protocol, and this program version 1.")
    let other = WorkerEngine(WorkerProgram(engine: "echo", executable: "/bin/echo", arguments: ["hello"]))
    let ended = #expect(throws: InferenceError.self) { try other.version() }
    #expect(ended?.message == "The engine echo ended by itself with status 0; its last line was “hello”.")
    let missing = WorkerEngine(WorkerProgram(engine: "none", executable: "/no/such/program"))
    let absent = #expect(throws: InferenceError.self) { try missing.version() }
    #expect(absent?.message == "The engine none cannot be started: No such file or directory.")
    #expect(try WorkerMaterial.isClean())
  }

  @Test("what an engine does not compute is refused, and the argument named")
  func unfit() throws {
    let engine = try WorkerMaterial.engine()
    var settings = InferenceSettings(precision: .bf16)
    func fault(_ format: ModelFormat = .onnx) -> (String?, String?) {
      do throws(InferenceError) {
        _ = try engine.settled(settings, path: "m", format: format, hasRecipe: false)
        return (nil, nil)
      } catch { return (error.parameter, error.remedy) }
    }
    #expect(fault() == ("precision", "precision=f32"))
    settings.precision = .f32
    #expect(fault(.savedModel) == ("engine", "engine=openvino"))
    settings.engine = EngineChoice(name: "means", devices: ["cpu", "cuda:0"])
    #expect(fault() == ("device", "device=cpu"))
    settings.engine?.devices = []
    #expect(
      try engine.settled(settings, path: "m", format: .onnx, hasRecipe: false).engine?.devices == ["cpu"])
  }

  @Test("results of an engine lie under its kind of device, and those of the built-in one where they always lay")
  func identity() {
    var settings = InferenceSettings(precision: .bf16)
    #expect(settings.identity == "precision=bf16;batch=8")
    settings.engine = EngineChoice(name: "torch", devices: ["cuda:0", "cuda:1"], batchLimit: 64)
    #expect(settings.identity == "precision=bf16;device=cuda")
    settings.engine = EngineChoice(name: "torch", devices: ["cpu"])
    #expect(settings.identity == "precision=bf16;device=cpu")
  }
}

/// A worker's engine whose version is known without asking it.
private struct DescribedEngine: InferenceEngine {
  let engine: WorkerEngine

  init(_ engine: WorkerEngine) { self.engine = engine }

  var name: String { engine.name }
  var formats: Set<ModelFormat> { [] }
  func version() -> String { "1.0" }
  func warmUp() {}
  func graph(of path: String) throws(InferenceError) -> Graph { try engine.graph(of: path) }
  func compile(_ compilation: NetworkCompilation) throws(InferenceError) -> any CompiledNetwork {
    try engine.compile(compilation)
  }
}
