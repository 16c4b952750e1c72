/// How blurred a picture is, by how little it loses when it is blurred once more: from 0, sharp, to 1.
///
/// Source: Crete, Dolmiere, Ladret and Nicolas, "The blur effect: perception and estimation with a new no-reference
/// perceptual blur metric", SPIE 6492 (2007), doi:10.1117/12.702790. Their mean over nine pixels, and of the two directions
/// the more blurred one.
enum FocusMeasure {
  /// A picture with hardly any differences, in grey levels between neighbours, has nothing that could be in focus.
  private static let leastDifference = 0.5
  private static let reach = 4

  /// - Parameter grey: `height × width`, row-major, 0…255.
  /// - Returns: nil for a picture without structure, or too small to tell.
  static func blur(_ grey: [Float], width: Int, height: Int) -> Double? {
    guard width > 4 * reach, height > 4 * reach else { return nil }
    let across = loss(grey, length: width, lines: height, step: 1, lineStep: width)
    let down = loss(grey, length: height, lines: width, step: width, lineStep: 1)
    let count = Double(width * height)
    guard (across.before + down.before) / (2 * count) >= leastDifference else { return nil }
    return max(across.blur, down.blur)
  }

  private static func loss(
    _ grey: [Float], length: Int, lines: Int, step: Int, lineStep: Int
  ) -> (blur: Double, before: Double) {
    var (before, lost) = (0.0, 0.0)
    grey.withUnsafeBufferPointer { grey in
      for line in 0..<lines {
        let start = line * lineStep
        var sum: Float = 0
        for place in 0..<2 * reach + 1 { sum += grey[start + place * step] }
        var last = sum
        for place in reach + 1..<length - reach {
          sum += grey[start + (place + reach) * step] - grey[start + (place - reach - 1) * step]
          let difference = abs(grey[start + place * step] - grey[start + (place - 1) * step])
          let blurred = abs(sum - last) / Float(2 * reach + 1)
          before += Double(difference)
          lost += Double(max(difference - blurred, 0))
          last = sum
        }
      }
    }
    return (before > 0 ? (before - lost) / before : 0, before)
  }
}

/// Which tiles are out of focus: `FocusMeasure` on the tile at about a micron a pixel, where nuclei have edges a pixel or
/// two wide.
struct FocusFilter: Sendable {
  /// A tile goes above it.
  static let largestBlur = 0.62
  private static let wantedMicrons = 1.0

  /// The level that is looked at, and the side of a tile in its pixels.
  let level: Int
  let side: Int
  /// Pixels along a side of which the mean is taken first.
  private let factor: Int

  init(on slide: WholeSlideImage, grid: TileGrid) {
    let downsample = Self.wantedMicrons / grid.micronsPerPixel
    // No finer than the tiles themselves: what they do not show need not be sharp.
    level = max(slide.level(forDownsample: downsample * 1.05), grid.level)
    let ratio = slide.levels[level].downsample / grid.downsample
    side = level == grid.level ? grid.extractPixels : max(Int((Double(grid.extractPixels) / ratio).rounded(.down)), 1)
    factor = max(Int((downsample / slide.levels[level].downsample).rounded()), 1)
  }

  /// - Parameters:
  ///   - pixels: as OpenSlide gives them; what is clear counts as white.
  ///   - stride: pixels from one row to the next.
  func isBlurred(_ pixels: UnsafeBufferPointer<UInt32>, stride: Int) -> Bool {
    let width = side / factor
    guard width > 0 else { return false }
    var grey = [Float](repeating: 0, count: width * width)
    for row in 0..<width * factor {
      for column in 0..<width * factor {
        let pixel = pixels[row * stride + column]
        let clear = 255 - (pixel >> 24)
        // Rec. 601, with what is missing to opaque white.
        let light =
          Float(pixel >> 16 & 0xFF) * 0.299 + Float(pixel >> 8 & 0xFF) * 0.587 + Float(pixel & 0xFF) * 0.114
          + Float(clear)
        grey[row / factor * width + column / factor] += light
      }
    }
    let count = Float(factor * factor)
    for index in grey.indices { grey[index] /= count }
    return FocusMeasure.blur(grey, width: width, height: width).map { $0 > Self.largestBlur } ?? false
  }
}
