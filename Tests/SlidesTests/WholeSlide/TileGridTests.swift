import FeatureData
import Testing

@testable import Slides

@Suite struct TileGridTests {
  @Test func `microns give slideflow's lattice`() throws {
    let slide = try SlideMaterial.slide()
    let grid = try TileGrid(slide, size: SlideMaterial.size)
    #expect(grid.fullExtractPixels == 128 && grid.strideLength == 128)
    // 128 pixels for 64 ask for a downsample of 2, and the level that is finer is the first.
    #expect(grid.level == 0 && grid.extractPixels == 128)
    #expect(grid.columnCount == slide.width / 128 && grid.rowCount == slide.height / 128)
    let cell = TileGrid.Cell(column: 2, row: 1)
    #expect(grid.origin(of: cell) == (256, 128))
    #expect(grid.location(of: cell) == TileLocation(x: 320, y: 192))
  }

  @Test func `the side of a tile is rounded down, and its stride to the nearest even number`() throws {
    let slide = try SlideMaterial.slide()
    let grid = try TileGrid(slide, size: TileSize(pixels: 50, extent: .microns(25)), strideDivisor: 4)
    #expect(grid.fullExtractPixels == 50)
    // 12.5 goes to 12.
    #expect(grid.strideLength == 12)
    #expect(grid.columnCount == (slide.width - 50) / 12 + 1)
    let odd = try TileGrid(
      slide.levels, of: slide.path, size: TileSize(pixels: 50, extent: .microns(25)),
      scale: SlideScale(micronsPerPixel: 0.499, source: .given))
    #expect(odd.fullExtractPixels == 50)
  }

  @Test func `a tile is read from the coarsest level that is finer than it`() throws {
    let slide = try SlideMaterial.slide()
    // Four pixels for one: the level at 1/4 has no more detail than the tile, so the finest is taken, as slideflow does.
    let equal = try TileGrid(slide, size: TileSize(pixels: 32, extent: .microns(64)))
    #expect(equal.level == 0 && equal.extractPixels == 128)
    let coarse = try TileGrid(slide, size: TileSize(pixels: 16, extent: .microns(64)))
    #expect(coarse.level == 1 && coarse.extractPixels == 32)
  }

  @Test func `a magnification takes the level that has it, at the tile's own pixels`() throws {
    let slide = try SlideMaterial.slide()
    let whole = try TileGrid(slide, size: TileSize(pixels: 64, extent: .magnification("20")))
    #expect(whole.level == 0 && whole.extractPixels == 64 && whole.fullExtractPixels == 64)
    let quarter = try TileGrid(slide, size: TileSize(pixels: 64, extent: .magnification("5")))
    #expect(quarter.level == 1 && quarter.extractPixels == 64)
    #expect(quarter.fullExtractPixels == Int(64 * slide.levels[1].downsample))
    let error = try #require(throws: SlideError.self) {
      try TileGrid(slide, size: TileSize(pixels: 64, extent: .magnification("10")))
    }
    #expect(error.description.contains("no level at 10x; its levels are at 20x, 5x"))
  }

  @Test func `impossible grids are refused with what to change`() throws {
    let slide = try SlideMaterial.slide()
    func error(_ size: TileSize, stride: Double = 1, mpp: Double = 0.5) -> SlideError? {
      do throws(SlideError) {
        _ = try TileGrid(
          slide.levels, of: slide.path, size: size, strideDivisor: stride,
          scale: SlideScale(micronsPerPixel: mpp, source: .given))
        return nil
      } catch { return error }
    }
    #expect(
      error(TileSize(pixels: 64, extent: .microns(1)), mpp: 2) == .impossibleTile(path: slide.path, extractPixels: 0))
    #expect(error(TileSize(pixels: 8, extent: .microns(2)), stride: 1000) == nil)
    let huge = error(TileSize(pixels: 8000, extent: .microns(1_000_000)))
    #expect(huge?.remedy == "a smaller tile_um")
    // A tile larger than the slide has no place on it, which is no error.
    let none = try TileGrid(slide, size: TileSize(pixels: 64, extent: .microns(2000)))
    #expect(none.cellCount == 0)
  }
}
