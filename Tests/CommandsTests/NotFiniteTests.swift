import Foundation
import Testing

/// Features with NaN and infinity, from elsewhere: what is said of them, and what later commands make of the others.
@Suite struct NotFiniteTests {
  let study: SmallStudy

  init() throws { study = try SmallStudy() }

  /// Six slides of eight tiles; `number` gives a field as it stands in the table.
  private func importTable(_ number: (_ slide: Int, _ tile: Int, _ feature: Int) -> String?) throws -> Shown {
    var table = "slide,loc_x,loc_y,feature_0,feature_1,feature_2\n"
    for slide in 0..<6 {
      for tile in 0..<8 {
        let own = (0..<3).map { feature in
          number(slide, tile, feature) ?? "\(Double((slide * 31 + tile * 17 + feature * 7) % 23) / 7 + Double(feature))"
        }
        table += "S-\(slide),\(50 * tile),\(70 * tile),\(own.joined(separator: ","))\n"
      }
    }
    try study.write("made-elsewhere.csv", table)
    return study.run("project '\(study.folder)';\nf = import_features made-elsewhere.csv outcomes=HPV_status")
  }

  private static let tiles = "S-1: 2 tiles with NaN or infinity (2, 5); S-4: 1 tile with NaN or infinity (7)"

  private func some(_ slide: Int, _ tile: Int, _ feature: Int) -> String? {
    switch (slide, tile, feature) {
    case (1, 2, 0): "nan"
    case (1, 5, 2): ""
    case (4, 7, 1): "-inf"
    default: nil
    }
  }

  @Test func `the import counts and names tiles with NaN, and says the same again from the store`() throws {
    let shown = try importTable(some)
    #expect(shown.failure == nil)
    #expect(shown.text.contains(Self.tiles + ". Commands that compare activations leave them out."), "\(shown.text)")
    #expect(study.run("g = import_features made-elsewhere.csv outcomes=HPV_status").text.contains(Self.tiles))
  }

  @Test(arguments: [
    ("stats f top=2", "; left out: "), ("u = slide_map f n_neighbors=5", "Left out: "),
    ("u = slide_map f n_neighbors=5 low_memory=true", "Left out: "), ("slide_map f method=pca", "Left out: "),
    ("u = slide_map f map_slide=average n_neighbors=3", "Left out: "),
    ("u = slide_map f map_slide=centroid n_neighbors=3", "Left out: "),
    ("u = slide_map f method=pacmap", "Left out: "), ("activations f", "; "),
    ("u = slide_map f n_neighbors=5;\nslide_map f on=u", "Left out: "),
  ])
  func `commands leave such tiles out and say which`(cell: String, before: String) throws {
    #expect(try importTable(some).failure == nil)
    let shown = study.run(cell)
    #expect(shown.failure == nil)
    #expect(shown.text.contains(before + Self.tiles), "\(shown.failure ?? shown.text)")
  }

  @Test func `what is left gives the numbers that it gives alone`() throws {
    #expect(try importTable(some).failure == nil)
    study.run("s = stats f;\nsave s '\(study.folder)/with.csv'")
    study.run("m = slide_map f n_neighbors=5;\nsave m '\(study.folder)/map.csv'")
    let map = try String(contentsOfFile: study.folder + "/map.csv", encoding: .utf8).split(separator: "\r\n")
    #expect(map.count == 1 + 45)
    #expect(!map.contains { $0.hasPrefix("S-1,2,") || $0.hasPrefix("S-1,5,") || $0.hasPrefix("S-4,7,") })
    let saved = study.run("save f '\(study.folder)/f.csv'")
    #expect(saved.text.contains("Left out: " + Self.tiles))
    let lines = try String(contentsOfFile: study.folder + "/f.csv", encoding: .utf8).split(separator: "\r\n")
    #expect(lines.count == 1 + 45 && !lines.contains { $0.lowercased().contains("nan") || $0.contains("inf") })
    // The table without those tiles, read again, gives the same statistics.
    #expect(study.run("g = import_features '\(study.folder)/f.csv' outcomes=HPV_status").failure == nil)
    study.run("t = stats g;\nsave t '\(study.folder)/without.csv'")
    let with = try String(contentsOfFile: study.folder + "/with.csv", encoding: .utf8)
    #expect(with == (try String(contentsOfFile: study.folder + "/without.csv", encoding: .utf8)))
    #expect(with.split(separator: "\r\n").count == 4)
    for format in ["slideflow"] {
      let bags = study.run("save f '\(study.folder)/bags' format=\(format)")
      #expect(bags.text.contains("6 slides, 45 tiles × 3") && bags.text.contains("Left out: " + Self.tiles))
      let again = study.run("h = import_features '\(study.folder)/bags'")
      #expect(again.text.contains("45 tiles × 3") && !again.text.contains("NaN"))
    }
  }

