import FeatureData
import FeatureStore
import Testing

@Suite("HDF5 files of other programs") struct HDF5BagTests {
  @Test(arguments: [
    ("clam.h5", BagKind.clam, 224), ("clam_coordinates_with_attributes.h5", .clam, 1024), ("trident.h5", .trident, 512),
    ("stamp.h5", .stamp, 224), ("stamp_older.h5", .stamp, 224), ("mopadi.h5", .mopadi, 224),
    ("marugoto.h5", .mopadi, 224), ("marugoto_variable.h5", .mopadi, 224), ("batched.h5", .clam, 224),
  ]) func `features and places of each layout`(_ name: String, _ kind: BagKind, _ extent: Int) throws {
    let bag = try BagFixtures.read(name, 0.5)
    #expect(bag.kind == kind)
    #expect(bag.slide == String(name.dropLast(3)))
    #expect(bag.features == BagFixtures.features)
    #expect(bag.corners == BagFixtures.corners)
    #expect(bag.tileExtent == extent)
    #expect(bag.centres == BagFixtures.centres(extent))
    #expect(!bag.isSlideLevel && bag.logits == nil)
  }

  @Test func `what is stated is not assumed, and what is assumed is said`() throws {
    for name in ["clam_coordinates_with_attributes.h5", "trident.h5", "stamp.h5", "stamp_older.h5"] {
      #expect(try BagFixtures.read(name, 0.5).assumptions.isEmpty)
    }
    #expect(
      try BagFixtures.read("clam.h5").assumptions == [
        "Coordinates are taken as top-left corners of tiles in level-0 pixels.",
        "The tile's side is taken from the distance of neighbours: 224 level-0 pixels.",
      ])
  }

  @Test func `attributes are kept as texts`() throws {
    let stamp = try BagFixtures.read("stamp.h5").attributes
    #expect(stamp["extractor"] == "ctranspath")
    #expect(stamp["tile_size_um"] == "112")
    let trident = try BagFixtures.read("trident.h5").attributes
    #expect(trident["encoder"] == "uni_v1")
    #expect(trident["patch_size"] == "256")
    #expect(try BagFixtures.read("clam_coordinates_with_attributes.h5").attributes["downsample"] == "4, 4")
  }

  @Test func `micrometres need microns per pixel`() throws {
    for name in ["stamp.h5", "stamp_older.h5", "stamp_oldest.h5"] {
      let bag = try BagFixtures.read(name)
      #expect(bag.features == BagFixtures.features)
      #expect(bag.corners == nil && bag.centres == nil && bag.tileExtent == nil)
      #expect(bag.assumptions.last?.contains("without microns per pixel of the slide") == true)
      #expect(bag.needsMicronsPerPixel)
    }
    #expect(try BagFixtures.read("stamp_strange_unit.h5", 0.5).assumptions.first?.contains("furlong") == true)
  }

  @Test func `the oldest STAMP has pixels of 256 micrometres in 224`() throws {
    let bag = try BagFixtures.read("stamp_oldest.h5", 0.5)
    #expect(bag.kind == .stamp)
    #expect(bag.tileExtent == 512)
    // 512 · 256 / 224 / 0.5 and 1024 · 256 / 224 / 0.5.
    #expect(bag.corners?.first == TileLocation(x: 1170, y: 2341))
    #expect(bag.centres?.first == TileLocation(x: 1426, y: 2597))
    #expect(
      bag.assumptions == [
        "Tiles that lie 224 apart, with no unit given, are taken as those of early STAMP: 256 um, in 224 pixels."
      ])
  }

  @Test func `features of whole slides, and of slides without tiles`() throws {
    let trident = try BagFixtures.read("trident_slide.h5")
    #expect(trident.isSlideLevel && trident.kind == .trident)
    #expect(trident.features.elements == [0, 0.125, 0.25, 0.375])
    let patient = try BagFixtures.read("stamp_patient.h5")
    #expect(patient.isSlideLevel && patient.kind == .stamp && patient.features == trident.features)
    let empty = try BagFixtures.read("trident_empty.h5")
    #expect(!empty.isSlideLevel && empty.features.rowCount == 0 && empty.corners == [] && empty.tileExtent == 512)
    let placeless = try BagFixtures.read("stamp_embeddings.h5")
    #expect(!placeless.isSlideLevel && placeless.features == BagFixtures.features && placeless.corners == nil)
  }

  @Test func `a file that holds no features is refused by what it holds`() {
    #expect(BagFixtures.error("clam_patches.h5") == .patchFile(path: BagFixtures.path("clam_patches.h5")))
    #expect(
      BagFixtures.error("no_features.h5")
        == .noFeatures(path: BagFixtures.path("no_features.h5"), parts: ["biases", "weights"]))
    let texts = BagFixtures.error("texts.h5")?.description
    #expect(texts?.hasSuffix("texts.h5 cannot be read: its data set features does not hold numbers.") == true)
    let rows = BagFixtures.error("rows_differ.h5")?.description
    #expect(rows?.hasSuffix("it has 5 rows of features and coordinates of the shape [3, 2].") == true)
  }

  @Test func `TRIDENT's layout comes back as it was written`() throws {
    let scratch = try ScratchFolder()
    let path = scratch.path + "/S 1.h5"
    let attributes = TRIDENTFile.Attributes(
      encoder: "uni_v1", patchSize: 256, patchSizeLevel0: 512, level0Width: 4000, level0Height: 3000,
      level0Magnification: 40, targetMagnification: 20)
    try TRIDENTFile.write(
      BagFixtures.features, corners: BagFixtures.corners, slide: "S 1", attributes: attributes, to: path)
    let bag = try #require(ForeignBag.read(path: path).first)
    #expect(bag.kind == .trident && bag.slide == "S 1")
    #expect(bag.features == BagFixtures.features && bag.corners == BagFixtures.corners && bag.tileExtent == 512)
    #expect(bag.attributes["level0_width"] == "4000" && bag.attributes["name"] == "S 1")
    #expect(bag.assumptions.isEmpty)
  }
}
