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
  private mutating func unclosed(_ start: Int, _ end: Int, _ stop: Stop) {
    let open = text(start..<start + 1)
    // The innermost is the one that was forgotten, most likely.
    if !hasUnclosedBracket {
      var written = text(start..<min(end, start + 80))
      while written.last?.isWhitespace == true || written.last == "," { written.removeLast() }
      if written.last == ":" { written += " VALUE" }
      let closing = open == "[" ? "]" : "}"
      let isOneLine = !written.unicodeScalars.contains(where: ScalarClass.isNewline) && end - start <= 80
      fail(.unclosedBracket(open, instead: isOneLine ? written + closing : closing), start..<start + 1)
    }
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
        unclosed(start, end, stop)
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
        unclosed(start, end, .statement)
        return .list(items, span: start..<end)
      case "}":
        unclosed(start, end, .statement)
        if !isInMap { lexer.position += 1 }
        return .list(items, span: start..<end)
      default:
        let itemStart = lexer.position
        if let item = self.scalar() {
          if needsComma, let before = items.last, Self.isKey(before) {
            if !isMap { fail(.mapInBrackets(instead: inBraces(from: start)), start..<before.span.upperBound) }
            isMap = true
          } else if needsComma, let before = items.last, before.isQuoted || before.text != "\\" {
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
    var depth = 0
    for index in open..<source.scalars.count {
      let scalar = source.scalars[index]
      if ScalarClass.isNewline(scalar) { break }
      if scalar == "[" { depth += 1 }
      if scalar == "]" { depth -= 1 }
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
        unclosed(start, end, stop)
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
      case "[", "{", ":":
        fail(.missingMapKey, lexer.position..<lexer.position + 1)
        if scalar != ":" { skipNested() }
        // The value without a key is passed over with it.
        if skipInsideBracket() == .none, lexer.current == ":" {
          lexer.position += 1
          if skipInsideBracket() == .none { _ = self.scalar() }
        }
        needsComma = true
      case "]":
        unclosed(start, end, .statement)
        lexer.position += 1
        return .map(pairs, span: start..<lexer.position)
      case ";":
        unclosed(start, end, .statement)
        return .map(pairs, span: start..<end)
      default:
        let keyStart = lexer.position
        guard let key = self.scalar(endingAtColon: true) else {
          unexpected()
          break
        }
        if let several = severalValues(behind: pairs.last, key) {
          fail(.severalValues(instead: several), keyStart..<key.span.upperBound)
          pairs.append(PairSyntax(key: key, value: nil))
          needsComma = true
          break
        }
        if needsComma, let before = pairs.last {
          fail(
            .missingComma(before: before.value?.printed ?? before.key.printed, after: key.printed),
            keyStart..<key.span.upperBound)
        }
        let (pair, isClosed) = pair(key)
        pairs.append(pair)
        needsComma = true
        if !isClosed {
          unclosed(start, lexer.position, lexer.isAtEnd ? .end : .statement)
          return .map(pairs, span: start..<lexer.position)
        }
      }
      end = lexer.position
    }
  }

  /// `site: [A, B]` for `site: A, B` and `site: A B`, at what follows the second word, and moves past further ones;
  /// nil without moving if the word is a key.
  private mutating func severalValues(behind pair: PairSyntax?, _ word: ScalarSyntax) -> String? {
    guard let pair, let value = pair.value, !word.text.contains(where: { "=<>≤≥".contains($0) }) else { return nil }
    var items = value.scalars.suffix(8).map(\.printed) + [word.printed]
    var ahead = lexer
    ahead.skipBlanks()
    var end = lexer
    while let next = ahead.current {
      if "]};".unicodeScalars.contains(next) {
        lexer = ahead
        return "\(pair.key.printed): [\(items.joined(separator: ", "))]"
      }
      guard next == "," else { break }
      end = ahead
      ahead.position += 1
      ahead.skipBlanks()
      if let further = ahead.word(endingAtColon: true) { items.append(text(further)) }
      ahead.skipBlanks()
      if ahead.current == ":" {
        // What stands here is the next key.
        lexer = end
        return "\(pair.key.printed): [\(items.dropLast().joined(separator: ", "))]"
      }
    }
    return nil
  }

  /// What follows a key; false if the text or the statement ends before the value.
  private mutating func pair(_ key: ScalarSyntax) -> (PairSyntax, isClosed: Bool) {
    var stop = skipInsideBracket()
    guard stop == .none else { return (PairSyntax(key: key, value: nil), false) }
    guard lexer.current == ":" else {
      if comparison(with: key) { return (PairSyntax(key: key, value: nil), true) }
      if !key.isQuoted, key.text.contains(where: { "<>≤≥".contains($0) }) {
        fail(.comparison(key.text, instead: nil), key.span)
      } else if !key.text.hasSuffix("="), let value = valueWithoutColon() {
        fail(.missingColon(key: key.printed + "=" + value.printed), key.span)
        return (PairSyntax(key: key, value: value), true)
      } else {
        fail(.missingColon(key: key.printed), key.span)
      }
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
      fail(.nestedMap(key: key.printed), lexer.position..<lexer.position + 1)
      skipNested()
      return (PairSyntax(key: key, value: nil), true)
    default:
      if comparison() { return (PairSyntax(key: key, value: nil), true) }
      if let scalar = scalar() {
        if !key.isQuoted, !scalar.isQuoted, scalar.text.count > 1, scalar.text.hasSuffix(":"), isValueAhead {
          return (pair(ofKey: key, goingOnWith: scalar), true)
        }
        return (PairSyntax(key: key, value: .scalar(scalar)), true)
      }
      fail(.missingMapValue(key: key.printed), key.span)
      return (PairSyntax(key: key, value: nil), true)
    }
  }

  /// True if another value stands behind the one that was read, on the same line and without a comma.
  private var isValueAhead: Bool {
    var ahead = lexer
    ahead.skipBlanks()
    guard let next = ahead.current else { return false }
    return !ScalarClass.isNewline(next) && !",}];#".unicodeScalars.contains(next)
  }

  /// `{feature:12: >0.5}`, which is read with `12:` as the value.
  private mutating func pair(ofKey first: ScalarSyntax, goingOnWith rest: ScalarSyntax) -> PairSyntax {
    let name = first.text + ":" + rest.text.dropLast()
    lexer.skipBlanks()
    let value: ValueSyntax? = lexer.current == "[" ? list(isInMap: true) : scalar().map(ValueSyntax.scalar)
    let key = ScalarSyntax(text: name, isQuoted: true, span: first.span.lowerBound..<rest.span.upperBound)
    fail(.keyWithColon(name, instead: "\(key.printed): \(value?.printed ?? "VALUE")"), key.span)
    return PairSyntax(key: key, value: value)
  }

  /// `A` in `{site A}`; nil without moving where it is a key itself, or nothing that could be a value.
  private mutating func valueWithoutColon() -> ValueSyntax? {
    let (start, told, count) = (lexer, errors.count, errorCount)
    if lexer.current == "[" { return list(isInMap: true) }
    guard lexer.current != "{", let scalar = scalar(endingAtColon: true) else { return nil }
    lexer.skipBlanks()
    guard lexer.current != ":" else {
      // What is wrong with a key is told where it is read as one.
      lexer = start
      errors.removeSubrange(told...)
      errorCount = count
      return nil
    }
    return .scalar(scalar)
  }

  /// Moves past a bracket in a place where none can be, up to its end if that is on the same line.
  private mutating func skipNested() {
    let start = lexer.position
    lexer.position += 1
    guard start >= searchedForBracket else { return }
    var depth = 0
    var index = start
    while index < source.scalars.count, !ScalarClass.isNewline(source.scalars[index]) {
      switch source.scalars[index] {
      case "[", "{": depth += 1
      case "]", "}": depth -= 1
      default: break
      }
      index += 1
      if depth == 0 {
        lexer.position = index
        return
      }
    }
    searchedForBracket = index
  }

  /// Reports `> 60` or `= A` in the place of a value, or of a colon and the value, and moves past it; false without
  /// moving if none stands here. A comparison without a blank is a word, and is read as one.
  private mutating func comparison(with key: ScalarSyntax? = nil) -> Bool {
    let signs = "<>≤≥!=".unicodeScalars
    let start = lexer.position
    var end = start
    while end < source.scalars.count, signs.contains(source.scalars[end]) { end += 1 }
    guard end > start else { return false }
    let isEquality = source.scalars[start..<end].allSatisfy { $0 == "=" }
    guard key != nil || isEquality || !lexer.isWordScalar(at: end) else { return false }
    let before = lexer
    lexer.position = end
    lexer.skipBlanks()
    let operand = scalar()
    guard isEquality || operand != nil else {
      // A sign alone is a word like any other.
      lexer = before
      return false
    }
    let written = (key?.span.lowerBound ?? start)..<(operand?.span.upperBound ?? end)
    if isEquality, let key {
      if operand == nil, lexer.current == "[" { _ = list(isInMap: true) }
      fail(.missingColon(key: key.printed + "=" + (operand?.printed ?? "")), written)
    } else {
      fail(.comparison(text(written), instead: isEquality ? operand?.printed : nil), written)
    }
    return true
  }
}
