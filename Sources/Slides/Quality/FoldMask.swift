import FeatureData
import Foundation

/// Where the tissue of a slide lies double, by a small picture of it: light goes through twice the stain, so the optical
/// density is about twice that of the tissue around.
///
/// A pixel is of a fold where its optical density (the mean over the channels of −log₁₀ of the light that comes through) is
/// above 1.6 times the mean of the tissue within 500 µm to each side, and above 0.25; it counts where six tenths of the 5 × 5
/// pixels around are such. Tissue is what has a density above 0.08 and a saturation above 0.07. Tissue that is as dense beside
/// pale one, as keratin or a lymph follicle, passes for a fold; ink is left to `PenMask`.
package struct FoldMask: Sendable {
  private let mask: PixelMask

  /// A tile goes if more of it than this lies in a fold.
  package static let largestShare = 0.15
  private static let factor = 1.6
  private static let leastDensity = 0.25
  /// Microns.
  private static let reach = 500.0

  /// - Parameters:
  ///   - overview: a pixel of it is a few microns or more, so that single nuclei are no folds.
  ///   - micronsPerPixel: of level 0.
  package init(_ overview: SlideOverview, micronsPerPixel: Double) {
    let image = overview.image
    let (width, height) = (image.width, image.height)
    let densityOf = (0..<256).map { Float(-log10((Double($0) + 1) / 256) / 3) }
    var densities = [Float](repeating: 0, count: width * height)
    // Sums above and to the left, of densities and of pixels, over tissue that is no ink.
    var sums = [SIMD2<Double>](repeating: .zero, count: (width + 1) * (height + 1))
    for row in 0..<height {
      var line = SIMD2<Double>.zero
      for column in 0..<width {
        let pixel = row * width + column
        let (red, green, blue) = (image.pixels[pixel * 3], image.pixels[pixel * 3 + 1], image.pixels[pixel * 3 + 2])
        if !PenMask.isInk(red: Int(red), green: Int(green), blue: Int(blue)) {
          densities[pixel] = densityOf[Int(red)] + densityOf[Int(green)] + densityOf[Int(blue)]
          let (most, least) = (Int(max(red, green, blue)), Int(min(red, green, blue)))
          if densities[pixel] > 0.08, (most - least) * 100 > most * 7 { line += SIMD2(Double(densities[pixel]), 1) }
        }
        sums[(row + 1) * (width + 1) + column + 1] = sums[row * (width + 1) + column + 1] + line
      }
    }
    let reach = max(Int((Self.reach / (micronsPerPixel * overview.downsample)).rounded()), 5)
    mask = PixelMask(width: width, height: height, downsample: overview.downsample) { pixel in
      let density = Double(densities[pixel])
      guard density > Self.leastDensity else { return false }
      let (row, column) = (pixel / width, pixel % width)
      let (left, right) = (max(column - reach, 0), min(column + reach + 1, width))
      let (top, bottom) = (max(row - reach, 0), min(row + reach + 1, height))
      let line = width + 1
      let around =
        sums[bottom * line + right] - sums[top * line + right] - sums[bottom * line + left] + sums[top * line + left]
      return around.y > 0 && density > Self.factor * around.x / around.y
    }.smoothed(reach: 2, leastShare: 0.6)
  }

  /// The share of a rectangle that lies in a fold; level-0 pixels.
  package func fraction(x: Int, y: Int, width: Int, height: Int) -> Double {
    mask.fraction(x: x, y: y, width: width, height: height)
  }
}
