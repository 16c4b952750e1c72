/// `target = receiver.name(arguments)`, as far as a line of Python has this form.
struct PythonCall {
  var target: String?
  var receiver: [String] = []
  var name = ""
  var arguments: [(name: String?, value: String)] = []
  /// True if something follows the call, as in `f(x).g(y)`.
  var hasMoreBehind = false

  init?(_ text: String) {
    let source = SourceText(text)
    var lexer = Lexer(source)
    guard var parts = Self.dottedName(&lexer) else { return nil }
    lexer.skipBlanks()
    var targets = [parts]
    while lexer.current == "," {
      lexer.position += 1
      lexer.skipBlanks()
      guard let next = Self.dottedName(&lexer) else { return nil }
      targets.append(next)
      lexer.skipBlanks()
    }
    if lexer.current == "=" {
      lexer.position += 1
      lexer.skipBlanks()
      guard let head = Self.dottedName(&lexer) else { return nil }
      target = parts.count == 1 ? parts[0] : nil
      parts = head
      lexer.skipBlanks()
    } else if targets.count > 1 {
      return nil
    }
    guard lexer.current == "(", let last = parts.popLast() else { return nil }
    name = last
    receiver = parts
    guard let (items, end) = PythonValue.items(Array(source.scalars), from: lexer.position) else { return nil }
    hasMoreBehind = source.scalars[end...].contains { !ScalarClass.isBlank($0) && !ScalarClass.isNewline($0) }
    for item in items {
      var inner = Lexer(SourceText(item))
      if let name = inner.name() {
        inner.skipBlanks()
        if inner.current == "=", inner.scalar(ahead: 1) != "=" {
          inner.position += 1
          inner.skipBlanks()
          let value = inner.source.text(in: inner.position..<inner.source.scalars.count)
          arguments.append((inner.source.text(in: name), value))
          continue
        }
      }
      arguments.append((nil, item))
    }
  }

  private static func dottedName(_ lexer: inout Lexer) -> [String]? {
    guard let first = lexer.name() else { return nil }
    var parts = [lexer.source.text(in: first)]
    while lexer.current == "." {
      lexer.position += 1
      guard let next = lexer.name() else { return nil }
      parts.append(lexer.source.text(in: next))
    }
    return parts
  }
}

/// Literals of Python in this language.
enum PythonValue {
  /// The items between brackets that open at a position, without blanks around them, and the end of the bracket.
  static func items(_ scalars: [Unicode.Scalar], from open: Int) -> (items: [String], end: Int)? {
    var items: [String] = []
    var item = String.UnicodeScalarView()
    var depth = 0
    var quote: Unicode.Scalar?
    func finish() {
      let text = trimmed(String(item))
      if !text.isEmpty { items.append(text) }
      item = String.UnicodeScalarView()
    }
    for index in open..<scalars.count {
      let scalar = scalars[index]
      if let closing = quote {
        if scalar == closing { quote = nil }
      } else {
        switch scalar {
        case "'", "\"": quote = scalar
        case "(", "[", "{":
          depth += 1
          if depth == 1 { continue }
        case ")", "]", "}":
          depth -= 1
          if depth == 0 {
            finish()
            return (items, index + 1)
          }
        case "," where depth == 1:
          finish()
          continue
        default: break
        }
      }
      item.append(scalar)
    }
    return nil
  }

  /// A literal or a name as it is written here; nil for anything more.
  static func spelling(_ text: String) -> String? { spelling(text, depth: 0) }

  private static func spelling(_ text: String, depth: Int) -> String? {
    let scalars = Array(text.unicodeScalars)
    guard let first = scalars.first, let last = scalars.last else { return nil }
    if first == "'" || first == "\"" {
      guard scalars.count >= 2, last == first,
        !scalars[1..<scalars.count - 1].contains(where: { $0 == first || $0 == "\\" })
      else { return nil }
      var content = String.UnicodeScalarView()
      content.append(contentsOf: scalars[1..<scalars.count - 1])
      return ScalarSyntax.spelling(of: String(content))
    }
    if first == "[" || first == "(" || first == "{" {
      guard depth < 2, let (items, end) = items(scalars, from: 0), end == scalars.count else { return nil }
      return first == "{" ? map(items, depth: depth) : list(items, depth: depth)
    }
    if text.hasPrefix("range("), text.hasSuffix(")") {
      guard let (items, end) = items(scalars, from: 5), end == scalars.count else { return nil }
      let numbers = items.compactMap(WordReading.integer)
      guard numbers.count == items.count, (1...2).contains(numbers.count), let upper = numbers.last else { return nil }
      return "\(numbers.count == 2 ? numbers[0] : 0)..<\(upper)"
    }
    if let value = WordReading.boolean(text) { return value ? "true" : "false" }
    if WordReading.isNone(text) { return "none" }
    return WordReading.number(text) != nil || WordReading.reference(text) != nil ? text : nil
  }

  private static func list(_ items: [String], depth: Int) -> String? {
    let spelled = items.compactMap { spelling($0, depth: depth + 1) }
    return spelled.count == items.count ? "[" + spelled.joined(separator: ", ") + "]" : nil
  }

  private static func map(_ items: [String], depth: Int) -> String? {
    var pairs: [String] = []
    for item in items {
      let scalars = Array(item.unicodeScalars)
      guard let quote = scalars.first, quote == "'" || quote == "\"",
        let close = scalars.dropFirst().firstIndex(of: quote),
        let colon = scalars[close...].firstIndex(of: ":")
      else { return nil }
      var key = String.UnicodeScalarView()
      key.append(contentsOf: scalars[1..<close])
      var rest = String.UnicodeScalarView()
      rest.append(contentsOf: scalars[(colon + 1)...])
      guard let value = spelling(trimmed(String(rest)), depth: depth + 1) else { return nil }
      pairs.append(ScalarSyntax.keySpelling(of: String(key)) + ": " + value)
    }
    return "{" + pairs.joined(separator: ", ") + "}"
  }

  private static func trimmed(_ text: String) -> String {
    var view = text.unicodeScalars[...]
    while let first = view.first, ScalarClass.isBlank(first) || ScalarClass.isNewline(first) { view.removeFirst() }
    while let last = view.last, ScalarClass.isBlank(last) || ScalarClass.isNewline(last) { view.removeLast() }
    return String(view)
  }
}
