/// Recognises lines of Python and of notebooks in general, and says how they are written here.
struct Habits {
  struct Answer: Equatable {
    var sentence: String
    /// The same line, or lines, in this language.
    var instead: String?
    /// What the line binds here: names and their types, for the lines below.
    var bound: [Bound] = []

    struct Bound: Equatable {
      let name: String
      let type: ValueType?
    }
  }

  let registry: Registry
  let scope: Scope
  /// Everything that is wrong with lines of this language at this place.
  let problems: (String) -> [Diagnostic]
  var names = PythonNames()

  private static let showing: Set = [
    "print", "display", "len", "type", "repr", "str", "list", "dict", "set", "sorted", "show", "view", "View",
    "summary",
  ]
  private static let parts: Set = [
    "head", "tail", "describe", "info", "shape", "dtype", "dtypes", "keys", "values", "items", "columns", "index",
    "copy",
    "size", "ndim", "T", "numpy", "tolist", "num_features", "slides", "plot", "show",
  ]
  private static let farewells: Set = ["exit", "quit", "q"]
  private static let farewell = Answer(
    sentence:
      "A console is left by `exit` or `quit` alone; a notebook's kernel is shut down from its menu, and a command "
      + "file ends by itself.")
  private static let shellWords: Set = [
    "pip", "pip3", "conda", "apt", "cd", "pwd", "git", "ls", "ll", "mkdir", "cat", "rm", "cp", "mv",
  ]
  private static let listing: Set = ["dir", "vars", "locals", "globals", "who", "whos", "ls", "objects"]

  /// The answer to a line of another language; nil if it does not look like one.
  mutating func answer(to text: String) -> Answer? {
    if let answer = notebookLine(text) ?? bareWord(text) { return answer }
    guard let statement = PythonReader.statement(text) ?? PythonReader.statement(Self.withQuotedItems(text)) else {
      return nil
    }
    return answer(to: statement)
  }

  /// `df.activations['SYN-00'][0:5]` for the same without quotes: names of slides are no names of Python.
  private static func withQuotedItems(_ text: String) -> String {
    guard text.utf8.count < 2_000, text.contains("[") else { return text }
    var result = ""
    var rest = text[...]
    while let open = rest.firstIndex(of: "["), let close = rest[open...].firstIndex(of: "]") {
      let inside = rest[rest.index(after: open)..<close]
      result += rest[...open]
      let isWord = inside.contains { $0 == "-" || $0 == "." } && inside.contains(where: \.isLetter)
      let isPlain = !inside.contains { "'\"[]{}(),: ".contains($0) }
      result += isWord && isPlain ? "'\(inside)'" : String(inside)
      result += "]"
      rest = rest[rest.index(after: close)...]
    }
    return result + rest
  }

  /// Lines that belong to notebooks and consoles: `%magic`, `!shell`, `?name`.
  private func notebookLine(_ text: String) -> Answer? {
    switch text.first {
    case "%":
      let words = text.split(whereSeparator: \.isWhitespace).map(String.init)
      let isListing = words.first.map { Self.listing.contains($0.filter { $0 != "%" }) } ?? false
      let rest = words.dropFirst().joined(separator: " ")
      let isLine = !rest.isEmpty && words[1].first != "-" && registry.commandNames.contains(words[1])
      let magic = words.first.map { $0.filter { $0 != "%" } } ?? ""
      if ["time", "timeit", "prun"].contains(magic) {
        return Answer(
          sentence: "There are no magic commands; `session` lists the seconds that each statement took.",
          instead: isLine ? rest : "session")
      }
      return Answer(
        sentence: isListing
          ? "There are no magic commands; the values are listed by `session`."
          : "There are no magic commands; pictures are shown anyway, and the line can be left out.",
        instead: isListing ? "session" : isLine ? rest : nil)
    case "!": return Answer(sentence: Self.noShell)
    case "?":
      let name = String(text.drop { $0 == "?" })
      guard WordReading.reference(name) != nil else { return nil }
      let isCommand = registry.commandNames.contains(name)
      return Answer(
        sentence: isCommand || scope[name] == nil
          ? "The question mark stands behind a command." : "A name alone on a line shows its value.",
        instead: isCommand || scope[name] == nil ? name + "?" : name)
    default:
      if Self.farewells.contains(text), scope[text] == nil, !registry.commandNames.contains(text) {
        return Self.farewell
      }
      guard let word = text.split(separator: " ").first,
        Self.shellWords.contains(String(word)), !registry.commandNames.contains(String(word)),
        scope[String(word)] == nil
      else { return nil }
      return Answer(sentence: Self.noShell, instead: Self.listing.contains(String(word)) ? "session" : nil)
    }
  }

  private static let noShell = "There is no shell here; a cell holds commands of this language."

