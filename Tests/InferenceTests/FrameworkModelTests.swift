import FeatureData
import Foundation
import Testing

@testable import Inference

/// Networks of known architecture, exported from torch and Keras in every way that is read, against what these make of
/// the same tiles.
@Suite(
  .enabled(
    if: !FrameworkModel.all.isEmpty,
    "TESSERA_FRAMEWORK_MODELS names no folder made by Fixtures/make_framework_models.py"))
struct FrameworkModelTests {
  @Test(arguments: FrameworkModel.all)
  func `Activations, postconv and logits agree with the framework's within 1e-4`(file: FrameworkModel) throws {
    let expected = try file.expected()
    let model = try Model.open(file.path)
    let asked = expected.layers.keys.filter { $0 != "logits|avg" }.sorted()
    let layers = try asked.map { key in
      let parts = key.split(separator: "|").map(String.init)
      let pooling = try #require(Layer.Pooling(rawValue: parts[1]))
      return try model.layers.layer(named: parts[0]).pooled(by: pooling)
    }
    let pipeline = try InferencePipeline(
      model: model, layers: layers, outputs: model.layers.heads.map(\.layer), standardization: expected.rule,
      tileSidePixels: 224)
    let result = try pipeline.run(
      SlideJob(name: "s", tileCount: 2) { index, pixels in TestMaterial.fill(pixels, side: 224, shift: 50 * index) })
    for (key, values) in zip(asked + ["logits|avg"], result.activations + [try #require(result.logits)]) {
      let wanted = try #require(expected.layers[key])
      #expect(values.elements.count == wanted.count, "\(key)")
      #expect(relativeError(values.elements, wanted) < 1e-4, "\(key): \(relativeError(values.elements, wanted))")
    }
    #expect(!model.layers.heads.contains { $0.activation == .unseen })
  }

  @Test(arguments: FrameworkModel.all)
  func `The layers listed are few, and stages or blocks are among them`(file: FrameworkModel) throws {
    let layers = try Model.open(file.path).layers
    let listed = layers.parts.compactMap(\.self)
    #expect(listed.count < 60 && listed.count { $0 == .stage || $0 == .block } >= 4, "\(listed.count) are listed")
  }
}

/// A model that `make_framework_models.py` wrote: its name, then how it was exported.
struct FrameworkModel: Sendable, CustomTestStringConvertible {
  struct Expected: Decodable {
    let standardization: String
    /// By layer and pooling, as in "layer4.1|max".
    let layers: [String: [Double]]

    var rule: Standardization {
      ["torch": .torch, "tensorflow": .tensorflow, "imagenet": .imagenet][standardization] ?? .none
    }
  }

  let path: String
  var testDescription: String { (path as NSString).lastPathComponent }

  func expected() throws -> Expected {
    let folder = URL(fileURLWithPath: path).deletingLastPathComponent()
    let name = testDescription.split(separator: ".")[0]
    return try JSONDecoder().decode(
      Expected.self, from: Data(contentsOf: folder.appendingPathComponent("\(name).json")))
  }

  static let all: [FrameworkModel] = {
    guard let folder = ProcessInfo.processInfo.environment["TESSERA_FRAMEWORK_MODELS"] else { return [] }
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.filter { !$0.hasSuffix(".json") }.sorted().map { FrameworkModel(path: folder + "/" + $0) }
  }()
}
