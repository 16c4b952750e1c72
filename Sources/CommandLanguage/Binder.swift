/// A statement with its arguments read, ready to run if its values exist.
struct BoundStatement {
  let command: Command
  var arguments = BoundArguments()
  var subjects: [any SessionValue] = []
  var subjectName: String?
  /// The values used, by display name.
  var usedNames: [String] = []
  /// What will be known of the result.
  var resultNames: KnownNames?
  var outputPaths: [String] = []
}

/// Binds the arguments of a command to its subject and parameters.
///
/// Which positional argument is the subject is decided by number: with `p` positional arguments, and `r` required
/// positional parameters not given by name, the first one is the subject if `p > r`. So `save mosaic.png` saves the
/// only value and `save m mosaic.png` saves `m`, whatever names exist. The others go to the positional parameters in
/// the order of declaration, leaving out those given by name; a list declared last takes all that are left.
struct Binder {
  let statement: StatementSyntax
  let command: Command
  var reader: ArgumentReader
  /// True to look at what the result will know.
  let peeksAtResult: Bool

  private var bound: BoundStatement
  private var diagnostics: [Diagnostic] = []
  private var given: [(parameter: ParameterDeclaration, value: ValueSyntax)] = []
  private var subjectSyntax: ValueSyntax?
  private var subjectNames: KnownNames?
  private var failedParameters: Set<String> = []

  init(statement: StatementSyntax, command: Command, reader: ArgumentReader, peeksAtResult: Bool) {
    self.statement = statement
    self.command = command
    self.reader = reader
    self.peeksAtResult = peeksAtResult
    bound = BoundStatement(command: command)
  }

  private var declaration: CommandDeclaration { command.declaration }

  /// The statement as far as it could be bound, and everything that is wrong with it.
  mutating func bind() -> (BoundStatement, [Diagnostic]) {
    distribute()
    bindSubject()
    for (parameter, value) in given where !parameter.type.needsNames { read(value, for: parameter) }
    var peeked: KnownNames?
    let naming = given.filter { $0.parameter.type.needsNames }
    if !naming.isEmpty || peeksAtResult { peeked = peek() }
    reader.names = validNames(peeked)
    for (parameter, value) in naming { read(value, for: parameter) }
    if peeksAtResult, diagnostics.isEmpty { bound.resultNames = naming.isEmpty ? peeked : peek() }
    bound.usedNames = reader.usedNames
    bound.outputPaths = reader.outputPaths
    return (bound, diagnostics.sorted { $0.span.lowerBound < $1.span.lowerBound })
  }

  private mutating func fail(_ problem: LanguageError, _ span: Range<Int>) {
    diagnostics.append(reader.failure(problem, span))
  }

  private func peek() -> KnownNames? {
    command.peek(
      PeekInput(
        arguments: bound.arguments, subjectNames: subjectNames, parameterNames: reader.knownByParameter,
        sessionNames: reader.scope.sessionNames))
  }

  /// What is known of the subject comes first: it is what the names are said of.
  func validNames(_ peeked: KnownNames?) -> KnownNames {
    var names = peeked ?? KnownNames()
    for (_, known) in reader.knownByParameter.sorted(by: { $0.key < $1.key }) { names = names.merging(known) }
    return subjectNames.map { names.merging($0) } ?? names
  }

  private mutating func read(_ value: ValueSyntax, for parameter: ParameterDeclaration) {
    bound.arguments.spans[parameter.name] = value.span
    do throws(Diagnostic) {
      bound.arguments.values[parameter.name] = try reader.read(value, as: parameter.type, for: parameter)
    } catch {
      if let name = nameOfSubject(value, standingFor: parameter) {
        // `save m` lacks the path and `label u` what to show; `m` and `u` are what they work on.
        diagnostics.removeAll {
          switch $0.problem {
          case .severalSubjects, .noSubject: true
          default: false
          }
        }
        fail(
          .missingParameter(
            parameter.name, command: declaration.name,
            usage: "\(declaration.name) \(name) \(example(parameter, of: name))"),
          statement.headSpan)
      } else {
        diagnostics.append(error)
      }
    }
  }

  /// The name of a value that the command works on, in the place of a parameter that it does not fit.
  private func nameOfSubject(_ value: ValueSyntax, standingFor parameter: ParameterDeclaration) -> String? {
    guard subjectSyntax == nil, let subject = declaration.subject, parameter.isPositional, parameter.isRequired,
      !statement.arguments.contains(where: { $0.name?.text == parameter.name }),
      case .scalar(let scalar) = value, !scalar.isQuoted, let known = reader.scope[scalar.text],
      known.type.map({ reader.registry.fits($0, subject.types) }) ?? true
    else { return nil }
    return scalar.text
  }