  /// `X = SYN-00`, or that word alone: no name has a dash or a dot in it, but slides do.
  private func bareWord(_ text: String) -> Answer? {
    let parts = text.split(separator: "=", omittingEmptySubsequences: false).map { PythonLexer.trimmed(String($0)) }
    guard parts.count <= 2, let word = parts.last, WordReading.reference(word) == nil, WordReading.number(word) == nil,
      parts.count == 1 || WordReading.isName(parts[0])
    else { return nil }
    var lexer = Lexer(SourceText(word))
    guard lexer.word() != nil, lexer.isAtEnd,
      word.allSatisfy({ $0.isLetter || $0.isNumber || "-_.".contains($0) }), word.contains(where: \.isLetter)
    else { return nil }
    let target = parts.count == 2 ? parts[0] + " = " : ""
    let slides = scope.entries.reversed().lazy.compactMap { $0.known.names?.names(of: .slide) }.first ?? []
    // Names of slides are numbered: the one typed, or one that has all but the number.
    if let slide = slides.contains(word) ? word : NearestName.nearest(to: word, in: slides) {
      let commands = registry.commands.map(\.declaration)
      let command = commands.first { declaration in
        declaration.result.map { registry.types(standingFor: .slide).contains($0) } == true
      }
      guard let command else { return nil }
      let line = target + command.name + " " + ScalarSyntax.spelling(of: slide)
      return Answer(
        sentence: slide == word
          ? "`\(word)` is a slide, which a command opens." : "There is no command, value or slide `\(word)`.",
        instead: problems(line).isEmpty ? line : nil)
    }
    guard parts.count == 2 else { return nil }
    return Answer(sentence: Self.literalSentence, instead: target + "COMMAND")
  }

  private static let literalSentence =
    "A name stands for what a command makes; a number or a text is written where it is used."

  private mutating func answer(to statement: PythonStatement) -> Answer? {
    switch statement {
    case .importing(let names): return importing(names)
    case .deletion(let names):
      let found = names.map { self.names.values[$0]?.spelling ?? $0 }
      return Answer(sentence: "A value is forgotten with `drop`.", instead: "drop " + found.joined(separator: " "))
    case .block:
      return Answer(
        sentence: "There are no loops and blocks; a list draws a panel for each of its items.")
    case .loop(let variable, let values, let body): return loop(variable, values, body)
    case .expression(let value): return builtIn(value) ?? translation(of: value, targets: [])
    case .assignment(let targets, let value):
      if targets.count == 1, let literal = literal(targets[0], value) { return literal }
      return translation(of: value, targets: targets)
    }
  }

  private func importing(_ names: [String]) -> Answer {
    let commands = names.compactMap { PythonTranslator.command(named: $0, registry)?.declaration.name }
    let isReference = names.contains { registry.reference.modules.contains($0.prefixUpToDot) }
    return Answer(
      sentence: "Nothing has to be imported: every command is at hand, and the line can be left out.",
      instead: commands.count == 1 ? "help \(commands[0])" : isReference ? "help \(registry.reference.name)" : nil)
  }

  // MARK: Literals and functions of Python itself

  /// `x = 5`
  private mutating func literal(_ target: String, _ value: PythonExpression) -> Answer? {
    let translator = PythonTranslator(registry: registry, scope: scope, names: names)
    guard let constant = translator.constant(value) else { return nil }
    names.constants[target] = constant
    return Answer(
      sentence: Self.literalSentence, instead: "\(target) = COMMAND")
  }

  /// `print(x)`, `len(x)`, `help(x)`, `df.head()`, `plt.show()` and their like.
  private mutating func builtIn(_ value: PythonExpression) -> Answer? {
    let shows = "A name alone on a line shows its value."
    switch value {
    case .call(.name("help"), let arguments):
      let name = arguments.first?.value.path?.last
      let command = name.flatMap { PythonTranslator.command(named: $0, registry)?.declaration.name }
      return Answer(
        sentence: "The manual is asked without parentheses.", instead: command.map { "help " + $0 } ?? "help")
    case .call(.name(let function), _) where Self.listing.contains(function):
      return Answer(sentence: "The values of the session are listed by `session`.", instead: "session")
    case .call(.name(let function), _) where Self.farewells.contains(function):
      return Self.farewell
    case .call(.name(let function), let arguments) where Self.showing.contains(function) && registry[function] == nil:
      guard let first = arguments.first?.value else {
        return Answer(sentence: shows, instead: "session")
      }
      if case .name(let name) = first { return Answer(sentence: shows, instead: names.values[name]?.spelling ?? name) }
      if let inner = translation(of: first, targets: []), inner.instead != nil {
        return Answer(sentence: shows, instead: inner.instead)
      }
      if case .text(let text) = first, registry["echo"] != nil {
        return Answer(sentence: "A text is shown by `echo`.", instead: "echo " + ScalarSyntax.spelling(of: text))
      }
      return Answer(sentence: shows, instead: "session")
    case .call(.attribute(.name("plt"), let function), let arguments):
      let save = registry.reference.savingCommand
      if function == "savefig", case .text(let path)? = arguments.first?.value, registry[save] != nil {
        return Answer(
          sentence: "A picture is saved by `\(save)`.", instead: "\(save) " + ScalarSyntax.spelling(of: path))
      }
      return Answer(
        sentence: "Pictures are shown without being asked for, by the command that makes them.")
    case .attribute(let base, let part) where Self.parts.contains(part): return shown(base, part, shows)
    case .call(.attribute(let base, let part), _) where Self.parts.contains(part): return shown(base, part, shows)
    case .call(.attribute(let base, "shape"), _), .item(.attribute(let base, "shape"), _):
      return shown(base, "shape", shows)
    default: return nil
    }
  }

