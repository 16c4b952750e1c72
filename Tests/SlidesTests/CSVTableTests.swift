import Slides
import Testing

@Suite("CSV tables")
struct CSVTableTests {
  @Test(
    "quoted commas, doubled quotes, line ends of every kind and a byte order mark are read",
    arguments: ["\n", "\r\n", "\r"])
  func quirks(lineEnd: String) throws {
    let text = ["\u{FEFF}patient,slide,note", "P1,S1,\"a, \"\"b\"\"\"", "", "P2,S2,"].joined(separator: lineEnd)
    let table = try CSVTable(text: text, path: "a.csv")
    #expect(table.columns == ["patient", "slide", "note"])
    #expect(table.rows.map(\.fields) == [["P1", "S1", "a, \"b\""], ["P2", "S2", ""]])
    #expect(table.rows.map(\.line) == [2, 4])
  }

  @Test("a quoted line end stays in its field and is counted")
  func quotedLineEnd() throws {
    let table = try CSVTable(text: "a,b\n\"x\ny\",1\nz,2\n", path: "a.csv")
    #expect(table.rows.map(\.fields) == [["x\ny", "1"], ["z", "2"]])
    #expect(table.rows.map(\.line) == [2, 4])
  }

  @Test("what is wrong is said with its line")
  func errors() {
    #expect(throws: ProjectError.wrongFieldCount(path: "a.csv", line: 3, found: 3, expected: 2)) {
      try CSVTable(text: "a,b\n1,2\n1,2,3\n", path: "a.csv")
    }
    #expect(throws: ProjectError.unclosedQuote(path: "a.csv", line: 2)) {
      try CSVTable(text: "a,b\n1,\"2\n3,4\n", path: "a.csv")
    }
    #expect(throws: ProjectError.duplicateColumn(path: "a.csv", name: "b")) {
      try CSVTable(text: "b,a,b\n1,2,3\n", path: "a.csv")
    }
    #expect(throws: ProjectError.emptyTable(path: "a.csv")) { try CSVTable(text: "a,b\n", path: "a.csv") }
    #expect(throws: ProjectError.emptyTable(path: "a.csv")) { try CSVTable(text: "", path: "a.csv") }
  }
}
