import Glibc

/// A colour in OKLab, a space in which equal distances look about equally different.
///
/// Source: B. Ottosson, "A perceptual color space for image processing", 2020, https://bottosson.github.io/posts/oklab/.
struct OKLab: Equatable {
  /// 0 (black) to 1 (white).
  var lightness: Double
  /// Green (negative) to red.
  var a: Double
  /// Blue (negative) to yellow.
  var b: Double

  init(lightness: Double, a: Double, b: Double) {
    self.lightness = lightness
    self.a = a
    self.b = b
  }

  /// - Parameter hueDegrees: The angle in the (a, b) plane.
  init(lightness: Double, chroma: Double, hueDegrees: Double) {
    let radians = hueDegrees * Double.pi / 180
    self.init(lightness: lightness, a: chroma * cos(radians), b: chroma * sin(radians))
  }

  init(_ colour: Colour) {
    let red = Self.linear(colour.red)
    let green = Self.linear(colour.green)
    let blue = Self.linear(colour.blue)
    let l = cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
    let m = cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
    let s = cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
    self.init(
      lightness: 0.2104542553 * l + 0.7936177850 * m - 0.0040720468 * s,
      a: 1.9779984951 * l - 2.4285922050 * m + 0.4505937099 * s,
      b: 0.0259040371 * l + 0.7827717662 * m - 0.8086757660 * s)
  }

  /// The nearest sRGB colour of the same lightness and hue: chroma is lowered until the colour exists.
  var colour: Colour {
    var inside = 0.0
    var outside = 1.0
    if Self.isInGamut(linearRGB) { return Self.encode(linearRGB) }
    for _ in 0..<20 {
      let middle = (inside + outside) / 2
      let candidate = OKLab(lightness: lightness, a: a * middle, b: b * middle)
      if Self.isInGamut(candidate.linearRGB) { inside = middle } else { outside = middle }
    }
    return Self.encode(OKLab(lightness: lightness, a: a * inside, b: b * inside).linearRGB)
  }

  /// How different two colours look; about 0.02 is just noticeable.
  func distance(to other: OKLab) -> Double {
    let dL = lightness - other.lightness
    let da = a - other.a
    let db = b - other.b
    return (dL * dL + da * da + db * db).squareRoot()
  }

  private var linearRGB: (Double, Double, Double) {
    let l = lightness + 0.3963377774 * a + 0.2158037573 * b
    let m = lightness - 0.1055613458 * a - 0.0638541728 * b
    let s = lightness - 0.0894841775 * a - 1.2914855480 * b
    let (l3, m3, s3) = (l * l * l, m * m * m, s * s * s)
    return (
      4.0767416621 * l3 - 3.3077115913 * m3 + 0.2309699292 * s3,
      -1.2684380046 * l3 + 2.6097574011 * m3 - 0.3413193965 * s3,
      -0.0041960863 * l3 - 0.7034186147 * m3 + 1.7076147010 * s3
    )
  }

  private static func isInGamut(_ rgb: (Double, Double, Double)) -> Bool {
    let range = -0.0005...1.0005
    return range.contains(rgb.0) && range.contains(rgb.1) && range.contains(rgb.2)
  }

  private static func encode(_ rgb: (Double, Double, Double)) -> Colour {
    Colour(red: gamma(rgb.0), green: gamma(rgb.1), blue: gamma(rgb.2))
  }

  /// The share of light that an 8-bit sRGB channel stands for.
  static func linear(_ channel: UInt8) -> Double {
    let value = Double(channel) / 255
    return value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4)
  }

  /// The 8-bit sRGB channel of a share of light, clamped to 0 to 1.
  static func gamma(_ linear: Double) -> UInt8 {
    let value = min(max(linear, 0), 1)
    let encoded = value <= 0.0031308 ? value * 12.92 : 1.055 * pow(value, 1 / 2.4) - 0.055
    return UInt8((encoded * 255).rounded())
  }
}
