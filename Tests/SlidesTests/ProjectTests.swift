import FeatureData
import Foundation
import Testing

@testable import Slides

@Suite("Projects")
struct ProjectTests {
  private let scratch: ScratchFolder
  private var folder: String { scratch.path + "/p" }

  init() throws {
    scratch = try ScratchFolder()
    try FileManager.default.createDirectory(atPath: scratch.path + "/p", withIntermediateDirectories: true)
  }

  private func write(_ name: String, _ text: String) throws {
    let path = scratch.path + "/" + name
    try FileManager.default.createDirectory(
      atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
    try Data(text.utf8).write(to: URL(filePath: path))
  }

  /// Tiles without locations, or with them.
  private func writeTiles(_ folder: String, _ slides: [String], at location: TileLocation? = nil) throws {
    try FileManager.default.createDirectory(
      atPath: scratch.path + "/" + folder, withIntermediateDirectories: true)
    for slide in slides {
      var writer = try TFRecordWriter(folder: scratch.path + "/" + folder, slideName: slide)
      for _ in 0..<2 { try writer.append(TileExample(slide: slide, image: [1], location: location)) }
      try writer.finish()
    }
  }

  private func names(in folder: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
  }

  @Test("what is named but is no file is refused, and not waited for or read without end", .timeLimit(.minutes(1)))
  func noFiles() throws {
    try write("p/annotations.csv", "patient,slide\nP,S\n")
    try write("p/settings.json", #"{"dataset_config": "/dev/zero"}"#)
    #expect(throws: ProjectError.unreadable(path: "/dev/zero", reason: "not a regular file")) {
      try Project(folder: folder)
    }
    let pipe = folder + "/pipe"
    #expect(mkfifo(pipe, 0o600) == 0)
    try write("p/settings.json", #"{"annotations": "./pipe"}"#)
    try write("p/datasets.json", "{}")
    #expect(throws: ProjectError.unreadable(path: pipe, reason: "not a regular file")) { try Project(folder: folder) }
    #expect(throws: SlidesError.cannotOpen(path: pipe, reason: "not a regular file")) {
      try TFRecordFile(path: pipe, indexes: TFRecordIndexes(folder: nil))
    }
    try write("p/tiles.csv", "file,slide\n/dev/zero,A\npipe,A\n")
    let tiles = try LooseTiles(folder: folder, manifest: folder + "/tiles.csv")
    #expect(throws: ProjectError.self) { try tiles.commonSide(monitor: SilentMonitor()) }
    let outcomes = try TileImport(
      tiles: tiles, size: TileSize(pixels: 64, extent: .microns(64)), folder: folder, replaces: true
    ).run(monitor: SilentMonitor())
    #expect(
      outcomes.first?.faults.map(\.reason) == [
        "it cannot be read: not a regular file", "it cannot be read: not a regular file",
      ])
  }

  @Test("settings of every version open: absolute and relative paths, missing keys, null, one source as text")
  func settings() throws {
    try write("p/annotations.csv", "patient,slide\nP,S\n")
    try write("p/datasets.json", #"{"A": {"tfrecords": "/data/t", "label": "x", "roi": null}, "B": null, "C": {}}"#)
    let variants = [
      #"{"annotations": "./annotations.csv", "sources": ["A"]}"#,
      "\u{FEFF}{\"annotations\": \"annotations.csv\", \"sources\": \"A\", \"slideflow_version\": null}",
      #"{"annotations": "\#(folder)/annotations.csv", "dataset_config": null, "sources": ["A"], "use_fp16": true}"#,
    ]
    for variant in variants {
      try write("p/settings.json", variant)
      let project = try Project(folder: folder)
      #expect(project.name == "p")
      #expect(
        project.sources == [
          Project.Source(name: "A", tfrecords: "/data/t", slides: nil, regionsOfInterest: nil)
        ])
      #expect(project.tileSizes == [])
    }
    try write("p/settings.json", "{}")
    #expect(try Project(folder: folder).sources.map(\.name) == ["A", "B", "C"])
    try write("p/settings.json", #"{"sources": ["D"]}"#)
    #expect(
      throws: ProjectError.unknownSource(name: "D", known: ["A", "B", "C"], path: folder + "/datasets.json")
    ) { try Project(folder: folder) }
  }

