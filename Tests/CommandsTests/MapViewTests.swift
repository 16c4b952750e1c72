import CommandLanguage
import Foundation
import Testing

@Suite("What a map shows by its colours")
struct MapViewTests {
  let study: SmallStudy

  init() throws {
    study = try SmallStudy()
    study.open()
  }

  @Test(
    "show_prediction colours the map by a probability, also of class 0, or by the predicted class",
    arguments: [
      ("show_prediction=0", "by probability of 0 (softmax)"), ("show_prediction=1", "by probability of 1 (softmax)"),
      ("show_prediction=true", "by prediction."), ("show_prediction=true restrict_pred=[1]", "by prediction among 1."),
      ("show_prediction=1 restrict_pred=[0, 1]", "by probability of 1 among 0, 1 (softmax over these)"),
      ("map_slide=centroid show_prediction=0", "6 slides by share of tiles predicted 0"),
      ("map_slide=average show_prediction=true", "6 slides by prediction of most tiles"), ("", "by HPV_status."),
      ("show_prediction=false", "by HPV_status."),
    ])
  func shownPrediction(arguments: String, expected: String) {
    let shown = study.run("u = slide_map df n_neighbors=4 \(arguments)")
    #expect(shown.failure == nil && shown.text.contains(expected), "\(shown.failure ?? shown.text)")
  }

  @Test("the pictures of two classes' probabilities differ, and so do restricted and free predictions")
  func picturesDiffer() throws {
    let pictures = try ["show_prediction=0", "show_prediction=1", "show_prediction=true restrict_pred=[0]", ""].map {
      try #require(study.run("slide_map df n_neighbors=4 \($0)").outputs.first?.picture).png
    }
    #expect(Set(pictures).count == 4)
  }

  @Test(
    "what cannot be predicted is refused before anything is mapped",
    arguments: [
      ("slide_map df show_prediction=2", "2"), ("slide_map df show_prediction=maybe", "maybe"),
      ("slide_map df show_prediction=0 restrict_pred=[1]", "0 is not among the outcomes of `restrict_pred`."),
      ("slide_map df restrict_pred=[1]", "show_prediction"),
    ])
  func refused(cell: String, expected: String) throws {
    let failure = try #require(study.run(cell).failure)
    #expect(failure.contains(expected), "\(failure)")
  }
}

@Suite("Views of a map")
struct LabelViewTests {
  let study: SmallStudy

  init() throws {
    study = try SmallStudy()
    study.open()
    study.run("d = dataset tile_px=16 tile_um=16\nu = slide_map df n_neighbors=5\nv = slide_map df method=pca")
  }

  private func picture(_ cell: String) throws -> [UInt8] {
    let shown = study.run(cell)
    #expect(shown.failure == nil, "\(shown.failure ?? "")")
    return try #require(shown.outputs.last?.picture).png
  }

  /// A view as SVG, which has its texts as texts.
  private func drawing(_ cell: String) throws -> String {
    let shown = study.run("x = \(cell)\nsave x '\(study.folder)/x.svg'")
    #expect(shown.failure == nil, "\(shown.failure ?? "")")
    return try String(contentsOfFile: study.folder + "/x.svg", encoding: .utf8)
  }

  @Test("each look changes the picture, and none changes it twice")
  func looks() throws {
    let plain = try picture("label u by=HPV_status")
    #expect(try picture("label u by=HPV_status") == plain)
    for look in [
      "split=site", "highlight=[positive]", "names=true", "alpha=0.2", "point_size=9", "palette=hues",
      "palette={positive: red}", "palette=[teal, orange]", "xlim=[0.4, 0.6]", "ylim=[0.4, 0.6]", "subsample=20",
      "legend=false", "title=Map", "theme=dark",
    ] {
      let changed = try picture("label u by=HPV_status \(look)")
      #expect(changed != plain, "\(look)")
      #expect(try picture("label u by=HPV_status \(look)") == changed, "\(look)")
    }
    let numbers = try picture("label u by=feature:3")
    for look in ["vmin=0.5", "vmax=p50", "palette=heat", "palette=greys"] {
      #expect(try picture("label u by=feature:3 \(look)") != numbers, "\(look)")
    }
  }

  @Test("a panel for each class has its number of tiles in its title, and one key for all")
  func split() throws {
    let svg = try drawing("label u by=feature:3 split=site")
    #expect(svg.contains("A (36 tiles)") && svg.contains("B (36 tiles)"))
    #expect(svg.ranges(of: "activation of feature 3").count == 1)
    #expect(try drawing("label u by=HPV_status split=slide").contains("S-5 (12 tiles)"))
    let failure = try #require(study.run("label u by=HPV_status split=feature:0").failure)
    #expect(failure.contains("feature:0 is a number"), "\(failure)")
    #expect(
      try #require(study.run("label u by=[site, slide] split=site").failure).contains("of one map by one quantity"))
  }

