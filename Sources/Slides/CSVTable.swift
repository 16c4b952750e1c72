/// A table of texts read from a CSV file (RFC 4180), with the line of each row kept for messages.
///
/// Accepts a byte order mark, UTF-16, LF, CR LF and CR, quoted fields with commas, line ends and doubled quotes, and
/// blank lines. A library is not used because the errors have to name the line. The fields stay bytes until they are
/// asked for, so that a table takes about as much memory as its file.
package struct CSVTable: Sendable, Equatable {
  package let path: String
  /// Without blanks around them; a column may be without a name.
  package let columns: [String]
  private let content: CSVContent

  /// - Throws: `ProjectError` with the file and the line.
  package init(path: String) throws(ProjectError) {
    let bytes: [UInt8]
    do throws(SlidesError) {
      bytes = try ReadableFile(path: path).contents(limit: CSVContent.byteLimit)
    } catch .cannotOpen(_, let reason) where reason == ReadableFile.missing {
      throw .missingFile(path: path, role: "table")
    } catch .cannotOpen(_, let reason) {
      throw .unreadable(path: path, reason: reason)
    } catch {
      throw .unreadable(path: path, reason: error.description)
    }
    try self.init(bytes: bytes, path: path)
  }

  /// - Parameter path: named in errors.
  package init(text: String, path: String) throws(ProjectError) { try self.init(bytes: Array(text.utf8), path: path) }

  package init(bytes: [UInt8], path: String) throws(ProjectError) {
    let content = try CSVContent(try TextEncoding.utf8(bytes, path: path), path: path)
    self.content = content
    self.path = path
    columns = (0..<content.columnCount).map { column in
      let name = content.field(row: 0, column: column)
      return String(name.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
    }
    var seen: Set<String> = []
    for name in columns where !name.isEmpty && !seen.insert(name).inserted {
      throw .duplicateColumn(path: path, name: name)
    }
    guard content.rowCount > 1 else { throw .emptyTable(path: path) }
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