  /// The value that something like `df.head()` asks about.
  private mutating func shown(_ base: PythonExpression, _ part: String, _ sentence: String) -> Answer? {
    if case .name(let name) = base {
      guard scope[name] != nil || names.values[name] != nil, !isMember(part, of: name) else { return nil }
      guard let spelling = names.values[name].map(\.spelling) ?? name else { return nil }
      return Answer(sentence: sentence, instead: spelling)
    }
    return translation(of: base, targets: [])
  }

  private func isMember(_ part: String, of name: String) -> Bool {
    scope[name]?.type.flatMap { registry.declaration(of: $0)?.members[part] } != nil
  }

  // MARK: Translation

  private mutating func translation(of value: PythonExpression, targets: [String]) -> Answer? {
    var translator = PythonTranslator(registry: registry, scope: scope, names: names)
    do throws(Untranslatable) {
      let isCall = try translator.statement(value, target: targets.first)
      guard isCall, !translator.lines.isEmpty else { return nil }
      names = translator.names
      return corrected(
        Answer(
          sentence: ([translator.sentence] + translator.remarks).joined(separator: " "),
          instead: translator.lines.joined(separator: "\n"), bound: translator.bound))
    } catch {
      // Later lines can still speak of what this one would have made.
      names = translator.names
      return answer(to: error)
    }
  }

  private func answer(to reason: Untranslatable) -> Answer? {
    switch reason {
    case .notPython: return nil
    case .notYet(let call):
      return Answer(
        sentence: "There is no command for `\(call.name)` of \(registry.reference.name) yet; this comes nearest.",
        instead: call.nearest)
    case .noPlace(let command):
      return Answer(
        sentence: "This is a call in Python; here it is the command `\(command.name)`, without parentheses.",
        instead: Manual.usage(command))
    case .unknown(let name):
      var instead: String?
      switch registry.meaning(of: name.split(separator: ".").last.map(String.init) ?? name) {
      case .command(let command, _): instead = command + "?"
      case .term(let term): instead = term.page.map { "help " + $0 }
      case nil: break
      }
      return Answer(
        sentence: "This is a call in Python; here a command is followed by its arguments, without parentheses.",
        instead: instead)
    }
  }

  /// The answer with what is wrong in its line put right, and said.
  private func corrected(_ answer: Answer) -> Answer {
    guard var line = answer.instead else { return answer }
    var sentence = answer.sentence
    for _ in 0..<4 {
      guard let problem = problems(line).first(where: Self.isToBeMended) else { break }
      sentence += " " + problem.sentence
      guard let better = Self.mended(line, problem, problems) else {
        // What is missing has a place in the form of the command; of other faults there is nothing to say here.
        var form: String?
        if case .missingParameter = problem.problem { form = problem.remedy }
        return Answer(sentence: sentence, instead: form, bound: answer.bound)
      }
      line = better
    }
    return Answer(sentence: sentence, instead: line, bound: answer.bound)
  }

  /// False for what may be right where the line will run: a file or a value that is not there yet.
  private static func isToBeMended(_ diagnostic: Diagnostic) -> Bool {
    switch diagnostic.problem {
    case .unknownName(_, _, _, .some), .unknownCategory(_, _, _, .some): true
    default: !diagnostic.problem.isAboutExistence
    }
  }

  /// A line with the remedy of a problem put in, or without the argument at fault.
  static func mended(
    _ line: String, _ problem: Diagnostic, dropsArguments: Bool = true, _ problems: (String) -> [Diagnostic]
  ) -> String? {
    let source = SourceText(line)
    func replaced(_ span: Range<Int>, by text: String) -> String {
      let span = span.clamped(to: 0..<source.scalars.count)
      return source.text(in: 0..<span.lowerBound) + text + source.text(in: span.upperBound..<source.scalars.count)
    }
    let count = problems(line).count
    if let remedy = problem.remedy {
      let whole = replaced(problem.span, by: remedy)
      if problems(whole).count < count { return whole }
      if problems(remedy).isEmpty, !remedy.hasPrefix("help"), !remedy.hasSuffix("?"), !remedy.contains("…") {
        return remedy
      }
    }
    guard dropsArguments else { return nil }
    for statement in Parser.parse(line).syntax.statements {
      for argument in statement.arguments where argument.span.overlaps(problem.span) {
        let rest = replaced(max(0, argument.span.lowerBound - 1)..<argument.span.upperBound, by: "")
        if problems(rest).count < count { return rest }
      }
    }
    return nil
  }

