import FeatureData
import Foundation
import Slides
import Testing

/// A small project with slides A (3 tiles), B (2 tiles) and C (1 tile) in a folder that is removed afterwards.
private final class SmallProject {
  let folder = NSTemporaryDirectory() + "tessera-" + UUID().uuidString

  init() throws {
    let tiles = folder + "/tfrecords/299px_302um"
    try FileManager.default.createDirectory(atPath: tiles, withIntermediateDirectories: true)
    try write("settings.json", #"{"name": "Small", "annotations": "./annotations.csv", "sources": ["S"]}"#)
    try write("datasets.json", #"{"S": {"tfrecords": "./tfrecords"}}"#)
    try write("annotations.csv", "patient,slide,site\n1,A,x\n2,B,y\n3,C,\n4,D,x\n")
    for (name, count) in [("A", 3), ("B", 2), ("C", 1), ("stray", 1)] {
      var writer = try TFRecordWriter(folder: tiles, slideName: name)
      for index in 0..<count {
        try writer.append(TileExample(slide: name, image: [1, 2], location: TileLocation(x: index, y: 0)))
      }
      try writer.finish()
    }
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  func write(_ name: String, _ text: String) throws {
    try Data(text.utf8).write(to: URL(fileURLWithPath: folder + "/" + name))
  }
}

@Suite("Datasets")
struct DatasetTests {
  private let files: SmallProject

  init() throws { files = try SmallProject() }

  private func dataset(_ change: (inout Dataset.Selection) -> Void = { _ in }) throws -> Dataset {
    var selection = Dataset.Selection()
    change(&selection)
    return try Dataset(Project(folder: files.folder), tileSize: nil, selection: selection)
  }

  @Test("slides with tiles and a row belong to it, the others are named with the reason")
  func all() throws {
    let dataset = try dataset()
    #expect(dataset.tileSize.label == "299px_302um")
    #expect(dataset.slides.map(\.name) == ["A", "B", "C"])
    #expect(dataset.slides.map(\.recordCount) == [3, 2, 1])
    #expect(
      dataset.removals.map(\.reason) == ["no tiles of 299px_302um", "no row in the annotations"])
    #expect(dataset.removals.map(\.slides) == [["D"], ["stray"]])
  }

  @Test("filters, blanks and limits choose slides and tiles")
  func selection() throws {
    #expect(try dataset { $0.filters = [.init(column: "site", values: ["x"])] }.slides.map(\.name) == ["A"])
    #expect(try dataset { $0.filterBlank = ["site"] }.slides.map(\.name) == ["A", "B"])
    #expect(try dataset { $0.minTiles = 2 }.slides.map(\.name) == ["A", "B"])
    #expect(try dataset { $0.maxTiles = 2 }.tileCount == 5)
  }

  @Test("an unknown column, source or tile size is refused with what there is")
  func refused() throws {
    #expect(throws: ProjectError.unknownColumn(name: "sex", known: ["patient", "slide", "site"])) {
      try dataset { $0.filters = [.init(column: "sex", values: ["m"])] }
    }
    #expect(throws: ProjectError.self) { try dataset { $0.sources = ["T"] } }
    #expect(throws: ProjectError.noTiles(label: "224px_112um", available: ["299px_302um"])) {
      try Dataset(
        Project(folder: files.folder), tileSize: TileSize(pixels: 224, extent: .microns(112)), selection: .init())
    }
    #expect(throws: ProjectError.self) { try dataset { $0.filters = [.init(column: "site", values: ["z"])] } }
  }

