/// Reads one statement of Python strictly: what is not understood as a whole is not Python.
struct PythonReader {
  private var lexer: PythonLexer
  private var depth = 0
  /// Nobody writes more by habit; what is nested or chained without bound would be walked through by recursion.
  private static let deepest = 40
  private static let longestChain = 100
  private static let longestText = 50_000

  private init(_ text: String) { lexer = PythonLexer(text) }

  private static let blocks: Set = [
    "for", "while", "if", "def", "class", "with", "try", "elif", "else", "except", "finally", "async", "match",
  ]

  /// The first word of a block, if a line opens one.
  static func blockWord(_ line: String) -> String? {
    let word = String(line.prefix { $0.isLetter })
    guard blocks.contains(word), let colon = PythonLexer.lastColon(ofBlock: line) else { return nil }
    // `else:` needs nothing before its colon; `for x in y:` does.
    let head = line.prefix(colon)
    return word != "for" || head.split(whereSeparator: \.isWhitespace).contains("in") ? word : nil
  }

  static func statement(_ text: String) -> PythonStatement? {
    let first = text.prefix { $0 != "\n" && $0 != "\r" }
    if let word = blockWord(String(first)) { return block(text, word) ?? .block(word) }
    var reader = PythonReader(text)
    return reader.statement()
  }

  static func expression(_ text: String) -> PythonExpression? {
    guard text.utf8.count <= longestText else { return nil }
    var reader = PythonReader(text)
    guard let value = reader.expression(), reader.lexer.isAtEnd else { return nil }
    return value
  }

  private static func block(_ text: String, _ word: String) -> PythonStatement? {
    let lines = text.split(whereSeparator: \.isNewline).map(String.init)
    guard word == "for", let header = lines.first, let colon = PythonLexer.lastColon(ofBlock: header) else {
      return nil
    }
    var reader = PythonReader(String(header.prefix(colon)))
    _ = reader.lexer.next()
    guard case .name(let variable) = reader.lexer.next(), case .name("in") = reader.lexer.next(),
      let values = reader.expression(), reader.lexer.isAtEnd
    else { return nil }
    let rest = String(header.dropFirst(colon + 1))
    let body = ([rest] + lines.dropFirst()).map(PythonLexer.trimmed).filter { !$0.isEmpty && !$0.hasPrefix("#") }
    return .loop(variable, values, body: body)
  }

  // MARK: Statements

  private mutating func statement() -> PythonStatement? {
    let start = lexer
    if case .name(let word) = lexer.next() {
      switch word {
      case "import", "from": return importing(word)
      case "library", "require":
        lexer = start
        if case .call(.name, let arguments)? = expression(), lexer.isAtEnd, arguments.count == 1 {
          return .importing(arguments[0].value.path ?? [word])
        }
      case "del":
        var names: [String] = []
        while case .name(let name) = lexer.next() {
          names.append(name)
          if !lexer.take(",") { break }
        }
        if lexer.isAtEnd, !names.isEmpty { return .deletion(names) }
      default: break
      }
    }
    lexer = start
    if let targets = targets() {
      guard let value = expressionOrTuple(), lexer.isAtEnd else { return nil }
      return .assignment(targets, value)
    }
    lexer = start
    guard let value = expression(), lexer.isAtEnd else { return nil }
    return .expression(value)
  }

  private mutating func importing(_ word: String) -> PythonStatement? {
    guard let module = dottedName() else { return nil }
    guard word == "from" else { return .importing([module]) }
    guard case .name("import") = lexer.next() else { return nil }
    if lexer.take("*") { return .importing([module]) }
    _ = lexer.take("(")
    var names: [String] = []
    while case .name(let name) = lexer.next() {
      names.append(name)
      if case .name("as") = lexer.peek() {
        _ = lexer.next()
        _ = lexer.next()
      }
      if !lexer.take(",") { break }
    }
    return names.isEmpty ? nil : .importing(names)
  }

  private mutating func dottedName() -> String? {
    guard case .name(var name) = lexer.next() else { return nil }
    while lexer.take(".") {
      guard case .name(let next) = lexer.next() else { return nil }
      name += "." + next
    }
    return name
  }

  /// `a =`, `a, b =`, `(a, b) =` or `a <-`, past the sign.
  private mutating func targets() -> [String]? {
    let isBracketed = lexer.take("(")
    var names: [String] = []
    repeat {
      guard case .name(let name) = lexer.next() else { return nil }
      names.append(name)
    } while lexer.take(",")
    if isBracketed, !lexer.take(")") { return nil }
    return lexer.take("=") || lexer.take("<-") ? names : nil
  }

  private mutating func expressionOrTuple() -> PythonExpression? {
    guard let first = expression() else { return nil }
    guard lexer.take(",") else { return first }
    var items = [first]
    while !lexer.isAtEnd {
      guard let next = expression() else { return nil }
      items.append(next)
      if !lexer.take(",") { break }
    }
    return .tuple(items)
  }

  // MARK: Expressions

