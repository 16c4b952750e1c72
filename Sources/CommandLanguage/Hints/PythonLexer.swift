/// The smallest parts of Python.
enum PythonToken: Equatable {
  case name(String)
  case number(String)
  case text(String)
  case formatted(String)
  case sign(String)
  case end
}

/// Cuts a statement of Python into its smallest parts. Newlines separate nothing: a statement is looked at alone.
struct PythonLexer {
  private let scalars: [Unicode.Scalar]
  private var position = 0
  private var lookahead: PythonToken?

  init(_ text: String) { scalars = Array(text.unicodeScalars) }

  var isAtEnd: Bool {
    mutating get { peek() == .end }
  }

  mutating func peek() -> PythonToken {
    if let lookahead { return lookahead }
    let token = read()
    lookahead = token
    return token
  }

  mutating func next() -> PythonToken {
    let token = peek()
    lookahead = nil
    return token
  }

  mutating func take(_ sign: String) -> Bool {
    guard peek() == .sign(sign) else { return false }
    lookahead = nil
    return true
  }

  /// Moves to the next comma or closing bracket of this depth.
  mutating func skipToSeparator() {
    var depth = 0
    while true {
      switch peek() {
      case .end: return
      case .sign("("), .sign("["), .sign("{"): depth += 1
      case .sign(")"), .sign("]"), .sign("}"):
        if depth == 0 { return }
        depth -= 1
      case .sign(","):
        if depth == 0 { return }
      default: break
      }
      _ = next()
    }
  }

  /// True if the last sign before the bracket that has just closed is a comma, as in `(a,)`.
  func endsWithComma(from start: PythonLexer) -> Bool {
    var lexer = start
    var last = PythonToken.end
    var depth = 0
    while true {
      let token = lexer.next()
      switch token {
      case .end: return false
      case .sign("("), .sign("["), .sign("{"): depth += 1
      case .sign(")"), .sign("]"), .sign("}"):
        if depth == 0 { return last == .sign(",") }
        depth -= 1
      default: break
      }
      last = token
    }
  }

  /// How many characters stand before the colon that opens a block at the end of a line, or before its only statement.
  static func lastColon(ofBlock line: String) -> Int? {
    var depth = 0
    var quote: Character?
    for (offset, character) in line.enumerated() {
      if let open = quote {
        if character == open { quote = nil }
        continue
      }
      switch character {
      case "'", "\"": quote = character
      case "(", "[", "{": depth += 1
      case ")", "]", "}": depth -= 1
      case "#": return nil
      case ":" where depth == 0:
        // `S1:0` is a tile and no block.
        let rest = line.dropFirst(offset + 1)
        return rest.first.map { $0.isWhitespace || $0 == "\\" } ?? true ? offset : nil
      default: break
      }
    }
    return nil
  }

  static func trimmed(_ text: String) -> String {
    var view = text.unicodeScalars[...]
    while let first = view.first, ScalarClass.isBlank(first) || ScalarClass.isNewline(first) { view.removeFirst() }
    while let last = view.last, ScalarClass.isBlank(last) || ScalarClass.isNewline(last) { view.removeLast() }
    return String(view)
  }

  // MARK: Reading

  private func scalar(_ offset: Int = 0) -> Unicode.Scalar? {
    position + offset < scalars.count ? scalars[position + offset] : nil
  }

  private mutating func read() -> PythonToken {
    skipBlanks()
    guard let first = scalar() else { return .end }
    if ScalarClass.isQuote(first) {
      if let text = text(prefix: "") { return text }
      position += 1
      return .sign(String(first))
    }
    if ScalarClass.isNameStart(first) { return name() }
    if ("0"..."9").contains(first) || first == "." && scalar(1).map({ ("0"..."9").contains($0) }) == true {
      return number()
    }
    for sign in ["...", "<-", "==", "!=", "<=", ">=", "**", "//"] where stands(sign) {
      // `**kwargs` is taken sign by sign.
      if sign == "**" { break }
      position += sign.unicodeScalars.count
      return .sign(sign)
    }
    let isApart = position > 0 && ScalarClass.isBlank(scalars[position - 1])
    position += 1
    // R's `df$x` has no blank before the sign.
    return .sign(first == "$" && isApart ? " $" : String(first))
  }

  private func stands(_ sign: String) -> Bool {
    sign.unicodeScalars.enumerated().allSatisfy { scalar($0.offset) == $0.element }
  }

  private mutating func skipBlanks() {
    while let scalar = scalar() {
      if ScalarClass.isBlank(scalar) || ScalarClass.isNewline(scalar) {
        position += 1
      } else if scalar == "\\", self.scalar(1).map(ScalarClass.isNewline) == true {
        position += 1
      } else if scalar == "#" {
        while let next = self.scalar(), !ScalarClass.isNewline(next) { position += 1 }
      } else {
        return
      }
    }
  }

  private mutating func name() -> PythonToken {
    let start = position
    while let scalar = scalar(), ScalarClass.isNameScalar(scalar) { position += 1 }
    let name = string(start..<position)
    if let quote = scalar(), ScalarClass.isQuote(quote), name.count <= 2,
      name.allSatisfy({ "rRbBfFuU".contains($0) }), let text = text(prefix: name.lowercased())
    {
      return text
    }
    return .name(name)
  }

  private mutating func number() -> PythonToken {
    let start = position
    while let scalar = scalar() {
      let isExponentSign =
        (scalar == "-" || scalar == "+") && position > start && "eE".unicodeScalars.contains(scalars[position - 1])
      guard ScalarClass.isNameScalar(scalar) || scalar == "." || isExponentSign else { break }
      // `0...` would be a number and an ellipsis.
      if scalar == ".", self.scalar(1) == "." { break }
      position += 1
    }
    // `1_000` and R's `5L`.
    var digits = string(start..<position).filter { $0 != "_" }
    if digits.last == "L" { digits.removeLast() }
    return .number(digits)
  }

  /// A quoted text at the position; typographic quotes count as the straight ones.
  private mutating func text(prefix: String) -> PythonToken? {
    let start = position
    guard let open = scalar() else { return nil }
    let isTriple = scalar(1) == open && scalar(2) == open
    position += isTriple ? 3 : 1
    var content = String.UnicodeScalarView()
    while let scalar = scalar() {
      let closes = ScalarClass.isTypographicQuote(open) ? ScalarClass.isTypographicQuote(scalar) : scalar == open
      if closes, !isTriple || self.scalar(1) == open && self.scalar(2) == open {
        position += isTriple ? 3 : 1
        return prefix.contains("f") ? .formatted(String(content)) : .text(String(content))
      }
      if ScalarClass.isNewline(scalar), !isTriple { break }
      if scalar == "\\", !prefix.contains("r"), let escaped = self.scalar(1) {
        content.append(Self.escapes[escaped] ?? escaped)
        position += 2
      } else {
        content.append(scalar)
        position += 1
      }
    }
    position = start
    return nil
  }

  private static let escapes: [Unicode.Scalar: Unicode.Scalar] = ["n": "\n", "t": "\t", "r": "\r"]

  private func string(_ range: Range<Int>) -> String {
    var view = String.UnicodeScalarView()
    view.append(contentsOf: scalars[range])
    return String(view)
  }
}