  @Test func `a slide of nothing else is left out whole`() throws {
    let shown = try importTable { slide, _, feature in slide == 3 && feature == 1 ? "NaN" : nil }
    #expect(shown.text.contains("S-3: all 8 tiles with NaN or infinity."), "\(shown.text)")
    let stats = study.run("stats f")
    #expect(stats.text.contains("positive (3)") && stats.text.contains("negative (2)"))
    #expect(stats.text.contains("left out: S-3: all 8 tiles with NaN or infinity"))
    #expect(study.run("slide_map f map_slide=centroid n_neighbors=3").text.contains("UMAP of 5 centroid tiles"))
    let bags = study.run("save f '\(study.folder)/bags' format=slideflow")
    #expect(bags.text.contains("Saved 5 slides, 40 tiles × 3"))
  }

  @Test func `a feature that no tile has is named wherever it stops the work`() throws {
    let shown = try importTable { _, _, feature in feature == 1 ? "" : nil }
    let sentence = "No tile has a number in feature 1: all 48 tiles have NaN or infinity there."
    #expect(shown.failure == nil && shown.text.contains(sentence), "\(shown.text)")
    for cell in ["stats f", "slide_map f", "slide_map f map_slide=average", "save f '\(study.folder)/f.csv'"] {
      let failure = try #require(study.run(cell).failure)
      #expect(failure.contains(sentence) && failure.contains("leave that column out"), "\(failure)")
      #expect(!failure.contains("model"))
    }
  }

  @Test func `nothing is near to a tile with NaN, and none of them is near to another`() throws {
    study.open()
    // With the places of the project's own tiles, so that there are pictures.
    var table = "slide,loc_x,loc_y,feature_0,feature_1\n"
    for slide in 0..<6 {
      for tile in 0..<12 {
        let first = slide == 2 && tile == 4 ? "inf" : "\(Double((slide * 5 + tile * 3) % 13))"
        table += "S-\(slide),\(8 + 16 * tile),8,\(first),\(Double(tile) / 3)\n"
      }
    }
    try study.write("same-tiles.csv", table)
    #expect(study.run("f = import_features same-tiles.csv").failure == nil)
    let failure = try #require(study.run("tiles f near=S-2:4 n=3").failure)
    #expect(failure.contains("S-2:4 has NaN or infinity") && failure.contains("near=S-2:3"), "\(failure)")
    let near = study.run("tiles f near=S-2:5 n=72")
    #expect(near.text.contains("the 70 nearest of 70 other tiles"), "\(near.failure ?? near.text)")
    #expect(near.text.contains("Left out: S-2: 1 tile with NaN or infinity (4)."))
    let extremes = study.run("tiles f extremes=feature:0 n=4")
    #expect(extremes.text.contains("4 of 71 tiles.") && extremes.text.contains("Left out: S-2: 1 tile"))
    #expect(!extremes.text.contains("inf)"))
  }
}
