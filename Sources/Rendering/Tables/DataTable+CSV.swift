package import Files

extension DataTable {
  /// The whole table as CSV (RFC 4180, UTF-8, line ends CR LF) or TSV, numbers with all their digits, missing cells empty,
  /// and no text a formula in a spreadsheet.
  package func csv(_ separator: CSVText.Separator = .comma) -> String {
    (hasHeader ? CSVText.line(columns.map { Self.field($0.name, separator) }, separator) : "") + csvRows(separator)
  }

  /// The same without its header.
  package func csvRows(_ separator: CSVText.Separator = .comma) -> String {
    rows.map { row in
      CSVText.line(
        columns.indices.map { index in
          guard row.indices.contains(index) else { return "" }
          if case .text(let text) = row[index] { return Self.field(text, separator) }
          return row[index].text
        }, separator)
    }.joined()
  }

  /// How many texts have an apostrophe before them in a file, which they would be formulas without.
  package var formulaCount: Int {
    columns.count { CSVText.isFormula($0.name) }
      + rows.reduce(0) { count, row in
        count + row.count { if case .text(let text) = $0 { CSVText.isFormula(text) } else { false } }
      }
  }

  private static func field(_ text: String, _ separator: CSVText.Separator) -> String {
    CSVText.field(CSVText.withoutFormula(text), separator)
  }
}
