/// Arguments and their values.
extension Parser {
  mutating func arguments(of result: inout StatementSyntax) {
    let start = result.span.lowerBound
    var end = lexer.position
    // What follows something that was passed over is not blamed for a blank that is missing there.
    var followsError = false
    loop: while true {
      let gap = lexer.skipBlanks() || followsError
      followsError = false
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
      case "=" where result.arguments.isEmpty && result.head.count == 1 && errorCount == 0:
        secondEquals(result)
        end = lexer.position
        followsError = true
        continue loop
      case ",":
        if !hasComma { fail(.comma(instead: withoutComma(result.arguments.last)), lexer.position..<lexer.position + 1) }
        hasComma = true
        lexer.position += 1
        followsError = true
        continue loop
      case "|":
        fail(.pipe, lexer.position..<lexer.position + 1)
        lexer.skipToLineEnd()
        end = lexer.position
        break loop
      case _ where ScalarClass.isUnseen(scalar):
        unexpected()
        followsError = true
        continue loop
      default: break
      }
      if !gap, scalar == "[", result.arguments.isEmpty, !commandNames.contains(text(result.headSpan)) {
        fail(.indexing(text(result.headSpan)), lexer.position..<lexer.position + 1)
      } else if !gap, Self.needsGap(scalar), lexer.isWordScalar(at: lexer.position) || scalar != "\\" {
        if errorCount < Self.mostErrors {
          fail(
            .blankExpected(before: text(foundSpan()), instead: separated(at: lexer.position)),
            lexer.position..<lexer.position + 1)
        }
      }
      let before = lexer.position
      if let argument = argument() {
        result.arguments.append(argument)
        let isPassedOver = argument.value.map { $0.scalars.contains { $0.text == "\\" && !$0.isQuoted } } ?? true
        followsError = isPassedOver && !lexer.isAtLineEnd && lexer.current != ";"
      } else {
        followsError = true
      }
      if lexer.position == before { lexer.position += 1 }
      end = lexer.position
      if brokenOffAt == lexer.position { break }
    }
    result.span = start..<trimmed(end, after: start)
  }

  /// `range(5)`, as Python writes it, at its parenthesis.
  func rangeCall(after argument: ArgumentSyntax?) -> (span: Range<Int>, instead: String)? {
    guard case .scalar(let scalar)? = argument?.value, scalar.text == "range", !scalar.isQuoted,
      let close = source.scalars[lexer.position...].firstIndex(where: { $0 == ")" || ScalarClass.isNewline($0) }),
      source.scalars[close] == ")"
    else { return nil }
    let span = scalar.span.lowerBound..<close + 1
    guard let value = PythonReader.expression(text(span)) else { return nil }
    return PythonTranslator.spelling(of: value, depth: 0).map { (span, $0) }
  }

  /// What stands around a position without blanks, up to 40 scalars on each side, with a blank put in.
  func separated(at position: Int) -> String {
    let before = source.scalars[max(0, position - 40)..<position].reversed().prefix(while: Self.isInk)
    let after = source.scalars[position..<min(position + 40, source.scalars.count)].prefix(while: Self.isInk)
    return text(position - before.count..<position) + " " + text(position..<position + after.count)
  }

  static func isInk(_ scalar: Unicode.Scalar) -> Bool {
    !ScalarClass.isBlank(scalar) && !ScalarClass.isNewline(scalar)
  }

  static func needsGap(_ scalar: Unicode.Scalar) -> Bool {
    ScalarClass.isWordScalar(scalar) && scalar != "=" || ScalarClass.isQuote(scalar) || scalar == "[" || scalar == "{"
  }

  mutating func argument() -> ArgumentSyntax? {
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

  mutating func value() -> ValueSyntax? {
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
    let word = text(span)
    if word == "\\" {
      fail(.strayContinuation, span)
      // The next line was meant to belong to this one.
      var ahead = lexer
      ahead.skipBlanks()
      ahead.skipNewline()
      if !beginsStatement(at: ahead.position) { lexer = ahead }
    }
    return ScalarSyntax(text: word, isQuoted: false, span: span)
  }

  /// Reports `x == stats df` and `x = y = stats df` at the second sign, and moves past it.
  private mutating func secondEquals(_ statement: StatementSyntax) {
    let start = lexer.position
    while lexer.current == "=" { lexer.position += 1 }
    let name = text(statement.headSpan)
    var rest = text(trimmedSpan(lexer.position..<lineEnd()))
    rest = String(rest.drop(while: \.isWhitespace))
    if let target = statement.target {
      fail(.secondTarget(instead: "\(name) = \(rest)\n\(target.text) = \(name)"), start..<lexer.position)
    } else {
      fail(.doubleEquals(instead: "\(name) = \(rest)"), start..<lexer.position)
    }
  }

  /// What to write in place of a comma: brackets around several values, a number without it, or else a blank.
  private func withoutComma(_ argument: ArgumentSyntax?) -> String {
    guard let argument, let name = argument.name, case .scalar(let first)? = argument.value else { return "" }
    var ahead = lexer
    var items = [first.printed]
    var isTight = false
    while ahead.current == ",", items.count < 9 {
      ahead.position += 1
      isTight = !ahead.skipBlanks() && items.count == 1
      guard let word = ahead.word() else { break }
      let item = text(word)
      guard !item.contains("=") else { break }
      items.append(item)
      ahead.skipBlanks()
    }
    guard items.count > 1, ahead.current != "=" else { return "" }
    let isNumber = items.count == 2 && isTight && items.allSatisfy { WordReading.integer($0) != nil }
    guard isNumber else { return "\(name.text)=[\(items.joined(separator: ", "))]" }
    return name.text + "=" + items.joined(separator: items[1].count == 3 ? "" : ".")
  }
}
