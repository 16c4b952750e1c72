/// The fields of a CSV file as bytes, header included: quotes are taken off in place, for a field is never longer than
/// it was written.
struct CSVContent: Sendable, Equatable {
  /// A larger file is no table of slides.
  static let byteLimit = 1 << 30
  /// A longer field comes from a quote that is never closed.
  static let fieldLimit = 1 << 20
  static let columnLimit = 50_000

  /// All fields one after the other.
  private var bytes: [UInt8]
  /// Where each field ends, row by row.
  private var ends: [UInt32] = []
  private var lines: [UInt32] = []
  private(set) var columnCount = 0
  /// The byte between fields: a comma, or a semicolon or tab where the header has more of those.
  let separator: UInt8
  /// Lines of rows with fewer fields than the header; what is missing is empty.
  private(set) var shortLines: [Int] = []

  /// - Throws: `ProjectError` with the line.
  init(_ utf8: [UInt8], path: String) throws(ProjectError) {
    bytes = utf8
    separator = Self.separator(of: utf8)
    var parser = Parser(path: path, separator: separator)
    try bytes.withUnsafeMutableBufferPointer { buffer throws(ProjectError) in try parser.run(buffer) }
    guard parser.columnCount > 0 else { throw .emptyTable(path: path) }
    bytes.removeLast(bytes.count - Int(parser.ends.last ?? 0))
    ends = parser.ends
    lines = parser.lines
    columnCount = parser.columnCount
    shortLines = parser.shortLines
  }

  /// Told by the header, outside of its quotes.
  private static func separator(of bytes: [UInt8]) -> UInt8 {
    var counts: [UInt8: Int] = [:]
    var isQuoted = false
    for byte in bytes.drop(while: { $0 == 0x0A || $0 == 0x0D }) {
      if byte == 0x22 { isQuoted.toggle() }
      guard !isQuoted else { continue }
      if byte == 0x0A || byte == 0x0D { break }
      if byte == 0x2C || byte == 0x3B || byte == 0x09 { counts[byte, default: 0] += 1 }
    }
    let (commas, semicolons, tabs) = (counts[0x2C] ?? 0, counts[0x3B] ?? 0, counts[0x09] ?? 0)
    return max(semicolons, tabs) <= commas ? 0x2C : semicolons >= tabs ? 0x3B : 0x09
  }

  var rowCount: Int { lines.count }
  func line(of row: Int) -> Int { Int(lines[row]) }
  func field(row: Int, column: Int) -> String { String(decoding: bytes[range(row, column)], as: UTF8.self) }

  func isEqual(_ row: Int, _ other: Int, column: Int) -> Bool {
    bytes[range(row, column)] == bytes[range(other, column)]
  }

  private func range(_ row: Int, _ column: Int) -> Range<Int> {
    let index = row * columnCount + column
    return (index == 0 ? 0 : Int(ends[index - 1]))..<Int(ends[index])
  }

  /// Reads a file from front to back, and writes its fields over what it has read.
  private struct Parser {
    let path: String
    let separator: UInt8
    var ends: [UInt32] = []
    var lines: [UInt32] = []
    var columnCount = 0
    var shortLines: [Int] = []

    private var fieldStart = 0
    private var written = 0
    private var rowStart = 0
    private var rowLine = 1
    private var wasQuoted = false

    init(path: String, separator: UInt8) {
      self.path = path
      self.separator = separator
    }

    mutating func run(_ buffer: UnsafeMutableBufferPointer<UInt8>) throws(ProjectError) {
      var position = 0
      var line = 1
      var quoteLine: Int?
      while position < buffer.count {
        let byte = buffer[position]
        position += 1
        let isLineEnd = byte == 0x0A || byte == 0x0D
        if isLineEnd {
          if byte == 0x0D, position < buffer.count, buffer[position] == 0x0A { position += 1 }
          line += 1
        }
        if quoteLine != nil {
          if byte == 0x22 {
            guard position < buffer.count, buffer[position] == 0x22 else {
              quoteLine = nil
              continue
            }
            position += 1
          }
          buffer[written] = isLineEnd ? 0x0A : byte
          written += 1
        } else if isLineEnd {
          try endRow()
          rowLine = line
          continue
        } else if byte == separator {
          try endField()
          continue
        } else if byte == 0x22, written == fieldStart {
          quoteLine = line
          wasQuoted = true
          continue
        } else {
          buffer[written] = byte
          written += 1
        }
        if written - fieldStart > CSVContent.fieldLimit {
          throw .fieldTooLong(path: path, line: quoteLine ?? rowLine, isQuoted: quoteLine != nil)
        }
      }
      if let quoteLine { throw .unclosedQuote(path: path, line: quoteLine) }
      try endRow()
    }

    private mutating func endField() throws(ProjectError) {
      ends.append(UInt32(written))
      fieldStart = written
      guard ends.count - rowStart <= CSVContent.columnLimit else {
        throw .tooManyColumns(path: path, line: rowLine, limit: CSVContent.columnLimit)
      }
    }

    private mutating func endRow() throws(ProjectError) {
      let isBlank = ends.count == rowStart && written == fieldStart && !wasQuoted
      wasQuoted = false
      if isBlank { return }
      try endField()
      let found = ends.count - rowStart
      if columnCount == 0 {
        columnCount = found
      } else if found < columnCount {
        shortLines.append(rowLine)
        ends.append(contentsOf: repeatElement(UInt32(written), count: columnCount - found))
      } else if found > columnCount {
        let end = ends[rowStart + columnCount - 1]
        // Separators at the end of a row that nothing follows.
        guard ends.last == end else {
          throw .wrongFieldCount(path: path, line: rowLine, found: found, expected: columnCount)
        }
        ends.removeLast(found - columnCount)
      }
      lines.append(UInt32(rowLine))
      rowStart = ends.count
    }
  }
}
