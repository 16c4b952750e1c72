import CommandLanguage
import Foundation
import Testing

@Suite("Slides and their tiles")
struct SlideCommandTests {
  let study: SlideStudy

  init() throws {
    study = try SlideStudy()
    study.run("project '\(study.folder)'")
  }

  @Test("a slide of the project is shown with its properties and its grid")
  func slide() {
    let shown = study.run("s = slide DEMO-01")
    #expect(shown.failure == nil)
    #expect(shown.text.contains("0.5 µm") && shown.text.contains("aperio") && shown.text.contains("20x"))
    #expect(shown.text.contains("Grid of 64px_64um"))
    #expect(shown.outputs.last?.picture != nil)
    let given = study.run("slide '\(study.folder)/slides/DEMO-02.svs' tile_px=32 tile_um=20x grayspace_fraction=1")
    #expect(given.text.contains("32px_20x"))
    #expect(study.run("slide '\(study.folder)/slides/DEMO-02.svs'").text.contains("levels"))
  }

  @Test("what is wrong with a slide or its grid is said, with what to type instead")
  func faults() throws {
    func failure(_ cell: String) throws -> String { try #require(study.run(cell).failure) }
    #expect(try failure("slide DEMO-1").contains("DEMO-01"))
    // In the annotations, but without a file.
    #expect(try failure("slide DEMO-03").contains("There is no file of slide DEMO-03"))
    let text = study.folder + "/annotations.csv"
    #expect(try failure("slide '\(text)'").contains("not a whole-slide image"))
    #expect(try failure("slide DEMO-01 tile_px=64").contains("tile_um=302"))
    #expect(try failure("slide DEMO-01 tile_px=64 tile_um=10x").contains("tile_um=64"))
    #expect(try failure("slide DEMO-01 roi_method=inside").contains("no DEMO-01.csv"))
    #expect(try failure("slide DEMO-01 filter_threshold=0.5").contains("qc"))
    let cut = study.folder + "/slides/cut.svs"
    try Data(study.read("slides/DEMO-01.svs").prefix(5000)).write(to: URL(filePath: cut))
    #expect(try failure("slide '\(cut)'").contains("damaged, cut off"))
  }

  @Test("regions of interest of the project choose tiles, and a fault in them names file and line")
  func regions() throws {
    try FileManager.default.createDirectory(atPath: study.folder + "/roi", withIntermediateDirectories: true)
    let path = URL(filePath: study.folder + "/roi/DEMO-01.csv")
    try Data("ROI_name,X_base,Y_base\na,0,0\na,260,0\na,260,130\na,0,130\n".utf8).write(to: path)
    let inside = study.run("slide DEMO-01 grayspace_fraction=1")
    #expect(inside.text.contains("2 kept"))
    #expect(study.run("slide DEMO-01 grayspace_fraction=1 roi_method=ignore").text.contains("outside ROI") == false)
    #expect(study.run("slide DEMO-01 grayspace_fraction=1 roi_method=outside").text.contains("2 outside ROI"))
    try Data("ROI_name,X_base,Y_base\na,0,east\n".utf8).write(to: path)
    #expect(try #require(study.run("slide DEMO-01").failure).contains("DEMO-01.csv, line 2"))
  }

  @Test("of two files of one slide's name none is taken silently, and a name that nearly fits is named")
  func slideNames() throws {
    let manager = FileManager.default
    let slides = study.folder + "/slides"
    let file = try #require(try manager.contentsOfDirectory(atPath: slides).first { $0.hasPrefix("DEMO-01.") })
    let deep = slides + "/2021.05.12 scans/rack 3"
    try manager.createDirectory(atPath: deep, withIntermediateDirectories: true)
    let cell = "project '\(study.folder)'\nslide DEMO-01"
    // A copy is the same slide, another picture is not.
    try manager.copyItem(atPath: slides + "/" + file, toPath: deep + "/" + file)
    let copied = study.run(cell)
    #expect(copied.failure == nil)
    #expect(copied.notes.contains { $0.hasPrefix("A slide has several files") && $0.contains("rack 3/\(file)") })
    var bytes = try Data(contentsOf: URL(filePath: deep + "/" + file))
    bytes[bytes.count - 1] ^= 1
    try bytes.write(to: URL(filePath: deep + "/" + file))
    let refused = try #require(study.run(cell).failure)
    #expect(refused.contains("There are two files of slide DEMO-01, and they differ: "))
    #expect(refused.contains("/slides/\(file) and ") && refused.contains("rack 3/\(file)."))
    let extracted = study.run("extract_tiles tile_px=32 tile_um=32")
    #expect(extracted.failure == nil)
    #expect(extracted.text.contains("DEMO-01 is left out: There are two files of slide DEMO-01, and they differ"))
    #expect(extracted.text.contains("Tiles of 32px_32um: 2 slides"))
    try manager.removeItem(atPath: slides + "/" + file)
    #expect(study.run(cell).failure == nil)
    try manager.moveItem(atPath: deep + "/" + file, toPath: deep + "/demo-01." + (file as NSString).pathExtension)
    let near = try #require(study.run(cell).failure)
    #expect(near.contains("up to 5 folders deep"))
    #expect(near.contains("is called demo-01, and differs by capitals."))
  }

  @Test("a patient's short name of TCGA chooses the slides to extract as it chooses those of a dataset")
  func shortNames() throws {
    let path = study.folder + "/annotations.csv"
    let table = try String(contentsOf: URL(filePath: path), encoding: .utf8).split(whereSeparator: \.isNewline)
    let column = try #require(table[0].split(separator: ",").firstIndex(of: "patient"))
    let renamed = table.enumerated().map { index, line in
      var cells = line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
      if index > 0 { cells[column] = "TCGA-AA-000\(index)-01Z" }
      return cells.joined(separator: ",")
    }
    try Data(renamed.joined(separator: "\n").utf8).write(to: URL(filePath: path))
    study.run("project '\(study.folder)'")
    let filter = "filters={patient: [TCGA-AA-0002]}"
    let chosen = study.run("dataset \(filter)")
    #expect(chosen.text.contains("1 slide,") && chosen.text.contains("2 (DEMO-01, DEMO-03)"))
    let extracted = study.run("extract_tiles tile_px=32 tile_um=32 \(filter)")
    #expect(extracted.failure == nil)
    #expect(extracted.text.contains("Tiles of 32px_32um: 1 slide,"))
    #expect(extracted.text.contains("DEMO-02"))
  }

  @Test("tiles are extracted into slideflow's layout, and a second run shows the same without work")
  func extraction() throws {
    let cell = "extract_tiles tile_px=32 tile_um=32"
    let first = study.run(cell)
    #expect(first.failure == nil)
    #expect(first.text.contains("Left out, no slide file: 1 (DEMO-03)."))
    #expect(first.text.contains("Tiles of 32px_32um: 2 slides"))
    #expect(first.outputs.last?.picture != nil)
    let bytes = try study.read("tfrecords/32px_32um/DEMO-01.tfrecords")
    let manifest = String(decoding: try study.read("tfrecords/32px_32um/manifest.json"), as: UTF8.self)
    #expect(manifest.contains("\"DEMO-01.tfrecords\"") && manifest.contains("\"DEMO-02.tfrecords\""))
    let second = study.run(cell)
    #expect(second.outputs == first.outputs && second.notes == first.notes)
    #expect(try study.read("tfrecords/32px_32um/DEMO-01.tfrecords") == bytes)
    // Other settings do not quietly answer with the old tiles.
    let other = study.run(cell + " grayspace_fraction=1")
    #expect(other.text.contains("extracted with other settings"))
    #expect(try study.read("tfrecords/32px_32um/DEMO-01.tfrecords") == bytes)
    let anew = study.run(cell + " grayspace_fraction=1 skip_extracted=false")
    #expect(anew.failure == nil)
    #expect(try study.read("tfrecords/32px_32um/DEMO-01.tfrecords").count > bytes.count)
    #expect(study.run("dataset tile_px=32 tile_um=32").text.contains("2 slides"))
  }

  @Test("tile files of another program are left as they are")
  func foreignTiles() throws {
    let before = try study.read("tfrecords/64px_64um/DEMO-01.tfrecords")
    let shown = study.run("extract_tiles tile_px=64 tile_um=64")
    #expect(shown.text.contains("not extracted here"))
    #expect(try study.read("tfrecords/64px_64um/DEMO-01.tfrecords") == before)
  }

  @Test("a damaged slide costs that slide alone")
  func damagedSlide() throws {
    try Data("broken".utf8).write(to: URL(filePath: study.folder + "/slides/DEMO-02.svs"))
    let shown = study.run("extract_tiles tile_px=32 tile_um=32")
    #expect(shown.failure == nil)
    #expect(shown.text.contains("DEMO-02 is left out"))
    try Data("broken".utf8).write(to: URL(filePath: study.folder + "/slides/DEMO-01.svs"))
    let none = study.run("extract_tiles tile_px=32 tile_um=16")
    #expect(try #require(none.failure).contains("No slide could be extracted"))
  }

  @Test("an interrupted extraction goes on with the next slide")
  func interruption() throws {
    let shown = study.run("extract_tiles tile_px=32 tile_um=32", monitor: Impatient())
    #expect(shown.failure?.contains("interrupted") == true)
    #expect(!FileManager.default.fileExists(atPath: study.folder + "/tfrecords/32px_32um/DEMO-01.tfrecords"))
    #expect(study.run("extract_tiles tile_px=32 tile_um=32").text.contains("2 slides"))
  }

  @Test("tiles of a dataset and of a slide are shown by number and by place")
  func contactSheets() throws {
    study.run("d = dataset")
    #expect(study.run("tiles d n=4 values=[HPV_status, slide]").text.contains("4 of"))
    #expect(study.run("tiles d slide=DEMO-01 tiles=0..<3").text.contains("Tiles: 3 tiles."))
    let place = study.run("tiles d area=[0, 0, 100000, 100000] n=500")
    #expect(place.failure == nil && place.outputs.first?.picture != nil)
    #expect(try #require(study.run("tiles d area=[5, 5, 1, 1]").failure).contains("area=[1, 1, 5, 5]"))
    #expect(try #require(study.run("tiles d slide=DEMO-01 tiles=[99]").failure).contains("numbered 0 to"))
    #expect(try #require(study.run("tiles d values=[feature:3]").failure).contains("Only features"))
    study.run("s = slide DEMO-01")
    #expect(study.run("tiles s n=3").text.contains("3 of"))
    let bare = study.run("t = slide '\(study.folder)/slides/DEMO-02.svs'\ntiles t")
    #expect(try #require(bare.failure).contains("tile_px=299"))
  }

  @Test("stain normalisation is shown before and after, with any target")
  func normalisation() throws {
    study.run("d = dataset")
    for cell in [
      "normalize macenko", "normalize d reinhard normalizer_source=v1",
      "normalize d macenko_fast normalizer_source=DEMO-01:0 n=3",
    ] {
      let shown = study.run(cell)
      #expect(shown.failure == nil, "\(cell): \(shown.failure ?? "")")
      #expect(shown.outputs.first?.picture != nil)
    }
    #expect(try #require(study.run("normalize vahadane").failure).contains("reinhard"))
    #expect(study.run("extract_tiles tile_px=32 tile_um=32 normalizer=reinhard_fast").failure == nil)
    #expect(
      try #require(study.run("extract_tiles tile_px=32 tile_um=32 normalizer_source=v1").failure).contains("normalizer")
    )
  }

  @Test("loose tiles become a dataset of the project")
  func importing() throws {
    let tiles = study.folder + "/loose/DEMO-03"
    try FileManager.default.createDirectory(atPath: tiles, withIntermediateDirectories: true)
    let tile = try study.firstTile()
    for number in 0..<4 { try Data(tile).write(to: URL(filePath: "\(tiles)/\(number).jpg")) }
    let shown = study.run("import_tiles '\(study.folder)/loose' tile_um=10x\ndataset tile_px=64 tile_um=10x")
    #expect(shown.failure == nil, "\(shown.failure ?? "")")
    #expect(shown.text.contains("Imported tiles of 64px_10x: 1 slide, 4 tiles"))
    let empty = study.run("import_tiles '\(study.folder)/roi2' tile_um=302")
    #expect(empty.failure != nil)
  }

  private struct Impatient: ProgressMonitor {
    var isInterrupted: Bool { true }
    func report(phase: String, unit: String, done: Int, total: Int) {}
  }
}
