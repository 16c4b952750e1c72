import CommandLanguage
import Foundation
import Testing

@testable import Commands

@Suite("Grids over slides, and batches of pictures")
struct FeatureGridTests {
  let study: SlideStudy

  init() throws {
    study = try SlideStudy()
    let model = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("InferenceTests/Fixtures/classifier.onnx")
    try FileManager.default.copyItem(atPath: model.path, toPath: study.folder + "/small.onnx")
  }

  private func grid(_ rest: String) -> Shown {
    study.run(
      "g = feature_grid '\(study.folder)/small.onnx' slide='\(study.folder)/slides/DEMO-01.svs' tile_px=16 tile_um=64 "
        + rest)
  }

  @Test("a slide by its path needs no project, and cells without tissue are masked")
  func withoutProject() throws {
    let shown = grid("")
    #expect(shown.failure == nil, "\(shown.failure ?? "")")
    #expect(shown.text.contains("cells computed"))
    #expect(shown.outputs.first?.picture != nil)
    let whole = grid("grayspace_fraction=1")
    let parts = try #require(whole.text.firstMatch(of: #/, (\d+) of (\d+) cells computed/#))
    #expect(parts.1 == parts.2)
  }

  @Test("another quantity is drawn by label, and what a grid lacks is said")
  func label() throws {
    #expect(grid("grayspace_fraction=1").failure == nil)
    for quantity in ["feature:1", "feature:postconv/1", "logit:1", "prediction"] {
      let shown = study.run("label g by=\(quantity)")
      #expect(shown.failure == nil, "\(quantity): \(shown.failure ?? "")")
      #expect(shown.outputs.first?.picture != nil)
    }
    #expect(try #require(study.run("label g by=slide").failure).contains("by=feature:0"))
    #expect(study.run("label g by=feature:99999").failure != nil)
    let panels = study.run("label g by=[feature:0, logit:0, prediction, uncertainty]")
    #expect(panels.failure == nil && panels.text.contains("by feature:0, logit:0, prediction, uncertainty:"))
    let (one, several) = (
      try #require(study.run("label g by=feature:0").outputs.first?.picture),
      try #require(panels.outputs.first?.picture)
    )
    #expect(several.height > one.height && several.width <= 1200)
    #expect(try #require(study.run("label g by=prediction palette=heat").failure).contains("is for numbers"))
  }