  @Test("several maps stand side by side under their names, by one thing with one key")
  func severalMaps() throws {
    let shown = study.run("label [u, v] by=site")
    #expect(shown.text.contains("Maps u (72 tiles), v (72 tiles) by site."), "\(shown.failure ?? shown.text)")
    let svg = try drawing("label [u, v] by=[site, feature:1]")
    for text in ["u: site", "v: site", "u: feature:1", "v: feature:1", "UMAP 1 / PC 1"] {
      #expect(svg.contains(text), "\(text)")
    }
    #expect(study.run("label [u, df] by=site").failure != nil)
  }

  @Test("what is highlighted keeps its colour, and the rest is counted in the legend")
  func highlight() throws {
    let svg = try drawing("label u by=HPV_status highlight=[positive]")
    #expect(svg.contains("the other tiles") && !svg.contains(">negative<"))
    #expect(try #require(study.run("label u by=HPV_status highlight=[maybe]").failure).contains("no class maybe"))
    #expect(try #require(study.run("label u by=feature:0 highlight=[positive]").failure).contains("is a number"))
  }

  @Test("a selection is highlighted on a map of the same features, and refused where none of its tiles is")
  func highlightedSelection() throws {
    study.run("s = select u by={HPV_status: [positive]}\nt = select u by={site: [A]}")
    let svg = try drawing("label u by=site highlight=s")
    #expect(svg.contains("the other tiles") && svg.contains(">A<") && svg.contains(">B<"))
    let shown = study.run("label u by=site highlight=s")
    #expect(shown.failure == nil, "\(shown.failure ?? "")")
    #expect(
      try #require(study.run("label u by=site highlight=[s, t]").failure).contains("One selection is highlighted"))
    // Of another map's slides alone.
    study.run("p = slide_map df filters={HPV_status: [negative]} n_neighbors=4")
    let failure = try #require(study.run("label p by=site highlight=s").failure)
    #expect(failure.contains("None of these tiles is on the map."), "\(failure)")
  }

  @Test("a map of slides says slides")
  func slides() throws {
    study.run("c = slide_map df map_slide=centroid n_neighbors=4")
    #expect(study.run("label c by=site").text.contains("Map of 6 slides by site."))
    let svg = try drawing("label c by=HPV_status split=site highlight=[positive]")
    #expect(svg.contains("A (3 slides)") && svg.contains("the other slides"))
    #expect(study.run("label c by=site subsample=4").text.contains("4 of 6 slides are shown"))
    #expect(study.run("c").text.contains("Map of 6 slides"))
  }

