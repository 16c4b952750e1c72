/// Something wrong in a cell: what, and where.
package struct Diagnostic: Error, Sendable, Equatable, CustomStringConvertible {
  package let problem: LanguageError
  /// In Unicode scalars of the cell.
  package let span: Range<Int>
  /// From 1.
  package let line: Int
  /// Text of the language to type in place of what is marked, of its argument or of the statement.
  package let remedy: String?
  /// What helps that is no text to type.
  package let advice: String?

  private init(problem: LanguageError, span: Range<Int>, line: Int, remedy: String?, advice: String?) {
    self.problem = problem
    self.span = span
    self.line = line
    self.remedy = remedy
    self.advice = advice
  }

  private init(_ problem: LanguageError, like other: Diagnostic) {
    self.init(
      problem: problem, span: other.span, line: other.line, remedy: problem.remedy.map(Self.visible),
      advice: problem.advice.map(Self.visible))
  }

  init(_ problem: LanguageError, at span: Range<Int>, in source: SourceText) {
    self.init(
      problem: problem, span: span, line: source.line(at: min(span.lowerBound, source.scalars.count)),
      remedy: problem.remedy.map(Self.visible), advice: problem.advice.map(Self.visible))
  }

  /// The same problem with another text to type, or with what helps instead.
  func proposing(_ remedy: String?, advice: String? = nil) -> Diagnostic {
    Diagnostic(
      problem: problem, span: span, line: line, remedy: remedy.map(Self.visible), advice: advice.map(Self.visible))
  }

  /// The same problem, said of an item of a list.
  var asItem: Diagnostic {
    guard case .unfit(let parameter, let expected, let found, let instead, _) = problem else { return self }
    return Diagnostic(
      .unfit(parameter: parameter, expected: expected, found: found, instead: instead, isItem: true), like: self)
  }

  /// The same problem where more than what it says is accepted.
  func widened(from narrow: String, to wide: String) -> Diagnostic {
    guard case .unfit(let parameter, narrow, let found, let instead, let isItem) = problem else { return self }
    return Diagnostic(
      .unfit(parameter: parameter, expected: wide, found: found, instead: instead, isItem: isItem), like: self)
  }

  /// The same problem with a value to use, if it is an unknown one that resembles none.
  func guessing(_ name: String?) -> Diagnostic {
    guard let name, case .unknownValue(let unknown, nil, let known) = problem else { return self }
    return Diagnostic(.unknownValue(unknown, nearest: name, known: known), like: self)
  }

  package var description: String { sentence }
  package var sentence: String { Self.visible(problem.sentence) }

  /// Text with blanks for its control characters, which a terminal might obey, and with U+FFFD for what turns or hides other
  /// letters.
  private static func visible(_ text: String) -> String {
    func shown(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
      if ScalarClass.isControl(scalar), scalar != "\n" { return " " }
      return ScalarClass.hides(scalar) ? "\u{FFFD}" : scalar
    }
    guard text.unicodeScalars.contains(where: { shown($0) != $0 }) else { return text }
    return text.unicodeScalars.reduce(into: "") { $0.unicodeScalars.append(shown($1)) }
  }

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
      let isControl = ScalarClass.isControl(scalar)
      let hides = ScalarClass.hides(scalar)
      text.unicodeScalars.append(isControl || scalar == "\u{A0}" ? " " : hides ? "\u{FFFD}" : scalar)
      let columns = isControl || hides ? 1 : DisplayWidth.columns(of: scalar)
      if index < marked.lowerBound { indent += String(repeating: " ", count: columns) }
      if marked.contains(index) { carets += String(repeating: "^", count: columns) }
    }
    if carets.isEmpty { carets = "^" }

    let clippedStart = start > lineSpan.lowerBound ? "…" : ""
    var lines = [
      style.strong("Line \(line): ") + sentence,
      "    " + clippedStart + text + (end < lineSpan.upperBound ? "…" : ""),
      "    " + (clippedStart.isEmpty ? "" : " ") + indent + style.strong(carets),
    ]
    for (label, text) in [("    instead: ", remedy), ("    what helps: ", advice)] {
      for (index, text) in (text ?? "").split(separator: "\n").enumerated() {
        lines.append((index == 0 ? label : String(repeating: " ", count: label.count)) + style.strong(String(text)))
      }
    }
    return lines.joined(separator: "\n")
  }
}
