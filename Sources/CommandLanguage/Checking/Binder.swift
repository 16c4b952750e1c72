/// A statement with its arguments read, ready to run if its values exist.
struct BoundStatement {
  let command: Command
  var arguments = BoundArguments()
  var subjects: [any SessionValue] = []
  var subjectName: String?
  /// The values used without being named.
  var implied: [ImpliedValue] = []
  var usedSlots: [ValueSlot] = []
  /// The folder in which results made from them are kept.
  var store: String?
  /// What tells that another statement makes the same value.
  var recipe: String?
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

  var bound: BoundStatement
  var diagnostics: [Diagnostic] = []
  var given: [(parameter: ParameterDeclaration, value: ValueSyntax)] = []
  var subjectSyntax: ValueSyntax?
  var subjectNames: KnownNames?
  /// The type that the command works on, where one subject is given and its type is known.
  var subjectType: ValueType?
  var failedParameters: Set<String> = []
  /// True if an error has been found where the subject would stand.
  var hasFailedSubject = false

  init(statement: StatementSyntax, command: Command, reader: ArgumentReader, peeksAtResult: Bool) {
    self.statement = statement
    self.command = command
    self.reader = reader
    self.peeksAtResult = peeksAtResult
    bound = BoundStatement(command: command)
  }

  var declaration: CommandDeclaration { command.declaration }

  /// The statement as far as it could be bound, and everything that is wrong with it.
  mutating func bind() -> (BoundStatement, [Diagnostic]) {
    distribute()
    bindSubject()
    reader.subjectName = bound.subjectName.flatMap { WordReading.isName($0) ? $0 : nil }
    let naming = given.filter { needsNames($0.value, $0.parameter) }
    for (parameter, value) in given where !needsNames(value, parameter) { read(value, for: parameter) }
    bindImplied()
    var peeked: KnownNames?
    if !naming.isEmpty || peeksAtResult { peeked = peek() }
    reader.names = validNames(peeked)
    for (parameter, value) in naming { read(value, for: parameter) }
    refuseWithoutEffect()
    refuseOtherProjects()
    if peeksAtResult, diagnostics.isEmpty { bound.resultNames = naming.isEmpty ? peeked : peek() }
    bound.usedSlots = reader.usedSlots
    bound.store = reader.store
    if diagnostics.isEmpty { bound.recipe = command.identify(peekInput) }
    bound.outputPaths = reader.outputPaths
    return (bound, diagnostics.sorted { $0.span.lowerBound < $1.span.lowerBound })
  }

  /// More errors of one statement are not told.
  static let mostErrors = 20

  var tellsNoMore: Bool { diagnostics.count >= Self.mostErrors }

  mutating func fail(_ problem: LanguageError, _ span: Range<Int>) {
    guard !tellsNoMore else { return }
    diagnostics.append(reader.failure(problem, span))
  }

  func peek() -> KnownNames? { command.peek(peekInput) }

  private var peekInput: PeekInput {
    let arguments = statement.arguments.map(\.printed).sorted()
    return PeekInput(
      arguments: bound.arguments, subjectNames: subjectNames, parameterNames: reader.knownByParameter,
      statement: ([declaration.name] + arguments + reader.usedSlots.map(\.displayName)).joined(separator: " "))
  }

  /// True if a value can only be read when the names are known that are valid in the statement. A path, and the name of
  /// a value, need none.
  private func needsNames(_ value: ValueSyntax, _ parameter: ParameterDeclaration) -> Bool {
    guard parameter.type.needsNames else { return false }
    guard case .scalar(let scalar) = value else { return true }
    return !isNone(value, parameter) && !reader.isSelfContained(scalar, as: parameter.type)
  }

  /// True for `none` in the place of a value that would be meant if it were left out.
  private func isNone(_ value: ValueSyntax, _ parameter: ParameterDeclaration) -> Bool {
    guard parameter.implication != nil, !parameter.isRequired, case .scalar(let scalar) = value else { return false }
    return !scalar.isQuoted && WordReading.isNone(scalar.text)
  }

