import CommandLanguage
import Foundation
import Commands
import Testing

@Suite("Which value is meant, by the commands of the product")
struct ImpliedValueTests {
  let study: SmallStudy

  init() throws { study = try SmallStudy() }

  private func failure(_ cell: String) throws -> String { try #require(study.run(cell).failure) }

  @Test("features are computed of the only dataset, named or not, whenever it was made, and the table says so")
  func dataset() throws {
    study.run("p = project '\(study.folder)'")
    let all = study.run("features models/small.onnx").text
    #expect(all.contains("6 slides, 72 tiles") && all.contains("on all tiles of project p at 16px_16um"))
    study.run("d = dataset filters={site: [A]}")
    let named = study.run("df = features models/small.onnx")
    #expect(named.outputs[0].text.contains("3 slides, 36 tiles"))
    #expect(named.outputs[0].text.contains("; on dataset d"))
    #expect(named.outputs[0].html?.contains("on dataset d") == true)
    // The same cohort under another name, and without one, is the same.
    study.run("e = d\ndataset filters={site: [A]}")
    #expect(study.run("features models/small.onnx").text.contains("on dataset e"))
    study.run("dataset max_tiles=2")
    let several = try failure("features models/small.onnx")
    #expect(several.contains("`dataset` takes a dataset, and there are two: e, the unnamed Dataset."))
    #expect(study.run("features models/small.onnx dataset=none").text.contains("6 slides, 72 tiles"))
    study.run("drop d e")
    let unnamed = study.run("features models/small.onnx").text
    #expect(unnamed.contains("6 slides, 12 tiles") && unnamed.contains("on the unnamed Dataset"))
  }

  @Test("labels are used by every command that takes some, and those of features come first")
  func labels() throws {
    study.run("project '\(study.folder)'\nd = dataset\nl = labels site")
    #expect(study.run("df = features models/small.onnx").text.contains("on dataset d, by labels l"))
    let table = study.run("s = stats").text
    #expect(table.contains("by site: A (3), B (3), on features df"))
    #expect(study.run("k = labels HPV_status\nstats df").text.contains("by site"))
    #expect(
      try failure("features models/small.onnx").contains("`outcomes` takes labels, and there are two: l, k."))
    #expect(study.run("b = features models/small.onnx outcomes=none\ndrop l").failure == nil)
    #expect(study.run("stats b").text.contains("by HPV_status: negative (3), positive (3), on b, by labels k"))
    #expect(study.run("logits_predict b").text.contains("by labels k"))
    #expect(study.run("logits_predict b outcomes=none").text.contains("HPV_status") == false)
    #expect(try failure("stats b outcomes=none").contains("made without any"))
  }

  @Test("labels are a colour and a line under tiles, as a column is")
  func looking() throws {
    study.open()
    study.run("d = dataset\nl = labels site\nu = slide_map df n_neighbors=10")
    #expect(study.run("label u by=[l, HPV_status]").text.contains("by site (labels l), HPV_status"))
    #expect(study.run("tiles df values=[l, age] n=4").failure == nil)
    #expect(try failure("tiles df extremes=l").contains("a number that came with the tiles, and `l` is not"))
    #expect(study.run("mosaic df outcomes=l n_neighbors=10 target=l").failure == nil)
  }

  @Test("values of another project are refused by name, and so is a dataset whose project is open no more")
  func projects() throws {
    let other = try SmallStudy()
    study.run(
      "q = project '\(other.folder)'\ne = dataset max_tiles=1\nl = labels e site\np = project '\(study.folder)'")
    let ofOther = study.run("df = features '\(study.folder)/models/small.onnx'").text
    #expect(ofOther.contains("6 slides, 6 tiles") && ofOther.contains("on dataset e of project q"))
    study.run("d = dataset p\nc = features '\(study.folder)/models/small.onnx' dataset=d outcomes=none")
    let folder = URL(fileURLWithPath: other.folder).resolvingSymlinksInPath().path
    for cell in ["stats c outcomes=l", "slide_map c dataset=e", "mosaic c outcomes=l"] {
      let refused = try failure(cell)
      #expect(refused.contains("belongs to the project \(folder), and "), "\(refused)")
    }
    #expect(try failure("stats c").contains("made without any"))
    #expect(try failure("model '\(study.folder)/models/small.onnx'").contains("there are two: q, p"))
    #expect(study.run("m = model '\(study.folder)/models/small.onnx' project=p").failure == nil)
    #expect(try failure("batch m index=0 batch_size=4").contains("there are two: e, d"))
    study.run("drop q d c df")
    #expect(try failure("batch m index=0 batch_size=4").contains("`e` belongs to the project"))
    let taken = study.run("batch m index=0 batch_size=4 dataset=e")
    #expect(taken.failure == nil, "\(taken.failure ?? "")")
  }

