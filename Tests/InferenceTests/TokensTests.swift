import FeatureData
import Foundation
import Testing

@testable import Inference

@Suite struct TokensTests {
  private func model(_ name: String, side: Int? = nil, registers: Int? = nil) throws -> Model {
    try Model.open(
      TestMaterial.model("Transformers/\(name)"), engines: TestMaterial.engines, side: side, registers: registers)
  }

  private func tokens(_ name: String, registers: Int? = nil) throws -> Layer {
    try model(name, registers: registers).layers.layer(named: "last_hidden_state")
  }

  @Test(arguments: [
    ("class_token", "1 class + 16 patches of 4 px"), ("registers", "1 class + 2 register + 16 patches of 4 px"),
    ("late_registers", "1 class + 4 register + 16 patches of 4 px"),
    ("registers_alone", "2 register + 16 patches of 4 px"), ("no_class", "16 patches of 4 px"),
    ("unclear", "3 unclear (class or register) + 16 patches of 4 px"),
    // Its output is the first token.
    ("unclear_but_read", "1 class + 2 register + 16 patches of 4 px"), ("dynamic", "1 class + 16 patches of 4 px"),
    // Nothing is seen of how it joins, but there is one token more than patches.
    ("padded", "1 class + 16 patches of 4 px"),
  ])
  func `What the tokens are is told from the graph`(name: String, phrase: String) throws {
    let layers = try model(name).layers
    #expect(try layers.layer(named: "last_hidden_state").tokens?.phrase == phrase)
    // Before a token of the network's own joins them, there are patches alone.
    #expect(try layers.layer(named: "patches").tokens?.ownCount ?? 0 == 0)
  }

  @Test func `Tokens that are the only output are postconv`() throws {
    let layers = try model("registers").layers
    #expect(layers.postconv?.name == "last_hidden_state" && layers.heads.isEmpty)
    #expect(try model("unclear_but_read").layers.postconv?.name == "embedding")
  }

  @Test(arguments: [
    ("class_token", 1), ("registers", 3), ("late_registers", 5), ("registers_alone", 2), ("no_class", 0),
    ("dynamic", 1), ("padded", 1),
  ])
  func `Class token and mean over the patches are those of ONNX Runtime's tokens`(name: String, own: Int) throws {
    let model = try model(name)
    let layer = try model.layers.layer(named: "last_hidden_state")
    let poolings: [Layer.Pooling?] =
      layer.tokens?.hasClassToken == true
      ? [nil, .classToken, .patchMean, .classAndMean, .average, .maximum, Layer.Pooling.none]
      : [nil, .patchMean, .average, .maximum, Layer.Pooling.none]
    let layers = try poolings.map { try layer.pooled(by: $0) }
    let pipeline = try InferencePipeline(
      model: model, layers: layers, outputs: [], standardization: .torch, tileSidePixels: TestMaterial.side)
    let result = try pipeline.run(SlideJob(name: "s", tileCount: 1) { _, pixels in TestMaterial.fill(pixels) })
    let all = try #require(TestMaterial.expected(of: "Transformers")[name]?["last_hidden_state"])
    let rows = stride(from: 0, to: all.count, by: 8).map { Array(all[$0..<$0 + 8]) }
    func mean(_ rows: ArraySlice<[Double]>) -> [Double] {
      (0..<8).map { column in rows.reduce(0) { $0 + $1[column] } / Double(rows.count) }
    }
    let classToken = rows[0]
    let patches = mean(rows[own...])
    for (pooling, values) in zip(poolings, result.activations) {
      let wanted =
        switch pooling {
        case nil: layer.tokens?.hasClassToken == true ? classToken : patches
        case .classToken?: classToken
        case .patchMean?: patches
        case .classAndMean?: classToken + patches
        case .average?: mean(rows[...])
        case .maximum?: (0..<8).map { column in rows.map { $0[column] }.max() ?? 0 }
        case Layer.Pooling.none?: all
        }
      #expect(values.columnCount == wanted.count)
      #expect(relativeError(values.elements, wanted) < 3e-6, "\(pooling.map { "\($0)" } ?? "default")")
    }
  }

  @Test func `What means the same as before has the key that it had`() throws {
    let withClass = try tokens("registers")
    #expect(try withClass.pooled(by: .average).identity == "last_hidden_state")
    #expect(try withClass.pooled(by: .maximum).identity == "last_hidden_state;pooling=max")
    #expect(try withClass.pooled(by: .patchMean).identity == "last_hidden_state;pooling=mean;from=3")
    let identities = try Layer.Pooling.allCases.map { try withClass.pooled(by: $0).identity }
    #expect(Set(identities).count == Layer.Pooling.allCases.count)
    // The mean over the patches of tokens that are patches, and over the places of a map, is the mean that there was.
    #expect(try tokens("no_class").pooled(by: .patchMean).identity == "last_hidden_state")
    let map = try Model.open(TestMaterial.model("classifier")).layers.layer(named: "layer1")
    #expect(try map.pooled(by: .patchMean) == map && map.pooled(by: nil) == map)
  }

  @Test func `A class token that is not there is refused in words`() throws {
    for (name, word) in [("no_class", "16 patches"), ("registers_alone", "2 register")] {
      for pooling in [Layer.Pooling.classToken, .classAndMean] {
        let error = #expect(throws: InferenceError.self) { try tokens(name).pooled(by: pooling) }
        #expect(error?.message.contains(word) == true && error?.remedy == "pooling=mean")
      }
    }
    let map = try Model.open(TestMaterial.model("classifier")).layers.layer(named: "layer1")
    let error = #expect(throws: InferenceError.self) { try map.pooled(by: .classToken) }
    #expect(error?.message.contains("no tokens of a transformer") == true)
    #expect(try tokens("unclear").pooled(by: .classToken).pooledPhrase == "the first token, taken for the class token")
  }

  @Test func `A person says how many registers there are, but not against the file`() throws {
    #expect(try tokens("unclear", registers: 2).tokens?.phrase == "1 class + 2 register + 16 patches of 4 px")
    let without = try tokens("unclear", registers: 3)
    #expect(without.tokens?.phrase == "3 register + 16 patches of 4 px" && without.tokens?.isUnclear == false)
    #expect(try without.pooled(by: nil).skippedTokenCount == 3)
    #expect(try tokens("registers", registers: 2).tokens?.phrase == "1 class + 2 register + 16 patches of 4 px")
    for (name, registers) in [("registers", 3), ("unclear", 1), ("class_token", 4), ("no_class", 1)] {
      let error = #expect(throws: InferenceError.self) { try model(name, registers: registers) }
      #expect(error?.parameter == "registers" && error?.message.contains("patches of 4 px") == true)
    }
  }
}
