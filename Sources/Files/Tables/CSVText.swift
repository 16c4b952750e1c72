/// Writes CSV (RFC 4180), and the same with tabs.
package enum CSVText {
  /// What stands between fields.
  package enum Separator: String, Sendable {
    case comma = ","
    case tab = "\t"

    /// Of a file with an ending; nil for one that is no such table.
    package init?(fileExtension: String) {
      switch fileExtension.lowercased() {
      case "csv": self = .comma
      case "tsv": self = .tab
      default: return nil
      }
    }
  }

  /// A text as it stands between separators: quoted where a separator, a quote or a line end is inside, and otherwise as it
  /// is, also where a spreadsheet takes it for a formula.
  package static func field(_ text: String, _ separator: Separator) -> String {
    let sign = separator == .comma ? UInt8(ascii: ",") : UInt8(ascii: "\t")
    guard text.utf8.contains(where: { $0 == sign || $0 == 0x22 || $0 == 0x0A || $0 == 0x0D }) else { return text }
    let doubled = text.unicodeScalars.reduce(into: "") { $0 += $1 == "\"" ? "\"\"" : String($1) }
    return "\"\(doubled)\""
  }

  package static func field(_ text: String) -> String { field(text, .comma) }

  /// A text that does nothing in a spreadsheet: one that begins as a formula gets an apostrophe before it.
  ///
  /// Behind `=` and `@` that is all there is. What begins with a sign is one only where it calls a function or a program:
  /// `+ve`, `-2` and `+/-` are names that others join tables by, and stay what they are.
  /// Source: OWASP, CSV Injection, https://owasp.org/www-community/attacks/CSV_Injection.
  package static func withoutFormula(_ text: String) -> String { isFormula(text) ? "'" + text : text }

  package static func isFormula(_ text: String) -> Bool {
    // Most fields are told by their first byte.
    guard let first = text.utf8.first, first <= 0x20 || [0x3D, 0x40, 0x2B, 0x2D].contains(first) || first >= 0x80 else {
      return false
    }
    let begun = text.unicodeScalars.drop { $0.properties.isWhitespace || $0.properties.generalCategory == .control }
    switch begun.first {
    case "=", "@", "＝", "＠": return true
    case "+", "-", "＋", "－": return begun.contains { "(|!".unicodeScalars.contains($0) }
    default: return false
    }
  }

  /// A row of fields that need no more quotes, with its line end.
  package static func line(
    _ fields: some Sequence<String>, _ separator: Separator = .comma, end: String = "\r\n"
  ) -> String {
    fields.joined(separator: separator.rawValue) + end
  }
}
