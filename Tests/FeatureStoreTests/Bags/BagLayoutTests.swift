import FeatureData
import FeatureStore
import Testing

@Suite("Features under other names and in other shapes") struct BagLayoutTests {
  private static let guess = [
    "Coordinates are taken as top-left corners of tiles in level-0 pixels.",
    "The tile's side is taken from the distance of neighbours: 224 level-0 pixels.",
  ]

  /// What is said of a file besides how its places are taken.
  private func said(_ bag: ForeignBag) -> [String] { bag.assumptions.filter { !Self.guess.contains($0) } }

  private func error(_ name: String, _ request: BagRequest = BagRequest()) -> BagError? {
    do throws(BagError) {
      _ = try ForeignBag.read(path: BagFixtures.path(name), request)
      return nil
    } catch {
      return error
    }
  }

  @Test(
    arguments: [
      ("group.h5", "Features are read from uni_v1/features."),
      ("other_name.h5", "Features are read from embeds (5 × 4), which alone has a row for each of the coordinates."),
      ("ones.h5", "features (5 × 4 × 1 × 1) is taken as 5 tiles × 4 features."),
      ("middle_one.h5", "features (5 × 1 × 4) is taken as 5 tiles × 4 features."),
      (
        "coords_level.h5",
        "Of the three columns of its coordinates x and y are the first two; the third (0 everywhere) is left out."
      ),
      ("coords_sides.h5", "The four columns of its coordinates are read as x, y, width and height (224)."),
      ("coords_corners.h5", "The four columns of its coordinates are read as two opposite corners, 224 apart."),
      ("coords_rows.h5", "Its coordinates are two rows, taken as all x and all y."),
      ("placed.npy", nil), ("named.npz", nil),
    ] as [(String, String?)])
  func `what leaves no doubt is read, and said`(_ name: String, _ sentence: String?) throws {
    let bag = try BagFixtures.read(name)
    #expect(bag.features == BagFixtures.features)
    #expect(bag.corners == BagFixtures.corners && bag.tileExtent == 224)
    #expect(said(bag) == [sentence].compactMap(\.self))
  }

