import CommandLanguage
import Commands
import Foundation
import GoldenData
import Testing

@Suite("Predictions for slides")
struct SlidePredictionTests {
  @Test("shares add up, votes count the tiles, and the truth stands beside them")
  func tables() throws {
    let study = try SmallStudy()
    #expect(study.open().failure == nil)
    for command in ["logits_mean", "logits_percent", "logits_predict"] {
      let shown = study.run("t = \(command) df\nsave t '\(study.folder)/\(command).csv'")
      #expect(shown.failure == nil)
      #expect(shown.text.contains("6 slides, 72 tiles, on df"))
    }
    let rows = try CSVRows(study.folder + "/logits_percent.csv")
    #expect(Array(rows.columns.prefix(2)) == ["slide", "tiles"])
    #expect(rows.rows.count == 6)
    for row in rows.rows { #expect(abs(row[2..<4].compactMap(Double.init).reduce(0, +) - 1) < 1e-6) }
    let votes = try CSVRows(study.folder + "/logits_predict.csv")
    #expect(Array(votes.columns[2...]) == ["0", "1", "prediction", "HPV_status"])
    for row in votes.rows { #expect(row[2..<4].compactMap { Int($0) }.reduce(0, +) == 12) }
  }

  @Test("only allowed outcomes are predicted, and keep their numbers")
  func restricted() throws {
    let study = try SmallStudy()
    study.open()
    study.run("t = logits_predict df restrict_pred=[1]\nsave t '\(study.folder)/t.csv'")
    let rows = try CSVRows(study.folder + "/t.csv")
    #expect(rows.columns[2] == "1" && rows.columns[3] == "prediction")
    #expect(rows.rows.allSatisfy { $0[2] == "12" && $0[3] == "1" })
    #expect(try #require(study.run("logits_percent df restrict_pred=[99]").failure).contains("99"))
    #expect(study.run("logits_mean df restrict_pred=[0] of=probabilities").failure == nil)
  }

  @Test("a model that predicts numbers has a mean and no classes")
  func regression() throws {
    let study = try SmallStudy()
    let parameters =
      #"{"model_type": "regression", "tile_px": 16, "tile_um": 16, "outcomes": ["age", "size"], "hp": {"tile_px": 16, "#
      + #""tile_um": 16}}"#
    try study.write("params.json", parameters)
    let opened = study.run(
      "project '\(study.folder)'\ndf = features models/small.onnx params='\(study.folder)/params.json' outcomes=age")
    #expect(opened.failure == nil)
    #expect(study.run("logits_mean df").text.contains("mean outputs of the model"))
    for cell in ["logits_percent df", "logits_predict df", "logits_mean df restrict_pred=[0]"] {
      let failure = try #require(study.run(cell).failure)
      #expect(failure.contains("predicts numbers and no classes") && failure.contains("logits_mean"))
    }
  }

  @Test(
    "slideflow's numbers within 1e-5",
    .enabled(if: SharedData.isPresent, "\(SharedData.absence)"))
  func golden() throws {
    let study = try GoldenStudy()
    let opened = study.run(
      "project '\(study.folder)'\ndf = features models/model_resnet18_hpv.onnx outcomes=HPV_status")
    try #require(opened.failure == nil)
    for (command, file) in [
      ("logits_mean df of=probabilities", "softmax_mean"), ("logits_percent df", "softmax_percent"),
    ] {
      study.run("t = \(command)\nsave t '\(study.folder)/t.csv'")
      let expected = try JSONDecoder().decode([String: [Double]].self, from: study.expected(file))
      let rows = try CSVRows(study.folder + "/t.csv").rows
      #expect(rows.count == expected.count)
      for row in rows {
        let found = row[2..<4].compactMap(Double.init)
        let wanted = try #require(expected[row[0]])
        #expect(zip(found, wanted).allSatisfy { abs($0 - $1) < 1e-5 } && found.count == 2, "\(row) \(wanted)")
      }
    }
    let shown = study.run("t = logits_predict df\nsave t '\(study.folder)/t.csv'")
    #expect(shown.text.contains("10 of 10 slides right by HPV_status"))
    let expected = try JSONDecoder().decode([String: Int].self, from: study.expected("softmax_predict"))
    for row in try CSVRows(study.folder + "/t.csv").rows {
      #expect(["negative", "positive"][try #require(expected[row[0]])] == row[4])
    }
    // The mean of logits is another number than that of probabilities.
    #expect(study.run("logits_mean df").text.contains("mean logits"))
  }
}

/// A saved table, of cells without quotes.
private struct CSVRows {
  let columns: [String]
  let rows: [[String]]

  init(_ path: String) throws {
    let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\r\n").map {
      $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
    columns = lines.first ?? []
    rows = Array(lines.dropFirst())
  }
}

/// A copy of the project that slideflow made and computed, with its model.
private final class GoldenStudy: SessionStudy {
  let folder = NSTemporaryDirectory() + "tessera-" + UUID().uuidString
  let language = CommandInterpreter(registry: CommandSet.registry, files: LocalFiles())

  init() throws {
    let source = SharedData.golden
    let manager = FileManager.default
    // The store stands in a folder of its own, so the project itself may be read-only.
    for folder in ["", "/models"] {
      try manager.createDirectory(atPath: self.folder + folder, withIntermediateDirectories: true)
    }
    for name in ["settings.json", "datasets.json", "annotations.csv"] {
      try manager.copyItem(atPath: "\(source)/project/\(name)", toPath: "\(folder)/\(name)")
    }
    try manager.createSymbolicLink(atPath: folder + "/tfrecords", withDestinationPath: source + "/project/tfrecords")
    for model in try manager.contentsOfDirectory(atPath: source + "/project/models") {
      try manager.createSymbolicLink(
        atPath: "\(folder)/models/\(model)", withDestinationPath: "\(source)/project/models/\(model)")
    }
    try manager.createSymbolicLink(
      atPath: folder + "/models/model_resnet18_hpv.onnx", withDestinationPath: source + "/model_resnet18_hpv.onnx")
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  func expected(_ name: String) throws -> Data {
    try Data(contentsOf: URL(filePath: "\(SharedData.golden)/out/\(name).json"))
  }
}
