import CommandLanguage
import SmallLanguage
import Testing

/// What a cell says, without where it says it.
private struct Form: Equatable {
  struct Statement: Equatable {
    var target: String?
    var head: [String]
    var asksForHelp = false
    var arguments: [Argument] = []
    var hidesOutput = false
  }

  struct Argument: Equatable {
    var name: String?
    var value: Value?
  }

  struct Scalar: Equatable {
    var text: String
    var isQuoted: Bool
  }

  enum Value: Equatable {
    case scalar(Scalar)
    case list([Scalar])
    case map([Pair])
  }

  struct Pair: Equatable {
    var key: Scalar
    var isList: Bool
    var items: [Scalar]
  }

  var statements: [Statement]

  init(_ statements: [Statement]) { self.statements = statements }

  init(_ cell: CellSyntax) {
    func scalar(_ scalar: ScalarSyntax) -> Scalar { Scalar(text: scalar.text, isQuoted: scalar.isQuoted) }
    func value(_ value: ValueSyntax) -> Value {
      switch value {
      case .scalar(let one): .scalar(scalar(one))
      case .list(let items, _): .list(items.map(scalar))
      case .map(let pairs, _):
        .map(
          pairs.map { pair in
            switch pair.value {
            case .list(let items, _)?: Pair(key: scalar(pair.key), isList: true, items: items.map(scalar))
            case .scalar(let one)?: Pair(key: scalar(pair.key), isList: false, items: [scalar(one)])
            case .map?, nil: Pair(key: scalar(pair.key), isList: false, items: [])
            }
          })
      }
    }
    statements = cell.statements.map { statement in
      Statement(
        target: statement.target?.text, head: statement.head.map(\.text), asksForHelp: statement.asksForHelp,
        arguments: statement.arguments.map { Argument(name: $0.name?.text, value: $0.value.map(value)) },
        hidesOutput: statement.hidesOutput)
    }
  }
}

/// Makes up cells, and writes them in one of the many ways in which each can be written.
private struct CellWriter {
  var generator: Seeded

  mutating func chance(_ one: Int) -> Bool { generator.below(one) == 0 }

  mutating func pick<T>(_ items: [T]) -> T { items[generator.below(items.count)] }

  // MARK: Making up

  mutating func name() -> String { pick(["a", "stats", "größe", "_x1", "mosaic", "日本語", "é", "e\u{301}"]) }

  mutating func word() -> String {
    let signs = Array("abcXYZ019_.-+~/\\=?@%&*<>!^:é本#$🧬\u{200D}".unicodeScalars)
    var word = String.UnicodeScalarView([pick(["a", "Z", "7", "ß", "~", "-", "/", ".", "<"])])
    for _ in 0..<generator.below(8) { word.append(pick(signs)) }
    return String(word)
  }

  mutating func scalar(isKey: Bool = false, isArgument: Bool = false) -> Form.Scalar {
    if chance(3) {
      let pieces = [
        "a", " ", "\\", "\"", "'", "\n", "\t", "\r", "#", ";", "]", "é", "=", "\u{7}", "\u{85}", "\u{2028}", "🧬",
      ]
      return Form.Scalar(text: (0..<generator.below(6)).map { _ in pick(pieces) }.joined(), isQuoted: true)
    }
    var word = word().unicodeScalars
    if isKey { word.removeAll { $0 == ":" } }
    // What reads as `name=` is a parameter, and a backslash at the end may continue the line.
    if isArgument || isKey { word.removeAll { $0 == "=" } }
    if word.last == "\\" || word.isEmpty { word.append("w") }
    return Form.Scalar(text: String(word), isQuoted: false)
  }

  mutating func scalars() -> [Form.Scalar] { (0..<generator.below(4)).map { _ in scalar() } }

  mutating func statement() -> Form.Statement {
    if chance(10) { return Form.Statement(head: [name()], asksForHelp: true, hidesOutput: chance(4)) }
    var statement = Form.Statement(target: chance(2) ? name() : nil, head: [name()])
    if chance(5) { statement.head.append(name()) }
    for _ in 0..<generator.below(4) {
      let name = chance(2) ? name() : nil
      switch generator.below(4) {
      case 0: statement.arguments.append(Form.Argument(name: name, value: .list(scalars())))
      case 1:
        let pairs = (0..<generator.below(3)).map { _ in
          let isList = chance(2)
          return Form.Pair(key: scalar(isKey: true), isList: isList, items: isList ? scalars() : [scalar()])
        }
        statement.arguments.append(Form.Argument(name: name, value: .map(pairs)))
      default: statement.arguments.append(Form.Argument(name: name, value: .scalar(scalar(isArgument: name == nil))))
      }
    }
    statement.hidesOutput = chance(5)
    return statement
  }

  // MARK: Writing

  mutating func newline() -> String { pick(["\n", "\r\n", "\r", "\n  \n", "\n# a comment; [\n"]) }

  mutating func blanks(_ least: Int) -> String {
    var text = (0..<(least + generator.below(2))).map { _ in pick([" ", "\t", "\u{A0}", "  "]) }.joined()
    if chance(8) { text += pick([" \\\n", " \\  \r\n", " \\\r "]) + " " }
    return text
  }

  /// Blanks, newlines and comments inside a bracket; a line in it is indented, so that it begins no statement.
  mutating func inside() -> String {
    chance(3) ? pick([" ", "\n  ", " # a, b ]\n ", "\r\n\t", "\u{A0}"]) : ""
  }

