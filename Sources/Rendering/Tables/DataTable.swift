/// A table that is shown as HTML and as plain text, and saved as CSV.
package struct DataTable: Sendable, Equatable {
  /// What a column holds, and so how it is written.
  package enum Kind: Sendable, Equatable {
    case text
    /// Digits in groups of three.
    case integer
    case number(significantDigits: Int)
    /// Four decimals, or powers of ten below 0.001.
    case pValue
  }

  package enum Alignment: Sendable, Equatable {
    case left
    case right
    case centre
  }

  package struct Column: Sendable, Equatable {
    package let name: String
    package let kind: Kind
    package let alignment: Alignment

    /// - Parameter alignment: nil for text at the left and numbers at the right.
    package init(_ name: String, _ kind: Kind = .text, alignment: Alignment? = nil) {
      self.name = name
      self.kind = kind
      self.alignment = alignment ?? (kind == .text ? .left : .right)
    }
  }

  package enum Cell: Sendable, Equatable {
    case text(String)
    case integer(Int)
    case number(Double)
    case missing
  }

  package let columns: [Column]
  /// A short row is filled with missing cells; cells beyond the columns are not shown.
  package let rows: [[Cell]]
  package let caption: String?
  /// Rows that belong to the table and were never made; they are counted as others that are not shown.
  package let omittedRowCount: Int

  package init(columns: [Column], rows: [[Cell]], caption: String? = nil, omittedRowCount: Int = 0) {
    self.columns = columns
    self.rows = rows
    self.caption = caption
    self.omittedRowCount = omittedRowCount
  }

  /// False for a list of names and values, whose columns have no names.
  var hasHeader: Bool { columns.contains { !$0.name.isEmpty } }

  /// How many rows a cut table shows, and how many it leaves out.
  func cut(_ maximumRows: Int?) -> (shown: ArraySlice<[Cell]>, restCount: Int) {
    let limit = max(maximumRows ?? rows.count, 0)
    // A line that says "1 more row" takes the room of that row.
    let shown = rows.count <= limit + 1 ? rows[...] : rows.prefix(limit)
    return (shown, rows.count - shown.count + omittedRowCount)
  }

  /// "20 of 512 rows; `top=512` shows all".
  static func restLine(_ shown: Int, _ rest: Int, _ more: String?) -> String {
    "\(NumberText.grouped(shown)) of \(NumberText.grouped(shown + rest)) rows" + (more.map { "; " + $0 } ?? "")
  }

  /// The cell as it is read by people.
  func shown(_ row: [Cell], _ column: Int) -> String {
    guard row.indices.contains(column) else { return "" }
    switch (row[column], columns[column].kind) {
    case (.missing, _): return ""
    case (.text(let text), _): return text
    case (.integer(let value), .text): return String(value)
    case (.integer(let value), .integer): return NumberText.grouped(value)
    case (.integer(let value), .number): return NumberText.grouped(value)
    case (.integer(let value), .pValue): return NumberText.pValue(Double(value))
    case (.number(let value), .pValue): return NumberText.pValue(value)
    case (.number(let value), .number(let digits)): return NumberText.significant(value, digits: digits)
    case (.number(let value), .text): return NumberText.significant(value, digits: 6)
    case (.number(let value), .integer): return NumberText.significant(value, digits: 6)
    }
  }
}

extension DataTable.Cell: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral {
  package init(stringLiteral value: String) { self = .text(value) }
  package init(integerLiteral value: Int) { self = .integer(value) }
  package init(floatLiteral value: Double) { self = .number(value) }
}
