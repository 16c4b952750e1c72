extension DataTable {
  /// The whole table as CSV (RFC 4180, UTF-8, line ends CR LF), numbers with all their digits, missing cells empty.
  package func csv() -> String {
    let header = columns.map { Self.field($0.name) }.joined(separator: ",")
    let body = rows.map { row in
      columns.indices.map { index in
        guard row.indices.contains(index) else { return "" }
        switch row[index] {
        case .text(let text): return Self.field(text)
        case .integer(let value): return String(value)
        case .number(let value): return "\(value)"
        case .missing: return ""
        }
      }.joined(separator: ",")
    }
    return ([header] + body).map { $0 + "\r\n" }.joined()
  }

  private static func field(_ text: String) -> String {
    let mustBeQuoted = text.unicodeScalars.contains { $0 == "," || $0 == "\"" || $0 == "\n" || $0 == "\r" }
    return mustBeQuoted ? "\"" + text.replacing("\"", with: "\"\"") + "\"" : text
  }
}