  mutating func write(_ scalar: Form.Scalar) -> String {
    guard scalar.isQuoted else { return scalar.text }
    let plain = scalar.text.unicodeScalars.allSatisfy { $0 != "'" && $0 != "\n" && $0 != "\r" }
    if plain, chance(2) { return "'" + scalar.text + "'" }
    var text = ""
    for one in scalar.text.unicodeScalars {
      switch one {
      case "\\": text += "\\\\"
      case "\"": text += "\\\""
      case "\n": text += "\\n"
      case "\r": text += "\\u{D}"
      case "\t" where chance(2): text += "\\t"
      case _ where chance(9): text += "\\u{" + String(one.value, radix: 16) + "}"
      default: text.unicodeScalars.append(one)
      }
    }
    return "\"" + text + "\""
  }

  mutating func write(_ items: [Form.Scalar]) -> String {
    var text = "[" + inside()
    for (index, item) in items.enumerated() {
      // Behind a blank, `#` begins a comment.
      let gap = item.text.hasPrefix("#") && !item.isQuoted ? "" : inside()
      text += (index > 0 ? "," + gap : "") + write(item) + inside()
    }
    if !items.isEmpty, chance(4) { text += "," + inside() }
    return text + "]"
  }

  mutating func write(_ value: Form.Value) -> String {
    switch value {
    case .scalar(let scalar): return write(scalar)
    case .list(let items): return write(items)
    case .map(let pairs):
      var text = "{" + inside()
      for (index, pair) in pairs.enumerated() {
        text += (index > 0 ? "," + inside() : "") + write(pair.key) + inside() + ":" + inside()
        text += pair.isList ? write(pair.items) : pair.items.map { write($0) }.joined()
        text += inside()
      }
      if !pairs.isEmpty, chance(4) { text += "," + inside() }
      return text + "}"
    }
  }

  mutating func write(_ statement: Form.Statement) -> String {
    var text = chance(4) ? blanks(1) : ""
    if let target = statement.target { text += target + blanks(0) + "=" + blanks(0) }
    text += statement.head.joined(separator: ".") + (statement.asksForHelp ? "?" : "")
    for argument in statement.arguments {
      text += blanks(1)
      if let name = argument.name { text += name + blanks(0) + "=" + blanks(0) }
      if let value = argument.value { text += write(value) }
    }
    if statement.hidesOutput { return text + blanks(0) + ";" + pick(["", " ", "# shown", "  # shown"]) }
    return text + pick(["", "", "  ", " # and \"more"])
  }
}

@Suite struct RoundTripTests {
  @Test func `What is written in any way is read as what was meant, and printing keeps it`() {
    var writer = CellWriter(generator: Seeded(seed: 23))
    for _ in 0..<6000 {
      let meant = Form((0..<writer.generator.below(4)).map { _ in writer.statement() })
      var cell = writer.chance(6) ? "\u{FEFF}" : ""
      for statement in meant.statements {
        cell += writer.write(statement) + writer.newline()
      }
      let parsed = Parser.parse(cell)
      #expect(parsed.errors.isEmpty, "\(cell.debugDescription)")
      #expect(Form(parsed.syntax) == meant, "\(cell.debugDescription)")
      let printed = parsed.syntax.printed
      let again = Parser.parse(printed)
      #expect(again.errors.isEmpty, "\(printed.debugDescription)")
      #expect(Form(again.syntax) == meant, "\(printed.debugDescription)")
      #expect(again.syntax.printed == printed)
    }
  }

  @Test func `A word that ends in a backslash stays one`() {
    for cell in [
      "echo c:\\ # comment", "echo c:\\;", "echo [c:\\, b]", "echo c:\\ b", "echo x=c:\\ # comment\nstats df",
    ] {
      let parsed = Parser.parse(cell)
      #expect(parsed.errors.isEmpty)
      let again = Parser.parse(parsed.syntax.printed)
      #expect(again.errors.isEmpty)
      #expect(Form(again.syntax) == Form(parsed.syntax))
      #expect(parsed.syntax.printed.contains("c:\\"))
    }
  }

  @Test func `Every example of a declaration is printed as it is written`() {
    for command in SmallLanguage.interpreter().registry.commands {
      for example in command.declaration.examples {
        let parsed = Parser.parse(example)
        #expect(parsed.errors.isEmpty)
        #expect(parsed.syntax.printed == example)
      }
    }
  }

  @Test(arguments: [
    "plain", "two words", "", "#1", "a\"b", "it's", "é", "a\\", "\\", "a:b", "x=y", "=x", "$x", "a\u{2003}b",
    "\u{200B}",
    "line\nline", "a,b", "[a]", "tab\t", "bell\u{7}", "🧬", "none", "0..<5", "“a”",
  ])
  func `A name is spelled so that it is read back`(_ text: String) {
    for cell in ["echo x=\(ScalarSyntax.spelling(of: text))", "echo x={\(ScalarSyntax.keySpelling(of: text)): v}"] {
      let parsed = Parser.parse(cell)
      #expect(parsed.errors.isEmpty)
      switch parsed.syntax.statements.first?.arguments.first?.value {
      case .scalar(let scalar)?: #expect(scalar.text == text)
      case .map(let pairs, _)?: #expect(pairs.map(\.key.text) == [text])
      case .list?, nil: Issue.record("\(cell)")
      }
    }
  }
}
