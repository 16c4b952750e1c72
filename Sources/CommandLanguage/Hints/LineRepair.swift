/// Writes a line that follows the habits of a shell, of typesetting or of plain English as this language has it.
struct LineRepair {
  let registry: Registry
  let scope: Scope
  let problems: (String) -> [Diagnostic]

  /// The line or lines meant, if they are right as they stand; nil otherwise.
  func repaired(_ text: String) -> String? {
    let plain = Self.withPlainScalars(text)
    // What begins with no command is no such line.
    let head = Parser.parse(plain, commandNames: registry.commandNames).syntax.statements.first?.head
    guard let head, head.count == 1, registry[head[0].text] != nil else { return nil }
    var lines: [String] = []
    var piped: String?
    for (segment, sign) in Self.segments(plain) {
      guard var line = repairedStatement(segment, piped: piped) else { continue }
      piped = nil
      if sign == "|" {
        guard let (named, name) = withTarget(line) else { return nil }
        (line, piped) = (named, name)
      }
      lines.append(line)
    }
    var result = lines.joined(separator: "\n")
    // Where nothing was written as elsewhere, the error says it better.
    let parsed = Parser.parse(text)
    guard result != text, !parsed.errors.isEmpty || result != parsed.syntax.printed else { return nil }
    for _ in 0..<4 {
      let found = problems(result)
      guard let first = found.first(where: { !$0.problem.isAboutExistence }) else { break }
      // What its remedy leaves out may be what was meant.
      if case .parameterIsPositional = first.problem { return nil }
      guard let better = Habits.mended(result, first, dropsArguments: false, problems) else { return nil }
      result = better
    }
    return result == text || result.isEmpty ? nil : result
  }

  // MARK: Scalars

