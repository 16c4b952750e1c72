import Files
import Testing

@testable import Rendering

@Suite("Rows of tables")
struct TableRowsTests {
  private func sorted(_ cells: [DataTable.Cell], descending: Bool = false) -> [Int] {
    DataTable.sorted(Array(cells.indices), by: [DataTable.Order(cells, isDescending: descending)])
  }

  @Test("Numbers are sorted by size, names in their natural order, and what is missing comes last in either direction")
  func order() {
    #expect(sorted([3, .missing, 1.5, .number(.nan), -2, .number(.infinity)]) == [4, 2, 0, 5, 1, 3])
    #expect(sorted([3, .missing, 1.5, -2], descending: true) == [0, 2, 3, 1])
    #expect(sorted(["T10", "", "T2", "T1a", .missing, "T1"]) == [5, 3, 2, 0, 1, 4])
    #expect(sorted(["10", "-2", "9", "0.5"]) == [1, 3, 2, 0])
    #expect(sorted(["b", 7, "a", 1e301]) == [1, 3, 2, 0])
    #expect(sorted(["b", 7, "a"], descending: true) == [0, 2, 1])
  }

  @Test("Equal rows keep their places, or are sorted by the next column")
  func several() {
    let site: [DataTable.Cell] = ["B", "A", "B", "A", .missing]
    let tiles: [DataTable.Cell] = [5, 5, 9, 2, 1]
    #expect(sorted(site) == [1, 3, 0, 2, 4])
    let orders = [DataTable.Order(site, isDescending: false), DataTable.Order(tiles, isDescending: true)]
    #expect(DataTable.sorted([0, 1, 2, 3, 4], by: orders) == [1, 3, 2, 0, 4])
    #expect(DataTable.sorted([2, 0, 1], by: orders) == [1, 2, 0])
  }

  @Test("A hundred thousand rows are sorted by name in the time of a breath")
  func large() {
    let cells = (0..<100_000).map { DataTable.Cell.text("TCGA-\($0 * 7919 % 100_000)") }
    let places = sorted(cells)
    #expect(places.prefix(3).map { cells[$0].text } == ["TCGA-0", "TCGA-1", "TCGA-2"])
  }

  @Test("A cut table takes its columns from the whole one by their names, and what it left out stays left out")
  func columns() {
    let whole = DataTable(
      columns: [.init("slide"), .init("a", .integer), .init("a", .integer), .init("b", .integer)],
      rows: [["S", 1, 2, 3], ["T", 4]], caption: "c")
    let cut = DataTable(columns: [.init("slide"), .init("a"), .init("… 2 more")], rows: [["S", 1, "…"]])
    let again = whole.columns(as: cut)
    #expect(again.rows == [["S", 1, "…"], ["T", 4, "…"]])
    #expect(again.adding([(.init("site"), ["A", "B"])]).rows == [["S", 1, "…", "A"], ["T", 4, "…", "B"]])
    #expect(whole.choosing([1], caption: nil).rows == [["T", 4]])
    #expect(whole.adding([(.init("site"), ["A", "B"])]).rows[1] == ["T", 4, .missing, .missing, "B"])
  }
}

@Suite("Tables as pages and files")
struct TableFormatTests {
  private let nasty = [
    "<script>alert(1)</script>", "=cmd|' /C calc'!A0", "+1", "-2+3", "@SUM(1)", "a\nb", "a\tb", "\u{1B}[31mred",
    "a\u{202E}gnp", "S\u{200B}1", "a|b", "`code`", "$x^2$", "x\" onload=\"y", "&lt;", "\u{2028}", "\0",
  ]

  @Test("No name does anything in HTML, whether it is a cell, a column or the caption")
  func html() {
    for name in nasty {
      let html = DataTable(columns: [.init(name)], rows: [[.text(name)]], caption: name).html()
      let tags = html.split(separator: "<").map { $0.prefix { $0 != ">" && $0 != " " } }
      #expect(
        tags.allSatisfy {
          [
            "table", "caption", "/caption", "thead", "/thead", "tr", "/tr", "th", "/th", "tbody", "/tbody", "td", "/td",
            "/table", "code", "/code", "span", "/span",
          ].contains($0)
        }, "\(name)")
      #expect(!html.contains(" onload=\"y") && !html.contains("$"))
      #expect(!html.unicodeScalars.contains { $0 != "\n" && $0.properties.generalCategory == .control })
      #expect(!html.unicodeScalars.contains { $0.properties.generalCategory == .format })
    }
  }

  @Test("Text keeps a row on its line, and shows where a name hides something")
  func text() {
    let table = DataTable(columns: [.init("name")], rows: nasty.map { [.text($0)] })
    let lines = table.plainText().split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.count == nasty.count + 3)
    #expect(lines.contains("a\u{FFFD}gnp") && lines.contains("S\u{FFFD}1") && lines.contains(" [31mred"))
    #expect(DataTable(columns: [.init("x")], rows: [["👩\u{200D}🔬"]]).plainText().contains("👩\u{200D}🔬"))
  }

  @Test("CSV and TSV keep every name but a formula, which is counted")
  func files() {
    let table = DataTable(
      columns: [.init("=name"), .init("n", .number(significantDigits: 3))], rows: nasty.map { [.text($0), -1.5] })
    #expect(table.formulaCount == 3)
    let csv = table.csv()
    #expect(csv.hasPrefix("'=name,n\r\n<script>alert(1)</script>,-1.5\r\n'=cmd|' /C calc'!A0,-1.5\r\n+1,-1.5\r\n-2+3,"))
    #expect(csv.contains("\r\n'@SUM(1),-1.5\r\n\"a\nb\",-1.5\r\na\tb,-1.5"))
    let tsv = table.csv(.tab)
    #expect(tsv.hasPrefix("'=name\tn\r\n<script>") && tsv.contains("\r\n\"a\tb\"\t-1.5\r\n"))
    for formula in ["=1", " =1", "\t=1", "\r=1", "@x", "+f(1)", "-a|b!c", "＝1"] {
      #expect(CSVText.isFormula(formula), "\(formula)")
    }
    for name in ["+ve", "-", "+", "-2", "+1e5", "a=b", "HER2+", "", "é=1", "(=)"] {
      #expect(!CSVText.isFormula(name), "\(name)")
    }
  }

  @Test("A long table scrolls in a box below its header, and a short one has no box")
  func box() {
    func table(_ count: Int) -> String {
      DataTable(columns: [.init("n", .integer)], rows: (0..<count).map { [.integer($0)] }).html()
    }
    #expect(table(31).contains("max-height:") && table(31).contains("position:sticky"))
    #expect(!table(30).contains("max-height:") && !table(30).contains("position:sticky"))
  }

  @Test("Numbers of like size stand with their points below each other, others at the right")
  func decimals() {
    func table(_ numbers: [DataTable.Cell], _ digits: Int = 3) -> DataTable {
      DataTable(columns: [.init("x", .number(significantDigits: digits))], rows: numbers.map { [$0] })
    }
    let near = table([0.997, 12.3, .missing, 1.0])
    #expect(near.plainText() == "     x\n──────\n 0.997\n12.3\n\n 1.00\n")
    #expect(near.html().contains("3px calc(10px + 2ch) 3px 10px") && near.html().contains("calc(10px + 1ch)"))
    #expect(table([100.0, 1.5]).html().contains("calc(10px + 2.5ch)"))
    #expect(table([1e-7, 0.5]).html().contains("calc(") == false)
    #expect(table([0.0001234, 1234.0]).html().contains("calc(") == false)
  }
}
