/// An opaque sRGB colour, 8 bits a channel.
package struct Colour: Sendable, Hashable {
  package let red: UInt8
  package let green: UInt8
  package let blue: UInt8

  package init(red: UInt8, green: UInt8, blue: UInt8) {
    self.red = red
    self.green = green
    self.blue = blue
  }

  /// `0xRRGGBB`.
  package init(hex: UInt32) {
    self.init(
      red: UInt8(truncatingIfNeeded: hex >> 16), green: UInt8(truncatingIfNeeded: hex >> 8),
      blue: UInt8(truncatingIfNeeded: hex))
  }

  /// This colour covering `share` (0 to 1) of a pixel that was `ground` before.
  func covering(_ share: Double, of ground: Colour) -> Colour {
    func mixed(_ above: UInt8, _ below: UInt8) -> UInt8 {
      UInt8((Double(above) * share + Double(below) * (1 - share)).rounded())
    }
    return Colour(
      red: mixed(red, ground.red), green: mixed(green, ground.green), blue: mixed(blue, ground.blue))
  }

  package static let white = Colour(hex: 0xFFFFFF)
  /// Titles and names.
  static let ink = Colour(hex: 0x1F2328)
  /// Subtitles, counts, tick labels.
  static let softInk = Colour(hex: 0x5F6770)
  static let axisLine = Colour(hex: 0x8A929B)
  static let gridLine = Colour(hex: 0xECEEF1)
}
