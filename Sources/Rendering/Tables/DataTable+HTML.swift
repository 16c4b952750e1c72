extension DataTable {
  /// The table as HTML for a notebook: no script and no style sheet, and colours that come from the page, so that it reads in
  /// dark and light themes.
  ///
  /// - Parameter maximumRows: Rows beyond are counted in a last line.
  package func html(maximumRows: Int? = nil) -> String {
    let (shownRows, restCount) = cut(maximumRows)
    let line = "border-bottom:1px solid rgba(128,128,128,0.35)"
    var html = "<table style=\"border-collapse:collapse;color:inherit;font-variant-numeric:tabular-nums\">\n"
    if let caption, !caption.isEmpty {
      html +=
        "<caption style=\"caption-side:top;text-align:left;font-weight:bold;padding:2px 0 6px 0;color:inherit\">"
        + Self.escaped(caption) + "</caption>\n"
    }
    html += "<thead><tr>"
    for column in columns {
      html +=
        "<th style=\"text-align:\(Self.word(column.alignment));padding:3px 10px;border-bottom:1px solid "
        + "rgba(128,128,128,0.8)\">" + Self.escaped(column.name) + "</th>"
    }
    html += "</tr></thead>\n<tbody>\n"
    for row in shownRows {
      html += "<tr>"
      for index in columns.indices {
        html +=
          "<td style=\"text-align:\(Self.word(columns[index].alignment));padding:3px 10px;\(line)\">"
          + Self.escaped(shown(row, index)) + "</td>"
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

  private static func word(_ alignment: Alignment) -> String {
    switch alignment {
    case .left: "left"
    case .right: "right"
    case .centre: "center"
    }
  }

  private static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
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
    return result
  }
}
