import FeatureData
import FeatureStore
import Foundation
import GoldenData
import Testing

private let shared = (SharedData.folder ?? "") + "/"

/// Files of other programs that are too large for the repository; without them these tests are skipped.
@Suite("Feature files of other programs", .enabled(if: SharedData.isPresent, "\(SharedData.absence)"))
struct SharedBagTests {
  private func read(_ path: String, _ micronsPerPixel: Double? = nil) throws -> ForeignBag {
    let bags = try ForeignBag.read(path: shared + path, micronsPerPixel: micronsPerPixel)
    #expect(bags.count == 1)
    return bags[0]
  }

  /// The sum as NumPy gives it in double precision.
  private func sum(_ bag: ForeignBag) -> Double { bag.features.elements.reduce(0) { $0 + Double($1) } }

  @Test func `the five layouts of one slide give the same places and features`() throws {
    let folder = "bags/generated_layouts/"
    let clam = try read(folder + "CMU-1-Small-Region.clam_features.h5")
    let trident = try read(folder + "CMU-1-Small-Region.trident.h5")
    let stamp = try read(folder + "CMU-1-Small-Region.stamp.h5", 0.499)
    let slideflow = try read(folder + "slideflow_bags/CMU-1-Small-Region.pt", 0.5)
    #expect([clam.kind, trident.kind, stamp.kind, slideflow.kind] == [.clam, .trident, .stamp, .slideflow])
    for bag in [clam, trident, stamp, slideflow] {
      #expect(bag.tileExtent == 224)
      #expect(bag.corners?.count == 61)
      #expect(bag.corners?.first == TileLocation(x: 896, y: 0))
      #expect(bag.centres?.first == TileLocation(x: 1008, y: 112))
      #expect(bag.corners == clam.corners)
      #expect(bag.centres == clam.centres)
      #expect(!bag.isSlideLevel)
    }
    #expect(clam.features == trident.features)
    #expect(clam.features == slideflow.features)
    #expect(clam.features[0, 0] == 6.3524339e-03)
    #expect(stamp.features[0, 0] == Float(6.3514709e-03))
    #expect(zip(stamp.features.elements, clam.features.elements).allSatisfy { abs($0 - $1) <= abs($1) * 0.001 + 1e-6 })
    #expect(clam.assumptions.count == 2)
    #expect(trident.assumptions.isEmpty)
    #expect(trident.attributes["encoder"] == "squeezenet1_1")
    #expect(stamp.attributes["extractor"] == "squeezenet1_1")
    #expect(slideflow.attributes["extractor"] == "squeezenet1_1")
    #expect(slideflow.attributes["tile_um"] == "112")
  }

  @Test func `STAMP without microns per pixel has no places, and says why`() throws {
    let bag = try read("bags/generated_layouts/CMU-1-Small-Region.stamp.h5")
    #expect(bag.corners == nil && bag.centres == nil && bag.tileExtent == nil)
    #expect(
      bag.assumptions == [
        "Its coordinates are in micrometres: without microns per pixel of the slide, its tiles have no places."
      ])
  }

  @Test func `a patch file of CLAM is refused by name`() throws {
    let path = shared + "bags/generated_layouts/CMU-1-Small-Region.clam_patches.h5"
    #expect(throws: BagError.patchFile(path: path)) { try ForeignBag.read(path: path) }
  }

  @Test func `a real file of mopadi`() throws {
    let bag = try read("bags/mopadi_TCGA-AD-6964-01Z-00-DX1/features.h5")
    #expect(bag.kind == .mopadi)
    #expect(bag.slide == "mopadi_TCGA-AD-6964-01Z-00-DX1")
    #expect((bag.features.rowCount, bag.features.columnCount) == (777, 512))
    #expect(bag.features[0, 0] == -0.01929561)
    #expect(bag.corners?.first == TileLocation(x: 10240, y: 21504))
    #expect(bag.tileExtent == 512)
  }

  @Test func `a tensor that is a view on a larger storage`() throws {
    let bag = try read("bags/gigapath_prov_normal_000_1.pt")
    #expect(bag.kind == .torch)
    #expect(bag.isSlideLevel)
    #expect((bag.features.rowCount, bag.features.columnCount) == (1, 1536))
  }

  @Test func `slideflow's bags come back byte for byte`() throws {
    let scratch = try ScratchFolder()
    let folder = shared + "slideflow-golden/out/bags"
    let files = try BagFolder.files(in: folder)
    #expect(files.count == 10)
    for path in files {
      let bag = try ForeignBag.read(path: path, micronsPerPixel: 0.5)[0]
      #expect(bag.kind == .slideflow)
      #expect(bag.assumptions.isEmpty)
      try SlideflowBag.write(bag.features, centres: bag.centres, slide: bag.slide, to: scratch.path)
      let written = try Data(contentsOf: URL(fileURLWithPath: "\(scratch.path)/\(bag.slide).pt"))
      let original = try Data(contentsOf: URL(fileURLWithPath: path))
      // Where slideflow's archives of these slides hold the numbers.
      let place = try #require(written.range(of: original[704..<704 + bag.features.elements.count * 4]))
      #expect(place.lowerBound % 64 == 0)
      let index = "\(bag.slide).index.npz"
      let again = try ForeignBag.read(path: "\(scratch.path)/\(bag.slide).pt", micronsPerPixel: nil)[0]
      #expect(again.features == bag.features)
      #expect(again.centres == bag.centres)
      #expect(FileManager.default.fileExists(atPath: scratch.path + "/" + index))
    }
  }
}
