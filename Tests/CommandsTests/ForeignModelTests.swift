import Foundation
import Testing

@testable import Commands

@Suite("Models that were made elsewhere")
struct ForeignModelTests {
  let study: SmallStudy

  init() throws { study = try SmallStudy() }

  /// Copies a fixture to `m/m.onnx` of the project, with files beside it.
  private func add(_ model: String, as name: String = "m/m.onnx", beside files: [String: String] = [:]) throws {
    let fixtures = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("InferenceTests/Fixtures")
    let target = URL(fileURLWithPath: study.folder + "/" + name)
    try FileManager.default.createDirectory(at: target.deletingLastPathComponent(), withIntermediateDirectories: true)
    try FileManager.default.copyItem(at: fixtures.appendingPathComponent(model), to: target)
    for (file, text) in files {
      try Data(text.utf8).write(to: target.deletingLastPathComponent().appendingPathComponent(file))
    }
  }

  private func run(_ cell: String) -> Shown { study.run("project '\(study.folder)'\n\(cell)") }

  private func table(_ cell: String) throws -> [[Double]] {
    let shown = study.run("t = \(cell)\nsave t '\(study.folder)/t.csv'")
    #expect(shown.failure == nil, "\(shown.failure ?? "")")
    return try String(contentsOfFile: study.folder + "/t.csv", encoding: .utf8).split(whereSeparator: \.isNewline)
      .dropFirst().map { $0.split(separator: ",").dropFirst(2).compactMap { Double($0) } }
  }

  @Test("the class token is taken, the patches are if they are asked for, and both stand side by side")
  func tokens() throws {
    try add("Transformers/registers.onnx")
    let opened = run("model m/m.onnx standardization=torch")
    #expect(opened.text.contains("1 class + 2 register + 16 patches of 4 px"))
    #expect(opened.text.contains("taken is the class token"))
    let statement = "features m/m.onnx standardization=torch"
    let shown = run("df = \(statement)")
    #expect(shown.text.contains("72 tiles × 8 features"))
    #expect(shown.text.contains("are 1 class + 2 register + 16 patches of 4 px; taken is the class token"))
    let classToken = try table("activations df slide=S-1")
    #expect(run("df = \(statement) pooling=cls").text.contains("taken is the class token"))
    #expect(try table("activations df slide=S-1") == classToken)
    #expect(run("df = \(statement) pooling=mean").text.contains("taken is the mean over its 16 patches"))
    let mean = try table("activations df slide=S-1")
    #expect(run("df = \(statement) pooling=cls+mean").text.contains("72 tiles × 16 features"))
    #expect(try table("activations df slide=S-1") == zip(classToken, mean).map { $0 + $1 })
    #expect(run("df = \(statement) pooling=avg").text.contains("the mean over all its tokens"))
    let all = try table("activations df slide=S-1")
    #expect(run("df = \(statement) pooling=none").text.contains("72 tiles × 152 features"))
    let whole = try table("activations df slide=S-1")
    // A vector has no class token to take.
    try add("Transformers/unclear_but_read.onnx", as: "v/m.onnx")
    let vector = try #require(run("features v/m.onnx standardization=torch pooling=cls").failure)
    #expect(vector.contains("is one vector for each tile") && vector.contains("layers=[last_hidden_state]"))
    #expect(run("features v/m.onnx standardization=torch layers=[last_hidden_state] pooling=cls").failure == nil)
    for (tile, values) in whole.enumerated() {
      for column in 0..<8 {
        let column8 = stride(from: column, to: 152, by: 8).map { values[$0] }
        #expect(abs(column8.reduce(0, +) / 19 - all[tile][column]) < 1e-5)
        #expect(abs(column8[3...].reduce(0, +) / 16 - mean[tile][column]) < 1e-5)
      }
    }
  }

