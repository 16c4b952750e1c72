import CommandLanguage
import Foundation
import Commands
import Testing

@Suite("Projects, datasets and labels")
struct ProjectCommandTests {
  let study: SmallStudy

  init() throws { study = try SmallStudy() }

  private func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }

  @Test("a new project is made from tiles and annotations, opened, and not made twice")
  func create() throws {
    let new = study.folder + "/new"
    let cell = "project '\(new)' create=true tfrecords='\(study.folder)/tfrecords' "
    let shown = study.run(cell + "annotations='\(study.folder)/annotations.csv' name=Mine\ndataset")
    #expect(shown.failure == nil)
    #expect(shown.text.contains("Project Mine"))
    #expect(shown.text.contains("Dataset 16px_16um: 6 slides, 72 tiles"))
    #expect(!exists(new + "/annotations.csv"))
    let again = try #require(study.run(cell).failure)
    #expect(again.contains("is a project already, and is not changed."))
    #expect(again.contains("project \(new)"))
  }

  @Test("without annotations a project begins with the slides that are found")
  func template() throws {
    let new = study.folder + "/deep/new"
    let shown = study.run("project '\(new)' create=true tfrecords='\(study.folder)/tfrecords'\ndataset")
    #expect(shown.notes.contains { $0.contains("with 6 slides, each as a patient of its own") })
    #expect(shown.text.contains("6 slides, 72 tiles"))
    #expect(
      try String(contentsOfFile: new + "/annotations.csv", encoding: .utf8).hasPrefix("patient,slide\nS-0,S-0\n"))
  }

  @Test("a folder that is not there is refused before anything runs, unless it is to be made")
  func missingFolder() throws {
    let refused = try #require(study.run("project '\(study.folder)/nowhere'").failure)
    #expect(refused.contains("nowhere"))
    #expect(!exists(study.folder + "/nowhere"))
    let unused = try #require(study.run("project '\(study.folder)' name=x").failure)
    #expect(unused.contains("create=true"))
  }

  @Test("results go where `store` says, and nothing is written into the project")
  func store() throws {
    let tiles = study.folder + "/tfrecords/16px_16um"
    for slide in 0..<6 { try FileManager.default.removeItem(atPath: "\(tiles)/S-\(slide).index.npz") }
    let before = try FileManager.default.subpathsOfDirectory(atPath: study.folder).sorted()
    let store = NSTemporaryDirectory() + "tessera-" + UUID().uuidString
    defer { try? FileManager.default.removeItem(atPath: store) }
    let shown = study.run("project '\(study.folder)' store='\(store)'\nfeatures models/small.onnx")
    #expect(shown.failure == nil)
    #expect(try FileManager.default.subpathsOfDirectory(atPath: study.folder).sorted() == before)
    #expect(try FileManager.default.contentsOfDirectory(atPath: store + "/indexes").count == 6)
  }

  @Test("rows without a slide, repeated rows and filled slides are said")
  func notes() throws {
    try study.write("annotations.csv", "patient,slide,x\nP0,S-0,a\nP9,,a\nP0,S-0,a\nP1,S-1,b\n")
    let shown = study.run("project '\(study.folder)'")
    #expect(shown.notes.contains { $0.hasSuffix("annotations.csv: 1 row names no slide and is passed over (line 3).") })
    #expect(shown.notes.contains { $0.hasSuffix("annotations.csv: Line 4 repeats an earlier row and counts once.") })
    try study.write("annotations.csv", "patient,x\nS-0,a\nS-1,b\nS-7,b\n")
    let filled = study.run("project '\(study.folder)'\ndataset filters={x: [a]}")
    #expect(filled.notes.contains { $0.contains("2 were found by the patients' ids in the names of files.") })
    #expect(filled.notes.contains { $0.contains("Patients without a file: 1 (S-7).") })
    #expect(filled.text.contains("1 slide, 12 tiles"))
  }

  @Test("tile sizes are taken by their label, and by a magnification")
  func sizes() throws {
    let tiles = study.folder + "/tfrecords/"
    try FileManager.default.copyItem(atPath: tiles + "16px_16um", toPath: tiles + "16px_10x")
    study.run("project '\(study.folder)'")
    #expect(study.run("dataset").failure?.contains("16px_10x, 16px_16um") == true)
    #expect(study.run("dataset size=16px_10x").text.contains("Dataset 16px_10x: 6 slides"))
    #expect(study.run("dataset tile_px=16 tile_um=10x").text.contains("Dataset 16px_10x: 6 slides"))
    #expect(study.run("dataset tile_um=16").text.contains("Dataset 16px_16um: 6 slides"))
    #expect(study.run("dataset size=16px").failure?.contains("is no tile size, such as 299px_302um") == true)
    #expect(study.run("dataset size=16px_10x tile_px=16").failure != nil)
  }

  @Test("a dataset by patient counts slides and tiles, and tells what is wrong with files")
  func patients() throws {
    try study.write(
      "annotations.csv", "patient,slide,site\nP,S-0,A\nP,S-1,B\nQ,S-2,A\nQ,S-3,A\nQ,S-4,A\nR,S-5,B\n")
    try study.write("tfrecords/16px_16um/S-2.unfinished", "")
    try study.write("tfrecords/16px_16um/manifest.json", #"{"S-3.tfrecords": {"total": 5}}"#)
    let shown = study.run("project '\(study.folder)'\ndataset by=patient")
    #expect(shown.text.contains("6 slides, 72 tiles, 3 patients"))
    let rows = shown.outputs[1].text.split(separator: "\n").map { $0.split(separator: " ").joined(separator: " ") }
    #expect(rows.contains("P A / B 2 24"))
    #expect(rows.contains("Q A 3 36"))
    #expect(shown.notes.contains { $0.hasPrefix("S-2: the extraction was interrupted") })
    #expect(shown.notes.contains("S-3: manifest.json gives 5 tiles where the file has 12; the file counts."))
    let labels = study.run("labels site by=patient")
    #expect(labels.notes.contains("Patient P has different values of site: S-0 is A, S-1 is B."))
    #expect(labels.text.contains("A / B"))
  }

  @Test("labels of several columns, by index, from a table of one's own")
  func labels() throws {
    study.run("project '\(study.folder)'\ndataset")
    #expect(study.run("labels HPV_status format=index").text.contains("0 negative (3), 1 positive (3)"))
    let both = study.run("l = labels [HPV_status, site]")
    #expect(both.failure == nil)
    #expect(both.notes.contains("Labels site, unique outcomes: A (3), B (3)."))
    #expect(study.run("session").text.contains("6 slides × 2 columns"))
    let refused = try #require(study.run("features models/small.onnx outcomes=l").failure)
    #expect(refused.contains("These are labels of 2 columns: HPV_status, site; one is needed here."))
    #expect(refused.contains("outcomes=HPV_status"))
    #expect(study.run("labels age use_float=true format=index").failure != nil)

    try study.write("own.csv", "slide,tissue\nS-0,fat\nS-1,fat\nS-2,muscle\nS-3,\nS-9,skin\n")
    let own = study.run("o = labels tissue from='\(study.folder)/own.csv'")
    #expect(own.failure == nil)
    #expect(own.text.contains("unique outcomes: fat (2), muscle (1)"))
    #expect(own.notes.contains { $0.hasPrefix("Not in ") && $0.hasSuffix("own.csv: 2 (S-4, S-5).") })
    #expect(own.notes.contains { $0.hasSuffix("own.csv, and not in the dataset: 1 (S-9).") })
    #expect(own.notes.contains("Blank in tissue: 1 (S-3)."))
    #expect(study.run("df = features models/small.onnx outcomes=o").failure == nil)
    #expect(study.run("slide_map df n_neighbors=10").failure == nil)
    let unknown = try #require(study.run("labels tisue from='\(study.folder)/own.csv'").failure)
    #expect(unknown.contains("tissue"))
    #expect(study.run("labels tissue").failure?.contains("tissue") == true)
  }

  @Test("missing values are counted where they leave slides out: in the project, labels, features and statistics")
  func missingValues() throws {
    try study.write(
      "annotations.csv",
      "patient,slide,HPV_status,age\nP0,S-0,yes,40\nP1,S-1,no,NA\nP2,S-2,NA,42\nP3,S-3,yes,43\nP4,S-4,no,44\nP5,S-5,n/a,45\n"
    )
    let shown = study.run("project '\(study.folder)'\ndataset\nlabels HPV_status")
    #expect(shown.text.contains("no (2), yes (2); blank 2 (1 NA, 1 n/a)"))
    #expect(shown.notes.contains("Blank in HPV_status: 2 (1 NA, 1 n/a): S-2, S-5."))
    #expect(study.run("labels age use_float=true").notes.contains("Blank in age: 1 (NA): S-1."))
    let features = study.run("df = features models/small.onnx outcomes=HPV_status")
    #expect(features.notes.contains("Blank in HPV_status: 2 (1 NA, 1 n/a)."))
    let stats = study.run("stats df")
    #expect(stats.text.contains("by HPV_status: no (2), yes (2)"))
    #expect(stats.text.contains("2 slides without a label left out. Blank in HPV_status: 2 (1 NA, 1 n/a)"))
    #expect(study.run("dataset filter_blank=[HPV_status]").text.contains("Dataset 16px_16um: 4 slides"))
    #expect(study.run("dataset filters={HPV_status: [NA]}").failure?.contains("NA") == true)
  }

  @Test("names of a table of one's own that nearly are those of the dataset are named beside them")
  func nearNames() throws {
    study.run("project '\(study.folder)'\ndataset")
    try study.write("own.csv", "slide,tissue\nS-0.svs,fat\nS-1.svs,skin\n")
    let failure = try #require(study.run("labels tissue from='\(study.folder)/own.csv'").failure)
    #expect(failure.contains("differ from those of the dataset only by an ending: S-0.svs and S-0, S-1.svs and S-1."))
    #expect(failure.contains("as the dataset has them: S-0 for S-0.svs."))
    try study.write("own.csv", "slide,tissue\nS-0,fat\ns-1,skin\n")
    let some = study.run("labels tissue from='\(study.folder)/own.csv'")
    #expect(some.notes.contains { $0.hasSuffix("differs from one of the dataset only by capitals: s-1 and S-1.") })
    try study.write("patients.csv", "patient,tissue\np0,fat\nP01,skin\n")
    let patients = try #require(study.run("labels tissue from='\(study.folder)/patients.csv'").failure)
    #expect(patients.contains("p0 and P0"))
  }

  @Test("a project says why tiles of a size cannot be used")
  func unusableTiles() throws {
    try study.write("annotations.csv", "patient,slide\nP0,s-0\nP1,s-1\n")
    let shown = study.run("project '\(study.folder)'")
    #expect(shown.text.contains("none of a slide of the annotations"))
    #expect(
      shown.notes.contains {
        $0.contains("differ from those of tile files only by capitals: s-0 and S-0, s-1 and S-1.")
      })
  }

  @Test("the folder of tiles that a new project is given is made where it is not there")
  func newTileFolder() throws {
    let new = study.folder + "/new"
    let tiles = study.folder + "/output/tiles"
    let shown = study.run(
      "project '\(new)' create=true tfrecords='\(tiles)' annotations='\(study.folder)/annotations.csv'")
    #expect(shown.failure == nil, "\(shown.failure ?? "")")
    #expect(exists(tiles) && shown.notes.contains { $0.hasPrefix("Made the folder ") && $0.contains("output/tiles") })
    #expect(study.run("project '\(new)x' create=true slides='\(study.folder)/none'").failure != nil)
  }

  @Test("a project that was moved says which folders are gone, and what lies beside them")
  func moved() throws {
    try study.write("datasets.json", #"{"S": {"tfrecords": "/mnt/lab/tfrecords", "slides": "E:\\slides"}}"#)
    let shown = study.run("project '\(study.folder)'")
    #expect(
      shown.notes.contains { $0.contains("The tfrecords folder of source S, /mnt/lab/tfrecords, does not exist;") })
    #expect(shown.notes.contains(#"Write "tfrecords": "./tfrecords" for source S in datasets.json."#))
    #expect(shown.notes.contains(#"The slides folder of source S, E:\slides, does not exist."#))
    for cell in ["dataset", "dataset tile_px=16 tile_um=16"] {
      let failure = try #require(study.run(cell).failure)
      #expect(failure.contains("/mnt/lab/tfrecords, does not exist"))
      #expect(failure.contains(#"what helps: Write "tfrecords": "./tfrecords" for source S in datasets.json."#))
    }
    for cell in ["slide S-1", "extract_tiles tile_px=16 tile_um=16"] {
      let failure = try #require(study.run(cell).failure)
      #expect(failure.contains(#"The slides folder of source S, E:\slides, does not exist."#), "\(failure)")
    }
  }
}
