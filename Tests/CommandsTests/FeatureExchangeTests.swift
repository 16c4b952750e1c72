import CommandLanguage
import Foundation
import Testing

@Suite("Features for and from other programs")
struct FeatureExchangeTests {
  let study: SmallStudy

  init() throws { study = try SmallStudy() }

  @Test("bags that were saved come back with the same numbers, the same tiles, and joined with the annotations")
  func bags() throws {
    #expect(study.open().failure == nil)
    #expect(study.run("save df '\(study.folder)/bags' format=slideflow").failure == nil)
    let shown = study.run("b = import_features '\(study.folder)/bags' outcomes=HPV_status")
    #expect(shown.failure == nil)
    #expect(shown.text.contains("6 slides, 72 tiles × 12 features: features (12); no logits"))
    #expect(shown.text.contains("From slideflow. The project has their tiles."))
    study.run("save df '\(study.folder)/a.csv'\nsave b '\(study.folder)/b.csv'")
    #expect(try values("a.csv", from: 6) == values("b.csv", from: 4))
    #expect(study.run("tiles b n=4").outputs.first?.picture != nil)
    #expect(study.run("slide_map b n_neighbors=5").failure == nil)
    let again = study.run("b2 = import_features '\(study.folder)/bags' outcomes=HPV_status")
    #expect(again.text == shown.text)
  }

  @Test("TRIDENT's files need the tiles' corners, which the microns per pixel give")
  func trident() throws {
    #expect(study.open().failure == nil)
    let refused = try #require(study.run("save df '\(study.folder)/trident' format=trident").failure)
    #expect(refused.contains("with mpp="))
    #expect(study.run("df = features models/small.onnx mpp=1").failure == nil)
    #expect(study.run("save df '\(study.folder)/trident' format=trident").failure == nil)
    let shown = study.run("b = import_features '\(study.folder)/trident'\nlocations b slide=S-1 tiles=0..<2")
    #expect(shown.failure == nil)
    #expect(shown.text.contains("From TRIDENT."))
    #expect(shown.text.contains("24  8"))
  }

  @Test("a table of features is read, and slides that the annotations do not have are left out and named")
  func table() throws {
    #expect(study.run("project '\(study.folder)'").failure == nil)
    try study.write("t.csv", "slide,x,y,0,1\nS-1,8,8,0.5,1\nS-1,24,8,1.5,2\nother,8,8,1,1\n")
    let shown = study.run("b = import_features '\(study.folder)/t.csv'\nactivations b")
    #expect(shown.failure == nil)
    #expect(shown.text.contains("1 slide, 2 tiles × 2 features"))
    #expect(shown.text.contains("1 file fit no slide of the annotations and are left out: other."))
  }

