import FeatureData
import Testing

@testable import Files

@Suite("CSV") struct CSVTests {
  /// Rows of a text, read in pieces of some bytes; nil where quotes are left open.
  private func rows(_ bytes: [UInt8], piece: Int, separator: UInt8 = 0x2C) -> [[String]]? {
    var scanner = CSVScanner(separator: separator, fieldLimit: .max)
    var output = [UInt8](repeating: 0, count: bytes.count + 1)
    var (written, start) = (0, 0)
    var (rows, row): ([[String]], [String]) = ([], [])
    func endField() {
      row.append(String(decoding: output[start..<written], as: UTF8.self))
      start = written
    }
    for begin in stride(from: 0, to: bytes.count, by: piece) {
      let input = Array(bytes[begin..<min(begin + piece, bytes.count)])
      var position = 0
      while true {
        let event = scanner.next(input, position: &position, end: input.count, output: &output, written: &written)
        if event == .input { break }
        endField()
        if event == .row {
          rows.append(row)
          row = []
        }
      }
    }
    if scanner.isUnclosed { return nil }
    endField()
    return rows + [row]
  }

  private func text(_ random: inout SplitMix64) -> [UInt8] {
    let parts: [[UInt8]] = [
      [0x22], [0x2C], [0x0A], [0x0D], [0x0D, 0x0A], Array("ab".utf8), Array("é".utf8), [0x22, 0x22], [0x20],
    ]
    return (0..<Int(random.next() % 40)).flatMap { _ in parts[Int(random.next() % UInt64(parts.count))] }
  }

  @Test("pieces of any length give the rows of the whole") func pieces() throws {
    var random = SplitMix64(seed: 5)
    for _ in 0..<2000 {
      let bytes = text(&random)
      let whole = rows(bytes, piece: 1 << 20)
      for piece in 1...4 { #expect(rows(bytes, piece: piece) == whole, "\(bytes)") }
    }
  }

  @Test("a table in memory and one read row by row have the same fields and lines") func readers() throws {
    let scratch = try ScratchFolder()
    var random = SplitMix64(seed: 6)
    for _ in 0..<300 {
      let bytes = Array("a,b,c\n".utf8) + text(&random)
      guard let content = try? CSVContent(bytes), content.shortLines.isEmpty else { continue }
      var reader = try CSVRowReader(path: scratch.write(bytes, as: "a.csv"))
      var row = 0
      while try reader.next() {
        // A row of nothing but quotes is one in memory alone.
        while content.line(of: row) < reader.line { row += 1 }
        let (line, isWhole) = (reader.line, reader.hasFields(content.columnCount))
        #expect(line == content.line(of: row) && isWhole)
        for column in 0..<content.columnCount {
          let field = reader.string(column)
          #expect(field == content.field(row: row, column: column), "\(bytes)")
        }
        row += 1
      }
    }
  }

  @Test("a long table is read row by row over all of its pieces") func long() throws {
    let scratch = try ScratchFolder()
    let line = String(repeating: "0.125,", count: 3000) + "\"x\"\"y\"\r\n"
    var reader = try CSVRowReader(path: scratch.write(Array(String(repeating: line, count: 100).utf8), as: "a.csv"))
    var count = 0
    while try reader.next() {
      count += 1
      let fields = [reader.string(0), reader.string(2999), reader.string(3000)]
      let (line, fieldCount) = (reader.line, reader.fieldCount)
      #expect(line == count && fieldCount == 3001 && fields == ["0.125", "0.125", "x\"y"])
    }
    #expect(count == 100)
  }

  @Test("a quote that is never closed ends the row reader with the line, and a lone end of line nothing")
  func ends() throws {
    let scratch = try ScratchFolder()
    let filler = [UInt8](repeating: 0x78, count: 600_000)
    var open = try CSVRowReader(
      path: scratch.write(Array("a,b\n1,\"".utf8) + filler, as: "a.csv"), maximumRowByteCount: 500_000)
    let hasHeader = try open.next()
    #expect(hasHeader)
    #expect(throws: CSVRowReader.Fault.rowTooLong(line: 2)) { try open.next() }
    var empty = try CSVRowReader(path: scratch.write(Array("\r\n\r\n".utf8), as: "b.csv"))
    let hasRow = try empty.next()
    #expect(!hasRow)
    #expect(throws: CSVRowReader.Fault.file(.notRegular)) { _ = try CSVRowReader(path: "/dev/null") }
    #expect(throws: CSVRowReader.Fault.self) {
      _ = try CSVRowReader(path: scratch.write([0xFF, 0xFE, 0x61, 0], as: "c"))
    }
  }

  @Test("what is written is read back, whatever stands in its fields") func roundTrip() throws {
    var random = SplitMix64(seed: 7)
    for _ in 0..<500 {
      let fields = (0..<3).map { _ in String(decoding: text(&random), as: UTF8.self) }
      let content = try CSVContent(
        Array((CSVText.line(["a", "b", "c"]) + CSVText.line(fields.map(CSVText.field))).utf8))
      guard content.rowCount == 2 else { continue }
      for (column, field) in fields.enumerated() {
        // Line ends in quotes become LF.
        var expected: [UInt8] = []
        var last: UInt8 = 0
        for byte in field.utf8 {
          if byte != 0x0A || last != 0x0D { expected.append(byte == 0x0D ? 0x0A : byte) }
          last = byte
        }
        #expect(Array(content.field(row: 1, column: column).utf8) == expected)
      }
    }
    #expect(CSVText.field("a\"\u{301}b") == "\"a\"\"\u{301}b\"")
    #expect(CSVText.line(["a", "1.5"]) == "a,1.5\r\n")
  }
}
