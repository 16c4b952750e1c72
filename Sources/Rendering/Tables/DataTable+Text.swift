import FeatureData

extension DataTable {
  /// The table as aligned text for a terminal of fixed-width letters, each line ended by a line feed.
  ///
  /// - Parameters:
  ///   - maximumRows: Rows beyond are counted in a last line.
  ///   - more: How to see them, behind that.
  package func plainText(maximumRows: Int? = nil, more: String? = nil) -> String {
    let (shownRows, restCount) = cut(maximumRows)
    let header = columns.map(\.name.visible)
    let texts = shownRows.map { row in columns.indices.map { shown(row, $0).visible } }
    let decimals = columns.indices.map { column in DecimalPlaces(of: texts, kind: columns[column].kind, column: column)
    }
    let body = texts.map { row in
      zip(row, decimals).map { text, decimals in
        let missing = decimals?.missing(in: text).map { $0.digits + ($0.point ? 1 : 0) } ?? 0
        return text + String(repeating: " ", count: missing)
      }
    }
    let widths = columns.indices.map { index in
      body.reduce(hasHeader ? TerminalWidth.of(header[index]) : 0) { max($0, TerminalWidth.of($1[index])) }
    }
    var lines: [String] = []
    if let caption, !caption.isEmpty { lines.append(caption.filter { $0 != "`" }.visible) }
    if hasHeader {
      lines.append(line(header, widths))
      lines.append(widths.map { String(repeating: "─", count: $0) }.joined(separator: "  "))
    }
    lines += body.map { line($0, widths) }
    if restCount > 0 { lines.append(Self.restLine(body.count, restCount, more).filter { $0 != "`" }) }
    return lines.map { $0 + "\n" }.joined()
  }

  private func line(_ cells: [String], _ widths: [Int]) -> String {
    let padded = cells.indices.map { index in
      let room = widths[index] - TerminalWidth.of(cells[index])
      let before =
        switch columns[index].alignment {
        case .left: 0
        case .right: room
        case .centre: room / 2
        }
      return String(repeating: " ", count: before) + cells[index] + String(repeating: " ", count: room - before)
    }
    let joined = padded.joined(separator: "  ")
    return String(joined.reversed().drop { $0 == " " }.reversed())
  }
}

/// How many places a text takes in a terminal.
///
/// Source: Unicode Standard Annex 11, https://www.unicode.org/reports/tr11/.
enum TerminalWidth {
  static func of(_ text: String) -> Int { text.reduce(0) { $0 + width($1) } }

  private static func width(_ character: Character) -> Int {
    var width = 0
    for scalar in character.unicodeScalars {
      // A pictograph asked for by the emoji selector is wide, whatever its own width.
      if scalar.value == 0xFE0F { return 2 }
      switch scalar.properties.generalCategory {
      case .nonspacingMark, .enclosingMark, .format, .control: continue
      default: width = max(width, isWide(scalar) ? 2 : 1)
      }
    }
    return width
  }

  private static func isWide(_ scalar: Unicode.Scalar) -> Bool {
    wideRanges.contains { $0.contains(scalar.value) } || scalar.properties.isEmojiPresentation
  }

  /// Blocks of East Asian width W or F.
  private static let wideRanges: [ClosedRange<UInt32>] = [
    0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xA000...0xA4CF,
    0xA960...0xA97F, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF01...0xFF60, 0xFFE0...0xFFE6,
    0x16FE0...0x18CFF, 0x1AFF0...0x1B2FF, 0x20000...0x3FFFD,
  ]
}
