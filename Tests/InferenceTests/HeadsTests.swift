import FeatureData
import Foundation
import Testing

@testable import Inference

@Suite struct HeadsTests {
  private func model(_ name: String) throws -> Model { try Model.open(TestMaterial.model("Heads/\(name)")) }

  private func parameters(_ text: String) throws -> ModelParameters {
    try ModelParameters.parse(Data(text.utf8), path: "p/params.json")
  }

  private func read(
    _ name: String, parameters: String? = nil, asked: OutputReading.Asked? = nil, largestOutcome: Int = 0
  ) throws -> OutputReading {
    try OutputReading.choose(
      model(name), parameters: parameters.map { try self.parameters($0) }, asked: asked, largestOutcome: largestOutcome)
  }

  /// The outputs of a model as ONNX Runtime gives them, by name.
  private func expected(_ name: String) throws -> [String: [Double]] {
    let path = TestMaterial.folder.appendingPathComponent("Fixtures/Heads/expected.json")
    return try JSONDecoder().decode([String: [String: [Double]]].self, from: Data(contentsOf: path))[name] ?? [:]
  }

  private func probabilities(_ reading: OutputReading) throws -> [Float] {
    let pipeline = try InferencePipeline(
      model: reading.model, layers: [], outputs: reading.kept, standardization: .torch, tileSidePixels: 16)
    let result = try pipeline.run(SlideJob(name: "s", tileCount: 1) { _, pixels in TestMaterial.fill(pixels) })
    return reading.outputs.probabilities(of: try #require(result.logits).row(0))
  }

  @Test(arguments: [
    ("one_sigmoid", "p", OutputHead.Meaning.labels), ("squeezed_sigmoid", "p", .labels), ("labels", "y", .labels),
    ("written_out_sigmoid", "y", .labels), ("written_out_softmax", "y", .classes), ("folded_sigmoid", "y", .labels),
    ("number", "y", .numbers),
    ("positive_numbers", "y", .numbers),
  ])
  func `What stood before an output is kept, and gives its numbers back`(
    name: String, output: String, meaning: OutputHead.Meaning
  ) throws {
    let isRegression = name == "positive_numbers"
    let reading = try read(
      name, parameters: isRegression ? #"{"model_type": "linear", "outcomes": ["age", "size"]}"# : nil)
    #expect(reading.outputs.heads.map(\.meaning) == [meaning] && reading.model.layers.postconv?.name == "pooled")
    #expect(relativeError(try probabilities(reading), try #require(expected(name)[output])) < 2e-6)
  }

  @Test func `The log-softmax's classes have the probabilities that it is the logarithm of`() throws {
    let reading = try read("log_softmax")
    #expect(reading.outputs.heads.map(\.meaning) == [.classes] && !reading.outputs.heads[0].isAssumed)
    let wanted = try #require(expected("log_softmax")["y"]).map { exp($0) }
    #expect(relativeError(try probabilities(reading), wanted) < 2e-6)
  }

  @Test func `Logits and their probabilities are one head`() throws {
    let reading = try read("logits_and_probabilities")
    #expect(reading.kept.map(\.name) == ["logits"] && reading.outputs.heads.map(\.meaning) == [.classes])
    let wanted = try #require(expected("logits_and_probabilities")["probabilities"])
    #expect(relativeError(try probabilities(reading), wanted) < 2e-6)
    #expect(reading.storeIdentity == nil)
  }

  @Test func `Heads of two kinds stand side by side by name`() throws {
    let reading = try read(
      "age_and_classes", parameters: #"{"outcome_labels": {"0": "fat", "1": "gland", "2": "mucus"}}"#)
    #expect(reading.outputs.names == ["age", "tissue/fat", "tissue/gland", "tissue/mucus"])
    #expect(reading.outputs.heads.map(\.meaning) == [.numbers, .classes])
    let wanted = try expected("age_and_classes")
    let numbers = try #require(wanted["age"])
    #expect(relativeError(try probabilities(reading), numbers + (wanted["tissue"] ?? [])) < 2e-6)
    #expect(reading.storeIdentity?.count == 2)
  }

  @Test func `Heads that were laid side by side are told apart`() throws {
    let text = """
      {"outcomes": ["site", "stage"],
       "outcome_labels": {"site": {"0": "A", "1": "B"}, "stage": {"0": "I", "1": "II", "2": "III"}}}
      """
    let reading = try read("joined_heads", parameters: text)
    #expect(reading.outputs.names == ["site/A", "site/B", "stage/I", "stage/II", "stage/III"])
    let wanted = try #require(expected("joined_heads")["y"])
    #expect(relativeError(try probabilities(reading), wanted) < 2e-6)
    let sides = try read("both_sides")
    #expect(sides.outputs.heads.map(\.meaning) == [.labels] && sides.outputs.count == 1)
    let sideWanted = try #require(expected("both_sides")["y"])
    #expect(relativeError(try probabilities(sides), [sideWanted[1]]) < 2e-6)
  }

  @Test func `Outcomes of params.json give two heads their names, whatever their order there`() throws {
    let text = """
      {"model_type": "classification", "outcomes": ["grade", "msi"],
       "outcome_labels": {"grade": {"0": "1", "1": "2", "2": "3"}, "msi": {"0": "low", "1": "high"}}}
      """
    let reading = try read("two_heads", parameters: text)
    #expect(reading.outputs.names == ["msi/low", "msi/high", "grade/1", "grade/2", "grade/3"])
    #expect(reading.outputs.heads.map(\.isAssumed) == [false, false])
    #expect(try read("two_heads").outputs.names == ["msi/0", "msi/1", "grade/0", "grade/1", "grade/2"])
    #expect(try read("two_heads").remarks.contains { $0.contains("2 heads: msi (0, 1), grade (0, 1, 2)") })
  }

  @Test func `One sigmoid is named by the outcome, a regression by its columns`() throws {
    let classes = #"{"outcomes": ["HPV"], "outcome_labels": {"0": "negative", "1": "positive"}}"#
    #expect(try read("one_sigmoid", parameters: classes).outputs.names == ["positive"])
    #expect(try read("one_sigmoid", parameters: #"{"outcomes": ["HPV"]}"#).outputs.names == ["HPV"])
    #expect(try read("one_sigmoid").outputs.names == ["p"])
    let age = #"{"model_type": "regression", "outcomes": ["age"]}"#
    #expect(try read("number", parameters: age).outputs.probabilityTitle(0) == "age, as the model gives it")
    #expect(try read("number", parameters: #"{"model_type": "cph", "outcomes": ["risk"]}"#).outputs.names == ["risk"])
  }

  @Test func `A projection is features, unless its name, an outcome or a person says otherwise`() throws {
    for name in ["projection", "square_projection"] {
      let reading = try read(name)
      #expect(reading.outputs.count == 0 && reading.model.layers.postconv?.name == "output")
      #expect(reading.remarks.joined().contains("outputs=softmax") && reading.remarks.joined().contains("layer pooled"))
    }
    #expect(try read("projection", largestOutcome: 24).outputs.heads.map(\.meaning) == [.classes])
    #expect(try read("projection", asked: .softmax).model.layers.postconv?.name == "pooled")
    #expect(try read("named_logits").outputs.count == 24)
    let names = (0..<24).map { "\"\($0)\": \"c\($0)\"" }.joined(separator: ", ")
    #expect(try read("projection", parameters: "{\"outcome_labels\": {\(names)}}").outputs.names.first == "c0")
    let kind = try read("projection", parameters: #"{"model_type": "classification"}"#).outputs.heads
    #expect(kind.map(\.meaning) == [.classes] && kind.map(\.isAssumed) == [false])
    #expect(try read("softmax_beside_embedding").outputs.count == 2)
  }

  @Test func `What a person says of outputs holds, but not against the graph`() throws {
    #expect(try read("two_heads", asked: .sigmoid).outputs.heads.map(\.meaning) == [.labels, .labels])
    #expect(try read("number", asked: .sigmoid).outputs.heads.map(\.meaning) == [.labels])
    #expect(try read("labels", asked: .features).outputs.count == 0)
    let numbers = try read("labels", asked: .numbers)
    #expect(numbers.kept.map(\.name) == ["y"] && numbers.storeIdentity == ["y"])
    #expect(throws: InferenceError.self) { try read("labels", asked: .softmax) }
    #expect(throws: InferenceError.self) { try read("log_softmax", asked: .sigmoid) }
  }

  @Test func `What nothing says is assumed, and said`() throws {
    let reading = try read("two_heads")
    #expect(reading.outputs.heads.map(\.isAssumed) == [true, true])
    #expect(reading.remarks.contains { $0.contains("“msi”") && $0.contains("outputs=sigmoid") })
    #expect(try read("labels").remarks.isEmpty)
  }

  @Test func `A params.json of other outcomes does not belong to a model`() throws {
    let two = try parameters(#"{"outcome_labels": {"0": "a", "1": "b"}}"#)
    func misfit(_ name: String) throws -> String? {
      two.misfit(tilePixels: 16, heads: try model(name).layers.heads)
    }
    #expect(try misfit("labels") == "it names 2 outcomes, and the model gives 3")
    for name in ["one_sigmoid", "two_heads", "softmax_beside_embedding"] { #expect(try misfit(name) == nil) }
  }
}
