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

  /// `0xFFRRGGBB`.
  var opaquePixel: UInt32 { 0xFF00_0000 | UInt32(red) << 16 | UInt32(green) << 8 | UInt32(blue) }

  /// `#RRGGBB`.
  package var hexText: String {
    "#" + [red, green, blue].map { ($0 < 16 ? "0" : "") + String($0, radix: 16, uppercase: true) }.joined()
  }

  package static let white = Colour(hex: 0xFFFFFF)
}
