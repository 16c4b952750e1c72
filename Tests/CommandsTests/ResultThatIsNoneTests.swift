import Foundation
import Testing

/// What shows nothing is an error, and not a result.
@Suite struct ResultThatIsNoneTests {
  /// A study with features of tiles that no tile file has.
  private func study() throws -> SmallStudy {
    let study = try SmallStudy()
    var table = "slide,loc_x,loc_y,feature_0,feature_1\n"
    for slide in 0..<6 {
      for tile in 0..<8 {
        table += "S-\(slide),\(1000 + 50 * tile),\(70 * tile),\(Double(tile * slide % 7) / 3),\(Double(tile) / 5)\n"
      }
    }
    try study.write("made-elsewhere.csv", table)
    #expect(study.run("project '\(study.folder)';\nf = import_features made-elsewhere.csv").failure == nil)
    return study
  }

  @Test(arguments: ["m = mosaic f num_tiles_x=5", "tiles f n=4", "tiles f extremes=feature:1"])
  func aPictureWithoutATileIsAnError(_ cell: String) throws {
    let study = try study()
    let shown = study.run(cell)
    let failure = try #require(shown.failure)
    #expect(failure.contains("There is no tile file of these tiles. There is no file of slide S-"))
    #expect(failure.contains("no source names a folder of slides"))
    #expect(!failure.contains("extract_tiles"))
    #expect(!(failure + shown.text).contains("CommandFailure"))
  }

  @Test func aMosaicInWhichSomeTilesCannotBeShownSaysSoOnceForEachReason() throws {
    let study = try SmallStudy()
    study.open()
    let file = study.folder + "/tfrecords/16px_16um/S-3.tfrecords"
    try FileManager.default.removeItem(atPath: file)
    let shown = study.run("m = mosaic df num_tiles_x=300")
    #expect(shown.failure == nil)
    #expect(shown.notes.count { $0.contains("cannot be shown: ") } == 1)
  }

  @Test func savingToAFolderSaysThatItIsOne() throws {
    let study = try study()
    try FileManager.default.createDirectory(
      atPath: study.folder + "/out.png", withIntermediateDirectories: true)
    #expect(study.run("u = slide_map f n_neighbors=5").failure == nil)
    let failure = try #require(study.run("save u '\(study.folder)/out.png'").failure)
    #expect(failure.contains("/out.png cannot be written: it is a folder."))
    let plain = try #require(study.run("save u '\(study.folder)'").failure)
    #expect(plain.contains("and not to a folder.") && plain.contains("instead: save u \(study.folder)/u.csv"))
  }
}
