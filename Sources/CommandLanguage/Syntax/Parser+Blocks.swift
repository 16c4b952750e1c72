/// Blocks of Python, whose indented lines belong to the line that opens them.
extension Parser {
  /// Moves past a block of Python, its indented lines included; false if none begins here.
  mutating func skipBlock() -> Bool {
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
}
