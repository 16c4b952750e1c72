import FeatureData

extension DataTable {
  /// The table as HTML for a notebook: no script and no style sheet, and colours that come from the page, so that it reads in
  /// dark and light themes, and also where a page takes the styles away. A wide one scrolls; names, numbers and sizes stay on one
  /// line, long texts are wrapped between words, and the caption has the width of the page. A long one scrolls in a box, below
  /// its header.
  ///
  /// - Parameters:
  ///   - maximumRows: Rows beyond are counted in a last line.
  ///   - more: How to see them, behind that.
  package func html(maximumRows: Int? = nil, more: String? = nil) -> String {
    let (shownRows, restCount) = cut(maximumRows)
    let isLong = shownRows.count > Self.longestWithoutBox
    var html =
      "<table style=\"display:block;max-width:100%;overflow-x:auto;"
      + (isLong
        ? "overflow-y:auto;max-height:36em;border-collapse:separate;border-spacing:0" : "border-collapse:collapse")
      + ";color:inherit;font-variant-numeric:tabular-nums\">\n"
    if let caption, !caption.isEmpty {
      html +=
        "<caption style=\"display:block;caption-side:top;text-align:left;font-weight:bold;padding:2px 0 6px 0;"
        + "color:inherit\">" + Self.captionText(caption) + "</caption>\n"
    }
    if hasHeader {
      html += "<thead><tr>"
      for column in columns {
        html +=
          "<th\(Self.attribute(column.alignment)) style=\"\(Self.style(column.alignment));padding:3px 10px;white-space:nowrap;"
          + (isLong ? Self.sticky : "border-bottom:1px solid rgba(128,128,128,0.8)") + "\">"
          + Self.escaped(column.name) + "</th>"
      }
      html += "</tr></thead>\n"
    }
    html += "<tbody>\n"
    let texts = shownRows.map { row in columns.indices.map { shown(row, $0) } }
    let decimals = columns.indices.map { column in DecimalPlaces(of: texts, kind: columns[column].kind, column: column)
    }
    for row in texts {
      html += "<tr>"
      for (index, text) in row.enumerated() {
        let column = columns[index]
        let rest = decimals[index]?.missing(in: text)
        // A point has about half the width of a digit.
        let room = rest.map { "3px calc(10px + \(Self.width($0))ch) 3px 10px" } ?? "3px 10px"
        html +=
          "<td\(Self.attribute(column.alignment)) style=\"\(Self.style(column.alignment));padding:\(room);"
          + "\(Self.wrapping(text));border-bottom:1px solid rgba(128,128,128,0.35)\">" + Self.escaped(text) + "</td>"
      }
      html += "</tr>\n"
    }
    html += "</tbody>\n"
    if restCount > 0 {
      html +=
        "<tfoot><tr><td colspan=\"\(max(columns.count, 1))\" style=\"text-align:left;padding:3px 10px;opacity:0.7\">"
        + Self.escaped(Self.restLine(shownRows.count, restCount, more), marksCode: true) + "</td></tr></tfoot>\n"
    }
    return html + "</table>"
  }

  /// What the table is in bold, and what more is to be said of it behind that.
  private static func captionText(_ caption: String) -> String {
    guard let end = caption.firstRange(of: "; ") else { return escaped(caption, marksCode: true) }
    return escaped(String(caption[..<end.lowerBound]), marksCode: true) + "<span style=\"font-weight:normal\">"
      + escaped(String(caption[end.lowerBound...]), marksCode: true) + "</span>"
  }

  /// More rows scroll in a box.
  private static let longestWithoutBox = 30

  /// A header that stays while rows go by below it, in the colours of JupyterLab, of VS Code, or of the page.
  private static let sticky =
    "position:sticky;top:0;background:var(--jp-layout-color0,var(--vscode-editor-background,Canvas));"
    + "color:var(--jp-content-font-color1,var(--vscode-editor-foreground,CanvasText));"
    + "box-shadow:inset 0 -1px 0 rgba(128,128,128,0.8)"

  /// Longer texts are prose, which is wrapped.
  private static let longestOnOneLine = 60

  private static func wrapping(_ text: String) -> String {
    text.count <= longestOnOneLine ? "white-space:nowrap" : "min-width:24em;max-width:60em;overflow-wrap:break-word"
  }

  private static func style(_ alignment: Alignment) -> String {
    "text-align:" + word(alignment)
  }

  private static func word(_ alignment: Alignment) -> String {
    switch alignment {
    case .left: "left"
    case .right: "right"
    case .centre: "center"
    }
  }

  /// What still stands where styles are taken away.
  private static func attribute(_ alignment: Alignment) -> String {
    alignment == .left ? "" : " align=\"\(word(alignment))\""
  }

  private static func width(_ missing: DecimalPlaces.Missing) -> String {
    let halves = 2 * missing.digits + (missing.point ? 1 : 0)
    return halves % 2 == 0 ? String(halves / 2) : "\(halves / 2).5"
  }

  /// - Parameter marksCode: what stands between backticks is code, as in the manual; elsewhere they belong to a name.
  private static func escaped(_ text: String, marksCode: Bool = false) -> String {
    var result = ""
    var isCode = false
    for scalar in text.visible.unicodeScalars {
      switch scalar {
      case "`" where marksCode:
        result += isCode ? "</code>" : "<code>"
        isCode.toggle()
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      // Notebooks set what stands between dollar signs as mathematics, within one element.
      case "$": result += "<span>&#36;</span>"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return isCode ? result + "</code>" : result
  }
}

/// How many decimals the numbers of a column have, so that they can stand with their points below each other.
struct DecimalPlaces {
  /// What a number lacks of the column's decimals.
  struct Missing: Equatable {
    let digits: Int
    /// Whether it has no point either.
    let point: Bool
  }

  private let most: Int

  /// Numbers of very different size would make a column too wide, and powers of ten have their point elsewhere.
  private static let widestSpread = 2

  /// Nil where there is nothing to be aligned.
  init?(of rows: [[String]], kind: DataTable.Kind, column: Int) {
    guard case .number = kind else { return nil }
    let found = rows.map { $0[column] }.filter { !$0.isEmpty }.map(Self.decimals)
    guard let least = found.compactMap(\.self).min(), let most = found.compactMap(\.self).max(), least < most,
      most - least <= Self.widestSpread, !found.contains(nil)
    else { return nil }
    self.most = most
  }

  /// Nil where nothing is missing, and of what is no number.
  func missing(in text: String) -> Missing? {
    guard !text.isEmpty, let decimals = Self.decimals(text), decimals < most else { return nil }
    return Missing(digits: most - decimals, point: decimals == 0)
  }

  /// Nil of a power of ten, and of what is no number.
  private static func decimals(_ text: String) -> Int? {
    guard let last = text.utf8.last, (0x30...0x39).contains(last), !text.contains("e") else { return nil }
    return text.firstIndex(of: ".").map { text.distance(from: $0, to: text.endIndex) - 1 } ?? 0
  }
}
