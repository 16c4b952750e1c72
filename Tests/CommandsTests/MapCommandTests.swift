import Analysis
import CommandLanguage
import Foundation
import Testing

@Suite("Maps and what can be chosen of them")
struct MapCommandTests {
  let study: SmallStudy

  init() throws {
    study = try SmallStudy()
    study.open()
  }

  /// The columns of a saved map, by name.
  private func columns(_ name: String) throws -> [String: [String]] {
    #expect(study.run("save \(name) '\(study.folder)/\(name).csv'").failure == nil)
    let lines = try String(contentsOfFile: study.folder + "/\(name).csv", encoding: .utf8).split(separator: "\r\n")
      .map { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }
    return Dictionary(
      uniqueKeysWithValues: lines[0].enumerated().map { column in
        (column.element, lines.dropFirst().map { $0[column.offset] })
      })
  }

  @Test(
    "each method says what it did",
    arguments: [
      ("method=pacmap", "PaCMAP of 72 tiles × 12 features: n_neighbors 11, cosine, seed 42."),
      ("method=pca", "Principal components of 72 tiles × 12 features."),
      ("n_neighbors=10 densmap=true", "densMAP of 72 tiles × 12 features: n_neighbors 10"),
      ("n_neighbors=10 target=site", "seed 42, target site with weight 0.5."),
      ("n_neighbors=10 metric=correlation init=random", "min_dist 0.1, correlation, seed 42."),
      ("n_neighbors=10", "Neighbours: all compared with all; 100 % of the true ones found."),
      ("seed=3", "72 tiles × 12 features: n_neighbors 8, min_dist 0.1, cosine, seed 3."),
      ("seed=4", "n_neighbors was left out: from 2000 points on it is 50, for fewer less, and at least 8."),
      ("n_neighbors=100", "There are too few points for 100 neighbours; 72 were used."),
    ])
  func methods(arguments: String, expected: String) {
    let shown = study.run("u = slide_map df \(arguments)")
    #expect(shown.failure == nil)
    #expect(shown.text.contains(expected), "\(shown.text)")
  }

  @Test("a number of neighbours that is given is not said to be left out, also where the map is the same")
  func chosenNeighbours() throws {
    study.run("a = slide_map df")
    let shown = study.run("b = slide_map df n_neighbors=8")
    #expect(shown.failure == nil && !shown.text.contains("left out"), "\(shown.text)")
    #expect(try columns("a") == columns("b"))
    for (rows, count) in [
      (1, 2), (2, 2), (5, 5), (72, 8), (1000, 8), (1500, 21), (1999, 49), (2000, 50), (10_000_000, 50),
    ] {
      #expect(EmbeddingParameters.neighbours(ofRows: rows) == count)
    }
  }

  @Test("a file of a map with fifty neighbours is still answered from where their number is left out")
  func keptWithFifty() throws {
    let path = study.folder + "/fifty.h5"
    study.run("a = slide_map df n_neighbors=50 umap_cache='\(path)'")
    let shown = study.run("b = slide_map df umap_cache='\(path)'")
    #expect(shown.failure == nil && shown.text.contains("n_neighbors 50,"), "\(shown.failure ?? shown.text)")
    #expect(!shown.text.contains("left out"))
    #expect(try columns("a") == columns("b"))
    // As one of the number that is chosen now.
    let other = study.folder + "/eight.h5"
    study.run("c = slide_map df umap_cache='\(other)'")
    #expect(study.run("d = slide_map df umap_cache='\(other)'").text.contains("n_neighbors 8,"))
  }

  @Test("a map in three dimensions is shown by two of them and saved with all")
  func threeDimensions() throws {
    let shown = study.run("u = slide_map df n_neighbors=10 dim=3")
    #expect(shown.failure == nil && shown.outputs.first?.picture != nil)
    let saved = try columns("u")
    #expect(saved["z"]?.count == 72 && Set(saved["z"] ?? []).count > 10)
    #expect(study.run("mosaic u num_tiles_x=5").failure == nil)
  }

