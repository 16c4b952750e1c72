import FeatureData
import Foundation
import Synchronization
import Testing

@testable import Inference

@Suite struct InferencePipelineTests {
  private func pipeline(
    _ name: String = "classifier", layers: [String] = ["postconv"], logits: Bool = true,
    standardization: Standardization = .torch, settings: InferenceSettings = InferenceSettings()
  ) throws -> InferencePipeline {
    let model = try Model.open(TestMaterial.model(name))
    return try InferencePipeline(
      model: model, layers: layers.map { try model.layers.layer(named: $0) },
      outputs: logits ? model.layers.heads.map(\.layer) : [],
      standardization: standardization, tileSidePixels: TestMaterial.side, settings: settings)
  }

  private func job(_ name: String, _ count: Int) -> SlideJob {
    SlideJob(name: name, tileCount: count) { index, pixels in TestMaterial.fill(pixels, shift: index) }
  }

  @Test func `Every standardisation gives what ONNX Runtime gives`() throws {
    let bgr = try Standardization.explicit(mean: [103.939, 116.779, 123.68], scale: [1], channels: .bgr)
    let cases: [(String, Standardization)] = [
      ("torch", .torch), ("imagenet", .imagenet), ("tensorflow", .tensorflow), ("bgr", bgr),
    ]
    for (name, standardization) in cases {
      let result = try pipeline(layers: ["postconv", "layer1"], standardization: standardization).run(job("s", 1))
      #expect(relativeError(result.activations[0].elements, try TestMaterial.expected(name, "pooled")) < 2e-6)
      #expect(relativeError(result.activations[1].elements, try TestMaterial.expected(name, "layer1")) < 2e-6)
      #expect(relativeError(try #require(result.logits).elements, try TestMaterial.expected(name, "logits")) < 2e-6)
    }
  }

  @Test func `Models with channels last, spatial postconv or a fixed batch run too`() throws {
    let last = try pipeline("channels_last", logits: false).run(job("s", 1))
    #expect(relativeError(last.activations[0].elements, try TestMaterial.expected("channels_last", "pooled")) < 2e-6)
    let maps = try pipeline("all_convolutional").run(job("s", 1))
    let expected = try TestMaterial.expected("all_convolutional", "pooled")
    #expect(relativeError(maps.activations[0].elements, expected) < 2e-6)
    #expect(maps.logits?.columnCount == 4)
    let fixed = try pipeline("fixed_batch", logits: false).run(job("s", 11))
    #expect(fixed.activations[0].rowCount == 11)
  }

  @Test func `A spatial layer is pooled by its mean or maximum, or given whole`() throws {
    let model = try Model.open(TestMaterial.model("classifier"))
    let layer = try model.layers.layer(named: "layer1")
    let places = layer.shape.dropFirst(2).reduce(1) { $0 * ($1 ?? 0) }
    let kinds: [Layer.Pooling] = [.average, .maximum, .none]
    let poolings = try kinds.map { try layer.pooled(by: $0) }
    #expect(poolings.map(\.width) == [layer.width, layer.width, layer.width * places])
    #expect(poolings[0] == layer && Set(poolings.map(\.identity)).count == 3 && poolings[0].identity == layer.name)
    #expect(try poolings[2].pooled(by: .average) == layer)
    let vector = try model.layers.layer(named: "pooled")
    #expect(try vector.pooled(by: .maximum) == vector)

    let pipeline = try InferencePipeline(
      model: model, layers: poolings, outputs: [], standardization: .torch, tileSidePixels: TestMaterial.side)
    let result = try pipeline.run(job("s", 3))
    for tile in 0..<3 {
      let rows = result.activations.map { Array($0.row(tile)) }
      for channel in 0..<layer.width {
        let values = rows[2][channel * places..<(channel + 1) * places]
        #expect(rows[1][channel] == values.max())
        #expect(abs(rows[0][channel] - values.reduce(0, +) / Float(places)) < 1e-5)
      }
    }
  }

  @Test func `A slide's result is the same bits alone, among others, and with any number of streams`() throws {
    let alone = try pipeline().run(job("b", 21))
    for streams in [1, 2, 5] {
      let many = try pipeline(settings: InferenceSettings(streams: streams))
      let names = Mutex(["a", "b", "c", "d", "e", "f"].reversed() as [String])
      var results: [String: SlideInference] = [:]
      try many.run(
        monitor: SilentMonitor(), totalTiles: 0,
        next: { names.withLock { $0.popLast() }.map { job($0, $0 == "d" ? 0 : 21) } },
        completed: { results[$0.name] = $0 })
      #expect(results.count == 6)
      #expect(results["b"]?.activations == alone.activations)
      #expect(results["b"]?.logits == alone.logits)
      #expect(results["d"]?.activations.first?.rowCount == 0)
    }
  }