  @Test("a project that was moved says where its annotations are now")
  func moved() throws {
    try write("p/annotations.csv", "patient,slide\nP,S\n")
    try write("p/datasets.json", "{}")
    try write("p/settings.json", #"{"annotations": "/old/place/annotations.csv"}"#)
    let error = #expect(throws: ProjectError.self) { try Project(folder: folder) }
    #expect(error?.remedy == #"Write "annotations": "./annotations.csv" in \#(folder)/settings.json."#)
  }

  @Test("annotations without slides are filled from slides and tiles; images may lie in folders")
  func filled() throws {
    try write("p/settings.json", "{}")
    try write("p/datasets.json", #"{"A": {"tfrecords": "./t", "slides": "\#(scratch.path)/slides"}}"#)
    try write("p/annotations.csv", "patient,x\nP1,a\nP2,b\nP3,c\n")
    try writeTiles("p/t/299px_302um", ["P1-x"])
    try write("slides/P2.svs", "")
    try write("slides/more/P3.ome.tif", "")
    try write("slides/P3.txt", "")
    let project = try Project(folder: folder)
    #expect(project.annotations.slides == ["P1-x", "P2", "P3.ome"])
    let dataset = try Dataset(project, tileSize: nil, selection: .init())
    #expect(dataset.slides.map(\.name) == ["P1-x"])
    #expect(dataset.remarks() == [.noLocations(slide: "P1-x")])
  }

  @Test("folders of slides are folders whatever their names, five deep, and data of slides are none")
  func folders() throws {
    try write("p/settings.json", "{}")
    try write("p/datasets.json", #"{"A": {"slides": "./s"}}"#)
    try write("p/annotations.csv", "patient,slide\nP,A\n")
    for file in [
      "A.svs", "2021.05.12 scans/B.svs", "x/y/C.svs", "x/1/2/3/4/D.svs", "x/1/2/3/4/5/E.svs", "F.mrxs",
      "F/Data0001.dcm",
      "G.svs/G.svs", "x/y/.hidden/H.svs", "I.dcm/I.dcm",
    ] { try write("p/s/" + file, file) }
    try FileManager.default.createSymbolicLink(
      atPath: folder + "/s/x/back", withDestinationPath: folder + "/s")
    let project = try Project(folder: folder)
    #expect(project.slideFiles().map(\.name) == ["A", "B", "C", "D", "F", "G", "I"])
    #expect(project.slideFiles().allSatisfy { $0.twins.isEmpty })
    #expect(ProjectFiles.searched == "up to 5 folders deep")
  }

  @Test("two files of one slide's name are told, and refused where they differ")
  func twins() throws {
    try write("p/settings.json", "{}")
    try write("p/datasets.json", #"{"S": {"slides": "./s"}, "T": {"slides": "./s/"}, "U": {"slides": "./u"}}"#)
    try write("p/annotations.csv", "patient,slide\nP,A\nP,B\nP,C\nP,D\n")
    for (file, content) in [
      ("s/1/A.svs", "one"), ("s/2/A.svs", "two"), ("s/B.svs", "x"), ("s/B.tif", "longer"), ("s/C.svs", "same"),
      ("u/C.svs", "same"), ("s/D.mrxs", "m"), ("s/D/Data.dat", "1"), ("u/D.mrxs", "m"), ("u/D/Data.dat", "2"),
      ("s/E.svs", "e"),
    ] { try write("p/" + file, content) }
    try FileManager.default.createSymbolicLink(
      atPath: folder + "/u/E.svs", withDestinationPath: folder + "/s/E.svs")
    let project = try Project(folder: folder)
    let files = project.slideFiles()
    #expect(files.map(\.name) == ["A", "B", "C", "D", "E"])
    #expect(files.map(\.twins.count) == [1, 1, 1, 1, 0])
    #expect(files.map(\.isUnambiguous) == [false, false, true, false, true])
    #expect(
      throws: ProjectError.twoSlideFiles(slide: "A", first: folder + "/s/1/A.svs", second: folder + "/s/2/A.svs")
    ) { try files[0].checkUnambiguous() }
    #expect(project.slideFiles(sources: ["U"]).allSatisfy { $0.twins.isEmpty })
    let remark = try #require(project.nameRemarks().first)
    #expect(remark.hasPrefix("4 slides have several files each, and can be read only where they are copies"))
    #expect(remark.contains("A (\(folder)/s/1/A.svs, \(folder)/s/2/A.svs)"))
  }

  @Test("copies of a large slide are told by pieces of it, from the first byte to the last")
  func largeCopies() throws {
    let size = 80 << 20
    for (name, changed) in [("a", nil), ("b", nil), ("c", 0), ("d", size - 1)] as [(String, Int?)] {
      try write(name, "")
      let file = try #require(FileHandle(forWritingAtPath: scratch.path + "/" + name))
      // Without bytes of its own on the disk.
      try file.truncate(atOffset: UInt64(size))
      if let changed {
        try file.seek(toOffset: UInt64(changed))
        try file.write(contentsOf: Data([1]))
      }
    }
    let equal = ["b", "c", "d"].map { SlideCopy.areEqual(scratch.path + "/a", scratch.path + "/" + $0) }
    #expect(equal == [true, false, false])
  }

  @Test("regions of interest of a slide that is nearly named so are told, for the slide would be taken whole")
  func regionNames() throws {
    try write("p/settings.json", "{}")
    try write("p/datasets.json", #"{"S": {"roi": "./roi", "slides": "./s"}}"#)
    try write("p/annotations.csv", "patient,slide\nP,A\nP,B\n")
    for file in ["s/A.svs", "s/B.svs", "roi/A.svs.csv", "roi/B.csv", "roi/other.csv"] { try write("p/" + file, "") }
    #expect(
      try Project(folder: folder).nameRemarks() == [
        "1 name of files of regions of interest differs from one of slides only by an ending: A.svs and A.",
        "Name the files as the slides: A.csv for A.svs.csv.",
      ])
  }

  @Test("locations of an early version are told to be tenths")
  func tenths() throws {
    try write("p/settings.json", #"{"slideflow_version": "1.1.4"}"#)
    try write("p/datasets.json", #"{"A": {"tfrecords": "./t"}}"#)
    try write("p/annotations.csv", "patient,slide\nP,S\n")
    try writeTiles("p/t/299px_302um", ["S"], at: TileLocation(x: 30, y: 90))
    let dataset = try Dataset(Project(folder: folder), tileSize: nil, selection: .init())
    #expect(dataset.remarks() == [.tenths(reason: "the project is of slideflow 1.1.4")])
    #expect(
      dataset.remarks()[0].sentence
        == "Locations are tenths of pixels, as slideflow wrote them until version 1.4: the project is of slideflow 1.1.4."
    )
    // The same without an index: from the records.
    try FileManager.default.removeItem(atPath: folder + "/t/299px_302um/S.index.npz")
    #expect(try Dataset(Project(folder: folder), tileSize: nil, selection: .init()).remarks() == dataset.remarks())
  }

  // MARK: New projects

  @Test("a new project has slideflow's files, byte for byte")
  func created() throws {
    try write("cohort.csv", "patient,slide\nP,S\n")
    try writeTiles("new/t/299px_302um", ["S"])
    var creation = ProjectCreation(folder: scratch.path + "/new")
    creation.name = "HPV \"1\""
    creation.annotations = scratch.path + "/cohort.csv"
    creation.tfrecords = scratch.path + "/new/t/299px_302um"
    creation.slides = "/data/slides"
    let outcome = try creation.write()
    #expect(outcome.templateSlideCount == nil)
    #expect(try names(in: scratch.path + "/new") == ["datasets.json", "settings.json", "t"])
    #expect(
      String(decoding: try scratch.read("new/settings.json"), as: UTF8.self) == """
        {
         "name": "HPV \\"1\\"",
         "annotations": "\(scratch.path)/cohort.csv",
         "dataset_config": "./datasets.json",
         "sources": [
          "HPV \\"1\\""
         ],
         "models_dir": "./models",
         "eval_dir": "./eval",
         "slideflow_version": "3.0.2"
        }
        """)
    #expect(
      String(decoding: try scratch.read("new/datasets.json"), as: UTF8.self) == """
        {
         "HPV \\"1\\"": {
          "slides": "/data/slides",
          "roi": "./roi",
          "tiles": "./tiles",
          "tfrecords": "./t"
         }
        }
        """)
    let dataset = try Dataset(Project(folder: scratch.path + "/new"), tileSize: nil, selection: .init())
    #expect(dataset.slides.map(\.name) == ["S"])
  }

  @Test("without annotations they are begun with the slides that are found")
  func template() throws {
    try writeTiles("t/299px_302um", ["B", "A,1"])
    try write("s/C.svs", "")
    var creation = ProjectCreation(folder: scratch.path + "/new")
    creation.tfrecords = scratch.path + "/t"
    creation.slides = scratch.path + "/s"
    #expect(try creation.write().templateSlideCount == 3)
    let text = String(decoding: try scratch.read("new/annotations.csv"), as: UTF8.self)
    #expect(text == "patient,slide\n\"A,1\",\"A,1\"\nB,B\nC,C\n")
    #expect(try Project(folder: scratch.path + "/new").annotations.slides == ["A,1", "B", "C"])
  }

  private func refusal(_ change: (inout ProjectCreation) -> Void) throws -> ProjectError? {
    var creation = ProjectCreation(folder: folder)
    change(&creation)
    let before = try names(in: folder)
    do { _ = try creation.write() } catch {
      #expect(try names(in: folder) == before)
      return error as? ProjectError
    }
    return nil
  }

  @Test("nothing that exists is changed, and nothing is written when something is wrong")
  func refused() throws {
    #expect(try refusal { _ in } == .noSlidesFound(folders: []))
    #expect(try refusal { $0.slides = folder } == .noSlidesFound(folders: [folder]))
    try write("bad.csv", "name,slide\nP,S\n")
    #expect(
      try refusal { $0.annotations = scratch.path + "/bad.csv" }
        == .missingColumn(path: scratch.path + "/bad.csv", name: "patient", found: ["name", "slide"]))
    try writeTiles("loose", ["S"])
    #expect(
      try refusal { $0.tfrecords = scratch.path + "/loose" } == .tilesWithoutSize(folder: scratch.path + "/loose"))
    try write("p/annotations.csv", "mine")
    #expect(try refusal { _ in } == .fileInTheWay(path: folder + "/annotations.csv"))
    try write("p/settings.json", "{}")
    let exists = try refusal { _ in }
    #expect(exists == .projectExists(folder: folder))
    #expect(exists?.remedy == "project \(folder)")
    #expect(String(decoding: try scratch.read("p/annotations.csv"), as: UTF8.self) == "mine")
  }
}
