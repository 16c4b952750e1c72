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

  package static let white = Colour(hex: 0xFFFFFF)
  /// Titles and names.
  static let ink = Colour(hex: 0x1F2328)
  /// Subtitles, counts, tick labels.
  static let softInk = Colour(hex: 0x5F6770)
  static let axisLine = Colour(hex: 0x8A929B)
  static let gridLine = Colour(hex: 0xECEEF1)
}