  @Test(
    "names are joined exactly first, then as they are nearly written, then by their beginnings; all but the first are said"
  )
  func join() throws {
    try study.write(
      "annotations.csv",
      "patient,slide,x\nP1,S1,a\nP2,S2,b\nP3,T-1-2,a\nP4,T-2,b\nP5,U3_A,a\nP6,0042,b\nP7,V1,a\nP8,W,b\nP9,W-left,a\n")
    #expect(study.run("project '\(study.folder)'").failure == nil)
    try FileManager.default.createDirectory(atPath: study.folder + "/f", withIntermediateDirectories: true)
    for name in ["S1", "S1-normal", "s2.svs", "T-1", "U3", "42", "V1 (rescan)", "W-left-part"] {
      try study.write("f/\(name).csv", "x,y,0,1\n0,0,1,2\n256,0,1,3\n")
    }
    let shown = study.run("b = import_features '\(study.folder)/f' outcomes=x")
    #expect(shown.failure == nil)
    #expect(shown.text.contains("4 slides, 8 tiles"))
    #expect(
      shown.notes.contains(
        "Matched 2 files by names that differ only by an ending or capitals or zeros before a number: 42 as 0042, s2.svs as S2."
      ))
    #expect(shown.notes.contains("Matched 1 file by the beginning of their names only; check them: V1 (rescan) as V1."))
    #expect(shown.notes.contains("S1-normal: S1 begins alike and has a file of its own."))
    #expect(shown.notes.contains("T-1: T-1-2 begins alike, and what follows may number another slide."))
    #expect(shown.notes.contains("U3: U3_A begins alike, and what follows may number another slide."))
    #expect(shown.notes.contains("W-left-part: W, W-left fit it equally well."))
    #expect(
      shown.notes.contains(
        "4 files fit no slide of the annotations and are left out: S1-normal, T-1, U3, W-left-part."))
  }

  @Test("files of patients are joined with the first slide of each, but not where that is not clear")
  func patients() throws {
    try study.write(
      "annotations.csv", "patient,slide,x\nP1,A1,a\nP1,A2,b\nP2,B1,b\nP3,C1,a\nP3,C2,a\nP4,D1,b\nP5,P5,a\n")
    #expect(study.run("project '\(study.folder)'").failure == nil)
    try FileManager.default.createDirectory(atPath: study.folder + "/f", withIntermediateDirectories: true)
    for name in ["P1", "p2", "P5", "D1", "P4"] { try study.write("f/\(name).csv", "0,1,2\n1,2,3\n") }
    try study.write("f/P3.csv", "x,y,0,1,2\n0,0,1,2,3\n256,0,1,3,4\n")
    let shown = study.run("b = import_features '\(study.folder)/f' outcomes=x")
    #expect(shown.failure == nil)
    #expect(shown.text.contains("4 slides, 4 tiles × 3 features"))
    #expect(
      shown.notes.contains(
        "Matched 2 files by patient, a row for each: P1 as A1 (the first of 2 slides), p2 as B1."))
    #expect(shown.notes.contains("The slides of 1 patient differ in x: P1 (a / b; that of A1 counts)."))
    #expect(shown.notes.contains("P4: it is of patient P4, whose slide D1 has a file of its own."))
    #expect(
      shown.notes.contains(
        "P3: it has tiles of patient P3, whose slides are C1, C2, and which tile is of which slide is not known."))
  }

  @Test(
    "numbers of tiles colour maps, rank tiles and stand under them, from the features' files or from others by place")
  func quantities() throws {
    #expect(study.run("project '\(study.folder)'").failure == nil)
    var (table, scores) = ("slide,loc_x,loc_y,0,1,attention\n", "slide,x,y,risk\n")
    for slide in 0..<2 {
      for tile in 0..<12 {
        table += "S-\(slide),\(8 + 16 * tile),8,\(tile % 5),\(slide),\(Double(tile) / 10)\n"
        scores += "S-\(slide),\(9 + 16 * tile),7,\(slide * 100 + tile)\n"
      }
    }
    try study.write("t.csv", table)
    try study.write("scores.csv", scores + "S-1,4000,4000,1\n")
    let shown = study.run(
      "b = import_features '\(study.folder)/t.csv' scores=scores.csv\ntiles b extremes=risk n=2 values=attention")
    #expect(shown.failure == nil)
    #expect(shown.notes.contains("Values for each tile besides the features: attention."))
    #expect(
      shown.notes.contains(
        "risk of 24 of 24 tiles come from scores.csv, joined by the centres of tiles within 2 pixels of level 0, of 2 of "
          + "the 2 slides.") || shown.notes.contains { $0.hasPrefix("risk of 24 of 24 tiles come from ") })
    #expect(shown.notes.contains { $0.hasPrefix("1 of the 25 places in ") })
    #expect(shown.text.contains("S-1:11 (highest 1: 111), S-0:0 (lowest 1: 0)"))
    study.run("u = slide_map b method=pca")
    let panels = study.run("label u by=[attention, risk]")
    #expect(panels.failure == nil && panels.text.contains("by attention, risk"))
    #expect(try #require(study.run("label u by=atention").failure).contains("instead: attention"))
    #expect(try #require(study.run("mosaic b outcomes=attention").failure).contains("no column"))
    let saved = study.run("save b '\(study.folder)/again.csv'\nd = import_features '\(study.folder)/again.csv'")
    #expect(saved.failure == nil && saved.notes.contains("Values for each tile besides the features: risk, attention."))
    try study.write("off.csv", "slide,x,y,risk\nS-0,300,300,1\n")
    let failure = study.run("c = import_features '\(study.folder)/t.csv' scores=off.csv").failure
    #expect(failure?.contains("No place in") == true)
  }

  @Test("tiles that no file has are cut from the slides, as large as is said, and seen on sheets, mosaics and slides")
  func cut() throws {
    let study = try SlideStudy()
    let file = "'\(study.folder)/t.csv'"
    var table = "slide,x,y,0,1\n"
    for tile in 0..<3 { table += "DEMO-01,\(37 + 301 * tile),\(41 + 211 * tile * tile),\(tile),\(tile * tile)\n" }
    try Data(table.utf8).write(to: URL(filePath: study.folder + "/t.csv"))
    #expect(study.run("project '\(study.folder)'\nf = import_features \(file)").failure == nil)
    let unknown = try #require(study.run("tiles f").failure)
    #expect(unknown.contains("How large the tiles of DEMO-01 are is not known") && unknown.contains("tile_um"))
    #expect(try #require(study.run("g = import_features \(file) tile_um=20x").failure).contains("tile_px=256"))
    let sized = study.run("g = import_features \(file) tile_um=64")
    #expect(sized.notes.contains("The tile's side is 128 level-0 pixels, as asked for."))
    let sheet = study.run("tiles g n=3")
    #expect(sheet.failure == nil && sheet.text.contains("Tiles are cut from the slides in "))
    #expect(study.run("normalize g macenko n=2").text.contains("Tiles are cut from the slides in "))
    let mosaic = study.run("m = mosaic g method=pca")
    #expect(mosaic.failure == nil && mosaic.text.contains("Tiles are cut from the slides in "))
    #expect(try #require(study.run("label g by=feature:0").failure).contains("lie on no grid"))
    var grid = "slide,x,y,0,1,attention\n"
    for tile in 0..<6 { grid += "DEMO-01,\(128 * (tile % 3)),\(128 * (tile / 3)),\(tile),1,\(tile % 2)\n" }
    try Data(grid.utf8).write(to: URL(filePath: study.folder + "/t.csv"))
    let shown = study.run("h = import_features \(file)\nlabel h by=attention")
    #expect(shown.failure == nil && shown.outputs.last?.picture != nil)
    #expect(shown.text.contains("Slide DEMO-01 by attention: 6 tiles of 128 px of level 0"))
  }

  @Test("names of slides that cannot be names of files stay apart, and in the folder")
  func fileNames() throws {
    try study.write("annotations.csv", "patient,slide,x\nP1,a/b,1\nP2,a%2Fb,1\n")
    #expect(study.run("project '\(study.folder)'").failure == nil)
    try study.write("t.csv", "slide,loc_x,loc_y,0\na/b,0,0,1\na%2Fb,0,0,2\n")
    let saved = study.run("b = import_features '\(study.folder)/t.csv'\nsave b '\(study.folder)/out' format=slideflow")
    #expect(saved.failure == nil)
    let names = try FileManager.default.contentsOfDirectory(atPath: study.folder + "/out")
    #expect(names.filter { $0.hasSuffix(".pt") }.sorted() == ["a%252Fb.pt", "a%2Fb.pt"])
  }

  @Test("a damaged file is an error that names it, also when it would crash its reader")
  func damaged() throws {
    #expect(study.run("project '\(study.folder)'").failure == nil)
    try study.write("S-1.h5", "\u{89}HDF")
    let failure = try #require(study.run("import_features '\(study.folder)/S-1.h5'").failure)
    #expect(failure.contains("S-1.h5"))
    try study.write("S-1.pt", "no archive")
    #expect(try #require(study.run("import_features '\(study.folder)/S-1.pt'").failure).contains("S-1.pt"))
  }

  @Test("predictions of slides: means, shares and classes agree, and a restriction keeps names")
  func predictions() throws {
    #expect(study.open().failure == nil)
    let percent = study.run("logits_percent df")
    #expect(percent.text.contains("share of the tiles by predicted outcome, 6 slides, 72 tiles, on df"))
    let restricted = study.run("logits_predict df restrict_pred=[1]\nlogits_mean df of=probabilities")
    #expect(restricted.failure == nil)
    #expect(try #require(study.run("logits_percent df restrict_pred=[7]").failure).contains("7"))
  }

  /// The numbers of a table from a column on, as they are written.
  private func values(_ file: String, from column: Int) throws -> [[Substring]] {
    let text = try String(contentsOfFile: study.folder + "/" + file, encoding: .utf8)
    return text.split(whereSeparator: \.isNewline).dropFirst().map { line in
      Array(line.split(separator: ",", omittingEmptySubsequences: false).dropFirst(column))
    }
  }
}
