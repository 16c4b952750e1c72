import Foundation
import Testing

/// `save … columns=[…]`.
@Suite struct SaveColumnsTests {
  private func lines(_ path: String) throws -> [[Substring]] {
    try String(contentsOfFile: path, encoding: .utf8).split(separator: "\r\n").map {
      $0.split(separator: ",", omittingEmptySubsequences: false)
    }
  }

  @Test func `Features, maps and mosaics are saved with the columns that are named`() throws {
    let study = try SmallStudy()
    study.open()
    study.run("u = slide_map df n_neighbors=5\nm = mosaic u num_tiles_x=4")
    for (name, places) in [("df", 4), ("u", 6), ("m", 4)] {
      let path = "\(study.folder)/\(name).csv"
      let shown = study.run("save \(name) '\(path)' columns=[feature:1, logit:1, probability:1, prediction, site]")
      #expect(shown.failure == nil, "\(shown.failure ?? "")")
      let lines = try lines(path)
      let chosen = lines[0].dropFirst(places)
      #expect(chosen.first == "Feature_1" && chosen.last == "site" && chosen.count == 5, "\(lines[0])")
      #expect(chosen.dropFirst(2).first?.hasPrefix("Probability_") == true)
      let row = Array(lines[1].dropFirst(places))
      let probability = try #require(Double(row[2]))
      #expect((0...1).contains(probability) && ["A", "B"].contains(row[4]))
    }
    #expect(try lines(study.folder + "/df.csv").count == 73)
  }

  @Test func `Files for other programs hold chosen features, and nothing else`() throws {
    let study = try SmallStudy()
    study.open()
    let bags = study.run("save df '\(study.folder)/bags' format=slideflow columns=[feature:2, feature:0]")
    #expect(bags.failure == nil && bags.text.contains("72 tiles × 2"), "\(bags.failure ?? "")")
    #expect(study.run("b = import_features '\(study.folder)/bags'").text.contains("72 tiles × 2 features"))
    let mixed = try #require(
      study.run("save df '\(study.folder)/bags' format=slideflow columns=[feature:2, prediction]").failure)
    #expect(mixed.contains("hold features alone"))
    #expect(mixed.contains("bags.csv columns=[feature:2, prediction]"))
  }

  @Test func `What has no columns to choose, or not these, is refused in words`() throws {
    let study = try SmallStudy()
    study.open()
    study.run("u = slide_map df n_neighbors=5\ns = stats df")
    let picture = try #require(study.run("save u '\(study.folder)/u.png' columns=feature:1").failure)
    #expect(picture.contains("Columns are for files of numbers (.csv, .tsv), and not for .png."))
    #expect(picture.contains("u.csv columns=[feature:1]"))
    #expect(
      study.run("save s '\(study.folder)/s.csv' columns=feature:1").failure?.contains("Columns are chosen of") == true)
    for columns in ["feature:99999", "probability:none", "logit:7", "cluster"] {
      let failure = try #require(study.run("save df '\(study.folder)/a.csv' columns=\(columns)").failure, "\(columns)")
      #expect(!failure.contains("cannot be written"), "\(failure)")
    }
    #expect(!FileManager.default.fileExists(atPath: study.folder + "/a.csv"))
  }

  @Test func `QuPath gets probabilities and logits, and features only where they are named`() throws {
    let study = try SlideStudy()
    let model = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("InferenceTests/Fixtures/classifier.onnx")
    study.run("g = feature_grid '\(model.path)' slide='\(study.folder)/slides/DEMO-01.svs' tile_px=16 tile_um=64")
    func names(_ columns: String) throws -> (names: [String], said: String) {
      let shown = study.run("save g '\(study.folder)/g.geojson'\(columns)")
      #expect(shown.failure == nil, "\(shown.failure ?? "")")
      let data = try Data(contentsOf: URL(filePath: study.folder + "/g.geojson"))
      let json = try JSONSerialization.jsonObject(with: data) as? [String: Any]
      let squares = try #require(json?["features"] as? [[String: Any]])
      let properties = try #require(squares.first?["properties"] as? [String: Any])
      return ((properties["measurements"] as? [String: Any] ?? [:]).keys.sorted(), shown.text)
    }
    let standard = try names("")
    let outcomes = standard.names.filter { $0.hasPrefix("Logit_") }.map { $0.dropFirst("Logit_".count) }
    #expect(outcomes.count >= 2)
    #expect(standard.names == outcomes.map { "Logit_\($0)" } + outcomes.map { "Probability_\($0)" })
    #expect(standard.said.contains("are left out; columns=[feature:12, …] writes those that are named"))
    let chosen = try names(" columns=[feature:3, probability:1]")
    #expect(chosen.names == ["Feature_3", "Probability_\(outcomes[1])"] && !chosen.said.contains("left out"))
    let file = study.run("save g '\(study.folder)/g.h5' columns=[feature:3, logit:0]")
    #expect(file.failure == nil, "\(file.failure ?? "")")
  }

  @Test func `Tables show the columns that are asked for, and tiles that a slide has`() throws {
    let study = try SmallStudy()
    study.open()
    let wide = study.run("activations df slide=S-0 columns=[0, 1, 2]")
    let header = try #require(wide.text.split(separator: "\n").first { $0.hasPrefix("slide") })
    #expect(header.split(separator: " ") == ["slide", "tile", "0", "1", "2"])
    let outside = try #require(study.run("activations df slide=S-0 tiles=0..<20").failure)
    #expect(outside.contains("tiles=0..<12"))
  }

  @Test func `Slides with fewer tiles than are asked for do not fail the statement`() throws {
    let study = try SmallStudy()
    let table = ["slide,x,y,f0,f1", "S-0,0,0,1,2", "S-0,16,0,3,4", "S-0,32,0,5,6", "S-1,0,0,7,8"].joined(
      separator: "\n")
    try study.write("f.csv", table)
    study.run("project '\(study.folder)'")
    let imported = study.run("f = import_features '\(study.folder)/f.csv'")
    #expect(imported.text.contains("The columns f0 to f1 are taken for features."), "\(imported.failure ?? "")")
    let shown = study.run("activations f tiles=0..<2")
    #expect(shown.failure == nil && shown.notes.contains("1 slide has fewer tiles than were asked for: S-1 (1)."))
    let outside = try #require(study.run("activations f tiles=0..<9").failure)
    #expect(outside.contains("the largest slide, which are numbered 0 to 2") && outside.contains("tiles=0..<3"))
  }
}
