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
  /// Where a new statement ended a bracket left open.
  var brokenOffAt = -1
  var hasUnclosedBracket = false

  private init(_ source: SourceText, commandNames: Set<String>) {
    lexer = Lexer(source)
    self.commandNames = commandNames
  }

  var source: SourceText { lexer.source }

  mutating func fail(_ error: LanguageError, _ span: Range<Int>) {
    errorCount += 1
    guard errorCount <= 3 else { return }
    errors.append(StatementError(statement: statements.count, diagnostic: Diagnostic(error, at: span, in: source)))
  }

  func text(_ span: Range<Int>) -> String { source.text(in: span) }

  // MARK: Lines

  private mutating func cell() -> Result {
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

  private mutating func noteContinuationAtEnd() {
    guard lexer.isAtEnd else { return }
    var index = source.scalars.count
    while index > 0, ScalarClass.isBlank(source.scalars[index - 1]) { index -= 1 }
    if index > 0, source.scalars[index - 1] == "\\", lexer.continuationEnd(at: index - 1) != nil {
      ending = .afterContinuation
    }
  }

  // MARK: Statements

  private mutating func statement() {
    errorCount = 0
    hasUnclosedBracket = false
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
        if head.count > 1 { fail(.dottedTarget(target.text), target.span) }
        result.target = target
        lexer.skipBlanks()
        if let name = dottedName() {
          head = name
        } else {
          head = []
          if lexer.isAtLineEnd || lexer.current == ";" {
            fail(.commandExpectedAfterEquals(target: target.text), target.span)
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

  private mutating func afterHead(_ result: inout StatementSyntax) {
    if lexer.current == "?" {
      lexer.position += 1
      result.asksForHelp = true
      let end = lexer.position
      lexer.skipBlanks()
      let start = result.span.lowerBound
      result.span = start..<end
      if lexer.current == ";" {
        result.hidesOutput = true
        result.span = start..<endWithSemicolon()
      } else if !lexer.isAtLineEnd {
        fail(.textAfterHelp, trimmedSpan(lexer.position..<lineEnd()))
        lexer.skipToLineEnd()
      }
      return
    }
    arguments(of: &result)
  }

  private mutating func arguments(of result: inout StatementSyntax) {
    let start = result.span.lowerBound
    var end = lexer.position
    loop: while true {
      let gap = lexer.skipBlanks()
      if lexer.isAtLineEnd { break }
      guard let scalar = lexer.current else { break }
      switch scalar {
      case ";":
        result.hidesOutput = true
        end = endWithSemicolon()
        break loop
      case "(" where !gap:
        if let call = rangeCall(after: result.arguments.last) {
          fail(.colonInRange(call.instead), call.span)
          lexer.position = call.span.upperBound
          end = lexer.position
          continue loop
        }
        fallthrough
      case "(":
        let head = text(result.headSpan)
        if errorCount == 0 { fail(.call(head), lexer.position..<lexer.position + 1) }
        skipForeign()
        end = lexer.position
        break loop
      case "|":
        fail(.pipe, lexer.position..<lexer.position + 1)
        lexer.skipToLineEnd()
        end = lexer.position
        break loop
      default: break
      }
      if !gap, scalar == "[", result.arguments.isEmpty, !commandNames.contains(text(result.headSpan)) {
        fail(.indexing(text(result.headSpan)), lexer.position..<lexer.position + 1)
      } else if !gap, Self.needsGap(scalar), lexer.isWordScalar(at: lexer.position) || scalar != "\\" {
        fail(
          .blankExpected(before: text(foundSpan()), instead: separated(at: lexer.position)),
          lexer.position..<lexer.position + 1)
      }
      let before = lexer.position
      if let argument = argument() { result.arguments.append(argument) }
      if lexer.position == before { lexer.position += 1 }
      end = lexer.position
      if brokenOffAt == lexer.position { break }
    }
    result.span = start..<trimmed(end, after: start)
  }

  /// `range(5)`, as Python writes it, at its parenthesis.
  private func rangeCall(after argument: ArgumentSyntax?) -> (span: Range<Int>, instead: String)? {
    guard case .scalar(let scalar)? = argument?.value, scalar.text == "range", !scalar.isQuoted,
      let close = source.scalars[lexer.position..<lineEnd()].firstIndex(of: ")")
    else { return nil }
    let span = scalar.span.lowerBound..<close + 1
    guard let value = PythonReader.expression(text(span)) else { return nil }
    return PythonTranslator.spelling(of: value, depth: 0).map { (span, $0) }
  }

  private func trimmed(_ end: Int, after start: Int) -> Int {
    var end = end
    while end > start, ScalarClass.isBlank(source.scalars[end - 1]) || ScalarClass.isNewline(source.scalars[end - 1]) {
      end -= 1
    }
    return end
  }

  /// Moves past `;` and reports what follows it; returns the end of the statement.
  private mutating func endWithSemicolon() -> Int {
    lexer.position += 1
    let end = lexer.position
    lexer.skipBlanks()
    guard !lexer.isAtLineEnd else { return end }
    let rest = trimmedSpan(lexer.position..<lineEnd())
    fail(.secondStatement(text(rest)), rest)
    lexer.skipToLineEnd()
    return rest.upperBound
  }

  private func trimmedSpan(_ span: Range<Int>) -> Range<Int> {
    span.lowerBound..<trimmed(span.upperBound, after: span.lowerBound)
  }

  /// What stands around a position without blanks, up to 40 scalars on each side, with a blank put in.
  private func separated(at position: Int) -> String {
    let before = source.scalars[max(0, position - 40)..<position].reversed().prefix(while: Self.isInk)
    let after = source.scalars[position..<min(position + 40, source.scalars.count)].prefix(while: Self.isInk)
    return text(position - before.count..<position) + " " + text(position..<position + after.count)
  }

  private static func isInk(_ scalar: Unicode.Scalar) -> Bool {
    !ScalarClass.isBlank(scalar) && !ScalarClass.isNewline(scalar)
  }

  private static func needsGap(_ scalar: Unicode.Scalar) -> Bool {
    ScalarClass.isWordScalar(scalar) && scalar != "=" || ScalarClass.isQuote(scalar) || scalar == "[" || scalar == "{"
  }

  // MARK: Names

  private mutating func dottedName() -> [NameSyntax]? {
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
  private mutating func takeEquals() -> Bool {
    let start = lexer.position
    lexer.skipBlanks()
    if lexer.current == "=", lexer.scalar(ahead: 1) != "=" {
      lexer.position += 1
      return true
    }
    lexer.position = start
    return false
  }

  // MARK: Arguments

  private mutating func argument() -> ArgumentSyntax? {
    let start = lexer.position
    if let name = lexer.name() {
      if takeEquals() {
        let nameSyntax = NameSyntax(text: text(name), span: name)
        let afterEquals = lexer.position
        lexer.skipBlanks()
        if lexer.isAtLineEnd || lexer.current == ";" {
          fail(.missingValue(parameter: nameSyntax.text), start..<afterEquals)
          return ArgumentSyntax(name: nameSyntax, value: nil, span: start..<afterEquals)
        }
        let value = value()
        return ArgumentSyntax(
          name: nameSyntax, value: value, span: start..<(value?.span.upperBound ?? afterEquals))
      }
      lexer.position = start
    }
    guard let value = value() else { return nil }
    return ArgumentSyntax(name: nil, value: value, span: value.span)
  }

  private mutating func value() -> ValueSyntax? {
    switch lexer.current {
    case "[": return list()
    case "{": return map()
    default:
      if let scalar = scalar() { return .scalar(scalar) }
      unexpected()
      return nil
    }
  }

  /// `quoted | word`; nil without moving if neither stands here.
  mutating func scalar(endingAtColon: Bool = false) -> ScalarSyntax? {
    let start = lexer.position
    if let (text, problem) = lexer.quoted() {
      switch problem {
      case .unclosedQuote(let span):
        let quote = source.text(in: start..<start + 1)
        fail(.unclosedQuote(closed: source.text(in: trimmedSpan(span)) + quote), span.lowerBound..<span.lowerBound + 1)
      case .unknownEscape(let span): fail(.unknownEscape(source.text(in: span)), span)
      case nil: break
      }
      return ScalarSyntax(text: text, isQuoted: true, span: start..<lexer.position)
    }
    guard let span = lexer.word(endingAtColon: endingAtColon) else { return nil }
    return ScalarSyntax(text: text(span), isQuoted: false, span: span)
  }

  // MARK: Errors

  /// Reports what stands here and cannot, and moves past it.
  mutating func unexpected() {
    guard let scalar = lexer.current else { return }
    let start = lexer.position
    lexer.position += 1
    switch scalar {
    case ",": fail(.comma, start..<start + 1)
    case "$":
      while lexer.isWordScalar(at: lexer.position) { lexer.position += 1 }
      fail(.dollar(text(start..<lexer.position)), start..<lexer.position)
    case "=":
      while lexer.current == "=" { lexer.position += 1 }
      fail(.doubleEquals, start..<lexer.position)
    case _ where ScalarClass.isTypographicQuote(scalar):
      let end = lineEnd()
      var index = lexer.position
      while index < end, !ScalarClass.isTypographicQuote(source.scalars[index]) { index += 1 }
      if index < end {
        fail(.typographicQuote(straightened: "\"" + text(start + 1..<index) + "\""), start..<index + 1)
        lexer.position = index + 1
      } else {
        fail(.typographicQuote(straightened: nil), start..<start + 1)
      }
    case _ where scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value):
      fail(.controlCharacter(scalar.value), start..<start + 1)
    default: fail(.unexpected(String(scalar)), start..<start + 1)
    }
  }

  private func startError(_ span: Range<Int>) -> LanguageError {
    switch lexer.current {
    case "$": .dollar(text(span))
    case .some(let scalar) where scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value):
      .controlCharacter(scalar.value)
    default: .statementExpected(found: text(span))
    }
  }

  /// The word, or the single scalar, that stands here.
  func foundSpan() -> Range<Int> {
    var end = lexer.position
    while lexer.isWordScalar(at: end) { end += 1 }
    return lexer.position..<max(end, min(lexer.position + 1, source.scalars.count))
  }

  func lineEnd() -> Int {
    var end = lexer.position
    while end < source.scalars.count, !ScalarClass.isNewline(source.scalars[end]) { end += 1 }
    return end
  }

  /// Moves past the line, and past the lines up to the closing parenthesis of one that it opens: a line of
  /// another language is answered as a whole.
  private mutating func skipForeign() {
    let start = lexer.position
    var depth = 0
    var quote: Unicode.Scalar?
    var end: Int?
    var index = start
    let scalars = source.scalars
    while index < scalars.count {
      let scalar = scalars[index]
      if ScalarClass.isNewline(scalar) {
        if depth <= 0 { end = index }
        quote = nil
        if end != nil || start < searchedForParenthesis { break }
        if beginsStatement(at: index + 1) { break }
      } else if let open = quote {
        if scalar == open { quote = nil }
      } else {
        switch scalar {
        case "'", "\"": quote = scalar
        case "(", "[", "{": depth += 1
        case ")", "]", "}": depth -= 1
        default: break
        }
      }
      index += 1
    }
    if index == scalars.count, depth <= 0 { end = index }
    if let end {
      lexer.position = end
    } else {
      searchedForParenthesis = max(searchedForParenthesis, index)
      lexer.skipToLineEnd()
    }
  }

  /// Moves past a block of Python, its indented lines included; false if none begins here.
  private mutating func skipBlock() -> Bool {
    let start = lexer.position
    var lookahead = lexer
    guard let word = lookahead.name(), !commandNames.contains(text(word)) else { return false }
    lookahead.skipBlanks()
    guard lookahead.current != "=", PythonReader.blockWord(text(start..<lineEnd())) != nil else { return false }
    let isOpen = source.scalars[start..<lineEnd()].last == ":"
    fail(.block(text(word)), start..<lineEnd())
    var end = lineEnd()
    lexer.skipToLineEnd()
    while isOpen, !lexer.isAtEnd {
      var next = lexer
      next.skipNewline()
      let lineStart = next.position
      while let scalar = next.current, ScalarClass.isBlank(scalar) { next.position += 1 }
      let isIndented = next.position > lineStart
      guard next.isAtLineEnd || isIndented || Self.goesOn(with: next.name().map(text)) else { break }
      let isEmpty = next.isAtLineEnd && !isIndented
      next.skipToLineEnd()
      lexer.position = next.position
      if !isEmpty { end = next.position }
      if lexer.isAtEnd { break }
    }
    lexer.position = end
    statements.append(
      StatementSyntax(
        target: nil, head: [], asksForHelp: false, arguments: [], hidesOutput: false, span: start..<end,
        isWellFormed: false))
    return true
  }

  private static func goesOn(with word: String?) -> Bool {
    word.map { ["else", "elif", "except", "finally"].contains($0) } ?? false
  }

  /// True if a statement seems to begin at a position at the start of a line: `name =`, or a command.
  func beginsStatement(at position: Int) -> Bool {
    var lookahead = lexer
    lookahead.position = position
    guard let name = lookahead.name() else { return false }
    let isCommand = commandNames.contains(text(name))
    while let scalar = lookahead.current, ScalarClass.isBlank(scalar) { lookahead.position += 1 }
    if lookahead.current == "=" { return lookahead.scalar(ahead: 1) != "=" }
    guard isCommand else { return false }
    switch lookahead.current {
    case ",", "]", "}", ":", ")", ".", "(": return false
    default: return true
    }
  }
}
