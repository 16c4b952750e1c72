extension RichOutput {
  /// The same with its Markdown as HTML, which every front end and every converter of notebooks shows alike.
  var inHTML: RichOutput {
    guard let markdown else { return self }
    return RichOutput(text: text, html: MarkdownPage.html(markdown, isStyled: true), picture: picture)
  }
}

/// The manual's Markdown as HTML: paragraphs, fenced code, tables, and within a line code and strong text.
enum MarkdownPage {
  private static let cell = "text-align:left;vertical-align:top;padding:3px 10px"
  private static let rule = "border-bottom:1px solid rgba(128,128,128,0.35)"

  /// - Parameter isStyled: for a cell, where tables else get the page's looks, which are made for numbers.
  /// - Complexity: O(n)
  static func html(_ markdown: String, isStyled: Bool = false) -> String {
    var result: [String] = []
    var lines = markdown.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)[...]
    while let line = lines.first {
      if line.hasPrefix("```") {
        lines.removeFirst()
        let code = lines.prefix { !$0.hasPrefix("```") }
        lines = lines.dropFirst(code.count + 1)
        result.append("<pre><code>\(escape(code.joined(separator: "\n")))</code></pre>")
      } else if line.hasPrefix("|") {
        let rows = lines.prefix { $0.hasPrefix("|") }
        lines = lines.dropFirst(rows.count)
        result.append(table(Array(rows), isStyled: isStyled))
      } else if line.isEmpty {
        lines.removeFirst()
      } else {
        let paragraph = lines.prefix { !$0.isEmpty && !$0.hasPrefix("|") && !$0.hasPrefix("```") }
        lines = lines.dropFirst(paragraph.count)
        result.append("<p>\(inline(paragraph.joined(separator: " ")))</p>")
      }
    }
    return result.joined(separator: "\n")
  }

  private static func table(_ rows: [String], isStyled: Bool) -> String {
    func style(_ text: String) -> String { isStyled ? " style=\"\(text)\"" : "" }
    var html = [
      "<table" + style("display:block;max-width:100%;overflow-x:auto;border-collapse:collapse;color:inherit") + ">"
    ]
    for (index, row) in rows.enumerated() where index != 1 {
      let tag = index == 0 && rows.count > 1 ? "th" : "td"
      let cells = cells(of: row).map { "<\(tag)\(style("\(cell);\(rule)"))>\(inline($0))</\(tag)>" }
      html.append("<tr>" + cells.joined() + "</tr>")
    }
    return (html + ["</table>"]).joined(separator: "\n")
  }

  /// The cells between the bars, of which escaped ones belong to the text.
  private static func cells(of row: String) -> [String] {
    var cells: [String] = []
    var cell = ""
    var isEscaped = false
    for character in row.dropFirst() {
      if isEscaped {
        cell += character == "|" ? "|" : "\\" + String(character)
        isEscaped = false
      } else if character == "\\" {
        isEscaped = true
      } else if character == "|" {
        cells.append(cell)
        cell = ""
      } else {
        cell.append(character)
      }
    }
    if !cell.allSatisfy(\.isWhitespace) { cells.append(cell) }
    return cells.map { cell in
      let start = cell.drop(while: \.isWhitespace)
      return String(start.reversed().drop(while: \.isWhitespace).reversed())
    }
  }

  private static let lineBreak = Array("<br>")

  /// Code, strong text, line breaks and escapes within a line.
  private static func inline(_ text: String) -> String {
    let characters = Array(text)
    var html = ""
    var isStrong = false
    var index = 0
    // Behind the last backtick there is none to search for.
    let lastBacktick = characters.lastIndex(of: "`") ?? -1
    while index < characters.count {
      let character = characters[index]
      let next = index + 1 < characters.count ? characters[index + 1] : nil
      if character == "\\", let next, next.isPunctuation || next.isSymbol {
        html += escape(String(next))
        index += 2
      } else if character == "`", index < lastBacktick, let end = characters[(index + 1)...].firstIndex(of: "`") {
        html += "<code>\(escape(String(characters[(index + 1)..<end])))</code>"
        index = end + 1
      } else if character == "<", characters[index...].starts(with: lineBreak) {
        html += "<br>"
        index += lineBreak.count
      } else if character == "*", next == "*" {
        html += isStrong ? "</strong>" : "<strong>"
        isStrong.toggle()
        index += 2
      } else {
        html += escape(String(character))
        index += 1
      }
    }
    return isStrong ? html + "</strong>" : html
  }

  private static func escape(_ text: String) -> String {
    var result = ""
    for character in text {
      switch character {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      // What stands between two of them in one element would become mathematics.
      case "$": result += "<span>&#36;</span>"
      default: result.append(character)
      }
    }
    return result
  }
}
