import FeatureData
import Foundation
import Testing

@testable import Inference

@Suite struct ModelKindsTests {
  private func fixture(_ name: String) -> String { TestMaterial.folder.appendingPathComponent("Fixtures/\(name)").path }

  private func run(
    _ model: Model, layers: [String], standardization: Standardization
  ) throws -> SlideInference {
    let pipeline = try InferencePipeline(
      model: model, layers: layers.map { try model.layers.layer(named: $0) }, outputs: model.layers.heads.map(\.layer),
      standardization: standardization, tileSidePixels: TestMaterial.side)
    return try pipeline.run(SlideJob(name: "s", tileCount: 1) { _, pixels in TestMaterial.fill(pixels) })
  }

  @Test(arguments: ["small_saved_model", "small.tflite"])
  func `Keras's exports give what Keras gives, and layers go by their names there`(name: String) throws {
    let model = try Model.open(fixture(name))
    #expect(model.input.channelOrder == .channelsLast && model.input.sidePixels == 16)
    #expect(model.layers.postconv?.width == 8 && model.layers.heads.map(\.activation) == [.softmax])
    let file = URL(fileURLWithPath: fixture("expected_keras.json"))
    let expected = try JSONDecoder().decode([String: [Double]].self, from: Data(contentsOf: file))
    // Of convolutions no name is left: the block has the number in its place.
    let result = try run(model, layers: ["block_1", "postconv", "hidden_0"], standardization: .tensorflow)
    for (values, layer) in zip(result.activations, ["block_1", "pooled", "hidden_0"]) {
      #expect(relativeError(values.elements, try #require(expected[layer])) < 1e-5, "\(layer)")
    }
    #expect(relativeError(try #require(result.logits).elements, try #require(expected["logits"])) < 1e-5)
  }

  @Test(arguments: ["small_saved_model", "small.tflite"])
  func `A layer has the same name however many models were read before`(name: String) throws {
    let first = try Model.open(fixture(name)).layers
    _ = try Model.open(TestMaterial.model("classifier"))
    let second = try Model.open(fixture(name)).layers
    #expect(first.names == second.names && first.all.map(\.name) == second.all.map(\.name))
    #expect(Set(first.all.map(\.name)).count == first.all.count)
  }

  @Test func `OpenVINO's own form gives what the ONNX file gives that it was made from`() throws {
    let own = try Model.open(fixture("classifier.xml"))
    #expect(own.layers.postconv?.name == "pooled" && own.layers.heads.map(\.layer.name) == ["fc"])
    let result = try run(own, layers: ["postconv", "layer1"], standardization: .torch)
    for (values, layer) in zip(result.activations, ["pooled", "layer1"]) {
      #expect(relativeError(values.elements, try TestMaterial.expected("torch", layer)) < 2e-6)
    }
  }
}
