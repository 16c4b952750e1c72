/// Which tiles are background: slideflow's two tests, which look at every pixel of a small picture of the tile.
///
/// A pixel is white if the mean of its channels is above a threshold, grey if its saturation, (max − min) / max, is
/// below one. A tile goes if the share of such pixels is above a fraction; a fraction of 1 switches a test off.
package struct BackgroundFilter: Sendable, Hashable, Codable {
  package var whitespaceFraction: Double
  /// 0…255.
  package var whitespaceThreshold: Double
  package var grayspaceFraction: Double
  /// 0…1.
  package var grayspaceThreshold: Double

  package init(
    whitespaceFraction: Double = 1, whitespaceThreshold: Double = 230, grayspaceFraction: Double = 0.6,
    grayspaceThreshold: Double = 0.05
  ) {
    self.whitespaceFraction = whitespaceFraction
    self.whitespaceThreshold = whitespaceThreshold
    self.grayspaceFraction = grayspaceFraction
    self.grayspaceThreshold = grayspaceThreshold
  }

  package var isOff: Bool { whitespaceFraction >= 1 && grayspaceFraction >= 1 }

  /// Where the tests look: the coarsest level whose downsample is below the tile's side, and how many of its pixels a
  /// tile has there; the tile's own level where that is as coarse.
  func place(on slide: WholeSlideImage, grid: TileGrid) -> (level: Int, side: Int) {
    let level = slide.level(finerThanDownsample: Double(grid.extractPixels))
    let ratio = (slide.levels[level].downsample / grid.downsample).rounded(.down)
    guard ratio > 1 else { return (grid.level, grid.extractPixels) }
    return (level, max(Int((Double(grid.extractPixels) / ratio).rounded(.down)), 1))
  }

  /// - Parameters:
  ///   - pixels: as OpenSlide gives them; what is clear counts as white.
  ///   - stride: pixels from one row to the next.
  func isBackground(_ pixels: UnsafeBufferPointer<UInt32>, stride: Int, width: Int, height: Int) -> Bool {
    if isOff { return false }
    var white = 0
    var grey = 0
    // Saturation is compared on whole numbers of 255, as it is kept in eight bits.
    let saturationLimit = UInt32(min(max((grayspaceThreshold * 255).rounded(.up), 0), 256))
    for row in 0..<height {
      for pixel in pixels[row * stride..<row * stride + width] {
        let clear = 255 - (pixel >> 24)
        let red = min((pixel >> 16 & 0xFF) + clear, 255)
        let green = min((pixel >> 8 & 0xFF) + clear, 255)
        let blue = min((pixel & 0xFF) + clear, 255)
        let most = max(red, max(green, blue))
        let least = min(red, min(green, blue))
        // ⌊(most − least) · 255 / most⌋ < limit, without a division; black has no saturation.
        if (most - least) * 255 < saturationLimit * most || most == 0 { grey += 1 }
        if Double((red + green + blue + 1) / 3) > whitespaceThreshold { white += 1 }
      }
    }
    let count = Double(max(width * height, 1))
    if whitespaceFraction < 1, Double(white) / count > whitespaceFraction { return true }
    return grayspaceFraction < 1 && Double(grey) / count > grayspaceFraction
  }
}
