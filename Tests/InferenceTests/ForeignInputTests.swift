import FeatureData
import Foundation
import Testing

@testable import Inference

/// Inputs as networks made elsewhere have them.
@Suite struct ForeignInputTests {
  private func model(_ name: String, side: Int? = nil) throws -> Model {
    try Model.open(TestMaterial.model("Transformers/\(name)"), engines: TestMaterial.engines, side: side)
  }

  private func run(_ model: Model, _ standardization: Standardization, side: Int = 16) throws -> SlideInference {
    let layer = try #require(model.layers.postconv).pooled(by: nil)
    let pipeline = try InferencePipeline(
      model: model, layers: [layer], outputs: [], standardization: standardization, tileSidePixels: side)
    return try pipeline.run(SlideJob(name: "s", tileCount: 3) { _, pixels in TestMaterial.fill(pixels, side: side) })
  }

  @Test func `The side that a dynamic input has in truth is found`() throws {
    let input = try model("dynamic").input
    #expect(input.sidePixels == 16 && input.sideSource == .positions(count: 16, patchPixels: 4) && input.isSideOpen)
    let flattened = try model("flattened")
    #expect(flattened.input.sidePixels == 64 && flattened.input.sideSource == .tried)
    // With the side, the shapes are known too.
    #expect(flattened.layers.postconv?.width == 6 * 32 * 32)
    #expect(try run(model("dynamic"), .torch, side: 20).activations[0].rowCount == 3)
  }

  @Test func `A side that the network does not take is refused with those that it takes`() throws {
    let error = #expect(throws: InferenceError.self) { try model("dynamic", side: 20) }
    #expect(error == .sideRefused(path: TestMaterial.model("Transformers/dynamic"), side: 20, taken: [16]))
    #expect(error?.remedy == "side=16" && error?.parameter == "side")
    #expect(try model("dynamic", side: 16).input.sideSource == .given)
    let fixed = #expect(throws: InferenceError.self) { try model("class_token", side: 20) }
    #expect(fixed?.parameter == "side" && fixed?.message.contains("16 px") == true)
    #expect(try model("class_token", side: 16).input.sideSource == .file)
  }

  @Test(arguments: ["bytes", "int64"])
  func `Networks that take whole numbers get the bytes as they are`(name: String) throws {
    let model = try model(name)
    let choice = try StandardizationChoice.choose(model: model)
    #expect(choice.standardization == .none && choice.warnings.isEmpty && choice.reason.contains("whole numbers"))
    let wanted = try #require(TestMaterial.expected(of: "Transformers")[name]?["pooled"])
    #expect(relativeError(try run(model, choice.standardization).activations[0].row(0), wanted) < 2e-6)
    let error = #expect(throws: InferenceError.self) {
      try StandardizationChoice.choose(given: .imagenet, model: model)
    }
    #expect(error?.remedy == "standardization=none")
    #expect(try StandardizationChoice.choose(given: Standardization.none, model: model).standardization == .none)
    // Whatever a file says that is not of this network.
    let parameters = try ModelParameters.parse(Data(#"{"backend": "tensorflow"}"#.utf8), path: "params.json")
    #expect(try StandardizationChoice.choose(beside: parameters, model: model).standardization == .none)
    // Numbers between those of bytes are rounded, not cut off.
    #expect(try run(model, .none, side: 24).activations[0].rowCount == 3)
  }

  @Test(arguments: [("scaled_inside", "none"), ("shares_inside", "shares")])
  func `Networks that standardise their input themselves get it as they want it`(name: String, kind: String) throws {
    let model = try model(name)
    let choice = try StandardizationChoice.choose(model: model)
    #expect(choice.standardization == (kind == "none" ? Standardization.none : .shares) && choice.warnings.isEmpty)
    let wanted = try #require(TestMaterial.expected(of: "Transformers")[name]?["pooled"])
    #expect(relativeError(try run(model, choice.standardization).activations[0].row(0), wanted) < 2e-6)
    let twice = try StandardizationChoice.choose(given: .imagenet, model: model)
    #expect(twice.standardization == .imagenet && twice.warnings.contains { $0.contains("itself") })
  }

  @Test func `Inputs of other channels, or several, are refused in words`() throws {
    for (name, words) in [
      ("four_channels", "4 channels instead of 3"), ("one_channel", "1 channel instead of 3"),
      ("two_inputs", "it has 2 inputs “"),
    ] {
      let error = #expect(throws: InferenceError.self) { try model(name) }
      #expect(error?.message.contains(words) == true)
    }
  }

  @Test func `A quantised classifier has its head, and postconv before it`() throws {
    let model = try model("quantised")
    #expect(model.layers.heads.map(\.activation) == [.softmax] && model.layers.postconv?.width == 12)
    let reading = try OutputReading.choose(model, parameters: nil, asked: nil)
    let pipeline = try InferencePipeline(
      model: reading.model, layers: [], outputs: reading.kept, standardization: .torch, tileSidePixels: 16)
    let result = try pipeline.run(SlideJob(name: "s", tileCount: 1) { _, pixels in TestMaterial.fill(pixels) })
    let probabilities = reading.outputs.probabilities(of: try #require(result.logits).row(0))
    let wanted = try #require(TestMaterial.expected(of: "Transformers")["quantised"]?["probs"])
    // A step of the quantised probabilities is 1 / 255.
    #expect(zip(probabilities, wanted).allSatisfy { abs(Double($0) - $1) < 0.02 })
  }
}
