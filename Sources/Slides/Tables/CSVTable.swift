import FeatureData
import Files

/// A table of texts read from a CSV file (RFC 4180), with the line of each row kept for messages.
///
/// Accepts a byte order mark, UTF-16, LF, CR LF and CR, quoted fields with commas, line ends and doubled quotes, blank
/// lines, semicolons or tabs in place of commas, rows with fewer fields than the header, and columns of one name: what
/// of that was met is told in `notes`. A library is not used because the errors have to name the line. The fields stay bytes until they are
/// asked for, so that a table takes about as much memory as its file.
package struct CSVTable: Sendable, Equatable {
  package let path: String
  /// Without blanks around them; a column may be without a name.
  package let columns: [String]
  /// What is read otherwise than it is written.
  package let notes: [TableNote]
  private let content: CSVContent

  /// - Throws: `ProjectError` with the file and the line.
  package init(path: String) throws(ProjectError) {
    try self.init(
      bytes: ProjectError.contents(of: path, limit: CSVContent.byteLimit, role: "table"), path: path)
  }

  /// - Parameter path: named in errors.
  package init(text: String, path: String) throws(ProjectError) { try self.init(bytes: Array(text.utf8), path: path) }

  package init(bytes: [UInt8], path: String) throws(ProjectError) {
    let content: CSVContent
    do throws(CSVFault) { content = try CSVContent(try TextEncoding.utf8(bytes)) } catch {
      throw .table(path: path, error)
    }
    self.content = content
    self.path = path
    let written = (0..<content.columnCount).map { content.field(row: 0, column: $0).withoutOuterBlanks }
    var notes: [TableNote] = []
    if let separator = TableNote.Separator(rawValue: content.separator) { notes.append(.separator(separator)) }
    columns = Self.distinct(written, notes: &notes)
    if !content.shortLines.isEmpty { notes.append(.shortRows(lines: content.shortLines)) }
    self.notes = notes
    guard content.rowCount > 1 else { throw .table(path: path, .empty) }
  }

  /// A second column of a name gets the number that pandas gives it: `Grade.1`.
  private static func distinct(_ names: [String], notes: inout [TableNote]) -> [String] {
    var taken = Set(names)
    var seen: Set<String> = []
    var numbers: [String: Int] = [:]
    return names.map { name in
      if name.isEmpty || seen.insert(name).inserted { return name }
      var number = numbers[name, default: 0] + 1
      while !taken.insert("\(name).\(number)").inserted { number += 1 }
      numbers[name] = number
      notes.append(.renamedColumn(name, as: "\(name).\(number)"))
      return "\(name).\(number)"
    }
  }

  /// True where numbers have a decimal comma, as programs write them that put semicolons between fields.
  package var mayHaveDecimalCommas: Bool { content.separator != 0x2C }

  /// A field as a number; nil for what is none.
  package func number(row: Int, column: Int) -> Double? {
    let text = field(row: row, column: column)
    return TableNumber.value(text) ?? (mayHaveDecimalCommas ? TableNumber.value(text, decimalComma: true) : nil)
  }

  /// Rows below the header.
  package var rowCount: Int { content.rowCount - 1 }

  package func field(row: Int, column: Int) -> String { content.field(row: row + 1, column: column) }

  /// As many as there are columns.
  package func fields(of row: Int) -> [String] { columns.indices.map { field(row: row, column: $0) } }

  /// Counted from 1; the header stands on line 1 unless blank lines come before it.
  package func line(of row: Int) -> Int { content.line(of: row + 1) }

  /// The columns in which two rows differ.
  package func differences(_ row: Int, _ other: Int) -> [String] {
    columns.indices.filter { !content.isEqual(row + 1, other + 1, column: $0) }.map { columns[$0] }
  }
}
