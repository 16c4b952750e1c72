/// How a text is dressed.
package enum TextStyle: Sendable {
  case plain
  /// With what terminals make of escape sequences (ECMA-48), which front ends show too. In the text's own colour: what is
  /// behind a diagnostic is light red in one theme and dark red in another, and no colour is legible on both.
  case ansi

  func strong(_ text: String) -> String { self == .ansi ? "\u{1B}[1m\(text)\u{1B}[0m" : text }
}

/// How many columns of a terminal a scalar takes, nearly.
enum DisplayWidth {
  static func columns(of scalar: Unicode.Scalar) -> Int {
    guard scalar.value >= 0x300 else { return 1 }
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format: return 0
    default: break
    }
    // The blocks that Unicode's East Asian Width (UAX #11) has as wide, and emoji.
    switch scalar.value {
    case 0x1100...0x115F, 0x2E80...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60,
      0xFFE0...0xFFE6, 0x1F300...0x1FAFF, 0x20000...0x3FFFD:
      return 2
    default: return 1
    }
  }

  static func columns(of text: String) -> Int { text.unicodeScalars.reduce(0) { $0 + columns(of: $1) } }
}