  /// A parameter as it could be given for a value: a column that there is, or the form.
  private func example(_ parameter: ParameterDeclaration, of subject: String) -> String {
    switch parameter.type {
    case .path: return parameter.type.placeholder
    case .quantity, .list(.quantity), .name(.column), .list(.name(.column)):
      let column = reader.scope[subject]?.names?.names(of: .column)?.first
      return parameter.name + "=" + (column.map(ScalarSyntax.spelling) ?? parameter.type.placeholder)
    default: return parameter.name + "=" + parameter.type.placeholder
    }
  }

  // MARK: Distribution

  private mutating func distribute() {
    var arguments = withoutBrokenRanges(statement.arguments)
    arguments = withoutOptions(arguments)
    var positionals: [ValueSyntax] = []
    var named: Set<String> = []
    var hasNamed = false
    for argument in arguments {
      guard let name = argument.name else {
        guard let value = argument.value else { continue }
        if hasNamed {
          fail(.positionalAfterNamed(value.printed, instead: reordered(arguments)), value.span)
          failedParameters.formUnion(declaration.parameters.filter(\.isPositional).map(\.name))
        } else {
          positionals.append(value)
        }
        continue
      }
      hasNamed = true
      if !named.insert(name.text).inserted {
        fail(.givenTwice(name.text), argument.span)
      } else if let parameter = declaration.parameters.first(where: { $0.name == name.text }) {
        if let value = argument.value { given.append((parameter, value)) }
      } else if let subject = declaration.subject, subject.name == name.text {
        subjectSyntax = argument.value
      } else {
        fail(unknownParameter(name.text), name.span)
      }
    }
    distribute(positionals, named: named)
  }

  private mutating func distribute(_ positionals: [ValueSyntax], named: Set<String>) {
    let open = declaration.parameters.filter { $0.isPositional && !named.contains($0.name) }
    let required = open.filter(\.isRequired)
    var rest = positionals[...]
    if declaration.subject != nil, subjectSyntax == nil, rest.count > required.count { subjectSyntax = rest.popFirst() }
    for (index, parameter) in open.enumerated() {
      guard let first = rest.first else { break }
      if index == open.count - 1, case .list = parameter.type, rest.count > 1 {
        given.append((parameter, gathered(Array(rest))))
        rest = []
      } else {
        given.append((parameter, first))
        rest.removeFirst()
      }
    }
    if let surplus = rest.first {
      if let twice = declaration.parameters.first(where: { $0.isPositional && named.contains($0.name) }) {
        fail(.parameterIsPositional(twice.name), surplus.span)
      } else {
        fail(
          .tooManyArguments(command: declaration.name, found: surplus.printed, usage: usage(for: surplus)), surplus.span
        )
      }
    }
    let names = Set(given.map(\.parameter.name)).union(failedParameters)
    for parameter in declaration.parameters where parameter.isRequired && !names.contains(parameter.name) {
      fail(
        .missingParameter(parameter.name, command: declaration.name, usage: Manual.usage(declaration)),
        statement.headSpan)
    }
  }

  /// Several positional arguments as the one list that they stand for.
  private mutating func gathered(_ values: [ValueSyntax]) -> ValueSyntax {
    var scalars: [ScalarSyntax] = []
    for value in values {
      switch value {
      case .scalar(let scalar): scalars.append(scalar)
      case .list(let items, _): scalars += items
      case .map(_, let span): fail(.nestedList, span)
      }
    }
    let lower = values.first?.span.lowerBound ?? 0
    return .list(scalars, span: lower..<max(lower, values.last?.span.upperBound ?? lower))
  }

  /// `method=mean` for a `mean` that stands alone, or else the form of the command.
  private func usage(for surplus: ValueSyntax) -> String {
    if case .scalar(let scalar) = surplus {
      let fitting = declaration.parameters.filter {
        if case .choice(let choices) = $0.type { choices.contains(scalar.text) } else { false }
      }
      if fitting.count == 1 { return "\(fitting[0].name)=\(scalar.printed)" }
    }
    return Manual.usage(declaration)
  }

