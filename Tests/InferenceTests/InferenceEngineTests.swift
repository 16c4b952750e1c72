import ChannelMeans
import FeatureData
import Foundation
import Inference
import OpenVINOEngine
import Testing

@Suite struct InferenceEngineTests {
  private func pipeline(_ engine: ChannelMeansEngine, batch: Int = 4) throws -> InferencePipeline {
    let model = try Model.open(TestMaterial.model("classifier"), engines: [engine])
    return try InferencePipeline(
      model: model, layers: [try #require(model.layers.postconv)], outputs: model.layers.heads.map(\.layer),
      standardization: .torch, tileSidePixels: 16, settings: InferenceSettings(batchSize: batch, streams: 3))
  }

  /// Tile `index` is red by its number, green by twice that, and blue by 9.
  private func job(_ count: Int) -> SlideJob {
    SlideJob(name: "s", tileCount: count) { index, pixels in
      for place in pixels.indices { pixels[place] = UInt8([index, 2 * index, 9][place % 3]) }
    }
  }

  @Test func `Layers and heads are told in the graph of any engine`() throws {
    let model = try Model.open(TestMaterial.model("classifier"), engines: [ChannelMeansEngine()])
    #expect(model.engine.name == "Channel means" && model.input.sidePixels == 16)
    #expect(model.layers.all.map(\.name) == ["means", "logits"])
    #expect(model.layers.all.map(\.kind) == ["average pooling", "fully connected"])
    #expect(model.layers.postconv?.name == "means" && model.layers.heads.map(\.layer.name) == ["logits"])
  }

  @Test func `Tiles go through the pipeline on any engine`() throws {
    let pipeline = try pipeline(ChannelMeansEngine())
    let result = try pipeline.run(job(21))
    func standardized(_ byte: Int) -> Float { (Float(byte) - 127.5) / 127.5 }
    #expect(result.tiles == Array(0..<21))
    for tile in 0..<21 {
      let means = [standardized(tile), standardized(2 * tile), standardized(9)]
      #expect(Array(result.activations[0].row(tile)) == means)
      #expect(result.logits.map { Array($0.row(tile)) } == [means[0] - means[2], means[1] - means[2]])
    }
    #expect(pipeline.record == "Channel means 1.0; batch=4")
  }

  @Test func `A network that gives another number of values than its layer has is refused`() {
    #expect(
      throws: InferenceError.compilationFailed(
        path: TestMaterial.model("classifier"), engine: "Channel means",
        reason: "layer “means” has 4 values instead of 3")
    ) { try pipeline(ChannelMeansEngine(excess: 1)) }
  }

  @Test func `A model is taken by the first engine that reads files of its kind`() throws {
    let path = TestMaterial.model("classifier")
    let engines: [any InferenceEngine] = [ChannelMeansEngine(formats: [.tensorFlowLite]), OpenVINOEngine()]
    #expect(try Model.open(path, engines: engines).engine.name == "OpenVINO")
    #expect(try Model.open(path, engines: [ChannelMeansEngine(), OpenVINOEngine()]).engine.name == "Channel means")
    #expect(throws: InferenceError.noEngine(path: path, kind: "ONNX")) {
      try Model.open(path, engines: [ChannelMeansEngine(formats: [])])
    }
  }
}
