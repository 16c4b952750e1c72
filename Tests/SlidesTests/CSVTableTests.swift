import Files
import Slides
import Testing

@Suite("CSV tables")
struct CSVTableTests {
  private func rows(_ table: CSVTable) -> [[String]] { (0..<table.rowCount).map(table.fields) }
  private func lines(_ table: CSVTable) -> [Int] { (0..<table.rowCount).map(table.line) }

  private func failure(_ bytes: [UInt8]) -> ProjectError? {
    do throws(ProjectError) {
      _ = try CSVTable(bytes: bytes, path: "a.csv")
      return nil
    } catch {
      return error
    }
  }

  @Test(
    "quoted commas, doubled quotes, line ends of every kind and a byte order mark are read",
    arguments: ["\n", "\r\n", "\r"])
  func quirks(lineEnd: String) throws {
    let text = ["\u{FEFF}patient,slide,note", "P1,S1,\"a, \"\"b\"\"\"", "", "P2,S2,"].joined(separator: lineEnd)
    let table = try CSVTable(text: text, path: "a.csv")
    #expect(table.columns == ["patient", "slide", "note"])
    #expect(rows(table) == [["P1", "S1", "a, \"b\""], ["P2", "S2", ""]])
    #expect(lines(table) == [2, 4])
  }

  @Test("a quoted line end stays in its field and is counted")
  func quotedLineEnd() throws {
    let table = try CSVTable(text: "a,b\n\"x\ny\",1\nz,2\n", path: "a.csv")
    #expect(rows(table) == [["x\ny", "1"], ["z", "2"]])
    #expect(lines(table) == [2, 4])
  }