  /// What is known of the subject comes first: it is what the names are said of.
  func validNames(_ peeked: KnownNames?) -> KnownNames {
    var names = peeked ?? KnownNames()
    for (_, known) in reader.knownByParameter.sorted(by: { $0.key < $1.key }) { names = names.merging(known) }
    return (subjectNames.map { names.merging($0) } ?? names).overridden(by: peeked)
  }

  mutating func read(_ value: ValueSyntax, for parameter: ParameterDeclaration) {
    bound.arguments.spans[parameter.name] = value.span
    if isNone(value, parameter) {
      bound.arguments.values[parameter.name] = BoundValue.none
      return
    }
    // `save m` lacks the path, though a folder could have that name.
    if case .path(.outputOrFolder) = parameter.type, let name = nameOfSubject(value, standingFor: parameter) {
      return refuse(parameter, lackingWith: name)
    }
    do throws(Diagnostic) {
      bound.arguments.values[parameter.name] = try reader.read(value, as: readType(of: parameter), for: parameter)
    } catch {
      if let name = nameOfSubject(value, standingFor: parameter) {
        refuse(parameter, lackingWith: name)
      } else {
        diagnostics.append(error)
      }
    }
  }

  /// `save m` lacks the path and `label u` what to show; `m` and `u` are what they work on.
  private mutating func refuse(_ parameter: ParameterDeclaration, lackingWith name: String) {
    diagnostics.removeAll {
      switch $0.problem {
      case .severalSubjects, .noSubject, .projectNotOpen: true
      default: false
      }
    }
    fail(
      .missingParameter(
        parameter.name, command: declaration.name,
        usage: "\(declaration.name) \(name) \(example(parameter, of: name))"),
      statement.headSpan)
  }

  /// A folder that is to be made need not exist.
  private func readType(of parameter: ParameterDeclaration) -> ParameterType {
    switch parameter.type {
    case .path(.output(let all)): return .path(.output(extensions: savedExtensions(of: all)))
    case .path(.outputOrFolder(let all)): return .path(.outputOrFolder(extensions: savedExtensions(of: all)))
    default: break
    }
    guard case .path(.directory(let creating)) = parameter.type else { return parameter.type }
    let isNew = statement.arguments.contains { argument in
      guard argument.name?.text == creating, case .scalar(let scalar)? = argument.value else { return false }
      return scalar.text.lowercased() == "true"
    }
    return .path(isNew ? .output(extensions: []) : .existingDirectory)
  }

  /// The extensions of files that what the command works on is saved to; none where they are not known.
  var savedExtensions: [String] { subjectType.flatMap { reader.registry.declaration(of: $0)?.savedAs } ?? [] }

  /// Of extensions those of files that what the command works on is saved to, the first to suggest; all where that is not
  /// known.
  private func savedExtensions(of all: [String]) -> [String] {
    let both = savedExtensions.filter(all.contains)
    return both.isEmpty ? all : both
  }

  /// Reports what cannot change the result, and parts of values where only whole ones can be forgotten.
  private mutating func refuseWithoutEffect() {
    for (parameter, value) in given where bound.arguments.has(parameter.name) {
      let argument = statement.arguments.first { $0.name?.text == parameter.name }
      let span = argument?.span ?? value.span
      for effect in parameter.effects where !isMet(effect) {
        refuse(parameter.name, effect, span)
      }
      guard declaration.forgetsValues else { continue }
      for scalar in value.scalars {
        guard let parts = WordReading.reference(scalar.text), parts.count > 1, let whole = parts.first else { continue }
        fail(.partDropped(scalar.text, whole: whole), scalar.span)
      }
    }
  }