  // MARK: Loops

  private mutating func loop(_ variable: String, _ values: PythonExpression, _ body: [String]) -> Answer {
    let noLoops = "There are no loops; a command works on all of what it is given"
    let plain = Answer(
      sentence: "There are no loops and blocks; a list draws a panel for each of its items.")
    let items = PythonTranslator(registry: registry, scope: scope, names: names).items(of: values) ?? words(values)
    guard !body.isEmpty else { return plain }
    guard let items, !items.isEmpty, items.count <= 20 else {
      for line in body {
        guard let statement = PythonReader.statement(line) else { continue }
        if let answer = answer(to: statement), let instead = answer.instead, !instead.contains("COMMAND"),
          !Parser.parse(instead).syntax.statements.contains(where: { $0.mentions(variable) })
        {
          return Answer(sentence: noLoops + ". " + answer.sentence, instead: instead)
        }
      }
      return plain
    }
    // A list draws a panel for each; otherwise a line for each.
    if body.count == 1, let once = lines(body, variable, .list(items)),
      problems(once).allSatisfy(\.problem.isAboutExistence)
    {
      return Answer(sentence: noLoops + "; a list draws a panel for each of its items.", instead: once)
    }
    let all = items.compactMap { lines(body, variable, $0) }
    guard all.count == items.count else { return plain }
    let unrolled = all.joined(separator: "\n")
    guard problems(unrolled).allSatisfy(\.problem.isAboutExistence) else { return plain }
    return Answer(sentence: noLoops + ", or stands on a line for each.", instead: unrolled)
  }

  /// A line of this language in a loop of Python, with a value in place of the variable.
  private func ownLine(_ line: String, _ variable: String, _ value: PythonExpression) -> String? {
    let parsed = Parser.parse(line, commandNames: registry.commandNames)
    guard parsed.errors.isEmpty, parsed.syntax.statements.count == 1, var statement = parsed.syntax.statements.first,
      statement.head.count == 1, registry[statement.head[0].text] != nil, !statement.arguments.isEmpty,
      let written = PythonTranslator.spelling(of: value, depth: 0)
    else { return nil }
    var replaced = false
    for index in statement.arguments.indices {
      guard case .scalar(let scalar)? = statement.arguments[index].value, scalar.text == variable else { continue }
      statement.arguments[index].value = .scalar(ScalarSyntax(text: written, isQuoted: false, span: 0..<0))
      replaced = true
    }
    return replaced ? statement.printed : nil
  }

  /// The items of a list that are words of this language.
  private func words(_ values: PythonExpression) -> [PythonExpression]? {
    guard case .list(let items) = values else { return nil }
    let isPlain = items.allSatisfy {
      switch $0 {
      case .name, .text, .number: true
      default: false
      }
    }
    return isPlain ? items : nil
  }

  /// The body of a loop for one value of its variable; nil if a part of it cannot be carried over.
  private func lines(_ body: [String], _ variable: String, _ value: PythonExpression) -> String? {
    var habits = self
    habits.names.constants[variable] = value
    var result: [String] = []
    for line in body {
      if let own = ownLine(line, variable, value) {
        result.append(own)
        continue
      }
      guard let parsed = PythonReader.statement(line) else { return nil }
      let (targets, expression): ([String], PythonExpression)
      switch parsed {
      case .expression(let value): (targets, expression) = ([], value)
      case .assignment(let names, let value): (targets, expression) = (names, value)
      default: return nil
      }
      var translator = PythonTranslator(registry: registry, scope: scope, names: habits.names)
      guard (try? translator.statement(expression, target: targets.first)) == true, !translator.lines.isEmpty else {
        return nil
      }
      habits.names = translator.names
      result += translator.lines
    }
    return result.joined(separator: "\n")
  }
}

extension StatementSyntax {
  /// True if a word of it is the name.
  fileprivate func mentions(_ name: String) -> Bool {
    head.contains { $0.text == name }
      || arguments.contains {
        $0.value.map { $0.printed.split { !$0.isLetter && $0 != "_" && !$0.isNumber }.contains(Substring(name)) }
          ?? false
      }
  }
}

extension String {
  fileprivate var prefixUpToDot: String { String(prefix { $0 != "." }) }
}
