/// What cannot be read: how it is reported, and where reading goes on.
extension Parser {
  /// Reports what stands here and cannot, and moves past it.
  mutating func unexpected() {
    guard let scalar = lexer.current else { return }
    let start = lexer.position
    lexer.position += 1
    switch scalar {
    case ",": fail(.comma(instead: ""), start..<start + 1)
    case "$":
      while lexer.isWordScalar(at: lexer.position) { lexer.position += 1 }
      fail(.dollar(text(start..<lexer.position)), start..<lexer.position)
    case "=":
      while lexer.current == "=" { lexer.position += 1 }
      fail(.doubleEquals(instead: "="), start..<lexer.position)
    case _ where ScalarClass.isTypographicQuote(scalar):
      let rest = source.scalars[lexer.position...]
      let end = rest.firstIndex { ScalarClass.isTypographicQuote($0) || ScalarClass.isNewline($0) }
      if let index = end, !ScalarClass.isNewline(source.scalars[index]) {
        fail(.typographicQuote(straightened: "\"" + text(start + 1..<index) + "\""), start..<index + 1)
        lexer.position = index + 1
      } else {
        fail(.typographicQuote(straightened: nil), start..<start + 1)
      }
    case _ where scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value):
      fail(.controlCharacter(scalar.value), start..<start + 1)
    case _ where ScalarClass.isUnseen(scalar):
      while let next = lexer.current, ScalarClass.isUnseen(next) { lexer.position += 1 }
      if !hasUnseenScalar { fail(.unseenScalar(scalar.value), start..<lexer.position) }
      hasUnseenScalar = true
    default: fail(.unexpected(String(scalar)), start..<start + 1)
    }
  }

  func startError(_ span: Range<Int>) -> LanguageError {
    switch lexer.current {
    case "$": .dollar(text(span))
    case .some(let scalar) where scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value):
      .controlCharacter(scalar.value)
    case .some(let scalar) where ScalarClass.isUnseen(scalar): .unseenScalar(scalar.value)
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
  mutating func skipForeign() {
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
    case .some(let scalar) where ScalarClass.isNewline(scalar):
      // `slide` on a line of its own may be the last item of a list as well.
      while let scalar = lookahead.current, ScalarClass.isNewline(scalar) || ScalarClass.isBlank(scalar) {
        lookahead.position += 1
      }
      return lookahead.current.map { !",]}".unicodeScalars.contains($0) } ?? true
    default: return true
    }
  }
}
