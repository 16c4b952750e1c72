extension String {
  /// As it can be shown anywhere: control characters and line ends become blanks, and characters that hide or turn others, such
  /// as zero-width blanks and overrides of the writing direction, become U+FFFD. No name changes how the text around it is
  /// read, and what is hidden in one is seen.
  ///
  /// Joiners stay, which emoji and many scripts need. Source: Unicode Technical Report 36, section 2.5 and 2.8,
  /// https://www.unicode.org/reports/tr36/.
  package var visible: String { shown(keepingLines: false) }

  /// The same of a text of several lines.
  package var visibleLines: String { shown(keepingLines: true) }

  private func shown(keepingLines: Bool) -> String {
    func isPlain(_ byte: UInt8) -> Bool {
      byte >= 0x20 && byte < 0x7F || keepingLines && (byte == 0x0A || byte == 0x0D || byte == 0x09)
    }
    guard !utf8.allSatisfy(isPlain) else { return self }
    var result = UnicodeScalarView()
    for scalar in unicodeScalars {
      switch scalar.properties.generalCategory {
      case .control where keepingLines && (scalar == "\n" || scalar == "\r" || scalar == "\t"): result.append(scalar)
      case .control, .lineSeparator, .paragraphSeparator: result.append(" ")
      case .format where !scalar.properties.isJoinControl && !scalar.isSignOverDigits: result.append("\u{FFFD}")
      default: result.append(scalar)
      }
    }
    return String(result)
  }
}

extension Unicode.Scalar {
  /// Signs of Arabic, Syriac and Kaithi that are written over or before the digits behind them.
  fileprivate var isSignOverDigits: Bool {
    switch value {
    case 0x0600...0x0605, 0x06DD, 0x070F, 0x0890...0x0891, 0x08E2, 0x110BD, 0x110CD: true
    default: false
    }
  }
}