  private mutating func refuse(_ name: String, _ effect: ParameterEffect, _ span: Range<Int>) {
    let without = self.without(span)
    switch effect {
    case .with(let other, let values):
      let instead = with(other, values.first ?? sampleValue(of: other))
      fail(.noEffectWithout(name, parameter: other, values: values, instead: instead), span)
    case .without(let other):
      fail(.noEffectBeside(name, parameter: other, instead: without), span)
    case .on(let types):
      guard let type = subjectType, let subject = bound.subjectName else { return }
      let registry = reader.registry
      fail(
        .noEffectOn(
          name, phrase: registry.phrase(for: types), name: subject, type: registry.phrase(for: [type]),
          instead: without), span)
    }
  }

  func isMet(_ effect: ParameterEffect) -> Bool {
    switch effect {
    case .with(let other, let values): isInEffect(other, values)
    case .without(let other): !isSwitchedOn(other)
    case .on(let types): bound.subjectName == nil || subjectType.map(types.contains) ?? true
    }
  }

  /// The statement with a parameter at a value.
  func with(_ name: String, _ value: String) -> String {
    var changed = statement
    let word = ValueSyntax.scalar(ScalarSyntax(text: value, isQuoted: false, span: 0..<0))
    if let index = changed.arguments.firstIndex(where: { $0.name?.text == name }) {
      changed.arguments[index].value = word
    } else {
      let first = changed.arguments.firstIndex { $0.name != nil } ?? changed.arguments.endIndex
      let argument = ArgumentSyntax(name: NameSyntax(text: name, span: 0..<0), value: word, span: 0..<0)
      changed.arguments.insert(argument, at: first)
    }
    return changed.printed
  }

  /// False for a parameter that changes nothing on what the command works on.
  func canHaveEffect(_ parameter: ParameterDeclaration) -> Bool {
    parameter.effects.allSatisfy { effect in
      guard case .on(let types) = effect, let type = subjectType else { return true }
      return types.contains(type)
    }
  }

  /// True if a parameter has one of some values (of any, if there are none), or may have for all that is known.
  private func isInEffect(_ name: String, _ values: [String]) -> Bool {
    guard statement.arguments.contains(where: { $0.name?.text == name }) || bound.arguments.has(name) else {
      let usual = declaration.parameters.first { $0.name == name }?.defaultText
      return usual.map(values.contains) ?? false
    }
    if let isOn = bound.arguments.boolean(name) { return values.isEmpty || values.contains(String(isOn)) }
    guard !values.isEmpty, let texts = bound.arguments.texts(name), !texts.isEmpty else { return true }
    return texts.contains(where: values.contains)
  }

  /// True if a parameter is given, and as something else than `false` or `none`.
  private func isSwitchedOn(_ name: String) -> Bool {
    if case .none? = bound.arguments[name] { return false }
    return bound.arguments.has(name) && bound.arguments.boolean(name) != false
  }

  /// The name of a value that the command works on, in the place of a parameter that it does not fit.
  func nameOfSubject(_ value: ValueSyntax, standingFor parameter: ParameterDeclaration) -> String? {
    guard subjectSyntax == nil, let subject = declaration.subject, parameter.isPositional, parameter.isRequired,
      !statement.arguments.contains(where: { $0.name?.text == parameter.name }),
      case .scalar(let scalar) = value, !scalar.isQuoted, let known = reader.scope[scalar.text],
      known.type.map({ reader.registry.fits($0, subject.types) }) ?? true
    else { return nil }
    return scalar.text
  }

  /// A parameter as it could be given for a value: a column that there is, or the form.
  func example(_ parameter: ParameterDeclaration, of subject: String) -> String {
    switch parameter.type {
    case .path:
      let extensions = reader.scope[subject]?.type.flatMap { reader.registry.declaration(of: $0)?.savedAs }
      return extensions?.first.map { ScalarSyntax.spelling(of: "\(subject).\($0)") } ?? parameter.type.placeholder
    default: return parameter.name + "=" + (known(parameter.type) ?? parameter.type.placeholder)
    }
  }
}