  @Test("a grid shows what the head of the model gives: a sigmoid's probability, or a number on its own scale")
  func heads() throws {
    let fixtures = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("InferenceTests/Fixtures/Heads")
    func grid(_ model: String, _ parameters: String) throws -> Shown {
      let folder = "\(study.folder)/\(model)"
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      try FileManager.default.copyItem(
        atPath: fixtures.appendingPathComponent("\(model).onnx").path, toPath: folder + "/m.onnx")
      try Data(parameters.utf8).write(to: URL(fileURLWithPath: folder + "/params.json"))
      return study.run(
        "g = feature_grid '\(folder)/m.onnx' slide='\(study.folder)/slides/DEMO-01.svs' tile_px=16 tile_um=64\n"
          + "save g '\(study.folder)/g.csv'")
    }
    let sigmoid = try grid("one_sigmoid", #"{"outcomes": ["HPV"], "outcome_labels": {"0": "no", "1": "yes"}}"#)
    #expect(sigmoid.text.contains("by probability of yes (sigmoid)"), "\(sigmoid.failure ?? sigmoid.text)")
    #expect(String(decoding: try study.read("g.csv"), as: UTF8.self).contains(",SigmoidLogit_yes"))
    #expect(try #require(study.run("label g by=prediction").failure).contains("no classes"))
    let age = try grid("number", #"{"model_type": "linear", "outcomes": ["age"]}"#)
    #expect(age.text.contains("by age, as the model gives it"), "\(age.failure ?? age.text)")
    #expect(String(decoding: try study.read("g.csv"), as: UTF8.self).contains(",Output_age"))
    #expect(study.run("label g by=logit:age").failure == nil)
  }

  @Test("a grid is saved for other programs; masked cells are absent from tables")
  func saving() throws {
    let shown = grid("")
    let parts = try #require(shown.text.firstMatch(of: #/, (\d+) of (\d+) cells computed/#))
    let computed = try #require(Int(parts.1))
    for name in ["g.png", "g.svg", "g.pdf", "g.h5", "g.csv", "g.geojson"] {
      let saved = study.run("save g '\(study.folder)/\(name)'")
      #expect(saved.failure == nil, "\(name): \(saved.failure ?? "")")
    }
    let lines = String(decoding: try study.read("g.csv"), as: UTF8.self).split(whereSeparator: \.isNewline)
    #expect(lines.count == computed + 1)
    #expect(lines[0].hasPrefix("row,column,x,y,Feature_0"))
    let json = try JSONSerialization.jsonObject(with: Data(study.read("g.geojson"))) as? [String: Any]
    let features = try #require(json?["features"] as? [[String: Any]])
    #expect(features.count == computed)
    let geometry = features.first?["geometry"] as? [String: Any]
    let ring = try #require((geometry?["coordinates"] as? [[[Int]]])?.first)
    #expect(ring.count == 5 && ring.first == ring.last)
    #expect(study.run("save g '\(study.folder)/g.txt'").failure != nil)
  }

  @Test("passing tiles through a JPEG changes what comes out")
  func imageFormat() throws {
    #expect(grid("grayspace_fraction=1 img_format=jpg\nsave g '\(study.folder)/jpg.csv'").failure == nil)
    #expect(grid("grayspace_fraction=1 img_format=none\nsave g '\(study.folder)/none.csv'").failure == nil)
    #expect(try study.read("jpg.csv") != study.read("none.csv"))
  }

  @Test("files and tiles make one table, a row each")
  func batch() throws {
    try Data(study.firstTile()).write(to: URL(filePath: study.folder + "/a.jpg"))
    study.run("project '\(study.folder)'\nd = dataset")
    let shown = study.run(
      "b = batch '\(study.folder)/small.onnx' images=['\(study.folder)/a.jpg', DEMO-01:0, DEMO-01:0..<3] index=[0]\n"
        + "save b '\(study.folder)/b.csv'")
    #expect(shown.failure == nil, "\(shown.failure ?? "")")
    let rows = String(decoding: try study.read("b.csv"), as: UTF8.self).split(whereSeparator: \.isNewline).map {
      $0.drop { $0 != "," }
    }
    #expect(rows.count == 7)
    // The same tile, four times.
    #expect(Set([rows[1], rows[2], rows[3], rows[6]]).count == 1)
  }

  @Test("a number alone is a batch of the dataset, or of the project's tiles where there is none")
  func numberedBatch() throws {
    study.run("project '\(study.folder)'")
    let whole = study.run(
      "a = batch '\(study.folder)/small.onnx' index=4..<8\nb = batch '\(study.folder)/small.onnx' index=1 batch_size=4\n"
        + "save a '\(study.folder)/a.csv'\nsave b '\(study.folder)/b.csv'")
    #expect(whole.failure == nil, "\(whole.failure ?? "")")
    let batch = try study.read("b.csv")
    #expect(batch == (try study.read("a.csv")))
    #expect(String(decoding: batch, as: UTF8.self).split(whereSeparator: \.isNewline).count == 5)
    let failure = study.run("batch '\(study.folder)/small.onnx' index=1000 batch_size=4").failure
    #expect(try #require(failure).contains("There is no batch 1000"))
  }

  @Test("a standardisation is given by name or by numbers, and makes other values")
  func standardization() throws {
    study.run("project '\(study.folder)'")
    func values(_ given: String) throws -> [UInt8] {
      let shown = study.run(
        "b = batch '\(study.folder)/small.onnx' images=DEMO-01:0 \(given)\nsave b '\(study.folder)/s.csv'")
      #expect(shown.failure == nil, "\(shown.failure ?? "")")
      return Array(try study.read("s.csv"))
    }
    let torch = try values("standardization=torch")
    #expect(try values("mean=[127.5] scale=[127.5]") == torch)
    let all = try ["tensorflow", "imagenet", "none"].map { try values("standardization=\($0)") }
    #expect(Set(all + [torch]).count == 4)
    let both = study.run("model '\(study.folder)/small.onnx' standardization=none mean=[0]").failure
    #expect(try #require(both).contains("both say"))
    #expect(study.run("model '\(study.folder)/small.onnx' standardization=imagenet").text.contains("ImageNet's mean"))
  }

  @Test("what is wrong with a picture names it")
  func batchFaults() throws {
    study.run("project '\(study.folder)'\nd = dataset")
    try Data("no picture".utf8).write(to: URL(filePath: study.folder + "/bad.png"))
    func failure(_ rest: String) throws -> String {
      try #require(study.run("batch '\(study.folder)/small.onnx' " + rest).failure)
    }
    #expect(try failure("images='\(study.folder)/bad.png'").contains("bad.png"))
    #expect(try failure("images='\(study.folder)/none.png'").contains("none.png"))
    #expect(try failure("images=DEMO-01:0..<999").contains("numbered 0 to"))
    #expect(try failure("images=DEMO-77:0").contains("DEMO-77"))
    #expect(try failure("index=[100000]").contains("index=0..<"))
    #expect(try failure("").contains("No picture"))
  }
}
