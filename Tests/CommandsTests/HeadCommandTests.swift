import CommandLanguage
import Foundation
import Testing

@testable import Commands

@Suite("What the head of a model says its outputs are")
struct HeadCommandTests {
  let study: SmallStudy

  init() throws { study = try SmallStudy() }

  /// Opens the project and computes features by a small model of `Fixtures/make_heads.py`.
  private func features(_ model: String, _ rest: String = "", parameters: String? = nil) throws -> Shown {
    let folder = study.folder + "/models/" + model
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let fixture = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("InferenceTests/Fixtures/Heads/\(model).onnx").path
    try? FileManager.default.copyItem(atPath: fixture, toPath: "\(folder)/m.onnx")
    if let parameters { try study.write("models/\(model)/params.json", parameters) }
    return study.run("project '\(study.folder)'\ndf = features models/\(model)/m.onnx \(rest)")
  }

  private func table(_ cell: String) throws -> [[String]] {
    let shown = study.run("t = \(cell)\nsave t '\(study.folder)/t.csv'")
    #expect(shown.failure == nil, "\(shown.failure ?? "")")
    return try String(contentsOfFile: study.folder + "/t.csv", encoding: .utf8).split(whereSeparator: \.isNewline).map {
      $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
  }

  @Test("labels that do not exclude each other have the sigmoid's probabilities, and none is predicted")
  func labels() throws {
    #expect(try features("labels").text.contains("3 logits (0, 1, 2; sigmoid)"))
    let logits = try table("logits df slide=S-1").dropFirst().map { $0[2...].compactMap(Double.init) }
    let row = try #require(try table("logits_mean df of=probabilities").first { $0[0] == "S-1" })
    for column in 0..<3 {
      let wanted = logits.reduce(0) { $0 + 1 / (1 + exp(-$1[column])) } / Double(logits.count)
      let mean = try #require(Double(row[2 + column]))
      #expect(abs(mean - wanted) < 1e-5)
    }
    for cell in ["logits_predict df", "logits_percent df", "u = slide_map df n_neighbors=5\nlabel u by=prediction"] {
      #expect(try #require(study.run(cell).failure).contains("do not exclude each other"))
    }
    #expect(study.run("slide_map df predict_on_axes=[0, 2]").text.contains("72 tiles by predicted probability."))
    #expect(try #require(study.run("tiles df values=[prediction]").failure).contains("do not exclude each other"))
  }

  @Test("one sigmoid is one probability, named by its outcome")
  func oneSigmoid() throws {
    let shown = try features("one_sigmoid", parameters: #"{"outcome_labels": {"0": "negative", "1": "positive"}}"#)
    #expect(shown.text.contains("1 logit (positive; sigmoid)"))
    let means = try table("logits_mean df of=probabilities")
    #expect(means[0][2] == "positive")
    #expect(means.dropFirst().allSatisfy { Double($0[2]).map { $0 > 0.3 && $0 < 0.9 } ?? false })
    #expect(try #require(study.run("logits_predict df").failure).contains("gives one probability and no classes"))
  }

  @Test("a regression is shown as the model gives it, under its name, and has no probabilities")
  func regression() throws {
    let shown = try features("number", parameters: #"{"model_type": "regression", "outcomes": ["age"]}"#)
    #expect(shown.text.contains("1 number (age; as the model gives it)"))
    #expect(study.run("logits_mean df").text.contains("mean outputs of the model, as it gives them"))
    #expect(try #require(study.run("logits_mean df of=probabilities").failure).contains("no probabilities"))
    let export = study.run("save df '\(study.folder)/f.csv'\nb = import_features '\(study.folder)/f.csv'")
    #expect(export.text.contains("1 number (age; as the model gives it)"))
  }

  @Test("a projection is features, and a person may say that it is classes")
  func projection() throws {
    let shown = try features("projection")
    #expect(shown.text.contains("24 features: postconv (24); no logits"))
    #expect(shown.text.contains("are read as features, not as classes"))
    #expect(try #require(study.run("logits_predict df").failure).contains("no logits"))
    let classes = study.run("df = features models/projection/m.onnx outputs=softmax\nlogits_predict df")
    #expect(classes.failure == nil && classes.text.contains("8 features: postconv (8); 24 logits"))
    let opened = study.run("M = model models/projection/m.onnx outputs=softmax\ndf = features M")
    #expect(opened.text.contains("24 logits"))
  }

  @Test("two heads stand side by side, and a prediction is of one of them")
  func twoHeads() throws {
    let text =
      #"{"outcomes": ["msi", "grade"], "outcome_labels": {"msi": {"0": "low", "1": "high"}, "#
      + #""grade": {"0": "G1", "1": "G2", "2": "G3"}}}"#
    let shown = try features("two_heads", parameters: text)
    #expect(shown.text.contains("msi: 2 logits (low, high; softmax); grade: 3 logits (G1, G2, G3; softmax)"))
    let votes = try table("logits_predict df")
    #expect(
      Array(votes[0][2...]) == [
        "msi/low", "msi/high", "grade/G1", "grade/G2", "grade/G3", "prediction of msi", "prediction of grade",
      ])
    for row in votes.dropFirst() {
      #expect(row[2..<4].compactMap(Int.init).reduce(0, +) == 12 && row[4..<7].compactMap(Int.init).reduce(0, +) == 12)
      #expect(["low", "high"].contains(row[7]) && ["G1", "G2", "G3"].contains(row[8]))
    }
    let shares = try table("logits_mean df of=probabilities").dropFirst()
    for row in shares { #expect(abs(row[4..<7].compactMap(Double.init).reduce(0, +) - 1) < 1e-5) }
    study.run("u = slide_map df n_neighbors=5")
    #expect(try #require(study.run("label u by=prediction").failure).contains("prediction:msi"))
    #expect(study.run("label u by=prediction:grade").failure == nil)
    #expect(study.run("label u by=logit:msi/high").failure == nil)
    #expect(try #require(study.run("label u by=prediction:stage").failure).contains("msi, grade"))
    #expect(try table("logits_percent df restrict_pred=[msi/high]").dropFirst().allSatisfy { Double($0[2]) == 1 })
  }

  @Test("beside a number classes are predicted among themselves")
  func numberAndClasses() throws {
    let opened = try features("age_and_classes")
    #expect(opened.text.contains("age: 1 number (age; as the model gives it); tissue: 3 logits"))
    let shown = study.run("logits_predict df")
    #expect(shown.text.contains("outputs that are no classes left out"))
    let votes = try table("logits_predict df")
    #expect(Array(votes[0][2...]) == ["tissue/0", "tissue/1", "tissue/2", "prediction of tissue"])
    #expect(try #require(study.run("logits_percent df restrict_pred=[age]").failure).contains("None of these outputs"))
    let captions = study.run("tiles df n=2 values=[prediction, logit:age]")
    #expect(captions.failure == nil && captions.outputs.first?.picture != nil)
    #expect(study.run("slide_map df predict_on_axes=[age, tissue/1]").text.contains("by what is predicted"))
    #expect(try #require(study.run("tiles df values=[prediction:age]").failure).contains("values=logit:age"))
  }

  @Test("what was kept under one reading does not come back under another")
  func readings() throws {
    #expect(try features("labels").failure == nil)
    let logits = try table("logits df")
    #expect(study.run("df = features models/labels/m.onnx outputs=numbers").failure == nil)
    let numbers = try table("logits df")
    for (logit, number) in zip(logits, numbers).dropFirst() {
      let x = try #require(Double(logit[2]))
      let y = try #require(Double(number[2]))
      #expect(abs(1 / (1 + exp(-x)) - y) < 1e-5)
    }
    #expect(study.run("df = features models/labels/m.onnx").failure == nil)
    #expect(try table("logits df") == logits)
    #expect(try #require(study.run("features models/labels/m.onnx outputs=softmax").failure).contains("sigmoid stands"))
  }

  @Test("tables keep the meaning of outputs, and others are looked at before they are taken for logits")
  func tables() throws {
    #expect(try features("labels").failure == nil)
    study.run("save df '\(study.folder)/f.csv'")
    #expect(study.run("b = import_features '\(study.folder)/f.csv'").text.contains("3 logits (0, 1, 2; sigmoid)"))
    func imported(_ header: String, _ rows: [String]) throws -> String {
      try study.write(
        "t.csv", "slide,\(header),feature_0\n" + rows.enumerated().map { "S-\($0),\($1),1\n" }.joined())
      return study.run("b = import_features '\(study.folder)/t.csv'").text
    }
    #expect(try imported("Logit_0,Logit_1", ["0.25,0.75", "nan,nan"]).contains("2 probabilities (0, 1)"))
    #expect(try imported("Class_0,Class_1", ["0.25,0.5", "0.5,0.6"]).contains("do not add up to 1"))
    #expect(try imported("Class_0,Class_1", ["-3,0.5", "0.5,0.6"]).contains("2 logits (0, 1; softmax)"))
  }

  @Test("a tile with outputs that are no finite numbers has no class, in no table and no picture")
  func notFinite() throws {
    study.run("project '\(study.folder)'")
    var text = "slide,loc_x,loc_y,feature_0,feature_1,logit_0,logit_1\n"
    for slide in 0..<4 {
      for tile in 0..<10 {
        let isMissing = slide == 0 || slide == 1 && tile < 4
        text += "S-\(slide),\(16 * tile + 8),8,\(slide + tile % 3),\(tile),"
        text += isMissing ? (tile % 2 == 0 ? "nan,nan\n" : "5,nan\n") : "\(tile),3.5\n"
      }
    }
    try study.write("f.csv", text)
    let shown = study.run("df = import_features '\(study.folder)/f.csv'\nu = slide_map df n_neighbors=5")
    #expect(shown.failure == nil)
    let votes = try table("logits_predict df")
    #expect(votes[1] == ["S-0", "10", "0", "0", ""])
    #expect(votes[2] == ["S-1", "10", "6", "0", "0"])
    #expect(study.run("logits_predict df").text.contains("14 tiles without finite outputs left out"))
    let shares = try table("logits_percent df")
    #expect(shares[1][2...3] == ["", ""] && Double(shares[2][2]) == 1)
    let means = try table("logits_mean df of=probabilities")
    #expect(means[1][2] == "" && means[2][2] != "")
    #expect(study.run("slide_map df predict_on_axes=[0, 1]").text.contains("26 tiles by predicted probability."))
    #expect(study.run("v = label u by=prediction\nsave v '\(study.folder)/v.svg'").failure == nil)
    #expect(try String(contentsOfFile: study.folder + "/v.svg", encoding: .utf8).count > 1000)
  }
}