  @Test("tokens of which nothing says what they are, are asked about")
  func unclear() throws {
    try add("Transformers/unclear.onnx")
    let shown = run("df = features m/m.onnx standardization=torch")
    #expect(
      shown.failure == nil && shown.notes.first?.contains("registers=2 says that the first is a class token") == true)
    let told = run("df = features m/m.onnx standardization=torch registers=2")
    #expect(told.text.contains("1 class + 2 register") && !told.text.contains("does not show"))
    let wrong = try #require(run("df = features m/m.onnx registers=5").failure)
    #expect(wrong.contains("no tensor has 5 register tokens"))
    #expect(try #require(run("features m/m.onnx layers=[patches] pooling=cls").failure).contains("pooling=mean"))
  }

  @Test("a side that the file leaves open is found, or given, and tiles are resized to it")
  func side() throws {
    try add("Transformers/flattened.onnx")
    let shown = run("df = features m/m.onnx standardization=torch")
    #expect(shown.notes.contains("Tiles of 16 px are resized to the 64 px that the model takes."))
    #expect(shown.text.contains("72 tiles × 6144 features"))
    try add("Transformers/dynamic.onnx", as: "d/m.onnx")
    #expect(run("model d/m.onnx standardization=torch").text.contains("16 × 16 px: its file leaves the size open"))
    let wrong = try #require(run("features d/m.onnx side=20").failure)
    #expect(wrong.contains("does not take tiles of 20 px") && wrong.contains("side=16"))
    #expect(run("features d/m.onnx side=16").failure == nil)
  }

  private let others =
    #"{"backend": "tensorflow", "tile_px": 16, "outcome_labels": {"0": "a", "1": "b"}, "#
    + #""hp": {"normalizer": "reinhard_fast"}}"#

  @Test("an encoder takes nothing from another model's params.json, which is only offered")
  func weakEvidence() throws {
    try add("classifier.onnx", as: "models/other/c.onnx", beside: ["params.json": others])
    try add("features_only.onnx")
    let shown = run("df = features m/m.onnx")
    #expect(shown.text.contains("Standardisation: x / 127.5 − 1") && !shown.text.contains("Stain normalisation"))
    let warning = try #require(shown.notes.first { $0.contains("Nothing says how the model") })
    #expect(shown.notes.firstIndex(of: warning) == 0)
    // What is offered may be typed.
    let offer = try #require(warning.firstRange(of: "params=")).lowerBound
    let typed = run("df = features m/m.onnx \(warning[offer...].dropLast())")
    #expect(typed.failure == nil && typed.text.contains("each tile by its own mean"))
    #expect(typed.text.contains("Stain normalisation: reinhard_fast"))
    #expect(run("df = features m/m.onnx standardization=imagenet").notes.allSatisfy { !$0.contains("Nothing says") })
  }

  @Test("an encoder that lies beside a classifier does not take the classifier's params.json")
  func sharedFolder() throws {
    let named = others.replacing("{\"backend\"", with: "{\"outcomes\": [\"cls\"], \"backend\"")
    try add("classifier.onnx", as: "m/classifier.onnx", beside: ["params.json": named])
    try add("features_only.onnx")
    let shown = run("df = features m/m.onnx")
    #expect(shown.text.contains("Standardisation: x / 127.5 − 1") && !shown.text.contains("Stain normalisation"))
    #expect(shown.text.contains("lies beside several models"))
    #expect(shown.notes.first?.contains("params=") == true)
    #expect(run("df = features m/classifier.onnx").text.contains("Stain normalisation: reinhard_fast"))
  }

  @Test("a classifier of as many outcomes is standardised so, with a warning, and never stain-normalised")
  func fittingOutcomes() throws {
    try add("classifier.onnx", as: "models/other/c.onnx", beside: ["params.json": others])
    try add("classifier.onnx")
    let shown = run("df = features m/m.onnx")
    #expect(shown.text.contains("each tile by its own mean") && shown.text.contains("2 logits (a, b; softmax)"))
    #expect(shown.notes.first?.contains("a file of another folder") == true)
    #expect(shown.text.contains("the tiles are taken as they are") && !shown.text.contains("Stain normalisation:"))
    let normalized = run("df = features m/m.onnx normalizer=reinhard_fast")
    #expect(normalized.text.contains("Stain normalisation: reinhard_fast"))
  }

  @Test("what a model hub's file beside a model says is done and said, and a broken one is named")
  func hubs() throws {
    let timm =
      #"{"pretrained_cfg": {"mean": [0.485, 0.456, 0.406], "std": [0.229, 0.224, 0.225], "input_size": [3, 16, 16]}}"#
    try add("features_only.onnx", beside: ["config.json": timm])
    let shown = run("df = features m/m.onnx")
    #expect(shown.text.contains("ImageNet's mean and deviation, RGB, as") && shown.text.contains("m/config.json says"))
    #expect(!shown.text.contains("Nothing says"))
    let own = try table("activations df slide=S-1")
    #expect(run("df = features m/m.onnx standardization=imagenet").failure == nil)
    #expect(try table("activations df slide=S-1") == own)
    try add("features_only.onnx", as: "b/m.onnx", beside: ["preprocessor_config.json": "{\"image_mean\": "])
    let broken = run("df = features b/m.onnx")
    #expect(broken.text.contains("preprocessor_config.json cannot be read: it is not valid JSON. It is passed over."))
    #expect(broken.text.contains("Nothing says how the model"))
  }

  @Test("a file is a model wherever one may stand, written with or without a folder")
  func bareFile() throws {
    try add("features_only.onnx", as: "encoder.onnx")
    #expect(run("model encoder.onnx").failure == nil)
    let shown = run("df = features encoder.onnx standardization=torch")
    #expect(shown.failure == nil && shown.text.contains("72 tiles"))
    #expect(try #require(run("df = features encodr.onnx").failure).contains("./encoder.onnx"))
  }

  @Test("weights that are brought along later are found in the same session")
  func companionLater() throws {
    try add("Transformers/external.onnx")
    try add("Transformers/weights/branch.bin", as: "m/weights/branch.bin")
    let missing = try #require(run("model m/m.onnx").failure)
    #expect(missing.contains("keeps its weights in external.onnx.data, and there is no such file"))
    try add("Transformers/external.onnx.data", as: "m/external.onnx.data")
    #expect(run("model m/m.onnx").failure == nil)
  }
}