  @Test("what is wrong is said with its line")
  func errors() {
    #expect(throws: ProjectError.table(path: "a.csv", .wrongFieldCount(line: 3, found: 3, expected: 2))) {
      try CSVTable(text: "a,b\n1,2\n1,2,3\n", path: "a.csv")
    }
    #expect(throws: ProjectError.table(path: "a.csv", .unclosedQuote(line: 2))) {
      try CSVTable(text: "a,b\n1,\"2\n3,4\n", path: "a.csv")
    }
    #expect(throws: ProjectError.table(path: "a.csv", .empty)) { try CSVTable(text: "a,b\n", path: "a.csv") }
    #expect(throws: ProjectError.table(path: "a.csv", .empty)) { try CSVTable(text: "", path: "a.csv") }
  }

  @Test("columns without a name are no duplicates of each other")
  func namelessColumns() throws {
    let table = try CSVTable(text: ",patient,slide,\n0,P,S,\n", path: "a.csv")
    #expect(table.columns == ["", "patient", "slide", ""])
  }

  @Test("UTF-16 is decoded, with a byte order mark and without", arguments: [true, false], [true, false])
  func utf16(lowByteFirst: Bool, hasMark: Bool) throws {
    let text = (hasMark ? "\u{FEFF}" : "") + "patient,slide\r\nMüller,S1\r\n"
    let bytes = text.utf16.flatMap { unit -> [UInt8] in
      let pair = [UInt8(truncatingIfNeeded: unit), UInt8(truncatingIfNeeded: unit >> 8)]
      return lowByteFirst ? pair : pair.reversed()
    }
    #expect(rows(try CSVTable(bytes: bytes, path: "a.csv")) == [["Müller", "S1"]])
  }

  @Test("a text in an encoding of 8 bits is refused with the line and how to save it")
  func latin1() {
    let bytes = Array("patient,slide\nP1,S1\nM".utf8) + [0xFC] + Array("ller,S2\n".utf8)
    let error = failure(bytes)
    #expect(error == .table(path: "a.csv", .notUTF8(line: 3, byte: 0xFC, before: "M")))
    #expect(error?.description == "a.csv, line 3: the text is not UTF-8: byte 0xFC after \"M\".")
    #expect(error?.remedy?.contains("UTF-8") == true)
  }

  @Test(
    "malformed UTF-8 and zero bytes are found wherever they stand",
    arguments: [[0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xE2, 0x82], [0x80], [0xFF], [0]])
  func malformed(fault: [UInt8]) {
    for padding in 0..<10 {
      let bytes = Array("a,b\n\(String(repeating: "é", count: padding)),".utf8) + fault
      switch failure(bytes) {
      case .table(_, .notUTF8(2, _, _))?, .table(_, .zeroByte(2))?: break
      case let other: Issue.record("\(padding): \(String(describing: other))")
      }
    }
    #expect(failure(Array("a,b\nπ𝛼,\u{10FFFF}\u{FFFD}\n".utf8)) == nil)
  }

  @Test("semicolons and tabs between the fields are read as such, and told", arguments: [";", "\t"])
  func otherSeparators(separator: String) throws {
    let lines = ["patient\(separator)slide\(separator)age, years", "P1\(separator)S1\(separator)40,5"]
    let table = try CSVTable(text: lines.joined(separator: "\n"), path: "a.csv")
    #expect(table.columns == ["patient", "slide", "age, years"])
    #expect(rows(table) == [["P1", "S1", "40,5"]])
    #expect(table.number(row: 0, column: 2) == 40.5)
    #expect(table.notes == [.separator(separator == ";" ? .semicolons : .tabs)])
    #expect(
      table.notes[0].sentence
        == "\(separator == ";" ? "Semicolons" : "Tabs") stand between the fields, and not commas.")
    // Those in the header's quotes, and in the rows, say nothing.
    let commas = try CSVTable(text: "a,\"b;c;d\"\n1;2;3,4\n", path: "a.csv")
    #expect(rows(commas) == [["1;2;3", "4"]] && commas.notes == [])
  }

  @Test("columns of one name are numbered as pandas numbers them")
  func repeatedColumns() throws {
    let table = try CSVTable(text: "b,a,b,b.1, b ,\n1,2,3,4,5,\n", path: "a.csv")
    #expect(table.columns == ["b", "a", "b.2", "b.1", "b.3", ""])
    #expect(table.notes == [.renamedColumn("b", as: "b.2"), .renamedColumn("b", as: "b.3")])
  }

  @Test("what a short row lacks is blank, and told; separators at the end of a row are nothing")
  func unevenRows() throws {
    let table = try CSVTable(text: "a,b,c\n1\n1,2,3,,\n\"x\ny\",2\n1,2,3\n", path: "a.csv")
    #expect(rows(table) == [["1", "", ""], ["1", "2", "3"], ["x\ny", "2", ""], ["1", "2", "3"]])
    #expect(lines(table) == [2, 3, 4, 6])
    #expect(table.notes == [.shortRows(lines: [2, 4])])
    #expect(
      table.notes[0].sentence
        == "2 rows have fewer fields than the header; those that they lack are blank (lines 2, 4).")
    #expect(
      failure(Array("a,b\n1,2,,3\n".utf8)) == .table(path: "a.csv", .wrongFieldCount(line: 2, found: 4, expected: 2)))
    #expect(
      failure(Array("a,b\n1,2, \n".utf8)) == .table(path: "a.csv", .wrongFieldCount(line: 2, found: 3, expected: 2)))
  }

  @Test("a quote that is never closed, a huge field and a hundred thousand columns are refused")
  func hostile() {
    let filler = [UInt8](repeating: 0x78, count: 3 << 20)
    #expect(
      failure(Array("a,b\n1,\"".utf8) + filler) == .table(path: "a.csv", .fieldTooLong(line: 2, isQuoted: true)))
    #expect(failure(Array("a,b\n1,".utf8) + filler) == .table(path: "a.csv", .fieldTooLong(line: 2, isQuoted: false)))
    let wide = (0..<100_000).map { "c\($0)" }.joined(separator: ",")
    #expect(failure(Array(wide.utf8)) == .table(path: "a.csv", .tooManyColumns(line: 1, limit: 50_000)))
  }
}
