/// Something wrong in a cell: what, and where.
package struct Diagnostic: Error, Sendable, Equatable {
  package let problem: LanguageError
  /// In Unicode scalars of the cell.
  package let span: Range<Int>
  /// From 1.
  package let line: Int

  init(_ problem: LanguageError, at span: Range<Int>, in source: SourceText) {
    self.problem = problem
    self.span = span
    line = source.line(at: min(span.lowerBound, source.scalars.count))
  }

  package var sentence: String { problem.sentence }
  package var remedy: String? { problem.remedy }

  /// The sentence, the line with a caret under each column of the span, and what to type instead.
  package func rendered(in source: SourceText, _ style: TextStyle) -> String {
    let lineSpan = source.span(ofLine: line)
    // A very long line is shown around the place only.
    let start = max(lineSpan.lowerBound, span.lowerBound - 60)
    let end = min(lineSpan.upperBound, max(start, span.lowerBound) + 100)
    let shown = source.scalars[start..<max(start, end)]
    let marked = max(span.lowerBound, start)..<max(span.lowerBound + 1, min(span.upperBound, end))

    var text = ""
    var indent = ""
    var carets = ""
    for (index, scalar) in zip(shown.indices, shown) {
      let isControl = scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
      text.unicodeScalars.append(isControl || scalar == "\u{A0}" ? " " : scalar)
      let columns = isControl ? 1 : DisplayWidth.columns(of: scalar)
      if index < marked.lowerBound { indent += String(repeating: " ", count: columns) }
      if marked.contains(index) { carets += String(repeating: "^", count: columns) }
    }
    if carets.isEmpty { carets = "^" }

    let clippedStart = start > lineSpan.lowerBound ? "…" : ""
    var lines = [
      style.strong("Line \(line): ") + sentence,
      "    " + clippedStart + text + (end < lineSpan.upperBound ? "…" : ""),
      "    " + (clippedStart.isEmpty ? "" : " ") + indent + style.alarming(carets),
    ]
    if let remedy {
      for (index, text) in remedy.split(separator: "\n").enumerated() {
        lines.append((index == 0 ? "    instead: " : "             ") + style.helpful(String(text)))
      }
    }
    return lines.joined(separator: "\n")
  }
}
