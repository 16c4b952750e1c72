extension DataTable {
  /// The table as HTML for a notebook: no script and no style sheet, and colours that come from the page, so that it reads in
  /// dark and light themes. A wide one scrolls; names, numbers and sizes stay on one line, long texts are wrapped between
  /// words, and the caption has the width of the page.
  ///
  /// - Parameter maximumRows: Rows beyond are counted in a last line.
  package func html(maximumRows: Int? = nil) -> String {
    let (shownRows, restCount) = cut(maximumRows)
    let line = "border-bottom:1px solid rgba(128,128,128,0.35)"
    var html =
      "<table style=\"display:block;max-width:100%;overflow-x:auto;border-collapse:collapse;color:inherit;"
      + "font-variant-numeric:tabular-nums\">\n"
    if let caption, !caption.isEmpty {
      html +=
        "<caption style=\"display:block;caption-side:top;text-align:left;font-weight:bold;padding:2px 0 6px 0;"
        + "color:inherit\">" + Self.escaped(caption, marksCode: true) + "</caption>\n"
    }
    if hasHeader {
      html += "<thead><tr>"
      for column in columns {
        html +=
          "<th style=\"text-align:\(Self.word(column.alignment));padding:3px 10px;white-space:nowrap;"
          + "border-bottom:1px solid rgba(128,128,128,0.8)\">" + Self.escaped(column.name) + "</th>"
      }
      html += "</tr></thead>\n"
    }
    html += "<tbody>\n"
    for row in shownRows {
      html += "<tr>"
      for index in columns.indices {
        let text = shown(row, index)
        html +=
          "<td style=\"text-align:\(Self.word(columns[index].alignment));padding:3px 10px;\(Self.wrapping(text));\(line)\">"
          + Self.escaped(text) + "</td>"
      }
      html += "</tr>\n"
    }
    html += "</tbody>\n"
    if restCount > 0 {
      html +=
        "<tfoot><tr><td colspan=\"\(max(columns.count, 1))\" style=\"text-align:left;padding:3px 10px;opacity:0.7\">"
        + Self.restLine(restCount) + "</td></tr></tfoot>\n"
    }
    return html + "</table>"
  }

  /// Longer texts are prose, which is wrapped.
  private static let longestOnOneLine = 60

  private static func wrapping(_ text: String) -> String {
    text.count <= longestOnOneLine ? "white-space:nowrap" : "min-width:24em;max-width:60em;overflow-wrap:break-word"
  }

  private static func word(_ alignment: Alignment) -> String {
    switch alignment {
    case .left: "left"
    case .right: "right"
    case .centre: "center"
    }
  }

  /// - Parameter marksCode: what stands between backticks is code, as in the manual; elsewhere they belong to a name.
  private static func escaped(_ text: String, marksCode: Bool = false) -> String {
    var result = ""
    var isCode = false
    for scalar in text.unicodeScalars {
      switch scalar {
      case "`" where marksCode:
        result += isCode ? "</code>" : "<code>"
        isCode.toggle()
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      // Notebooks set what stands between dollar signs as mathematics.
      case "$": result += "&#36;"
      case "\0": result += "\u{FFFD}"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return isCode ? result + "</code>" : result
  }
}
