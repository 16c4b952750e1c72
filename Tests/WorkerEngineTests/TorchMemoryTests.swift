import ChannelMeans
import FeatureData
import Foundation
import Inference
import PythonPrograms
import Testing

@testable import WorkerEngine

@Suite("The engine torch where memory is short")
struct TorchMemoryTests {
  private static let environment = PythonEnvironment.found()
  private static let hasTorch = environment?.version(of: "torch") != nil

  /// A module `networks` whose network has room for so many tiles.
  private static func networks(room: Int) -> String {
    """
    import torch


    class Refusal(Exception):
        pass


    class Means(torch.nn.Module):
        def forward(self, x):
            if len(x) > \(room):
                raise torch.OutOfMemoryError("out of memory")
            return x.mean((2, 3))


    def build(recipe):
        return Means()


    class Outputs(torch.nn.Module):
        def __init__(self, network, names):
            super().__init__()
            self.network = network

        def forward(self, x):
            means = self.network(x)
            return [means, means[:, :2] - means[:, 2:]]
    """
  }

  private func run(room: Int) throws -> (inference: SlideInference, remarks: [String]) {
    let folder = NSTemporaryDirectory() + "tessera-networks-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try Self.networks(room: room).write(toFile: folder + "/networks.py", atomically: true, encoding: .utf8)
    let modules = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent("Sources/CPythonPrograms").path
    let start = """
      import sys
      sys.dont_write_bytecode = True
      sys.path[:0] = ["\(folder)", "\(modules)"]
      import worker_torch
      worker_torch.main()
      """
    let engine = WorkerEngine(
      WorkerProgram(
        engine: "torch", executable: try #require(Self.environment?.interpreter), arguments: ["-I", "-c", start]))
    let own = try WorkerMaterial.model.get()
    let model = try Model.open(
      own.path, converted: ConvertedNetwork(file: own.path, recipe: "{}"), engines: [ChannelMeansEngine()])
    var settings = InferenceSettings(streams: 2)
    settings.engine = EngineChoice(name: "torch", devices: ["cpu"])
    let pipeline = try InferencePipeline(
      model: model, layers: [try model.layers.layer(named: "means")], outputs: model.layers.heads.map(\.layer),
      standardization: .torch, engine: engine, tileSidePixels: 16, settings: settings)
    let inference = try pipeline.run(WorkerMaterial.job(0, tileCount: 21))
    return (inference, pipeline.takeRemarks())
  }

  @Test("a batch that is too large is halved until it has room, which is said", .enabled(if: hasTorch, "no torch here"))
  func halved() throws {
    let (inference, remarks) = try run(room: 3)
    let expected = try #require(try WorkerMaterial.expected(slides: 1, tileCount: 21)["s0"])
    #expect(inference.tiles == expected.tiles)
    for (one, other) in zip(
      inference.activations + [inference.logits].compactMap(\.self),
      expected.activations + [expected.logits].compactMap(\.self))
    {
      for row in 0..<one.rowCount {
        for (own, known) in zip(one.row(row), other.row(row)) { #expect(abs(own - known) < 1e-5) }
      }
    }
    // Each of the batches under way may have found it.
    #expect(remarks.contains { $0.hasPrefix("The memory of cpu was short: batches of 2 tiles from then on.") })
  }

  @Test("memory for not even one tile is an error in words", .enabled(if: hasTorch, "no torch here"))
  func noRoom() throws {
    let failure = #expect(throws: InferenceError.self) { try run(room: 0) }
    #expect(failure?.message == "The engine torch on cpu has not enough memory for one tile.")
  }
}
