extension Parser {
  /// What stopped the search for the next item.
  private enum Stop { case none, end, statement }

  /// `mws`: blanks, comments and newlines inside a bracket. Stops where a new statement begins at column 0.
  private mutating func skipInsideBracket() -> Stop {
    while true {
      lexer.skipBlanks()
      if lexer.isAtEnd { return .end }
      guard lexer.isAtLineEnd else { return .none }
      lexer.skipNewline()
      if beginsStatement(at: lexer.position) {
        brokenOffAt = lexer.position
        return .statement
      }
    }
  }

  /// Reports a bracket that is still open where the search stopped.
  private mutating func unclosed(_ start: Int, _ stop: Stop) {
    let open = text(start..<start + 1)
    // The innermost is the one that was forgotten, most likely.
    if !hasUnclosedBracket { fail(.unclosedBracket(open, closing: open == "[" ? "]" : "}"), start..<start + 1) }
    hasUnclosedBracket = true
    if stop == .end { ending = .insideBracket }
  }

  /// `"[", items, "]"`, at the opening bracket.
  mutating func list(isInMap: Bool = false) -> ValueSyntax {
    let start = lexer.position
    lexer.position += 1
    var items: [ScalarSyntax] = []
    var end = lexer.position
    var needsComma = false
    var isMap = false
    // Lists inside the list are an error; their items are taken as if they stood alone.
    var surplusDepth = 0
    while true {
      let stop = skipInsideBracket()
      guard stop == .none, let scalar = lexer.current else {
        unclosed(start, stop)
        return .list(items, span: start..<end)
      }
      switch scalar {
      case "]":
        lexer.position += 1
        end = lexer.position
        if surplusDepth == 0 { return .list(items, span: start..<end) }
        surplusDepth -= 1
        needsComma = true
      case ",":
        if !needsComma { fail(.missingItem, lexer.position..<lexer.position + 1) }
        needsComma = false
        lexer.position += 1
      case "[", "{":
        if let before = items.last, needsComma, Self.isKey(before) {
          if !isMap { fail(.mapInBrackets(instead: inBraces(from: start)), start..<before.span.upperBound) }
          isMap = true
        } else {
          fail(.nestedList, lexer.position..<lexer.position + 1)
        }
        if scalar == "[" { surplusDepth += 1 }
        lexer.position += 1
        needsComma = false
      case ";":
        unclosed(start, .statement)
        return .list(items, span: start..<end)
      case "}":
        unclosed(start, .statement)
        if !isInMap { lexer.position += 1 }
        return .list(items, span: start..<end)
      default:
        let itemStart = lexer.position
        if let item = self.scalar() {
          if needsComma, let before = items.last, Self.isKey(before) {
            if !isMap { fail(.mapInBrackets(instead: inBraces(from: start)), start..<before.span.upperBound) }
            isMap = true
          } else if needsComma, let before = items.last {
            fail(.missingComma(before: before.printed, after: item.printed), itemStart..<lexer.position)
          }
          items.append(item)
          needsComma = true
        } else {
          unexpected()
        }
      }
      end = lexer.position
    }
  }

  private static func isKey(_ item: ScalarSyntax) -> Bool { !item.isQuoted && item.text.hasSuffix(":") }

  /// A map written between brackets, as far as it goes on this line.
  private func inBraces(from open: Int) -> String {
    let line = source.scalars[open..<lineEnd()]
    var depth = 0
    for index in line.indices {
      if line[index] == "[" { depth += 1 }
      if line[index] == "]" { depth -= 1 }
      if depth == 0 { return "{" + text(open + 1..<index) + "}" }
    }
    return "{COLUMN: [VALUE]}"
  }

  /// `"{", pairs, "}"`, at the opening brace.
  mutating func map() -> ValueSyntax {
    let start = lexer.position
    lexer.position += 1
    var pairs: [PairSyntax] = []
    var end = lexer.position
    var needsComma = false
    while true {
      let stop = skipInsideBracket()
      guard stop == .none, let scalar = lexer.current else {
        unclosed(start, stop)
        return .map(pairs, span: start..<end)
      }
      switch scalar {
      case "}":
        lexer.position += 1
        return .map(pairs, span: start..<lexer.position)
      case ",":
        if !needsComma { fail(.missingItem, lexer.position..<lexer.position + 1) }
        needsComma = false
        lexer.position += 1
      case "[", "{":
        fail(.missingMapKey, lexer.position..<lexer.position + 1)
        lexer.position += 1
      case ":":
        fail(.missingMapKey, lexer.position..<lexer.position + 1)
        lexer.position += 1
        // The value without a key is passed over with it.
        if skipInsideBracket() == .none { _ = self.scalar() }
        needsComma = true
      case "]":
        unclosed(start, .statement)
        lexer.position += 1
        return .map(pairs, span: start..<lexer.position)
      case ";":
        unclosed(start, .statement)
        return .map(pairs, span: start..<end)
      default:
        let keyStart = lexer.position
        guard let key = self.scalar(endingAtColon: true) else {
          unexpected()
          break
        }
        if needsComma, let before = pairs.last {
          fail(.missingComma(before: before.key.printed, after: key.printed), keyStart..<key.span.upperBound)
        }
        let (pair, isClosed) = pair(key)
        pairs.append(pair)
        needsComma = true
        if !isClosed {
          unclosed(start, lexer.isAtEnd ? .end : .statement)
          return .map(pairs, span: start..<lexer.position)
        }
      }
      end = lexer.position
    }
  }

  /// What follows a key; false if the text or the statement ends before the value.
  private mutating func pair(_ key: ScalarSyntax) -> (PairSyntax, isClosed: Bool) {
    var stop = skipInsideBracket()
    guard stop == .none else { return (PairSyntax(key: key, value: nil), false) }
    guard lexer.current == ":" else {
      let isComparison = !key.isQuoted && key.text.contains { "<>≤≥".contains($0) }
      fail(isComparison ? .comparison(key.text) : .missingColon(key: key.printed), key.span)
      // The list in `{site=[A]}` belongs to what has been said.
      if key.text.hasSuffix("="), lexer.current == "[" { _ = list(isInMap: true) }
      return (PairSyntax(key: key, value: nil), true)
    }
    lexer.position += 1
    stop = skipInsideBracket()
    guard stop == .none else { return (PairSyntax(key: key, value: nil), false) }
    switch lexer.current {
    case "[":
      let list = list(isInMap: true)
      return (PairSyntax(key: key, value: list), !lexer.isAtEnd && brokenOffAt != lexer.position)
    case "{":
      fail(.nestedList, lexer.position..<lexer.position + 1)
      lexer.position += 1
      return (PairSyntax(key: key, value: nil), true)
    default:
      if let scalar = scalar() { return (PairSyntax(key: key, value: .scalar(scalar)), true) }
      fail(.missingMapValue(key: key.printed), key.span)
      return (PairSyntax(key: key, value: nil), true)
    }
  }
}