  /// Quotes, blanks and dashes as a keyboard has them.
  private static func withPlainScalars(_ text: String) -> String {
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\u{2018}"..."\u{201B}", "\u{2032}": result.append("'")
      case "\u{201C}"..."\u{201F}", "\u{AB}", "\u{BB}", "\u{2033}": result.append("\"")
      case "\u{2000}"..."\u{200A}", "\u{202F}", "\u{205F}", "\u{3000}": result.append(" ")
      case "\u{200B}"..."\u{200D}", "\u{2060}", "\u{FEFF}": break
      case "\u{2014}": result.append(contentsOf: "--".unicodeScalars)
      case "\u{2010}"..."\u{2013}", "\u{2212}": result.append("-")
      case "\u{FF08}"..."\u{FF1D}":
        result.append(Unicode.Scalar(scalar.value - 0xFEE0) ?? scalar)
      default: result.append(scalar)
      }
    }
    return String(result)
  }

  // MARK: Segments

  /// What stands between `;`, `&&` and `|` outside quotes and brackets, with commas between arguments made blanks.
  private static func segments(_ text: String) -> [(String, sign: String)] {
    var result: [(String, sign: String)] = []
    var segment = String.UnicodeScalarView()
    var depth = 0
    var quote: Unicode.Scalar?
    let scalars = Array(text.unicodeScalars)
    var index = 0
    while index < scalars.count {
      let scalar = scalars[index]
      let next = index + 1 < scalars.count ? scalars[index + 1] : " "
      index += 1
      if let open = quote {
        if scalar == open { quote = nil }
        segment.append(scalar)
        continue
      }
      switch scalar {
      case "'", "\"": quote = scalar
      case "[", "{", "(": depth += 1
      case "]", "}", ")": depth -= 1
      default: break
      }
      guard depth == 0 else {
        segment.append(scalar)
        continue
      }
      switch scalar {
      case ";":
        result.append((String(segment), ";"))
        segment = String.UnicodeScalarView()
      case "&" where next == "&":
        index += 1
        result.append((String(segment), "&&"))
        segment = String.UnicodeScalarView()
      case "|":
        if next == ">" || next == "|" { index += 1 }
        result.append((String(segment), "|"))
        segment = String.UnicodeScalarView()
      case ",", "`": segment.append(" ")
      // `method==mean`; a `<=` or a `!=` is a comparison.
      case "=" where next == "=": index += 1; segment.append("=")
      case "$" where ScalarClass.isNameStart(next): break
      default: segment.append(scalar)
      }
    }
    result.append((String(segment), ""))
    return result.filter { !PythonLexer.trimmed($0.0).isEmpty }
  }

  // MARK: Statements

  private func repairedStatement(_ text: String, piped: String?) -> String? {
    let trimmed = PythonLexer.trimmed(text)
    guard var statement = Parser.parse(trimmed, commandNames: registry.commandNames).syntax.statements.first,
      statement.isWellFormed, statement.head.count == 1, let declaration = registry[statement.head[0].text]?.declaration
    else { return trimmed.isEmpty ? nil : trimmed }
    var positional: [ArgumentSyntax] = []
    var named: [ArgumentSyntax] = []
    var rest = statement.arguments[...]
    while let argument = rest.popFirst() {
      guard argument.name == nil, case .scalar(let scalar)? = argument.value, !scalar.isQuoted else {
        if argument.name == nil {
          positional.append(argument)
        } else if !isNothing(argument, declaration) {
          named.append(argument)
        }
        continue
      }
      if let option = option(scalar.text, &rest, declaration) {
        named.append(option)
      } else if let pair = wordPair(scalar.text, &rest, declaration) {
        named.append(pair)
      } else if let flag = flag(scalar.text, declaration) {
        named.append(flag)
      } else if !Self.fillers.contains(scalar.text) || scope[scalar.text] != nil {
        positional.append(contentsOf: value(argument, scalar.text))
      }
    }
    if let piped { positional.insert(Self.argument(nil, piped), at: 0) }
    statement.arguments = positional + named
    return statement.printed
  }

  /// Words of a sentence that say nothing here.
  static let fillers: Set = [
    "to", "as", "into", "with", "from", "of", "on", "in", "for", "using", "the", "and", "&",
  ]

  /// `--layers postconv`, `-o out`, `--expanded`.
  private func option(
    _ word: String, _ rest: inout ArraySlice<ArgumentSyntax>, _ declaration: CommandDeclaration
  ) -> ArgumentSyntax? {
    guard word.hasPrefix("-"), word.count > 1, WordReading.number(word) == nil else { return nil }
    let parts = word.drop { $0 == "-" }.split(separator: "=", maxSplits: 1).map(String.init)
    let name = (parts.first ?? "").split(separator: "-").joined(separator: "_")
    guard let parameter = parameter(ofOption: name, declaration) else { return nil }
    if parts.count > 1 { return Self.argument(parameter.name, parts[1]) }
    if parameter.type == .boolean {
      if let next = rest.first?.value?.printed, rest.first?.name == nil, WordReading.boolean(next) != nil {
        rest.removeFirst()
        return Self.argument(parameter.name, next)
      }
      return Self.argument(parameter.name, "true")
    }
    guard let next = rest.first, next.name == nil, let value = next.value else { return nil }
    rest.removeFirst()
    return ArgumentSyntax(name: NameSyntax(text: parameter.name, span: 0..<0), value: value, span: 0..<0)
  }

  private func parameter(ofOption name: String, _ declaration: CommandDeclaration) -> ParameterDeclaration? {
    let parameters = declaration.parameters
    if let exact = parameters.first(where: { $0.name == name || $0.referenceNames.contains(name) }) { return exact }
    // `-o` is where the output goes, by old custom.
    if name == "o" || name == "out" || name == "output" {
      return parameters.first { if case .path(.output) = $0.type { true } else { false } }
    }
    let begun = parameters.filter { !name.isEmpty && $0.name.hasPrefix(name) }
    return begun.count == 1 ? begun[0] : nil
  }

  /// `method mean`, `method: mean` and `by HPV_status`.
  private func wordPair(
    _ word: String, _ rest: inout ArraySlice<ArgumentSyntax>, _ declaration: CommandDeclaration
  ) -> ArgumentSyntax? {
    let name = word.last == ":" ? String(word.dropLast()) : word
    guard let parameter = declaration.parameters.first(where: { $0.name == name }), scope[word] == nil,
      let next = rest.first, next.name == nil, let value = next.value
    else { return nil }
    if parameter.type == .boolean, WordReading.boolean(value.printed) == nil { return nil }
    rest.removeFirst()
    return ArgumentSyntax(name: NameSyntax(text: name, span: 0..<0), value: value, span: 0..<0)
  }

  /// `expanded` alone, or `mean` where only one parameter can be it.
  private func flag(_ word: String, _ declaration: CommandDeclaration) -> ArgumentSyntax? {
    if declaration.parameters.contains(where: { $0.name == word && $0.type == .boolean }) {
      return Self.argument(word, "true")
    }
    let fitting = declaration.parameters.filter { !$0.isPositional && $0.type.choices.contains(word) }
    return fitting.count == 1 ? Self.argument(fitting[0].name, word) : nil
  }

  /// `top=None` where leaving it out says the same.
  private func isNothing(_ argument: ArgumentSyntax, _ declaration: CommandDeclaration) -> Bool {
    guard let name = argument.name?.text, let word = argument.value?.printed else { return false }
    guard ["None", "none", "null", "NULL", "nil", "nan", "NaN", "np.nan", "NA"].contains(word) else { return false }
    switch declaration.parameters.first(where: { $0.name == name })?.type {
    case .optional?, .text?, nil: return false
    default: return true
    }
  }

  /// A command's name in the place of a value stands for the only value that it makes.
  private func value(_ argument: ArgumentSyntax, _ word: String) -> [ArgumentSyntax] {
    guard scope[word] == nil, let type = registry[word]?.declaration.result else { return [argument] }
    let entries = scope.values(of: type).filter(\.isNamed)
    return [entries.last.map { Self.argument(nil, $0.displayName) } ?? argument]
  }

  /// A line with a name for its result, and the name.
  private func withTarget(_ line: String) -> (String, name: String)? {
    guard var statement = Parser.parse(line, commandNames: registry.commandNames).syntax.statements.first else {
      return nil
    }
    if let target = statement.target { return (line, target.text) }
    let type = statement.head.count == 1 ? registry[statement.head[0].text]?.declaration.result : nil
    guard let type else { return nil }
    let letter = type.name.lowercased().first.map(String.init) ?? "x"
    let name = [letter, letter + "2", letter + "3"].first {
      !registry.commandNames.contains($0) && scope[$0].map { $0.type == type } ?? true
    }
    guard let name else { return nil }
    statement.target = NameSyntax(text: name, span: 0..<0)
    return (statement.printed, name)
  }

  private static func argument(_ name: String?, _ word: String) -> ArgumentSyntax {
    ArgumentSyntax(
      name: name.map { NameSyntax(text: $0, span: 0..<0) },
      value: .scalar(ScalarSyntax(text: word, isQuoted: false, span: 0..<0)), span: 0..<0)
  }
}
