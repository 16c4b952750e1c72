extension Colour {
  /// A colour as people write it: `red`, `#1F77B4`, `1F77B4` or `#17B`; nil for anything else.
  package init?(written text: String) {
    if let known = Self.named[text.lowercased()] {
      self = known
      return
    }
    let digits = text.hasPrefix("#") ? text.dropFirst() : text[...]
    guard digits.allSatisfy(\.isHexDigit), let value = UInt32(digits, radix: 16) else { return nil }
    switch digits.count {
    case 6: self.init(hex: value)
    case 3:
      self.init(
        hex: (value >> 8 & 0xF) * 0x11_0000 | (value >> 4 & 0xF) * 0x1100 | (value & 0xF) * 0x11)
    default: return nil
    }
  }

  /// The names of colours that are known, as CSS has them.
  package static var names: [String] { named.keys.sorted() }

  private static let named: [String: Colour] = [
    "black": 0x000000, "white": 0xFFFFFF, "grey": 0x808080, "gray": 0x808080, "silver": 0xC0C0C0, "red": 0xFF0000,
    "crimson": 0xDC143C, "maroon": 0x800000, "salmon": 0xFA8072, "orange": 0xFFA500, "gold": 0xFFD700,
    "yellow": 0xFFFF00, "olive": 0x808000, "green": 0x008000, "lime": 0x00FF00, "teal": 0x008080, "cyan": 0x00FFFF,
    "skyblue": 0x87CEEB, "blue": 0x0000FF, "navy": 0x000080, "indigo": 0x4B0082, "purple": 0x800080,
    "violet": 0xEE82EE, "magenta": 0xFF00FF, "pink": 0xFFC0CB, "brown": 0xA52A2A, "tan": 0xD2B48C,
  ].mapValues(Colour.init(hex:))
}
