import FeatureData

/// Where a slide has tissue, found by Otsu's threshold on the colour saturation of a small picture of it.
///
/// Source: Otsu, "A threshold selection method from gray-level histograms", IEEE Trans. Syst. Man Cybern. 9 (1979),
/// doi:10.1109/TSMC.1979.4310076.
package struct TissueMask: Sendable {
  /// Saturation (0…255) above which a pixel counts as tissue.
  package let threshold: Int
  private let mask: PixelMask

  /// Longest side of the picture that a mask is made from.
  package static let longestSide = 2048
  /// A blank slide has noise, and Otsu's method would divide it in two.
  private static let leastThreshold = 12

  package init(_ overview: SlideOverview) {
    let image = overview.image
    let saturation = Self.blurred(Self.saturation(of: image), width: image.width, height: image.height)
    var histogram = [Int](repeating: 0, count: 256)
    for value in saturation { histogram[Int(value)] += 1 }
    let threshold = max(Self.otsu(histogram), Self.leastThreshold)
    mask = PixelMask(width: image.width, height: image.height, downsample: overview.downsample) {
      saturation[$0] > threshold
    }
    self.threshold = threshold
  }

  package var width: Int { mask.width }
  package var height: Int { mask.height }

  /// The share of a rectangle that is tissue; level-0 pixels.
  package func tissueFraction(x: Int, y: Int, width: Int, height: Int) -> Double {
    mask.fraction(x: x, y: y, width: width, height: height)
  }

  /// The share of the whole slide that is tissue.
  package var tissueFraction: Double { mask.fraction }

  /// (max − min) / max of the channels, on 255.
  private static func saturation(of image: RGBImage) -> [UInt8] {
    (0..<image.width * image.height).map { pixel in
      let red = Int(image.pixels[pixel * 3])
      let green = Int(image.pixels[pixel * 3 + 1])
      let blue = Int(image.pixels[pixel * 3 + 2])
      let most = max(red, green, blue)
      return most == 0 ? 0 : UInt8((most - min(red, green, blue)) * 255 / most)
    }
  }

  /// A mean over 5 × 5 pixels takes the grain out.
  private static func blurred(_ values: [UInt8], width: Int, height: Int) -> [UInt8] {
    let reach = 2
    func pass(_ values: [UInt8], length: Int, lines: Int, step: Int, lineStep: Int) -> [UInt8] {
      var result = values
      for line in 0..<lines {
        for place in 0..<length {
          let near = max(place - reach, 0)...min(place + reach, length - 1)
          var sum = 0
          for other in near { sum += Int(values[line * lineStep + other * step]) }
          result[line * lineStep + place * step] = UInt8((sum + near.count / 2) / near.count)
        }
      }
      return result
    }
    let rows = pass(values, length: width, lines: height, step: 1, lineStep: width)
    return pass(rows, length: height, lines: width, step: width, lineStep: 1)
  }

  /// The threshold that parts a histogram into the two classes whose means differ most, weighted by their sizes.
  static func otsu(_ histogram: [Int]) -> Int {
    let total = Double(histogram.reduce(0, +))
    let mean = histogram.enumerated().reduce(0.0) { $0 + Double($1.offset) * Double($1.element) } / max(total, 1)
    var below = 0.0
    var sumBelow = 0.0
    var best = (threshold: 0, variance: -1.0)
    for (value, count) in histogram.enumerated() {
      below += Double(count)
      sumBelow += Double(value) * Double(count)
      guard below > 0, below < total else { continue }
      let difference = mean * below - sumBelow
      let variance = difference * difference / (below * (total - below))
      if variance > best.variance { best = (value, variance) }
    }
    return best.threshold
  }
}
