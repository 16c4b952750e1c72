extension Colour {
  private static let words: [String: UInt32] = [
    "white": 0xFFFFFF, "black": 0x000000, "grey": 0x808080, "gray": 0x808080, "lightgrey": 0xD3D3D3,
    "lightgray": 0xD3D3D3, "darkgrey": 0x404040, "darkgray": 0x404040,
  ]

  /// The words that a colour can be written as, besides `RRGGBB`.
  package static let knownWords = ["white", "black", "grey", "lightgrey", "darkgrey"]

  /// `white`, `1F2328`, `#1F2328` or `#fff`; nil for anything else.
  package init?(words text: String) {
    let word = text.lowercased()
    if let known = Self.words[word] {
      self.init(hex: known)
      return
    }
    var digits = word.hasPrefix("#") ? String(word.dropFirst()) : word
    if digits.count == 3 { digits = digits.map { "\($0)\($0)" }.joined() }
    guard digits.count == 6, digits.allSatisfy(\.isHexDigit), let hex = UInt32(digits, radix: 16) else { return nil }
    self.init(hex: hex)
  }

  /// Whether light things are seen better on it than dark ones, by its luma (Rec. 601).
  var isDark: Bool { 299 * Int(red) + 587 * Int(green) + 114 * Int(blue) < 128_000 }
}
