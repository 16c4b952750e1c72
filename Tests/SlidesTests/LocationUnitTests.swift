import FeatureData
import Testing

@testable import Slides

@Suite("The unit of locations")
struct LocationUnitTests {
  /// Centres of tiles on a grid, some of them left out, in pixels or in tenths as slideflow 1 cut them.
  private func locations(
    step: Int, tenths: Bool = false, columns: Int = 30, rows: Int = 20, share: UInt64 = 60
  ) -> [TileLocation] {
    var generator = SplitMix64(seed: 4)
    var result: [TileLocation] = []
    for row in 0..<rows {
      for column in 0..<columns where generator.next() % 100 < share {
        let x = column * step + step / 2
        let y = row * step + step / 2
        result.append(TileLocation(x: tenths ? x / 10 : x, y: tenths ? y / 10 : y))
      }
    }
    return result
  }

  @Test("the step of a grid is found, exact or cut off, dense or sparse", arguments: [224, 302, 604, 605, 1208, 2416])
  func step(step: Int) throws {
    for share: UInt64 in [100, 60, 5] {
      let pixels = try #require(TileLattice(locations(step: step, share: share)))
      #expect(abs(pixels.step - Double(step)) < 0.01)
      let tenths = try #require(TileLattice(locations(step: step, tenths: true, share: share)))
      #expect(abs(tenths.step - Double(step) / 10) < 0.2)
    }
  }

  @Test("a few tiles beside the grid do not hide it, and no grid is found among stray tiles")
  func robustness() throws {
    var tiles = locations(step: 604)
    tiles.append(TileLocation(x: 1003, y: 777))
    #expect(abs(try #require(TileLattice(tiles)).step - 604) < 1)
    var generator = SplitMix64(seed: 8)
    let stray = (0..<500).map { _ in
      TileLocation(x: Int(generator.next() % 50_000), y: Int(generator.next() % 50_000))
    }
    #expect(TileLattice(stray) == nil)
    #expect(TileLattice([]) == nil)
    #expect(TileLattice([TileLocation(x: .max, y: .min), TileLocation(x: .min, y: .max)]) == nil)
  }

  private func unit(_ tiles: [TileLocation], _ change: (inout LocationUnit.Evidence) -> Void) -> LocationUnit {
    var evidence = LocationUnit.Evidence()
    change(&evidence)
    return LocationUnit.verdict(tiles, evidence).unit
  }

  @Test("locations that are no places are judged like others")
  func impossible() {
    for place in [Int.min, Int.min / 2, -1, 0, Int.max] {
      let tiles = [TileLocation](repeating: TileLocation(x: place, y: place), count: 3)
      #expect(unit(tiles) { $0.slideSize = (20_000, 13_000) } == .unknown)
    }
  }

  @Test("the slide's size tells pixels, and the tiles' size tells either")
  func sizes() {
    let pixels = locations(step: 604)
    let tenths = locations(step: 604, tenths: true)
    #expect(unit(pixels) { $0.slideSize = (20_000, 13_000) } == .pixels)
    #expect(unit(pixels) { $0.slideSize = (2_000, 1_300) } == .unknown)
    #expect(unit(pixels) { $0.fullExtractPixels = 604 } == .pixels)
    #expect(unit(tenths) { $0.fullExtractPixels = 604 } == .tenths)
    // Overlapping by half, and beyond what the slide could hold in tenths.
    #expect(unit(pixels) { $0.fullExtractPixels = 1208 } == .pixels)
    #expect(unit(tenths) { $0.fullExtractPixels = 1208 } == .tenths)
    #expect(
      unit(tenths) {
        $0.slideSize = (20_000, 13_000)
        $0.fullExtractPixels = 604
        $0.slideflowVersion = "3.0.2"
      } == .tenths)
  }

  @Test(
    "the version tells where nothing else does",
    arguments: [
      ("1.1.4", LocationUnit.tenths), ("1.4.9", .tenths), ("1.5.0", .pixels), ("3.0.2", .pixels), ("0.9", .tenths),
      ("2", .pixels), ("", .unknown), ("x.y", .unknown),
    ])
  func versions(version: String, expected: LocationUnit) {
    #expect(unit([TileLocation(x: 50, y: 60)]) { $0.slideflowVersion = version } == expected)
  }

  @Test("the extent of the tiles tells what no slide can be, whatever the version says")
  func extents() {
    let size = TileSize(pixels: 299, extent: .microns(302))
    let pixels = locations(step: 604)
    let tenths = locations(step: 604, tenths: true)
    #expect(
      unit(pixels) {
        $0.tileSize = size
        $0.slideflowVersion = "1.1.4"
      } == .pixels)
    #expect(unit(tenths) { $0.tileSize = size } == .tenths)
    #expect(unit(tenths) { $0.tileSize = TileSize(pixels: 299, extent: .magnification("10")) } == .tenths)
    #expect(unit(locations(step: 121)) { $0.tileSize = size } == .unknown)
  }

  @Test("the reason is said")
  func reasons() {
    var evidence = LocationUnit.Evidence()
    evidence.fullExtractPixels = 604
    let verdict = LocationUnit.verdict(locations(step: 604, tenths: true), evidence)
    #expect(verdict.reason == "tiles of 604 pixels lie 60.4 apart")
    #expect(LocationUnit.verdict([], evidence).reason == "the records hold no locations")
  }
}
