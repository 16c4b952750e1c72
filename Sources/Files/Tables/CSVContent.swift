/// The fields of a CSV file as bytes, header included: quotes are taken off in place, for a field is never longer than
/// it was written.
package struct CSVContent: Sendable, Equatable {
  /// A larger file is no table of slides.
  package static let byteLimit = 1 << 30
  /// A longer field comes from a quote that is never closed.
  static let fieldLimit = 1 << 20
  static let columnLimit = 50_000

  /// All fields one after the other.
  private var bytes: [UInt8]
  /// Where each field ends, row by row.
  private var ends: [UInt32] = []
  private var lines: [UInt32] = []
  package private(set) var columnCount = 0
  /// The byte between fields: a comma, or a semicolon or tab where the header has more of those.
  package let separator: UInt8
  /// Lines of rows with fewer fields than the header; what is missing is empty.
  package private(set) var shortLines: [Int] = []

  package init(_ utf8: [UInt8]) throws(CSVFault) {
    bytes = utf8
    separator = CSVScanner.separator(of: utf8)
    var rows = Rows()
    let separator = separator
    try bytes.withUnsafeMutableBufferPointer { buffer throws(CSVFault) in try rows.read(buffer, separator) }
    guard rows.columnCount > 0 else { throw .empty }
    bytes.removeLast(bytes.count - Int(rows.ends.last ?? 0))
    ends = rows.ends
    lines = rows.lines
    columnCount = rows.columnCount
    shortLines = rows.shortLines
  }

  package var rowCount: Int { lines.count }
  package func line(of row: Int) -> Int { Int(lines[row]) }

  package func field(row: Int, column: Int) -> String {
    String(decoding: bytes[range(row, column)], as: UTF8.self)
  }

  package func isEqual(_ row: Int, _ other: Int, column: Int) -> Bool {
    bytes[range(row, column)] == bytes[range(other, column)]
  }

  private func range(_ row: Int, _ column: Int) -> Range<Int> {
    let index = row * columnCount + column
    return (index == 0 ? 0 : Int(ends[index - 1]))..<Int(ends[index])
  }

  /// Where the fields of rows of one length end.
  private struct Rows {
    var ends: [UInt32] = []
    var lines: [UInt32] = []
    var columnCount = 0
    var shortLines: [Int] = []
    private var rowStart = 0
    private var written = 0

    /// Writes the fields over what was read.
    mutating func read(_ buffer: UnsafeMutableBufferPointer<UInt8>, _ separator: UInt8) throws(CSVFault) {
      guard let base = buffer.baseAddress else { return }
      var scanner = CSVScanner(separator: separator, fieldLimit: CSVContent.fieldLimit)
      var position = 0
      while true {
        switch scanner.next(base, position: &position, end: buffer.count, output: base, written: &written) {
        case .field: try endField(scanner)
        case .row: try endRow(scanner)
        case .tooLong:
          throw .fieldTooLong(line: scanner.quoteLine ?? scanner.rowLine, isQuoted: scanner.quoteLine != nil)
        case .input:
          if scanner.isUnclosed, let line = scanner.quoteLine { throw .unclosedQuote(line: line) }
          return try endRow(scanner)
        }
      }
    }

    private mutating func endField(_ scanner: CSVScanner) throws(CSVFault) {
      ends.append(UInt32(written))
      guard ends.count - rowStart <= CSVContent.columnLimit else {
        throw .tooManyColumns(line: scanner.rowLine, limit: CSVContent.columnLimit)
      }
    }

    private mutating func endRow(_ scanner: CSVScanner) throws(CSVFault) {
      let isBlank = ends.count == rowStart && written == Int(ends.last ?? 0) && !scanner.rowHasQuotes
      if isBlank { return }
      try endField(scanner)
      let found = ends.count - rowStart
      if columnCount == 0 {
        columnCount = found
      } else if found < columnCount {
        shortLines.append(scanner.rowLine)
        ends.append(contentsOf: repeatElement(UInt32(written), count: columnCount - found))
      } else if found > columnCount {
        let end = ends[rowStart + columnCount - 1]
        // Separators at the end of a row that nothing follows.
        guard ends.last == end else {
          throw .wrongFieldCount(line: scanner.rowLine, found: found, expected: columnCount)
        }
        ends.removeLast(found - columnCount)
      }
      lines.append(UInt32(scanner.rowLine))
      rowStart = ends.count
    }
  }
}
