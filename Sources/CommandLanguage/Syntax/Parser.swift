/// Reads a cell into statements by recursive descent, and goes on after errors.
///
/// - Complexity: O(n) in the length of the cell.
package struct Parser {
  /// What parsing found.
  package struct Result: Sendable {
    package let source: SourceText
    package let syntax: CellSyntax
    /// In the order found; at most three for a statement.
    package let errors: [StatementError]
    package let ending: Ending
  }

  package struct StatementError: Sendable, Equatable {
    /// An index into the statements.
    package let statement: Int
    package let diagnostic: Diagnostic
  }

  /// Where the text ends.
  package enum Ending: Sendable {
    case betweenStatements, insideBracket, afterContinuation
  }

  /// With the names of the commands, a line that begins with one of them ends a bracket left open.
  package static func parse(_ text: String, commandNames: Set<String> = []) -> Result {
    var parser = Parser(SourceText(text), commandNames: commandNames)
    return parser.cell()
  }

  var lexer: Lexer
  let commandNames: Set<String>
  var statements: [StatementSyntax] = []
  var errors: [StatementError] = []
  var errorCount = 0
  var ending = Ending.betweenStatements
  /// A search for `)` that failed up to here need not be repeated, which keeps parsing linear.
  var searchedForParenthesis = 0
  /// The same for a bracket within a bracket.
  var searchedForBracket = 0
  /// Where a new statement ended a bracket left open.
  var brokenOffAt = -1
  var hasUnclosedBracket = false
  /// Unseen scalars are many where there is one, and are said once.
  var hasUnseenScalar = false
  /// The same for commas between arguments.
  var hasComma = false

  private init(_ source: SourceText, commandNames: Set<String>) {
    lexer = Lexer(source)
    self.commandNames = commandNames
  }

  var source: SourceText { lexer.source }

  /// More errors of one statement are not told.
  static let mostErrors = 3

  mutating func fail(_ error: LanguageError, _ span: Range<Int>) {
    errorCount += 1
    guard errorCount <= Self.mostErrors else { return }
    errors.append(StatementError(statement: statements.count, diagnostic: Diagnostic(error, at: span, in: source)))
  }

  func text(_ span: Range<Int>) -> String { source.text(in: span) }

  // MARK: Lines

  mutating func cell() -> Result {
    while !lexer.isAtEnd {
      lexer.skipBlanks()
      noteContinuationAtEnd()
      if lexer.isAtLineEnd {
        lexer.skipNewline()
        continue
      }
      statement()
    }
    return Result(source: source, syntax: CellSyntax(statements: statements), errors: errors, ending: ending)
  }

  mutating func noteContinuationAtEnd() {
    guard lexer.isAtEnd else { return }
    var index = source.scalars.count
    while index > 0, ScalarClass.isBlank(source.scalars[index - 1]) { index -= 1 }
    if index > 0, source.scalars[index - 1] == "\\", lexer.continuationEnd(at: index - 1) != nil {
      ending = .afterContinuation
    }
  }

  // MARK: Statements

  mutating func statement() {
    errorCount = 0
    hasUnclosedBracket = false
    hasUnseenScalar = false
    hasComma = false
    let start = lexer.position
    if skipBlock() { return }
    var result = StatementSyntax(
      target: nil, head: [], asksForHelp: false, arguments: [], hidesOutput: false, span: start..<start,
      isWellFormed: true)
    if var head = dottedName() {
      if takeEquals() {
        let target = NameSyntax(
          text: head.map(\.text).joined(separator: "."),
          span: head[0].span.lowerBound..<head[head.count - 1].span.upperBound)
        let equals = lexer.position - 1
        lexer.skipBlanks()
        if head.count > 1 {
          let rest = text(trimmedSpan(lexer.position..<lineEnd()))
          fail(.dottedTarget(target.text, rest: rest.isEmpty ? "COMMAND" : rest), target.span)
        }
        result.target = target
        if let name = dottedName() {
          head = name
        } else {
          head = []
          if result.target?.text.contains(".") == true {
            // That nothing can be put there has been said.
          } else if lexer.isAtLineEnd || lexer.current == ";" {
            fail(.commandExpectedAfterEquals(target: target.text), equals..<equals + 1)
          } else {
            fail(.commandExpectedAfterEquals(target: target.text), foundSpan())
          }
          skipForeign()
        }
      }
      result.head = head
      if !head.isEmpty { afterHead(&result) }
    } else {
      let found = foundSpan()
      fail(startError(found), found)
      skipForeign()
    }
    noteContinuationAtEnd()
    var end = lexer.position
    while end > start, ScalarClass.isBlank(source.scalars[end - 1]) || ScalarClass.isNewline(source.scalars[end - 1]) {
      end -= 1
    }
    if result.span.upperBound == start { result.span = start..<end }
    result.isWellFormed = errorCount == 0
    statements.append(result)
  }

  mutating func afterHead(_ result: inout StatementSyntax) {
    if lexer.current == "?" {
      lexer.position += 1
      result.asksForHelp = true
      let end = lexer.position
      let page = text(result.headSpan.lowerBound..<end)
      if let target = result.target { fail(.nameForHelp(page: page), target.span) }
      lexer.skipBlanks()
      let start = result.span.lowerBound
      result.span = start..<end
      if lexer.current == ";" {
        result.hidesOutput = true
        result.span = start..<endWithSemicolon()
      } else if !lexer.isAtLineEnd {
        fail(.textAfterHelp(page: page), trimmedSpan(lexer.position..<lineEnd()))
        lexer.skipToLineEnd()
      }
      return
    }
    arguments(of: &result)
  }

  func trimmed(_ end: Int, after start: Int) -> Int {
    var end = end
    while end > start, ScalarClass.isBlank(source.scalars[end - 1]) || ScalarClass.isNewline(source.scalars[end - 1]) {
      end -= 1
    }
    return end
  }

  /// Moves past `;` and reports what follows it; returns the end of the statement.
  mutating func endWithSemicolon() -> Int {
    lexer.position += 1
    let end = lexer.position
    lexer.skipBlanks()
    guard !lexer.isAtLineEnd else { return end }
    let rest = trimmedSpan(lexer.position..<lineEnd())
    // What follows a bracket that is still open may be its end.
    if !hasUnclosedBracket { fail(.secondStatement(text(rest)), rest) }
    lexer.skipToLineEnd()
    return rest.upperBound
  }

  func trimmedSpan(_ span: Range<Int>) -> Range<Int> {
    span.lowerBound..<trimmed(span.upperBound, after: span.lowerBound)
  }

  // MARK: Names

  mutating func dottedName() -> [NameSyntax]? {
    guard let first = lexer.name() else { return nil }
    var names = [NameSyntax(text: text(first), span: first)]
    while lexer.current == "." {
      let dot = lexer.position
      lexer.position += 1
      if let next = lexer.name() {
        names.append(NameSyntax(text: text(next), span: next))
      } else {
        fail(.nameExpectedAfterDot(before: text(names[0].span.lowerBound..<dot)), dot..<dot + 1)
        break
      }
    }
    return names
  }

  /// Moves past blanks and a single `=`; otherwise does not move.
  mutating func takeEquals() -> Bool {
    let start = lexer.position
    lexer.skipBlanks()
    if lexer.current == "=", lexer.scalar(ahead: 1) != "=" {
      lexer.position += 1
      return true
    }
    lexer.position = start
    return false
  }
}
