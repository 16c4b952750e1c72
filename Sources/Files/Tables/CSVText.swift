/// Writes CSV (RFC 4180).
package enum CSVText {
  /// A text as it stands between separators: quoted where a comma, a quote or a line end is inside.
  package static func field(_ text: String) -> String {
    guard text.utf8.contains(where: { $0 == 0x2C || $0 == 0x22 || $0 == 0x0A || $0 == 0x0D }) else { return text }
    let doubled = text.unicodeScalars.reduce(into: "") { $0 += $1 == "\"" ? "\"\"" : String($1) }
    return "\"\(doubled)\""
  }

  /// A row of fields that need no more quotes, with its line end.
  package static func line(_ fields: some Sequence<String>, end: String = "\r\n") -> String {
    fields.joined(separator: ",") + end
  }
}
