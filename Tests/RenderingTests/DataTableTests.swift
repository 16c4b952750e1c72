import Rendering
import Testing

@Suite struct DataTableTests {
  private static let table = DataTable(
    columns: [
      .init("slide"), .init("tiles", .integer), .init("F", .number(significantDigits: 4)), .init("p", .pValue),
    ],
    rows: [
      ["SYN-00", 22_901, 12.5, 0.04], ["腺癌 高分化", 7, 0.000123456, 0.00000123], ["e\u{301}", .missing, 1234.5, 0.0],
    ], caption: "Statistics")

  @Test func `plain text is aligned, wide letters and combining marks counted`() {
    #expect(
      Self.table.plainText() == """
        Statistics
        slide         tiles          F         p
        ───────────  ──────  ─────────  ────────
        SYN-00       22,901      12.50    0.0400
        腺癌 高分化       7  0.0001235  1.23e-06
        e\u{301}                         1234  < 1e-300

        """)
  }

  @Test func `HTML escapes what the cells say and holds no script or style sheet`() {
    let table = DataTable(
      columns: [.init("<a>"), .init("n", .integer)],
      rows: [["<script>alert('x')</script> & \"$y$\"", 1]], caption: "a < b")
    let html = table.html()
    #expect(
      html.contains(
        "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt; &amp; &quot;<span>&#36;</span>y<span>&#36;</span>&quot;"))
    #expect(!html.contains("<script") && !html.contains("<style") && !html.contains("class="))
    #expect(html.contains("a &lt; b</caption>"))
    #expect(html.contains("<td align=\"right\" style=\"text-align:right"))
    #expect(html.hasPrefix("<table") && html.hasSuffix("</table>"))
  }

  @Test func `a long table is cut and says how much is left`() {
    let long = DataTable(columns: [.init("n", .integer)], rows: (0..<500).map { [.integer($0)] })
    let more = "`top=500` shows all"
    #expect(long.plainText(maximumRows: 12).hasSuffix("\n12 of 500 rows\n"))
    #expect(long.plainText(maximumRows: 12, more: more).hasSuffix("\n12 of 500 rows; top=500 shows all\n"))
    #expect(long.html(maximumRows: 12, more: more).contains(">12 of 500 rows; <code>top=500</code> shows all<"))
    #expect(long.plainText(maximumRows: 12).split(separator: "\n").count == 15)
    #expect(!long.plainText(maximumRows: 499).contains(" rows"))
    #expect(!long.plainText().contains(" rows"))
  }

  @Test func `CSV keeps every digit and quotes what needs it`() {
    let table = DataTable(
      columns: [.init("name, first"), .init("x", .number(significantDigits: 2))],
      rows: [["say \"hi\"", 0.1234567890123], ["two\nlines", .missing], ["plain"]])
    #expect(
      table.csv()
        == "\"name, first\",x\r\n\"say \"\"hi\"\"\",0.1234567890123\r\n\"two\nlines\",\r\nplain,\r\n")
  }

  @Test func `a table without rows still has its header`() {
    let empty = DataTable(columns: [.init("slide")], rows: [])
    #expect(empty.plainText() == "slide\n─────\n")
    #expect(empty.html().contains("slide</th>"))
    #expect(empty.csv() == "slide\r\n")
  }

  @Test func `a list of names and values has no header in any form`() {
    let facts = DataTable(
      columns: [.init(""), .init("")], rows: [["folder", "p"], ["size", "72\u{A0}KB"]], caption: "Project `h`")
    #expect(facts.plainText() == "Project h\nfolder  p\nsize    72\u{A0}KB\n")
    #expect(!facts.html().contains("<thead") && !facts.html().contains("<th"))
    #expect(facts.html().contains("Project <code>h</code></caption>"))
    #expect(facts.csv() == "folder,p\r\nsize,72\u{A0}KB\r\n")
  }

  @Test func `a wide table scrolls, its names stay whole, and long texts are wrapped between words`() {
    let long = Array(repeating: "prose", count: 30).joined(separator: " ")
    let table = DataTable(
      columns: (0..<40).map { .init("column \($0)") }, rows: [[.text("TCGA-AA-0001"), .text(long)]])
    let html = table.html()
    #expect(html.contains("column 39</th>"))
    #expect(html.hasPrefix("<table style=\"display:block;max-width:100%;overflow-x:auto;"))
    #expect(html.contains("white-space:nowrap;border-bottom:1px solid rgba(128,128,128,0.35)\">TCGA-AA-0001<"))
    #expect(html.contains("overflow-wrap:break-word;border-bottom:1px solid rgba(128,128,128,0.35)\">prose"))
    let named = DataTable(
      columns: [.init("slide")], rows: [["a`b`"]], caption: "A caption of some length above a narrow table")
    #expect(named.html().contains("<caption style=\"display:block;"))
    #expect(named.html().contains(">a`b`<"))
  }
}
