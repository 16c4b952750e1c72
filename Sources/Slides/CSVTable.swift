import Foundation

/// A table of texts read from a CSV file (RFC 4180), with the line of each row kept for messages.
///
/// Accepts a byte order mark, LF, CR LF and CR, quoted fields with commas, line ends and doubled quotes, and blank
/// lines. A library is not used because the errors have to name the line.
package struct CSVTable: Sendable, Equatable {
  package struct Row: Sendable, Equatable {
    /// As many as there are columns.
    package let fields: [String]
    /// Counted from 1; the header stands on line 1 unless blank lines come before it.
    package let line: Int
  }

  package let path: String
  package let columns: [String]
  package let rows: [Row]

  package init(path: String) throws(ProjectError) {
    let data: Data
    do { data = try Data(contentsOf: URL(fileURLWithPath: path)) } catch {
      if !FileManager.default.fileExists(atPath: path) { throw .missingFile(path: path, role: "table") }
      throw .unreadable(path: path, reason: error.localizedDescription)
    }
    try self.init(text: String(decoding: data, as: UTF8.self), path: path)
  }

  /// - Parameter path: named in errors.
  package init(text: String, path: String) throws(ProjectError) {
    var records = try Self.records(of: text, path: path)
    guard !records.isEmpty else { throw .emptyTable(path: path) }
    let header = records.removeFirst()
    let columns = header.fields.map { $0.trimmingCharacters(in: .whitespaces) }
    for (index, name) in columns.enumerated() where columns[..<index].contains(name) {
      throw .duplicateColumn(path: path, name: name.isEmpty ? "\"\"" : name)
    }
    for row in records where row.fields.count != columns.count {
      throw .wrongFieldCount(path: path, line: row.line, found: row.fields.count, expected: columns.count)
    }
    guard !records.isEmpty else { throw .emptyTable(path: path) }
    self.path = path
    self.columns = columns
    rows = records
  }

  private static func records(of text: String, path: String) throws(ProjectError) -> [Row] {
    var rows: [Row] = []
    var fields: [String] = []
    var field = String.UnicodeScalarView()
    var line = 1
    var rowLine = 1
    var quoteLine: Int?
    var wasQuoted = false
    let scalars = Array(text.unicodeScalars)
    var index = scalars.first == "\u{FEFF}" ? 1 : 0

    func endField() {
      fields.append(String(field))
      field = String.UnicodeScalarView()
    }
    func endRow() {
      let isBlank = fields.isEmpty && field.isEmpty && !wasQuoted
      if !isBlank {
        endField()
        rows.append(Row(fields: fields, line: rowLine))
      }
      fields = []
      wasQuoted = false
    }

    while index < scalars.count {
      let scalar = scalars[index]
      index += 1
      let isLineEnd = scalar == "\n" || scalar == "\r"
      if isLineEnd {
        if scalar == "\r", index < scalars.count, scalars[index] == "\n" { index += 1 }
        line += 1
      }
      if quoteLine != nil {
        if scalar == "\"" {
          if index < scalars.count, scalars[index] == "\"" {
            field.append("\"")
            index += 1
          } else {
            quoteLine = nil
          }
        } else {
          field.append(isLineEnd ? "\n" : scalar)
        }
      } else if isLineEnd {
        endRow()
        rowLine = line
      } else if scalar == "," {
        endField()
      } else if scalar == "\"", field.isEmpty {
        quoteLine = line
        wasQuoted = true
      } else {
        field.append(scalar)
      }
    }
    if let quoteLine { throw .unclosedQuote(path: path, line: quoteLine) }
    endRow()
    return rows
  }
}