  @Test func `A tile that cannot be loaded is told and left out, and the others keep their values`() throws {
    struct Broken: Error {}
    let whole = try pipeline().run(job("s", 20))
    let holed = try pipeline().run(
      SlideJob(name: "s", tileCount: 20) { index, pixels in
        if index == 3 || index == 17 { throw Broken() }
        TestMaterial.fill(pixels, shift: index)
      })
    #expect(holed.failures.map(\.tile) == [3, 17])
    #expect(holed.tiles == (0..<20).filter { $0 != 3 && $0 != 17 })
    for (row, tile) in holed.tiles.enumerated() {
      #expect(Array(holed.activations[0].row(row)) == Array(whole.activations[0].row(tile)))
    }
  }

  @Test func `Errors of the caller's end the run and come back`() throws {
    struct Stop: Error {}
    let pipeline = try pipeline()
    #expect(throws: Stop.self) {
      try pipeline.run(monitor: SilentMonitor(), totalTiles: 0, next: { throw Stop() }, completed: { _ in })
    }
    #expect(throws: Stop.self) {
      try pipeline.run(
        monitor: SilentMonitor(), totalTiles: 0, next: { job("endless", 9) }, completed: { _ in throw Stop() })
    }
  }

  @Test func `An interruption stops within a second and keeps the slides that are whole`() throws {
    final class Interrupted: WorkMonitor {
      let isSet = Mutex(false)
      var isInterrupted: Bool { isSet.withLock { $0 } }
      func report(phase: String, unit: String, done: Int, total: Int) {}
    }
    let monitor = Interrupted()
    var kept = 0
    var interruptedAt = ContinuousClock.now
    #expect(throws: WorkInterrupted()) {
      try pipeline().run(
        monitor: monitor, totalTiles: 0,
        next: {
          SlideJob(name: "s", tileCount: 40) { index, pixels in
            usleep(2000)
            TestMaterial.fill(pixels, shift: index)
          }
        },
        completed: { _ in
          kept += 1
          if kept == 2 {
            interruptedAt = .now
            monitor.isSet.withLock { $0 = true }
          }
        })
    }
    #expect(kept >= 2)
    #expect(ContinuousClock.now - interruptedAt < .seconds(1))
  }

  @Test func `What cannot be run is said before it begins`() throws {
    let model = try Model.open(TestMaterial.model("features_only"))
    #expect(model.layers.heads.isEmpty)
    #expect(throws: InferenceError.nothingAsked) {
      try InferencePipeline(
        model: model, layers: [], outputs: [], standardization: .torch, tileSidePixels: 16)
    }
  }

  @Test func `Tiles of another size than the model reads are resized`() throws {
    let model = try Model.open(TestMaterial.model("features_only"))
    let postconv = try #require(model.layers.postconv)
    func activations(side: Int) throws -> Matrix {
      let pipeline = try InferencePipeline(
        model: model, layers: [postconv], outputs: [], standardization: .torch, tileSidePixels: side)
      // The left half dark, the right half light, with the edge at the same place whatever the size.
      let job = SlideJob(name: "s", tileCount: 3) { index, pixels in
        for pixel in 0..<side * side {
          for channel in 0..<3 {
            pixels[pixel * 3 + channel] = UInt8((pixel % side < side / 2 ? 40 : 200) + index * 10 + channel)
          }
        }
      }
      return try pipeline.run(job, monitor: SilentMonitor()).activations[0]
    }
    let own = try activations(side: 16)
    let larger = try activations(side: 64)
    let scale = own.elements.map(abs).max() ?? 0
    #expect(own != larger)
    #expect(zip(own.elements, larger.elements).allSatisfy { abs($0 - $1) < 0.1 * scale })
  }

  @Test func `The record tells the precision and the batch`() throws {
    let pipeline = try pipeline()
    #expect(pipeline.record.contains("precision=f32") && pipeline.record.contains("batch=8"))
    #expect(InferenceSettings(precision: .bf16).identity != InferenceSettings().identity)
    #expect(InferenceSettings(streams: 1).identity == InferenceSettings(streams: 9).identity)
  }
}
