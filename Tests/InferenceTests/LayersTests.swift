import Testing

@testable import Inference

@Suite struct LayersTests {
  @Test func `The pooled vector before the last fully connected layer is postconv, and logits lie before the softmax`()
    throws
  {
    let model = try Model.open(TestMaterial.model("classifier"))
    #expect(model.input == ModelInput(name: "input", channelOrder: .channelsFirst, sidePixels: 16, declaredBatch: nil))
    #expect(model.layers.postconv?.name == "pooled")
    #expect(model.layers.postconv?.width == 12)
    #expect(model.layers.postconvReason == "the pooled vector that feeds the last fully connected layer.")
    #expect(model.layers.heads.map(\.layer.name) == ["fc"])
    #expect(model.layers.heads.first?.activation == .softmax)
  }

  @Test func `Behind hidden layers postconv is still the pooled vector`() throws {
    let layers = try Model.open(TestMaterial.model("hidden_layers")).layers
    #expect(layers.postconv?.name == "pooled")
    #expect(layers.heads.map(\.layer.name) == ["fc1"])
  }

  @Test func `A model of features alone has postconv and no logits`() throws {
    let layers = try Model.open(TestMaterial.model("features_only")).layers
    #expect(layers.postconv?.name == "pooled")
    #expect(layers.heads.isEmpty)
  }

  @Test func `Without a fully connected layer postconv is what the class convolution reads`() throws {
    let layers = try Model.open(TestMaterial.model("all_convolutional")).layers
    #expect(layers.postconv?.name == "/layer2/relu/Relu_output_0")
    #expect(layers.postconv?.isSpatial == true && layers.postconv?.width == 12)
    #expect(layers.heads.first?.width == 4)
  }

  @Test func `A model that only gives probabilities is said to`() throws {
    let head = try Model.open(TestMaterial.model("probabilities_only")).layers.heads.first
    #expect(head?.activation == .unseen)
    #expect(head?.layer.name == "probabilities")
  }

  @Test func `A layer is found by tensor name, module path, and in any case`() throws {
    let layers = try Model.open(TestMaterial.model("classifier")).layers
    let name = "/m/layer1/relu/Relu_output_0"
    for alias in [name, "m.layer1.relu", "layer1.relu", "layer1", "LAYER1", "r1"] {
      #expect(try layers.layer(named: alias).name == name, "\(alias)")
    }
    #expect(try layers.layer(named: "postconv").name == "pooled")
    #expect(Set(layers.names).count == layers.names.count)
  }

  @Test func `An unknown layer is answered with the nearest names`() throws {
    let path = TestMaterial.model("classifier")
    let layers = try Model.open(path).layers
    do throws(InferenceError) {
      _ = try layers.layer(named: "layr1")
      Issue.record("a layer of that name is found")
    } catch {
      guard case .unknownLayer(let name, let nearest, let file) = error else {
        Issue.record("another error: \(error)")
        return
      }
      #expect(name == "layr1" && file == path && nearest.first == "layer1")
    }
  }

  @Test func `Those layers are marked that features are mostly taken from`() throws {
    let layers = try Model.open(TestMaterial.model("hidden_layers")).layers
    let marked = zip(layers.all, layers.parts).compactMap { layer, part in part.map { (layer.name, $0) } }
    #expect(marked.contains { $0 == ("pooled", .postconv) } && marked.contains { $0 == ("fc1", .logits) })
    #expect(marked.contains { $0.1 == .dense }, "the hidden layer")
    #expect(marked.count < layers.all.count)
  }

  @Test func `Module paths join the nested names that torch's exporter writes`() {
    let names = ["/m/layer4/layer4.0/relu_1/Relu_output_0", "/m/layer4/layer4.1/Add_output_0", "/m/fc/Gemm_output_0"]
    let aliases = moduleAliases(of: names.map(modulePath))
    #expect(aliases[0].contains("layer4.0.relu_1") && aliases[0].contains("layer4.0"))
    #expect(aliases[1].contains("layer4.1") && aliases[1].contains("layer4"))
    #expect(!aliases[0].contains("layer4"))
    #expect(aliases[2].contains("fc"))
  }
}
