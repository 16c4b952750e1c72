/// Recognises lines of Python and of notebooks in general, and says how they are written here.
struct Habits {
  struct Answer: Equatable {
    let sentence: String
    let instead: String?
  }

  let registry: Registry
  let valueNames: Set<String>

  /// The answer to a line of another language; nil if it does not look like one.
  func answer(to text: String) -> Answer? {
    let firstWord = text.prefix { !$0.isWhitespace && $0 != "(" }
    switch firstWord {
    case "import", "from":
      return Answer(sentence: "Nothing has to be imported: every command is at hand.", instead: "help")
    case "for", "while", "if", "def", "class", "with", "try:":
      guard text.contains(":") else { return nil }
      return Answer(
        sentence: "There are no loops and blocks; a list draws a panel for each of its items.", instead: "by=[a, b]")
    default: break
    }
    if text.hasPrefix("%") {
      return Answer(sentence: "There are no magic commands; pictures are shown anyway.", instead: "help")
    }
    if text.hasPrefix("!") {
      return Answer(sentence: "There is no shell here; a cell holds commands of this language.", instead: "help")
    }
    guard let call = PythonCall(text) else { return literal(text) }
    return answer(to: call)
  }

  /// `x = 5`
  private func literal(_ text: String) -> Answer? {
    var lexer = Lexer(SourceText(text))
    guard let name = lexer.name() else { return nil }
    lexer.skipBlanks()
    guard lexer.current == "=", lexer.scalar(ahead: 1) != "=" else { return nil }
    lexer.position += 1
    lexer.skipBlanks()
    guard let scalar = lexer.current, ("0"..."9").contains(scalar) || "-'\"[{".unicodeScalars.contains(scalar) else {
      return nil
    }
    let target = lexer.source.text(in: name)
    return Answer(
      sentence: "A name stands for what a command makes; a number or a text is written where it is used.",
      instead: "\(target) = COMMAND")
  }

  private func answer(to call: PythonCall) -> Answer? {
    if call.name == "print", call.arguments.count == 1, call.receiver.isEmpty, let value = call.arguments.first?.value {
      return Answer(sentence: "A name alone on a line shows its value.", instead: PythonValue.spelling(value) ?? value)
    }
    guard let command = command(named: call.name) else {
      let nearest = NearestName.nearest(to: call.name, in: registry.commands.map(\.declaration.name))
      return Answer(
        sentence: "This is a call in Python; here a command is followed by its arguments, without parentheses.",
        instead: nearest.map { $0 + "?" } ?? "help")
    }
    if let line = translated(call, command.declaration) {
      return Answer(sentence: "Written here: `\(LanguageError.clip(line))`", instead: nil)
    }
    return Answer(
      sentence: "This is a call in Python; here it is the command `\(command.declaration.name)`, without parentheses.",
      instead: Manual.usage(command.declaration))
  }

  /// The command that does what a function of the reference does.
  private func command(named name: String) -> Command? {
    registry.commands.first { command in
      command.declaration.referenceNames.contains { $0 == name || $0.hasSuffix("." + name) }
    } ?? registry[name]
  }

  /// The same line in this language; nil unless every part of it has a place.
  private func translated(_ call: PythonCall, _ declaration: CommandDeclaration) -> String? {
    guard !call.hasMoreBehind else { return nil }
    var subject: String?
    // What a project or a module does is done by the command alone.
    let modules: Set = ["sf", "slideflow", "P", "project", "self"]
    if declaration.subject != nil, call.receiver.count == 1, let receiver = call.receiver.first,
      valueNames.contains(receiver) || !modules.contains(receiver)
    {
      subject = receiver
    }
    var named: [(name: String, value: String)] = []
    for argument in call.arguments {
      if argument.value == "..." { continue }
      guard let value = PythonValue.spelling(argument.value) else { return nil }
      if let name = argument.name {
        if let parameter = declaration.parameters.first(where: { $0.name == name || $0.referenceNames.contains(name) })
        {
          named.append((parameter.name, value))
        } else if declaration.subject?.name == name, subject == nil {
          subject = value
        } else {
          return nil
        }
      } else if subject == nil, let wanted = declaration.subject,
        WordReading.isName(value) && argument.value == value || wanted.path != nil && PathSearch.looksLikePath(value)
      {
        subject = value
      } else {
        guard let parameter = place(for: value, declaration, besides: Set(named.map(\.name))) else { return nil }
        named.append((parameter.name, value))
      }
    }
    var parts: [String] = []
    if let target = call.target {
      let name = registry.commandNames.contains(target) ? String(target.prefix(1)) : target
      if registry.commandNames.contains(name) { return nil }
      parts += [name, "="]
    }
    parts.append(declaration.name)
    if let subject { parts.append(subject) }
    let positional = declaration.parameters.filter { $0.isPositional && $0.isRequired }.map(\.name)
    for name in positional { parts += named.filter { $0.name == name }.map(\.value) }
    parts += named.filter { !positional.contains($0.name) }.map { "\($0.name)=\($0.value)" }
    let line = parts.joined(separator: " ")
    return Parser.parse(line).errors.isEmpty ? line : nil
  }

  /// The parameter that a value without a name most likely belongs to.
  private func place(
    for value: String, _ declaration: CommandDeclaration, besides given: Set<String>
  ) -> ParameterDeclaration? {
    let open = declaration.parameters.filter { !given.contains($0.name) }
    if PathSearch.looksLikePath(value) {
      return open.first { if case .path = $0.type { true } else { false } }
    }
    if WordReading.number(value) != nil {
      return open.first { parameter in
        switch parameter.type {
        case .integer, .number, .microns: true
        default: false
        }
      }
    }
    return open.first(where: \.isPositional)
  }
}