  @Test("a project opened twice is one, by whatever path, unless its files were changed")
  func twice() throws {
    let link = study.folder + "-link"
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: study.folder)
    defer { try? FileManager.default.removeItem(atPath: link) }
    #expect(study.run("project '\(study.folder)'\nP = project '\(link)'\nd = dataset").text.contains("of project P"))
    #expect(
      study.run("P = project '\(study.folder)/'\nlabels d site").notes.contains { $0.contains("earlier") } == false)
    #expect(
      study.run("m = model models/small.onnx\nmodel '\(study.folder)/models/small.onnx'\nfeatures").failure == nil)
    #expect(study.run("drop Model\nn = model models/small.onnx standardization=imagenet").failure == nil)
    #expect(try failure("features").contains("there are two: m, n"))
    // Another store is another project: its results lie elsewhere.
    study.run("Q = project '\(study.folder)' store='\(study.folder)/other'")
    #expect(try failure("dataset").contains("there are two: P, Q"))
    study.run("drop Q project")
    #expect(study.run("dataset").failure == nil)
    try study.write(
      "annotations.csv", "patient,slide,HPV_status,site,age\n" + (0..<6).map { "P\($0),S-\($0),x,A,4\n" }.joined())
    study.run("project '\(study.folder)'")
    #expect(try failure("dataset").contains("there are two: P, the unnamed Project"))
    #expect(study.run("drop project\ndataset").text.contains("of project P"))
  }

  @Test("a project that a line above has yet to make is one with itself too")
  func made() throws {
    let path = "'\(study.folder)/new'"
    let tables = "tfrecords='\(study.folder)/tfrecords' annotations='\(study.folder)/annotations.csv'"
    let shown = study.run("project \(path) create=true \(tables)\nP = project \(path)\nd = dataset")
    #expect(shown.failure == nil, "\(shown.failure ?? "")")
    #expect(shown.text.contains("of project P"))
  }

  @Test("every command that takes a value for granted says in its result which")
  func everyCommand() throws {
    study.run("p = project '\(study.folder)'\nd = dataset\nm = model models/small.onnx")
    try FileManager.default.createDirectory(atPath: study.folder + "/loose/S-0", withIntermediateDirectories: true)
    let cells = [
      ("x = dataset max_tiles=3\ndrop x", "of project p"), ("x = labels site\ndrop x", "on dataset d"),
      ("tiles n=4", "On dataset d."), ("normalize reinhard_fast n=2", "on dataset d"),
      ("batch index=0 batch_size=2", "with model m, on dataset d"), ("model models/small.onnx", "of project p"),
      ("df = features", "with model m, on dataset d"), ("activations", "on features df"),
      ("logits", "on features df"), ("locations", "on features df"), ("logits_mean", "on features df"),
      ("logits_percent", "on features df"), ("logits_predict", "on features df"),
      ("stats outcomes=site", "on features df"), ("u = slide_map n_neighbors=10", "On features df."),
      ("label by=site", "On map u."), ("mosaic", "On features df."),
      ("drop df mosaic\nmosaic", "On map u."),
    ]
    for (cell, basis) in cells {
      let shown = study.run(cell)
      #expect(shown.failure == nil, "\(cell): \(shown.failure ?? "")")
      #expect(shown.outputs.contains { $0.text.contains(basis) }, "\(cell): \(shown.text)")
    }
    #expect(study.run("drop mosaic table picture model d m p").failure == nil)
    let saved = study.run("save '\(study.folder)/u.csv'")
    #expect(saved.failure == nil && saved.text.contains("This is u."), "\(saved.failure ?? saved.text)")
  }
}

@Suite("Which slide is meant")
struct ImpliedSlideTests {
  let study: SlideStudy

  init() throws {
    study = try SlideStudy()
    let model = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("InferenceTests/Fixtures/classifier.onnx")
    try FileManager.default.copyItem(atPath: model.path, toPath: study.folder + "/small.onnx")
  }

  @Test("a slide that is open is taken wherever its name can stand, with how it was opened")
  func slides() throws {
    let other = try SlideStudy()
    study.run("q = project '\(study.folder)'\nw = slide q DEMO-01 tile_px=16 tile_um=64 grayspace_fraction=1")
    study.run("p = project '\(other.folder)'")
    let model = "'\(study.folder)/small.onnx'"
    let grid = study.run("g = feature_grid \(model) slide=w tile_px=16 tile_um=64")
    #expect(grid.failure == nil, "\(grid.failure ?? "")")
    #expect(grid.text.contains("laid as the slide was opened"))
    let parts = try #require(grid.text.firstMatch(of: #/, (\d+) of (\d+) cells computed/#))
    #expect(parts.1 == parts.2)
    let implied = study.run("feature_grid \(model) tile_px=16 tile_um=64")
    #expect(implied.text.contains("of slide w of project q"), "\(implied.failure ?? implied.text)")
    let named = try #require(study.run("feature_grid \(model) slide=DEMO-01 tile_px=16 tile_um=64").failure)
    #expect(named.contains("`project` takes a project, and there are two: q, p."))

    study.run("d = dataset q\ndf = features \(model) dataset=d")
    for cell in ["tiles d slide=w n=3", "locations df slide=w", "normalize d reinhard_fast slide=w n=1"] {
      let shown = study.run(cell)
      #expect(shown.failure == nil, "\(cell): \(shown.failure ?? "")")
    }
    #expect(study.run("locations df slide=w").text.contains("locations DEMO-01"))
    study.run("v = slide p DEMO-02")
    #expect(study.run("locations df slide=v").failure?.contains("`v` belongs to the project") == true)
    #expect(study.run("extract_tiles p tile_px=16 tile_um=128 slides=[v]").text.contains("DEMO-02"))
    #expect(study.run("s = slide w tile_px=32 tile_um=64\ns").text.contains("Grid of 32px_64um"))
    #expect(study.run("f = slide '\(study.folder)/slides/DEMO-01.svs'").failure == nil)
  }

  @Test("the grid of a slide is that of the only dataset, and a file has none of the project's")
  func sizes() throws {
    study.run("project '\(study.folder)'\nd = dataset")
    let shown = study.run("s = slide DEMO-01")
    #expect(shown.text.contains("Grid of 64px_64um") && shown.text.contains("on dataset d"), "\(shown.text)")
    study.run("e = dataset max_tiles=1")
    #expect(study.run("slide DEMO-01").failure?.contains("`dataset` takes a dataset, and there are two: d, e.") == true)
    #expect(study.run("slide DEMO-01 dataset=none").text.contains("Grid of 64px_64um"))
    #expect(study.run("slide '\(study.folder)/slides/DEMO-01.svs'").text.contains("Grid of") == false)
  }
}
