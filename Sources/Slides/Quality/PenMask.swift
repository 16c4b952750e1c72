import FeatureData

/// Where a slide has ink of marker pens, by the colour of a small picture of it.
///
/// A pixel is ink where its hue and saturation (HSV) are such as haematoxylin, eosin and DAB do not make: green of any
/// saturation above 0.2; blue from 190° to 232° that is half saturated, and up to 250° where it is nearly pure, for
/// haematoxylin is a paler violet; red within 12° of pure red that is nearly pure, for blood and eosin are not; and black:
/// all channels below 77 and within 40 of each other. Ink counts where it covers half of the 5 × 5 pixels around.
package struct PenMask: Sendable {
  private let mask: PixelMask

  /// A tile goes if more of it than this is ink.
  package static let largestShare = 0.1

  /// - Parameter overview: a pixel of it is a few microns or more, so that single nuclei are no ink.
  package init(_ overview: SlideOverview) {
    let image = overview.image
    mask = PixelMask(width: image.width, height: image.height, downsample: overview.downsample) { pixel in
      Self.isInk(
        red: Int(image.pixels[pixel * 3]), green: Int(image.pixels[pixel * 3 + 1]),
        blue: Int(image.pixels[pixel * 3 + 2]))
    }.smoothed(reach: 2, leastShare: 0.5)
  }

  /// The share of a rectangle that is ink; level-0 pixels.
  package func fraction(x: Int, y: Int, width: Int, height: Int) -> Double {
    mask.fraction(x: x, y: y, width: width, height: height)
  }

  /// 0…255 each.
  static func isInk(red: Int, green: Int, blue: Int) -> Bool {
    let (most, least) = (max(red, green, blue), min(red, green, blue))
    let spread = most - least
    if most < 77 { return spread < 40 }
    // Sixtieths of the circle's sixth, counted from red.
    let hue: Double
    switch most {
    case red: hue = 60 * Double(green - blue) / Double(max(spread, 1))
    case green: hue = 120 + 60 * Double(blue - red) / Double(max(spread, 1))
    default: hue = 240 + 60 * Double(red - green) / Double(max(spread, 1))
    }
    let saturation = Double(spread) / Double(most)
    switch hue {
    case 75..<190: return saturation > 0.2
    case 190..<232: return saturation > 0.5
    case 232..<250: return saturation > 0.75
    case -12..<12: return saturation > 0.8 && most > 150
    default: return false
    }
  }
}