  @Test("an index counts, then a manifest that the file can have, then the records")
  func counts() throws {
    let tiles = files.folder + "/tfrecords/299px_302um/"
    try files.write(
      "tfrecords/299px_302um/manifest.json", #"{"A.tfrecords": {"total": 30}, "B.tfrecords": {"total": 2}}"#)
    let indexed = try dataset()
    #expect(indexed.slides.map(\.recordCount) == [3, 2, 1])
    #expect(indexed.slides.map(\.findings) == [[.manifestDisagrees(manifest: 30, count: 3)], [], []])
    for slide in ["A", "B", "C"] { try FileManager.default.removeItem(atPath: tiles + slide + ".index.npz") }
    let counted = try dataset()
    #expect(counted.slides.map(\.recordCount) == [3, 2, 1])
    #expect(counted.slides.map(\.findings) == [[.manifestDisagrees(manifest: 30, count: 3)], [], []])
  }

  @Test("an index of another file is not believed, and a file that is cut off or unfinished is told")
  func findings() throws {
    let tiles = files.folder + "/tfrecords/299px_302um/"
    let manager = FileManager.default
    try manager.removeItem(atPath: tiles + "B.index.npz")
    try manager.copyItem(atPath: tiles + "A.index.npz", toPath: tiles + "B.index.npz")
    let whole = try Data(contentsOf: URL(fileURLWithPath: tiles + "A.tfrecords"))
    try whole.dropLast(5).write(to: URL(fileURLWithPath: tiles + "A.tfrecords"))
    try files.write("tfrecords/299px_302um/C.unfinished", "")
    let dataset = try dataset()
    #expect(dataset.slides.map(\.recordCount) == [3, 2, 1])
    #expect(dataset.slides[0].findings.contains(.truncated))
    guard case .indexMisfit(let index, let clause)? = dataset.slides[1].findings.first else {
      Issue.record("no misfit")
      return
    }
    #expect(index == tiles + "B.index.npz")
    #expect(clause.hasPrefix("its records end at byte "))
    #expect(dataset.slides[2].findings == [.unfinished])
  }

  @Test("a project without settings, with broken JSON or without annotations says which file")
  func projects() throws {
    #expect(throws: ProjectError.notAProject(folder: "/nowhere")) { try Project(folder: "/nowhere") }
    try files.write("settings.json", #"{"annotations": 5}"#)
    #expect(throws: ProjectError.self) { try Project(folder: files.folder) }
    try files.write("settings.json", #"{"annotations": "./gone.csv", "sources": ["S"]}"#)
    let settings = files.folder + "/settings.json"
    #expect(throws: ProjectError.missingAnnotations(path: files.folder + "/gone.csv", settings: settings, moved: nil)) {
      try Project(folder: files.folder)
    }
  }

  @Test("folders of tiles are read as slideflow names them")
  func labels() {
    #expect(TileSize(label: "299px_302um") == TileSize(pixels: 299, extent: .microns(302)))
    #expect(TileSize(label: "224px_10x")?.extentText == "10x")
    #expect(TileSize(label: "224px") == nil)
    #expect(TileSize(label: "px_10um") == nil)
  }

  @Test("a file that several sources reach is one, through links and other spellings too")
  func sharedFolder() throws {
    let link = files.folder + "/linked"
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: files.folder + "/tfrecords")
    try files.write("settings.json", #"{"annotations": "./annotations.csv", "sources": ["S", "T", "U", "V"]}"#)
    try files.write(
      "datasets.json",
      #"""
      {"S": {"tfrecords": "./tfrecords"}, "T": {"tfrecords": "\#(files.folder)/tfrecords/"},
       "U": {"tfrecords": "./x/../tfrecords"}, "V": {"tfrecords": "./linked"}}
      """#)
    let all = try dataset()
    #expect(all.slides.map(\.name) == ["A", "B", "C"])
    #expect(all.slides.allSatisfy { $0.source == "S" })
    #expect(try dataset { $0.sources = ["V"] }.slides.map(\.name) == ["A", "B", "C"])
    // Another file of that name is another file.
    let other = files.folder + "/other/299px_302um"
    try FileManager.default.createDirectory(atPath: other, withIntermediateDirectories: true)
    try FileManager.default.copyItem(
      atPath: files.folder + "/tfrecords/299px_302um/A.tfrecords", toPath: other + "/A.tfrecords")
    try files.write("datasets.json", #"{"S": {"tfrecords": "./tfrecords"}, "T": {"tfrecords": "./other"}}"#)
    try files.write("settings.json", #"{"annotations": "./annotations.csv"}"#)
    #expect(
      throws: ProjectError.duplicateTiles(
        slide: "A", first: files.folder + "/tfrecords/299px_302um/A.tfrecords", second: other + "/A.tfrecords")
    ) { try dataset() }
  }

  @Test("names that nearly are those of tile files are named beside them")
  func nearNames() throws {
    try files.write("annotations.csv", "patient,slide\n1,A\n2,b\n3,C.svs\n")
    let some = try dataset()
    #expect(some.slides.map(\.name) == ["A"])
    #expect(some.nearNames.map { [$0.name, $0.other] } == [["C.svs", "C"], ["b", "B"]])
    #expect(
      some.remarks().map(\.sentence).contains {
        $0.hasSuffix("Write the names in the annotations as the files have them: C for C.svs.")
      })
    try files.write("annotations.csv", "patient,slide\n1,A.svs\n2, B.svs\n")
    do {
      _ = try dataset()
      Issue.record("a dataset of no slides")
    } catch let error as ProjectError {
      #expect(
        error.description
          == "No slide is left in the dataset. 2: no tiles of 299px_302um (A.svs, B.svs). 4: no row in the annotations "
          + "(A, B, C, stray). 2 names in the annotations differ from those of tile files only by an ending: A.svs and A, "
          + "B.svs and B.")
      #expect(error.remedy == "Write the names in the annotations as the files have them: A for A.svs.")
    }
  }
}