  @Test func `arrays without places, and of half precision`() throws {
    let bag = try BagFixtures.read("array.npy")
    #expect(bag.kind == .numPy && bag.features == BagFixtures.features && bag.corners == nil && !bag.isSlideLevel)
    #expect(
      error("object.npy")?.description.hasSuffix("object.npy cannot be read: it holds objects of Python, not numbers.")
        == true)
  }

  @Test func `arrays without names`() throws {
    let bag = try BagFixtures.read("unnamed.npz")
    #expect(bag.features == wide && bag.corners == BagFixtures.corners)
    #expect(
      said(bag) == [
        "Of its two arrays the second is taken as the features (5 × 8), the first as the places of the tiles."
      ])
  }

  /// More columns than coordinates have.
  private let wide = Matrix(sideBySide: [BagFixtures.features, BagFixtures.features])

  @Test func `tensors in tuples, lists and dictionaries`() throws {
    let tuple = try BagFixtures.read("tuple.pt")
    #expect(tuple.features == wide && tuple.corners == BagFixtures.corners)
    #expect(
      said(tuple) == [
        "Of its two arrays the first is taken as the features (5 × 8), the second as the places of the tiles."
      ])
    let vectors = try BagFixtures.read("vectors.pt")
    #expect(vectors.features == wide && vectors.corners == nil)
    #expect(
      vectors.assumptions == ["Its list of 5 tensors is taken as the tiles in their order, 5 × 8, without places."])
    let nested = try BagFixtures.read("nested.pt")
    #expect(nested.features == wide && nested.corners == BagFixtures.corners)
    #expect(said(nested) == ["Features are read from data/features."])
    #expect(try BagFixtures.read("ones.pt").features == wide)
  }

  @Test func `of several parts none is taken unasked, and the one asked for is`() throws {
    let path = BagFixtures.path("two_groups.h5")
    #expect(
      error("two_groups.h5") == .severalFeatures(path: path, parts: ["conch_v1/features", "uni_v1/features"]))
    #expect(error("two_groups.h5")?.remedy == "key=conch_v1/features")
    #expect(error("two_names.h5") == .severalFeatures(path: BagFixtures.path("two_names.h5"), parts: ["conch", "uni"]))
    #expect(error("nested_two.pt")?.remedy == "key=uni/features")
    for key in ["conch_v1", "conch_v1/features"] {
      let bag = try #require(ForeignBag.read(path: path, BagRequest(key: key)).first)
      #expect(bag.features == BagFixtures.features && bag.corners == BagFixtures.corners)
    }
    let other = try #require(ForeignBag.read(path: path, BagRequest(key: "uni_v1")).first)
    #expect(other.features.elements == BagFixtures.features.elements.map { $0 + 1 })
    #expect(error("two_groups.h5", BagRequest(key: "gigapath"))?.remedy == "key=conch_v1/features")
  }

  @Test func `coordinates that may mean several things are refused`() {
    #expect(error("coords_counted.h5")?.description.contains("of 3 columns the first (0, 1, …) is no place") == true)
    #expect(error("coords_strange.h5")?.description.contains("neither one width and height for all") == true)
  }

  @Test func `a tile's side is that of the file, else the one that is given`() throws {
    func read(_ name: String, _ side: BagRequest.TileSide, _ micronsPerPixel: Double? = nil) throws -> ForeignBag {
      try #require(
        ForeignBag.read(
          path: BagFixtures.path(name), BagRequest(micronsPerPixel: micronsPerPixel, tileSide: side)
        ).first)
    }
    #expect(try read("clam.h5", .pixels(300)).tileExtent == 300)
    #expect(
      try read("clam.h5", .pixels(300)).assumptions.last == "The tile's side is 300 level-0 pixels, as asked for.")
    let stamp = try read("stamp.h5", .microns(50), 0.5)
    #expect(stamp.tileExtent == 224 && stamp.centres == BagFixtures.centres(224))
    #expect(stamp.assumptions == ["Its tiles are 224 level-0 pixels as it says, and not 100 as asked for."])
    #expect(try read("clam.h5", .microns(100), 0.3).tileExtent == 333)
    #expect(try read("clam.h5", .magnification(20, pixels: 256), 0.25).tileExtent == 512)
    let waiting = try read("clam.h5", .microns(100))
    #expect(waiting.tileExtent == nil && waiting.corners == BagFixtures.corners && waiting.needsMicronsPerPixel)
    let stated = try read("trident.h5", .pixels(300))
    #expect(stated.tileExtent == 512)
    #expect(stated.assumptions == ["Its tiles are 512 level-0 pixels as it says, and not 300 as asked for."])
    #expect(try read("slideflow.pt", .pixels(224)).corners == BagFixtures.corners)
  }

  @Test func `LZF is read, and what is not is named`() throws {
    let bag = try BagFixtures.read("lzf.h5")
    #expect(bag.features.rowCount == 200 && bag.features.columnCount == 32)
    let row = (0..<8).flatMap { _ in Array(BagFixtures.features.row(3)) }
    #expect(Array(bag.features.row(198)) == row && bag.corners?[198] == BagFixtures.corners[3])
    let blosc = error("blosc.h5")
    #expect(blosc == .compressed(path: BagFixtures.path("blosc.h5"), part: "features", by: "Blosc"))
    #expect(blosc?.remedy?.contains("h5repack -f GZIP=1 blosc.h5") == true)
  }

  @Test func `numbers of tiles come along by their names`() throws {
    let attention = (0..<5).map { Float($0) / 8 }
    let bag = try BagFixtures.read("numbers.h5")
    #expect(
      bag.quantities == [
        TileQuantity(name: "attention", values: attention), TileQuantity(name: "scores/0", values: attention),
        TileQuantity(name: "scores/1", values: attention.map { $0 + 1 }),
      ])
    #expect(try BagFixtures.read("named.npz").quantities == [TileQuantity(name: "attention", values: attention)])
    let scores = try #require(
      ForeignBag.read(path: BagFixtures.path("blockmap.h5"), BagRequest(contents: .scores)).first)
    #expect(scores.quantities == [TileQuantity(name: "attention_scores", values: attention)])
    #expect(scores.corners == BagFixtures.corners && scores.features.columnCount == 0)
    #expect(
      error("clam.h5", BagRequest(contents: .scores))?.description.contains("has no values for each tile") == true)
  }
}
