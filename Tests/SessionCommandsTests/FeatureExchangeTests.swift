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