  private mutating func expression() -> PythonExpression? {
    guard depth < Self.deepest else { return nil }
    depth += 1
    defer { depth -= 1 }
    guard var value = operand() else { return nil }
    for _ in 0..<Self.longestChain {
      let isPath = lexer.peek() == .sign("/")
      guard isPath || lexer.peek() == .sign("+") else { return value }
      _ = lexer.next()
      guard let right = operand() else { return nil }
      value = .joined(value, right, isPath: isPath)
    }
    return nil
  }

  private mutating func operand() -> PythonExpression? {
    guard var value = atom() else { return nil }
    for _ in 0..<Self.longestChain {
      switch lexer.peek() {
      case .sign("."), .sign("$"):
        _ = lexer.next()
        guard case .name(let name) = lexer.next() else { return nil }
        value = .attribute(value, name)
      case .sign("("):
        _ = lexer.next()
        guard let arguments = arguments() else { return nil }
        // `c(1, 2)` is a list in R.
        if case .name("c") = value, arguments.allSatisfy({ $0.name == nil }) {
          value = .list(arguments.map(\.value))
        } else {
          value = .call(value, arguments)
        }
      case .sign("["):
        _ = lexer.next()
        guard let items = items(until: "]", item: { $0.subscript() }), !items.isEmpty else { return nil }
        value = .item(value, items)
      default: return value
      }
    }
    return nil
  }

  private mutating func atom() -> PythonExpression? {
    switch lexer.next() {
    case .name(let name): return ["lambda", "not", "await", "yield"].contains(name) ? nil : .name(name)
    case .number(let digits): return .number(digits)
    case .text(let text):
      guard case .text(let more) = lexer.peek() else { return .text(text) }
      // Two texts side by side are one.
      _ = lexer.next()
      return .text(text + more)
    case .formatted(let text): return formatted(text)
    case .sign("-"):
      guard case .number(let digits) = lexer.next() else { return nil }
      return .number("-" + digits)
    case .sign("..."): return .ellipsis
    case .sign("["):
      return items(until: "]", item: { $0.expression() }).map(PythonExpression.list)
    case .sign("("):
      let start = lexer
      guard let items = items(until: ")", item: { $0.expression() }) else { return nil }
      let isTuple = items.count != 1 || lexer.endsWithComma(from: start)
      return isTuple ? .tuple(items) : items[0]
    case .sign("{"):
      let pairs = items(until: "}") { reader -> (key: PythonExpression, value: PythonExpression)? in
        guard let key = reader.expression(), reader.lexer.take(":"), let value = reader.expression() else { return nil }
        return (key, value)
      }
      return pairs.map(PythonExpression.dictionary)
    default: return nil
    }
  }

  private mutating func arguments() -> [PythonArgument]? {
    items(until: ")") { reader in
      let start = reader.lexer
      // `*args` and `**kwargs` stand for nothing in particular.
      while reader.lexer.take("*") {}
      if case .name(let name) = reader.lexer.next(), reader.lexer.take("=") {
        return PythonArgument(name: name, value: reader.expressionOrOther())
      }
      reader.lexer = start
      if reader.lexer.take("*") {
        while reader.lexer.take("*") {}
        _ = reader.expression()
        return PythonArgument(name: nil, value: .ellipsis)
      }
      return PythonArgument(name: nil, value: reader.expressionOrOther())
    }
  }

  /// What cannot be read up to the next comma or closing bracket is something else.
  private mutating func expressionOrOther() -> PythonExpression {
    let start = lexer
    if let value = expression(), [.sign(","), .sign(")")].contains(lexer.peek()) { return value }
    lexer = start
    lexer.skipToSeparator()
    return .other
  }

  private mutating func `subscript`() -> PythonExpression? {
    var lower: PythonExpression?
    if lexer.peek() != .sign(":") {
      lower = expression()
      guard let lower else { return nil }
      if lexer.peek() != .sign(":") { return lower }
    }
    guard lexer.take(":") else { return nil }
    let hasUpper = ![.sign("]"), .sign(","), .sign(":")].contains(lexer.peek())
    let upper = hasUpper ? expression() : nil
    // A step has no counterpart.
    if hasUpper, upper == nil || lexer.peek() == .sign(":") { return nil }
    return .slice(lower, upper)
  }

  private mutating func items<Item>(until close: String, item: (inout PythonReader) -> Item?) -> [Item]? {
    var items: [Item] = []
    while !lexer.take(close) {
      guard depth < Self.deepest, let next = item(&self) else { return nil }
      items.append(next)
      if lexer.take(close) { break }
      guard lexer.take(",") else { return nil }
    }
    return items
  }

  private func formatted(_ text: String) -> PythonExpression? {
    var pieces: [PythonExpression] = []
    var plain = ""
    var rest = Substring(text)
    while let open = rest.firstIndex(of: "{") {
      plain += rest[..<open]
      guard let close = rest[open...].firstIndex(of: "}") else { return nil }
      let inner = rest[rest.index(after: open)..<close].prefix { $0 != ":" && $0 != "!" }
      pieces.append(.text(plain))
      pieces.append(Self.expression(String(inner)) ?? .other)
      plain = ""
      rest = rest[rest.index(after: close)...]
    }
    plain += rest
    return pieces.isEmpty ? .text(plain) : .formatted(pieces + [.text(plain)])
  }
}