  private func unknownParameter(_ name: String) -> LanguageError {
    let all = declaration.parameters.map(\.name)
    let nearest =
      declaration.parameters.first { $0.referenceNames.contains(name) }?.name
      ?? NearestName.nearest(to: name, in: all)
    return .unknownParameter(name, command: declaration.name, nearest: nearest, all: all)
  }

  private func reordered(_ arguments: [ArgumentSyntax]) -> String {
    let ordered = arguments.filter { $0.name == nil } + arguments.filter { $0.name != nil }
    return ([declaration.name] + ordered.map(\.printed)).joined(separator: " ")
  }

  /// Reports ranges written with blanks, as in `0 ..< 100`, and leaves their parts out.
  private mutating func withoutBrokenRanges(_ arguments: [ArgumentSyntax]) -> [ArgumentSyntax] {
    func word(_ index: Int) -> String? {
      guard arguments.indices.contains(index), case .scalar(let scalar)? = arguments[index].value, !scalar.isQuoted
      else {
        return nil
      }
      return scalar.text
    }
    var result: [ArgumentSyntax] = []
    var index = 0
    while index < arguments.count {
      var end = index + 1
      if var joined = word(index) {
        while let next = word(end), arguments[end].name == nil {
          let isSplit = ["..<", "..."].contains { joined.hasSuffix($0) || next.hasPrefix($0) }
          guard isSplit else { break }
          joined += next
          end += 1
        }
        if end > index + 1, WordReading.range(joined) != nil,
          let first = arguments[index].value, let last = arguments[end - 1].value
        {
          fail(.blanksInRange(joined), first.span.lowerBound..<last.span.upperBound)
          if let name = arguments[index].name { failedParameters.insert(name.text) }
          index = end
          continue
        }
      }
      result.append(arguments[index])
      index += 1
    }
    return result
  }

  /// What `--` becomes under the hands of a word processor.
  private static let dashes: Set<Character> = ["-", "–", "—"]

  /// Reports options in the manner of a shell, as in `--method mean`, and leaves them out.
  private mutating func withoutOptions(_ arguments: [ArgumentSyntax]) -> [ArgumentSyntax] {
    var result: [ArgumentSyntax] = []
    var skipsNext = false
    for (index, argument) in arguments.enumerated() {
      if skipsNext {
        skipsNext = false
        continue
      }
      guard argument.name == nil, case .scalar(let scalar)? = argument.value, !scalar.isQuoted,
        let sign = scalar.text.first, Self.dashes.contains(sign), WordReading.number(scalar.text) == nil,
        scalar.text.count > 1
      else {
        result.append(argument)
        continue
      }
      let parts = scalar.text.drop { Self.dashes.contains($0) }.split(separator: "=", maxSplits: 1).map(String.init)
      let name = (parts.first ?? "").split(separator: "-").joined(separator: "_")
      var value = parts.count > 1 ? parts[1] : nil
      var end = argument.span.upperBound
      if value == nil, index + 1 < arguments.count, arguments[index + 1].name == nil,
        let next = arguments[index + 1].value, !next.printed.hasPrefix("-")
      {
        value = next.printed
        end = next.span.upperBound
        skipsNext = true
      }
      let parameter = declaration.parameters.first { $0.name == name }
      let isSwitch = parameter?.type == .boolean
      let instead = parameter.map { "\($0.name)=\(value ?? (isSwitch ? "true" : "VALUE"))" }
      fail(.option(scalar.text, instead: instead ?? "\(declaration.name)?"), argument.span.lowerBound..<end)
      if let parameter { failedParameters.insert(parameter.name) }
    }
    return result
  }

  // MARK: Subject

  private mutating func bindSubject() {
    guard let subject = declaration.subject else { return }
    guard let syntax = subjectSyntax else {
      bindDefaultSubject(subject)
      return
    }
    bound.arguments.spans[subject.name] = syntax.span
    do throws(Diagnostic) {
      switch syntax {
      case .scalar(let scalar): bind(try subjectValue(scalar, subject), to: subject)
      case .list(let scalars, let span):
        guard subject.acceptsList else {
          throw reader.failure(
            .subjectIsList(
              command: declaration.name, instead: scalars.first.map { declaration.name + " " + $0.printed }),
            span)
        }
        var values: [BoundValue] = []
        for scalar in scalars { values.append(try subjectValue(scalar, subject)) }
        bound.subjectName = scalars.map(\.text).joined(separator: ", ")
        setSubject(.list(values), subject)
        bound.subjects = values.compactMap(\.sessionValue)
      case .map(_, let span):
        throw reader.failure(
          .subjectIsText(
            command: declaration.name, phrase: reader.registry.phrase(for: subject.types), found: syntax.printed), span)
      }
    } catch {
      diagnostics.append(error)
    }
  }

