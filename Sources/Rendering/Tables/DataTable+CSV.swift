import Files

extension DataTable {
  /// The whole table as CSV (RFC 4180, UTF-8, line ends CR LF), numbers with all their digits, missing cells empty.
  package func csv() -> String {
    (hasHeader ? CSVText.line(columns.map { CSVText.field($0.name) }) : "") + csvRows()
  }

  /// The same without its header.
  package func csvRows() -> String {
    rows.map { row in
      CSVText.line(
        columns.indices.map { index in
          guard row.indices.contains(index) else { return "" }
          switch row[index] {
          case .text(let text): return CSVText.field(text)
          case .integer(let value): return String(value)
          case .number(let value): return "\(value)"
          case .missing: return ""
          }
        })
    }.joined()
  }
}