  @Test("a map from the files is the one from memory")
  func lowMemory() throws {
    study.run("a = slide_map df n_neighbors=10 seed=7")
    let first = try columns("a")
    // The store would answer: another session of the same project without its maps.
    let maps = try #require(
      FileManager.default.subpaths(atPath: study.folder)?.filter { $0.contains("/maps/") && $0.hasSuffix(".h5") })
    #expect(!maps.isEmpty)
    for map in maps { try FileManager.default.removeItem(atPath: study.folder + "/" + map) }
    #expect(study.run("b = slide_map df n_neighbors=10 seed=7 low_memory=true").failure == nil)
    #expect(try columns("b") == first)
  }

  @Test("umap_cache keeps a map in a file, answers from it, and refuses it for anything else")
  func cache() throws {
    let path = study.folder + "/kept.h5"
    #expect(study.run("u = slide_map df n_neighbors=10 umap_cache='\(path)'").failure == nil)
    #expect(FileManager.default.fileExists(atPath: path))
    let first = try columns("u")
    #expect(study.run("v = slide_map df n_neighbors=10 umap_cache='\(path)'").failure == nil)
    #expect(try columns("v") == first)
    for (arguments, reason) in [
      ("n_neighbors=11", "kept.h5 holds a map made with other parameters."),
      ("n_neighbors=10 max_tiles=5", "kept.h5 holds a map of other tiles."),
      ("n_neighbors=10 filters={site: [A]}", "kept.h5 holds a map of other slides."),
      ("n_neighbors=10 target=site", "kept.h5 holds a map made with another target."),
    ] {
      let failure = try #require(study.run("slide_map df \(arguments) umap_cache='\(path)'").failure)
      #expect(failure.contains(reason) && failure.contains("umap_cache="), "\(failure)")
    }
    #expect(study.run("few = features models/small.onnx max_tiles=6").failure == nil)
    let failure = try #require(study.run("slide_map few n_neighbors=10 umap_cache='\(path)'").failure)
    #expect(failure.contains("kept.h5 holds a map of other"), "\(failure)")
  }

  @Test("a cache of which one bit has changed is refused, and nothing is written there")
  func damagedCache() throws {
    let path = study.folder + "/kept.h5"
    #expect(study.run("u = slide_map df n_neighbors=10 umap_cache='\(path)'").failure == nil)
    let file = URL(fileURLWithPath: path)
    var bytes = try Data(contentsOf: file)
    let place = try #require(bytes.range(of: Data("UMAP of 72 tiles".utf8))).lowerBound
    bytes[place + 8] ^= 1
    try bytes.write(to: file)
    let failure = try #require(study.run("slide_map df n_neighbors=10 umap_cache='\(path)'").failure)
    #expect(failure.contains("kept.h5 is damaged") && failure.contains("kept-2.h5, or remove the file"), "\(failure)")
    #expect(try Data(contentsOf: file) == bytes)
  }

  @Test("a cache of another program is refused by what it is")
  func foreignCache() throws {
    for (name, beginning, reason) in [
      ("umap.pkl", "\u{80}", "is a Python pickle, as slideflow writes"),
      ("umap.parquet", "PAR1", "is a Parquet file, as slideflow writes"),
      ("umap.h5", "text", "is there and is no map of Tessera's"),
    ] {
      let path = study.folder + "/" + name
      try Data(beginning.unicodeScalars.map { UInt8($0.value) } + [4, 5, 6, 7]).write(to: URL(fileURLWithPath: path))
      let failure = try #require(study.run("slide_map df n_neighbors=10 umap_cache='\(path)'").failure)
      #expect(failure.contains(reason), "\(failure)")
      #expect(try Data(contentsOf: URL(fileURLWithPath: path)).count < 10)
    }
  }

  @Test("tiles are placed on a map of others, and mapped ones stand where they stood")
  func placing() throws {
    study.run("u = slide_map df n_neighbors=10")
    let shown = study.run("v = slide_map df on=u max_tiles=3")
    #expect(
      shown.text.contains("18 tiles placed on a map of 72 tiles, in its scale."), "\(shown.failure ?? shown.text)")
    let (mapped, placed) = (try columns("u"), try columns("v"))
    let keys = { (table: [String: [String]]) in
      zip(table["slide"] ?? [], table["index"] ?? []).map { "\($0) \($1)" }
    }
    let places = Dictionary(zip(keys(mapped), mapped["x"] ?? []), uniquingKeysWith: { first, _ in first })
    var same = 0
    for (key, x) in zip(keys(placed), placed["x"] ?? []) where places[key] == x { same += 1 }
    // Tiles with a twin stand at the mean of both.
    #expect(same >= 9, "\(same) of 18")
    for (map, reason) in [
      ("slide_map df method=pca", "on a UMAP of tiles only"),
      ("slide_map df map_slide=average n_neighbors=3", "on a UMAP of tiles only"),
    ] {
      study.run("w = \(map)")
      let failure = try #require(study.run("slide_map df on=w").failure)
      #expect(failure.contains(reason), "\(failure)")
    }
    // A parameter of the mapping has nothing to act on.
    #expect(study.run("slide_map df on=u n_neighbors=5").failure != nil)
  }

  @Test("a map fitted to some tiles has all of them, says so, and others can be placed on it")
  func fitted() throws {
    let shown = study.run("u = slide_map df n_neighbors=10 fit_tiles=40")
    #expect(shown.failure == nil)
    #expect(shown.text.contains("UMAP of 40 tiles × 12 features: n_neighbors 10"), "\(shown.text)")
    #expect(
      shown.text.contains("Fitted to these of 72 tiles (6 to 7 a slide), drawn by the seed; the other 32 are placed"),
      "\(shown.text)")
    #expect(shown.text.contains("Neighbours: for placing, 100 % of the true ones found."))
    let map = try columns("u")
    #expect(map["x"]?.count == 72)
    #expect(study.run("v = slide_map df on=u max_tiles=3").text.contains("18 tiles placed on a map of 72 tiles"))
    // Mapped tiles stand where they stood, also those that were placed.
    let placed = try columns("v")
    let first = Dictionary(
      zip(zip(map["slide"] ?? [], map["index"] ?? []).map { "\($0) \($1)" }, map["x"] ?? []),
      uniquingKeysWith: { first, _ in first })
    let same = zip(zip(placed["slide"] ?? [], placed["index"] ?? []), placed["x"] ?? []).count {
      first["\($0.0) \($0.1)"] == $1
    }
    #expect(same >= 6, "\(same) of 18")
    // As many as there are: the map of all.
    #expect(study.run("w = slide_map df n_neighbors=10 fit_tiles=72").text.contains("UMAP of 72 tiles"))
    #expect(study.run("slide_map df densmap=true fit_tiles=40").failure != nil)
    let slides = try #require(study.run("slide_map df map_slide=average n_neighbors=3 fit_tiles=40").failure)
    #expect(slides.contains("`fit_tiles` is for maps of tiles."), "\(slides)")
  }

  @Test("distances on principal components are another map, and are said")
  func components() throws {
    study.run("a = slide_map df n_neighbors=10")
    let shown = study.run("b = slide_map df n_neighbors=10 n_pcs=3")
    #expect(shown.text.contains("cosine of 3 principal components, seed 42."), "\(shown.failure ?? shown.text)")
    #expect(try columns("a") != columns("b"))
    #expect(study.run("slide_map df n_neighbors=10 n_pcs=none").failure == nil)
    #expect(study.run("slide_map df n_pcs=1").failure != nil)
  }

  @Test("both axes of a saved map have one factor, and the longer fills 0 to 1")
  func proportions() throws {
    study.run("u = slide_map df method=pca")
    let saved = try columns("u")
    let (x, y) = ((saved["x"] ?? []).compactMap(Float.init), (saved["y"] ?? []).compactMap(Float.init))
    let (width, height) = ((x.max() ?? 0) - (x.min() ?? 0), (y.max() ?? 0) - (y.min() ?? 0))
    // The first component of red and blue tiles is many times as long as the second.
    #expect(abs(width - 1) < 1e-6 && height < 0.6 && height > 0)
    #expect(abs((y.max() ?? 0) + (y.min() ?? 0) - 1) < 1e-5)
    let remark = study.run("save u '\(study.folder)/again.csv'").text
    #expect(remark.contains("x and y are the map's coordinates, all by one factor brought into 0 to 1."))
    let predicted = study.run("p = slide_map df predict_on_axes=[0, 1]\nsave p '\(study.folder)/p.csv'")
    #expect(predicted.text.contains("x and y are predicted probabilities."), "\(predicted.failure ?? predicted.text)")
  }

  @Test("a mosaic of a part, or of placed tiles, keeps the grid of the whole map and shows where the rest lies")
  func mosaicContext() throws {
    study.run("u = slide_map df n_neighbors=10\nv = slide_map df on=u max_tiles=3")
    let whole = study.run("m = mosaic u num_tiles_x=10")
    let part = study.run("p = mosaic u num_tiles_x=10 filters={site: [A]}")
    let placed = study.run("q = mosaic v num_tiles_x=10")
    let shape = { (shown: Shown) in shown.text.split(separator: ",").first { $0.contains(" cells") }.map(String.init) }
    #expect(shape(whole) != nil && shape(part) == shape(whole), "\(part.failure ?? part.text)")
    #expect(part.text.contains("darker cells are places of the others alone"))
    #expect(placed.failure == nil && placed.text.contains("Grey: the map's own tiles."))
  }

  @Test("a target of numbers is refused")
  func numericTarget() throws {
    #expect(study.run("d = dataset tile_px=16 tile_um=16\nn = labels d age use_float=true").failure == nil)
    let failure = try #require(study.run("slide_map df n_neighbors=10 target=n").failure)
    #expect(failure.contains("A target needs categories"), "\(failure)")
  }
}
