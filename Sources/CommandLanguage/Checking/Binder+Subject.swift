/// Finds the value that the command works on.
extension Binder {
  mutating func bindSubject() {
    guard let subject = declaration.subject else { return }
    guard let syntax = subjectSyntax else {
      guard !hasFailedSubject else { return }
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
        throw textFailure(syntax.printed, subject, span)
      }
    } catch {
      diagnostics.append(error)
    }
  }

  mutating func bind(_ value: BoundValue, to subject: SubjectDeclaration) {
    setSubject(value, subject)
    if case .value(let name, let real) = value {
      bound.subjectName = name
      bound.subjects = real.map { [$0] } ?? []
    }
  }

  /// A parameter of the same name as the subject keeps its place among the arguments.
  mutating func setSubject(_ value: BoundValue, _ subject: SubjectDeclaration) {
    if !declaration.parameters.contains(where: { $0.name == subject.name }) {
      bound.arguments.values[subject.name] = value
    }
  }

  mutating func subjectValue(
    _ scalar: ScalarSyntax, _ subject: SubjectDeclaration
  ) throws(Diagnostic) -> BoundValue {
    if let role = subject.path,
      scalar.isQuoted || PathSearch.looksLikePath(scalar.text) || reader.isFile(scalar.text, as: role)
    {
      return .path(try reader.path(scalar, role, parameter: subject.name))
    }
    let phrase = reader.registry.phrase(for: subject.types)
    guard !scalar.isQuoted, subject.path != nil || !PathSearch.looksLikePath(scalar.text) else {
      throw textFailure(scalar.printed, subject, scalar.span)
    }
    let known: KnownValue
    do throws(Diagnostic) {
      known = try reader.lookUp(scalar, orPath: subject.path != nil)
    } catch {
      throw error.guessing(reader.scope.newestName(of: subject.types))
    }
    if let names = known.names { subjectNames = subjectNames?.merging(names) ?? names }
    guard let type = known.type else { return .value(name: scalar.text, nil) }
    guard let fitted = reader.fit(known, to: subject.types) else {
      throw reader.failure(
        .unfitSubject(
          command: declaration.name, phrase: phrase, name: scalar.text,
          type: reader.registry.phrase(for: [type]),
          instead: reader.scope.newestName(of: subject.types).map(withSubject)
            ?? (subject.path == nil ? nil : declaration.name + " PATH")), scalar.span)
    }
    subjectType = fitted.type
    return .value(name: scalar.text, fitted.value)
  }

  private func textFailure(_ found: String, _ subject: SubjectDeclaration, _ span: Range<Int>) -> Diagnostic {
    reader.failure(
      .subjectIsText(
        command: declaration.name, phrase: reader.registry.phrase(for: subject.types), found: found,
        instead: reader.scope.newestName(of: subject.types).map(withSubject)), span)
  }

  mutating func bindDefaultSubject(_ subject: SubjectDeclaration) {
    // What is given as a value or a path need not be looked up in a subject.
    let selfContained = subject.isOptional ? selfContainedArgument : nil
    if let selfContained, !PathSearch.looksLikePath(selfContained.text), !selfContained.isQuoted { return }
    let candidates = defaultCandidates(subject)
    if candidates.count > 1, selfContained != nil { return }
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
          names: candidates.map(\.displayName), instead: choice(among: candidates, in: withSubject)),
        statement.headSpan)
      return
    }
    guard isOpen(only, instead: withSubject(only.displayName)) else { return }
    reader.imply(only, for: nil, at: statement.headSpan)
    bound.implied.append(ImpliedValue(parameter: nil, phrase: phrase(for: only)))
    subjectNames = only.known.names
    let fitted = reader.fit(only.known, to: subject.types) ?? only.known
    subjectType = fitted.type
    bind(.value(name: only.displayName, fitted.value), to: subject)
  }

  /// An argument that is a value or a path where the name of something of the subject could stand.
  private var selfContainedArgument: ScalarSyntax? {
    for (parameter, value) in given {
      guard case .nameOrPath = parameter.type, case .scalar(let scalar) = value,
        reader.isSelfContained(scalar, as: parameter.type)
      else { continue }
      return scalar
    }
    return nil
  }

  /// The values of the first type of which there is one; failing that, those that can stand for one.
  func defaultCandidates(_ subject: SubjectDeclaration) -> [Scope.Entry] {
    guard !subject.types.isEmpty else { return reader.scope.distinct(reader.scope.entries) }
    for type in subject.types {
      let values = reader.scope.values(of: type)
      if !values.isEmpty { return values }
    }
    return reader.scope.distinct(
      reader.scope.entries.filter { $0.known.type != nil && reader.fit($0.known, to: subject.types) != nil })
  }

  /// The statement with the newest value that has a name; without any named, one of them made anew with a name.
  func choice(among candidates: [Scope.Entry], in line: (String) -> String) -> String {
    let named = candidates.filter(\.isNamed).map(\.displayName)
    if let last = named.last { return line(last) }
    let made = candidates.last.flatMap { reader.scope.workspace.binding(in: $0.slot)?.statement }
    return "x = \(made ?? "COMMAND")\n\(line("x"))"
  }

  func withSubject(_ name: String) -> String {
    let arguments = statement.arguments.filter { $0.value.map(\.span) != subjectSyntax.map(\.span) || $0.name != nil }
    return ([declaration.name, name] + arguments.map(\.printed)).joined(separator: " ")
  }
}