  @Test("so many tiles are shown, each slide with its share, and that is said")
  func subsample() throws {
    let shown = study.run("label u by=site subsample=30")
    #expect(
      shown.text.contains("30 of 72 tiles are shown, by chance, always the same ones, each slide with its share."))
    #expect(!study.run("label u by=site subsample=100").text.contains("are shown"))
  }

  @Test(
    "what cannot be drawn so is said",
    arguments: [
      ("palette=heat", "The palette heat is for numbers, and site has classes.", "palette=hues"),
      ("palette={C: red}", "There is no class C here; the classes are A, B.", ""),
      ("palette={A: reddish}", "reddish is no colour", ""), ("on_top=high", "site has classes", "on_top=rare"),
      ("xlim=[0.6, 0.4]", "An axis has two ends, the lower first.", "xlim=[0.4, 0.6]"),
      ("xlim=[0.6]", "An axis has two ends", ""), ("restrict_pred=[1]", "restrict_pred", "by=prediction"),
    ])
  func refused(arguments: String, sentence: String, remedy: String) throws {
    let failure = try #require(study.run("label u by=site \(arguments)").failure)
    #expect(failure.contains(sentence) && (remedy.isEmpty || failure.contains(remedy)), "\(failure)")
  }

  @Test("numbers refuse what is for classes")
  func refusedForNumbers() throws {
    for (arguments, sentence) in [
      ("palette=hues", "This palette is for classes, and feature:0 is a number."),
      ("on_top=rare", "Rare are classes"), ("names=true", "Names on the map are those of classes"),
    ] {
      let failure = try #require(study.run("label u by=feature:0 \(arguments)").failure)
      #expect(failure.contains(sentence), "\(failure)")
    }
  }

  @Test("high values lie on top where that is asked for")
  func onTop() throws {
    let pictures = try ["", "on_top=high", "on_top=low"].map { try picture("label u by=feature:3 point_size=40 \($0)") }
    #expect(Set(pictures).count == 3)
  }

  @Test("colours and order that are kept hold for every view of the column, also in another session")
  func kept() throws {
    let plain = try picture("label u by=site")
    let shown = study.run("labels d site order=[B, A] colours={A: red, B: \"#00FF00\"} keep=true")
    #expect(shown.failure == nil, "\(shown.failure ?? "")")
    let changed = try picture("label u by=site")
    #expect(changed != plain)
    let svg = try drawing("label u by=site")
    let (a, b) = (try #require(svg.firstRange(of: ">A<")), try #require(svg.firstRange(of: ">B<")))
    #expect(b.lowerBound < a.lowerBound)
    let again = try #require(
      FileManager.default.subpaths(atPath: study.folder)?.first { $0.hasSuffix("outcomes.json") })
    let text = try String(contentsOfFile: study.folder + "/" + again, encoding: .utf8)
    #expect(text.contains("#FF0000") && text.contains("#00FF00"))
    #expect(study.run("l = labels d site").text.contains("B (3), A (3)"))
    for (cell, sentence) in [
      ("labels d site colours={C: red}", "No slide has site \"C\""),
      ("labels d site colours={A: reddish}", "is no colour"),
      ("labels d [site, HPV_status] keep=true", "of one column"),
    ] {
      let failure = try #require(study.run(cell).failure)
      #expect(failure.contains(sentence), "\(failure)")
    }
  }

  @Test("colours that are kept and cannot be read are said, and not written over")
  func damagedLooks() throws {
    study.run("labels d site colours={A: red} keep=true")
    let path =
      study.folder + "/"
      + (try #require(FileManager.default.subpaths(atPath: study.folder)?.first { $0.hasSuffix("outcomes.json") }))
    try study.write(String(path.dropFirst(study.folder.count + 1)), "{\"columns\": [")
    let shown = study.run("p = project '\(study.folder)'")
    #expect(
      shown.failure == nil && shown.text.contains("that are kept do not show: ")
        && shown.text.contains("outcomes.json is damaged"), "\(shown.text)")
    #expect(study.run("label u by=site").failure == nil)
    #expect(
      try #require(study.run("labels d site colours={B: red} keep=true").failure).contains("outcomes.json is damaged"))
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "{\"columns\": [")
  }

  @Test("labels with colours of their own show them, and others do not")
  func ownColours() throws {
    let plain = try picture("label u by=site")
    study.run("l = labels d site colours={A: red}")
    #expect(try picture("label u by=l") != plain)
    #expect(try picture("label u by=site") == plain)
  }

  @Test(
    "a map in three dimensions has a feature, another number or its own axis as its height",
    arguments: [
      ("plot_3d u feature=3", "Map of 72 tiles in three dimensions, the third feature:3, by feature:3."),
      ("plot_3d u feature=postconv/3 by=site", "the third feature:postconv/3, by site."),
      ("plot_3d u z=age by=HPV_status", "the third age, by HPV_status."),
      ("plot_3d u z=uncertainty azimuth=30 elevation=70", "the third uncertainty"),
      ("w = slide_map df n_neighbors=5 dim=3\nplot_3d w by=site", "the third UMAP 3, by site."),
      ("w = slide_map df n_neighbors=5 dim=3\nplot_3d w", "the third UMAP 3, by HPV_status."),
      ("w = slide_map df n_neighbors=5 dim=3\nplot_3d w feature=0", "The map's third axis is not shown."),
      ("plot_3d u feature=0 subsample=10", "10 of 72 tiles are shown"),
      ("m = mosaic u num_tiles_x=4\nplot_3d m feature=1", "the third feature:1"),
      ("w = slide_map df on=u max_tiles=3\nplot_3d w feature=1", "Map of 18 tiles"),
    ])
  func solid(cell: String, expected: String) throws {
    let shown = study.run(cell)
    #expect(shown.failure == nil && shown.text.contains(expected), "\(shown.failure ?? shown.text)")
    #expect(shown.outputs.last?.picture != nil)
  }

  @Test("where it is seen from, and how points look, changes the picture")
  func solidLooks() throws {
    let plain = try picture("plot_3d u feature=3")
    for look in [
      "azimuth=20", "elevation=60", "by=site", "point_size=9", "alpha=0.2", "palette=heat", "vmax=p50", "legend=false",
      "theme=dark", "title=Map",
    ] {
      #expect(try picture("plot_3d u feature=3 \(look)") != plain, "\(look)")
    }
    #expect(try drawing("plot_3d u feature=3").contains("activation of feature 3"))
  }

  @Test(
    "what has no height is refused",
    arguments: [
      ("plot_3d u", "nothing is asked for as the third", "feature=0"), ("plot_3d u z=site", "site has classes", ""),
      ("plot_3d u feature=99", "numbered 0 to 11", "feature=11"), ("plot_3d u feature=x", "layer/number", "feature=0"),
      ("plot_3d u feature=1 z=age", "feature", ""),
    ])
  func noHeight(cell: String, sentence: String, remedy: String) throws {
    let failure = try #require(study.run(cell).failure)
    #expect(failure.contains(sentence) && (remedy.isEmpty || failure.contains(remedy)), "\(failure)")
  }
}
