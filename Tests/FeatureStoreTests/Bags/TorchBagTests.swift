import FeatureData
import FeatureStore
import Foundation
import Testing

@Suite("PyTorch files") struct TorchBagTests {
  @Test(arguments: [
    "float", "half", "bfloat", "double", "view", "transposed", "batched", "parameter", "one_of_names", "list",
  ]) func `a tensor of any kind of number and order`(_ name: String) throws {
    let bag = try BagFixtures.read(name + ".pt")
    #expect(bag.kind == .torch && bag.slide == name)
    #expect(bag.features == BagFixtures.features)
    #expect(bag.assumptions.isEmpty && bag.corners == nil && !bag.isSlideLevel)
  }

  @Test func `one dimension is a whole slide`() throws {
    let bag = try BagFixtures.read("slide.pt")
    #expect(bag.isSlideLevel && bag.features.elements == [0, 0.125, 0.25, 0.375])
  }

  @Test func `tensors by name, with coordinates`() throws {
    let bag = try BagFixtures.read("named.pt")
    #expect(bag.features == BagFixtures.features && bag.corners == BagFixtures.corners && bag.tileExtent == 224)
    #expect(bag.assumptions.count == 2)
  }

  @Test func `slideflow's index beside a tensor gives centres`() throws {
    let bag = try BagFixtures.read("slideflow.pt")
    #expect(bag.kind == .slideflow && bag.features == BagFixtures.features)
    #expect(bag.centres == BagFixtures.centres(224) && bag.corners == nil)
  }

  @Test func `what is no tensor is refused by name, and nothing is executed`() {
    #expect(BagFixtures.error("legacy.pt") == .legacyTorch(path: BagFixtures.path("legacy.pt")))
    #expect(BagFixtures.error("several.pt") == .noFeatures(path: BagFixtures.path("several.pt"), parts: ["a", "b"]))
    guard case .foreignObject(_, let name)? = BagFixtures.error("array.pt") else {
      Issue.record("an array of NumPy's was read")
      return
    }
    #expect(name.hasSuffix("multiarray._reconstruct") || name == "_codecs.encode")
    guard case .unsupported? = BagFixtures.error("cube.pt") else {
      Issue.record("three dimensions were read")
      return
    }
  }

  @Test func `a file cut off anywhere is refused`() throws {
    let scratch = try ScratchFolder()
    let bytes = try Data(contentsOf: URL(filePath: BagFixtures.path("view.pt")))
    for count in stride(from: 0, to: bytes.count, by: 7) {
      let path = scratch.path + "/cut.pt"
      try bytes.prefix(count).write(to: URL(filePath: path))
      #expect(throws: BagError.self) { try ForeignBag.read(path: path) }
    }
  }

  @Test func `slideflow's layout comes back as it was written`() throws {
    let scratch = try ScratchFolder()
    try SlideflowBag.write(
      BagFixtures.features, centres: BagFixtures.centres(224), slide: "S-1", to: scratch.path)
    try SlideflowBag.write(
      SlideflowConfiguration(
        extractor: "resnet50 \"a\"", normalizer: "reinhard", featureCount: 4, tilePixels: 224, tileMicrons: 112.5),
      to: scratch.path)
    let path = scratch.path + "/S-1.pt"
    let bag = try #require(ForeignBag.read(path: path, micronsPerPixel: 0.502).first)
    #expect(bag.kind == .slideflow && bag.slide == "S-1" && bag.features == BagFixtures.features)
    #expect(bag.corners == BagFixtures.corners && bag.tileExtent == 224 && bag.assumptions.isEmpty)
    #expect(
      bag.attributes == [
        "extractor": "resnet50 \"a\"", "normalizer": "reinhard", "tile_px": "224", "tile_um": "112.5",
      ])
    // 112.5 / 0.253 is 444.66, and slideflow cuts what is over.
    #expect(try ForeignBag.read(path: path, micronsPerPixel: 0.253).first?.tileExtent == 444)
    #expect(bag.needsMicronsPerPixel)
    #expect(try BagFolder.files(in: scratch.path) == [path])
    try FileManager.default.removeItem(atPath: scratch.path + "/S-1.index.npz")
    try SlideflowBag.write(Matrix(rowCount: 0, columnCount: 4), centres: [], slide: "S-1", to: scratch.path)
    #expect(try ForeignBag.read(path: path).first?.features.rowCount == 0)
  }
}