  private mutating func bind(_ value: BoundValue, to subject: SubjectDeclaration) {
    setSubject(value, subject)
    if case .value(let name, let real) = value {
      bound.subjectName = name
      bound.subjects = real.map { [$0] } ?? []
    }
  }

  /// A parameter of the same name as the subject keeps its place among the arguments.
  private mutating func setSubject(_ value: BoundValue, _ subject: SubjectDeclaration) {
    if !declaration.parameters.contains(where: { $0.name == subject.name }) {
      bound.arguments.values[subject.name] = value
    }
  }

  private mutating func subjectValue(
    _ scalar: ScalarSyntax, _ subject: SubjectDeclaration
  ) throws(Diagnostic) -> BoundValue {
    if let role = subject.path, scalar.isQuoted || PathSearch.looksLikePath(scalar.text) {
      return .path(try reader.path(scalar, role, parameter: subject.name))
    }
    let phrase = reader.registry.phrase(for: subject.types)
    guard !scalar.isQuoted else {
      throw reader.failure(
        .subjectIsText(command: declaration.name, phrase: phrase, found: scalar.printed), scalar.span)
    }
    let known = try reader.lookUp(scalar, orPath: subject.path != nil)
    if let names = known.names { subjectNames = subjectNames?.merging(names) ?? names }
    guard let type = known.type else { return .value(name: scalar.text, nil) }
    guard let fitted = reader.fit(known, to: subject.types) else {
      let fitting = subject.types.compactMap { reader.scope.entries(of: $0).last(where: \.isNamed) }.first
      throw reader.failure(
        .unfitSubject(
          command: declaration.name, phrase: phrase, name: scalar.text, type: type.name,
          instead: fitting.map { withSubject($0.displayName) }), scalar.span)
    }
    return .value(name: scalar.text, fitted.value)
  }

  private mutating func bindDefaultSubject(_ subject: SubjectDeclaration) {
    let candidates = defaultCandidates(subject)
    guard let only = candidates.first else {
      guard !subject.isOptional, !reader.scope.hasUnknownTypes else { return }
      let maker = reader.registry.commands.first {
        $0.declaration.result == subject.types.first && subject.types.first != nil
      }
      fail(
        .noSubject(
          command: declaration.name, phrase: reader.registry.phrase(for: subject.types),
          maker: subject.path == nil ? maker.map { Manual.usage($0.declaration) } : declaration.name + " PATH"),
        statement.headSpan)
      return
    }
    guard candidates.count == 1 else {
      fail(
        .severalSubjects(
          command: declaration.name, phrase: reader.registry.phrase(for: Array(subject.types.prefix(1))),
          names: candidates.map(\.displayName), instead: choice(among: candidates)), statement.headSpan)
      return
    }
    reader.use(only.displayName)
    subjectNames = only.known.names
    let fitted = reader.fit(only.known, to: subject.types) ?? only.known
    bind(.value(name: only.displayName, fitted.value), to: subject)
  }

  /// The values of the first type of which there is one; failing that, those that can stand for one.
  private func defaultCandidates(_ subject: SubjectDeclaration) -> [Scope.Entry] {
    guard !subject.types.isEmpty else { return reader.scope.entries }
    for type in subject.types {
      let entries = reader.scope.entries(of: type)
      if !entries.isEmpty { return entries }
    }
    return reader.scope.entries.filter { $0.known.type != nil && reader.fit($0.known, to: subject.types) != nil }
  }

  /// The statement with the newest value that has a name, or with each when one has none; without any named, how to
  /// name one.
  private func choice(among candidates: [Scope.Entry]) -> String {
    let named = candidates.filter(\.isNamed).map { withSubject($0.displayName) }
    if let last = named.last {
      return named.count == candidates.count || named.count > 3 ? last : named.joined(separator: " or ")
    }
    let made = candidates.last.flatMap { reader.scope.workspace.binding(named: $0.displayName)?.statement }
    return "x = \(made ?? "COMMAND"), and then \(withSubject("x"))"
  }

  private func withSubject(_ name: String) -> String {
    let arguments = statement.arguments.filter { $0.value.map(\.span) != subjectSyntax.map(\.span) || $0.name != nil }
    return ([declaration.name, name] + arguments.map(\.printed)).joined(separator: " ")
  }
}
