import Testing

@testable import Slides

@Suite struct BackgroundFilterTests {
  private func pixel(_ red: UInt32, _ green: UInt32, _ blue: UInt32, alpha: UInt32 = 255) -> UInt32 {
    alpha << 24 | red << 16 | green << 8 | blue
  }

  private func isBackground(_ pixels: [UInt32], _ filter: BackgroundFilter) -> Bool {
    pixels.withUnsafeBufferPointer { filter.isBackground($0, stride: pixels.count, width: pixels.count, height: 1) }
  }

  /// Five pixels, so many of them as given.
  private func five(_ count: Int, _ some: UInt32, _ others: UInt32) -> [UInt32] {
    (0..<5).map { $0 < count ? some : others }
  }

  @Test func `a tile goes if more than the fraction of its pixels are grey`() {
    let grey = pixel(200, 200, 200)
    let pink = pixel(220, 140, 180)
    let filter = BackgroundFilter()
    #expect(!isBackground(five(3, grey, pink), filter))
    #expect(isBackground(five(4, grey, pink), filter))
    #expect(!isBackground(five(5, grey, pink), BackgroundFilter(grayspaceFraction: 1)))
  }

  @Test func `saturation is compared in eight bits, rounded down`() {
    // (max − min) · 255 / max: 12.99 is 12 and grey, 13.0 is not, at the threshold of 0.05 · 255 = 12.75.
    #expect(isBackground([pixel(157, 149, 157)], BackgroundFilter()))  // 12.99
    #expect(!isBackground([pixel(255, 242, 255)], BackgroundFilter()))  // 13
    #expect(isBackground([pixel(255, 243, 255)], BackgroundFilter()))  // 12
    #expect(isBackground([pixel(0, 0, 0)], BackgroundFilter()))
  }

  @Test func `white is a mean above the threshold, rounded`() {
    let filter = BackgroundFilter(whitespaceFraction: 0.5, grayspaceFraction: 1)
    #expect(!isBackground([pixel(230, 230, 230)], filter))
    #expect(isBackground([pixel(231, 231, 231)], filter))
    // A mean of 230.67 is 231.
    #expect(isBackground([pixel(231, 231, 230)], filter))
    #expect(!isBackground([pixel(231, 230, 230)], filter))
  }

  @Test func `what is clear counts as white`() {
    #expect(isBackground([0], BackgroundFilter(whitespaceFraction: 0.5, grayspaceFraction: 1)))
    #expect(isBackground([0], BackgroundFilter()))
  }

  @Test func `the filter looks at the coarsest level finer than the tile`() throws {
    let slide = try SlideMaterial.slide()
    let fine = try TileGrid(slide, size: SlideMaterial.size)
    let place = BackgroundFilter().place(on: slide, grid: fine)
    #expect(place.level == 2 && place.side == 128 / Int(slide.levels[2].downsample))
    // A tile of 8 pixels is too small for the level at 1/16.
    let small = try TileGrid(slide, size: TileSize(pixels: 8, extent: .microns(4)))
    #expect(BackgroundFilter().place(on: slide, grid: small) == (1, 2))
  }
}
