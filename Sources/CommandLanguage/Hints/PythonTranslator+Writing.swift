/// Writes one command for one call.
extension PythonTranslator {
  mutating func write(
    _ command: Command, _ call: ReferenceCall?, receiver: Value?, arguments: [PythonArgument], target: String?
  ) throws(Untranslatable) -> Value {
    let declaration = command.declaration
    var line = Line(subject: subject(receiver, declaration, call))
    let isOnSubject = receiver?.type.map { registry.fits($0, declaration.subject?.types ?? []) } ?? false
    var hasSubject = line.subject != nil || isOnSubject
    var position = 0
    var kept: [PythonArgument] = []
    for argument in arguments {
      if case .ellipsis = argument.value { continue }
      if argument.name == nil, case .name("self") = argument.value { continue }
      let place: ReferenceCall.Place?
      if let name = argument.name {
        place = self.place(ofKeyword: name, declaration, call)
      } else if let call {
        place = position < call.arguments.count ? call.arguments[position].place : nil
        position += 1
      } else {
        place = try self.place(of: argument.value, declaration, line, hasSubject: hasSubject)
      }
      switch place {
      case .subject?:
        line.subject = try spelledSubject(argument.value, declaration)
        hasSubject = true
      case .parameter(let name)?:
        guard let parameter = declaration.parameters.first(where: { $0.name == name }) else {
          if !isNothing(argument.value) { remarks.append("`\(declaration.name)` has no \(argument.name ?? name) yet.") }
          continue
        }
        if let spelled = try spelled(argument.value, for: parameter, declaration) { line.named.append((name, spelled)) }
      case .file?:
        guard case .text(let path)? = constant(argument.value) else { throw .noPlace(declaration) }
        line.file = ScalarSyntax.spelling(of: path)
      case .nowhere?: continue
      case nil:
        if call?.instances.isEmpty == false {
          kept.append(argument)
        } else if argument.name == nil {
          throw .noPlace(declaration)
        } else if !isNothing(argument.value) {
          remarks.append("`\(declaration.name)` has no \(argument.name ?? "") here.")
        }
      }
    }
    if let subject = line.subject, let picture = names.pictures[subject],
      declaration.name == registry.reference.savingCommand
    {
      line.subject = picture
    }
    return finish(line, declaration, call, receiver, kept, target: target)
  }

  /// A command as far as it is written.
  struct Line {
    var subject: String?
    var named: [(name: String, value: String)] = []
    /// The file that the result is saved to.
    var file: String?
  }

  private mutating func finish(
    _ line: Line, _ declaration: CommandDeclaration, _ call: ReferenceCall?, _ receiver: Value?,
    _ kept: [PythonArgument], target: String?
  ) -> Value {
    var name = target.map { newName(for: $0, declaration.result) }
    if declaration.result == nil { name = nil }
    let needsName = line.file != nil || call?.changesReceiver == true
    if name == nil, needsName, declaration.result != nil { name = newName(for: "", declaration.result) }
    var parts = name.map { [$0, "="] } ?? []
    parts.append(declaration.name)
    if let subject = line.subject { parts.append(subject) }
    let positional = declaration.parameters.filter { $0.isPositional && $0.isRequired }.map(\.name)
    // Where there is no subject in front of it, what stands without its name could be taken for one.
    for name in positional {
      parts += line.named.filter { $0.name == name }.map {
        usesNames($0.name, declaration) ? "\($0.name)=\($0.value)" : $0.value
      }
    }
    parts += line.named.filter { !positional.contains($0.name) }.map { "\($0.name)=\($0.value)" }
    parts += call?.added ?? []
    lines.append(parts.joined(separator: " "))
    sentence = sentence(declaration, call)
    if let file = line.file, let name { lines.append("\(registry.reference.savingCommand) \(name) \(file)") }
    if let name {
      names.lines[name] = lines[lines.count - (line.file == nil ? 1 : 2)]
      bound.append(Habits.Answer.Bound(name: name, type: declaration.result))
      if call?.changesReceiver == true, let subject = line.subject { names.pictures[subject] = name }
    }
    let value = Value(spelling: name, type: declaration.result, call: call?.name, kept: kept)
    if let target, !target.isEmpty { names.values[target] = value }
    if target == "", let name { names.values["·" + name] = value }
    return value
  }

  /// True where a parameter is better named: what is shown by `label` is never given without `by=`.
  private func usesNames(_ parameter: String, _ declaration: CommandDeclaration) -> Bool {
    declaration.parameters.first { $0.name == parameter }.map { $0.type == .list(.quantity) || $0.type == .quantity }
      ?? false
  }

  private func sentence(_ declaration: CommandDeclaration, _ call: ReferenceCall?) -> String {
    guard let call else { return "A command is followed by its arguments here, without parentheses and commas." }
    return declaration.name == call.shortName
      ? "This is Python; here a command is followed by its arguments, without parentheses."
      : "This is Python; `\(call.name)` of \(registry.reference.name) is the command `\(declaration.name)` here."
  }

  // MARK: Places

  /// What a method is called on, if it is what the command works on.
  private func subject(_ receiver: Value?, _ declaration: CommandDeclaration, _ call: ReferenceCall?) -> String? {
    guard let receiver, let spelling = receiver.spelling, let subject = declaration.subject else { return nil }
    if call?.arguments.contains(where: { $0.place == .subject }) == true { return nil }
    guard let type = receiver.type else { return isProject(spelling) ? nil : spelling }
    return registry.fits(type, subject.types) ? spelling : nil
  }

  /// What a project is called in notebooks; its functions are commands.
  private func isProject(_ name: String) -> Bool { ["P", "project", "self"].contains(name) }

  private func place(
    ofKeyword name: String, _ declaration: CommandDeclaration, _ call: ReferenceCall?
  ) -> ReferenceCall.Place? {
    if let place = call?.arguments.first(where: { $0.name == name })?.place { return place }
    let parameter = declaration.parameters.first { $0.name == name || $0.referenceNames.contains(name) }
    if let parameter { return .parameter(parameter.name) }
    return declaration.subject?.name == name ? .subject : nil
  }

  /// Where an argument without a name most likely belongs, in a call that no reference describes.
  private func place(
    of value: PythonExpression, _ declaration: CommandDeclaration, _ line: Line, hasSubject: Bool
  ) throws(Untranslatable) -> ReferenceCall.Place? {
    let given = Set(line.named.map(\.name))
    let open = declaration.parameters.filter { !given.contains($0.name) }
    if !hasSubject, let subject = declaration.subject {
      switch value {
      case .name, .attribute, .call: return .subject
      case .text where subject.path != nil: return .subject
      default: break
      }
    }
    switch constant(value) {
    case .text(let text)?:
      if PathSearch.looksLikePath(text) {
        return open.first { if case .path = $0.type { true } else { false } }.map { .parameter($0.name) }
      }
      let choice = open.first { $0.type.choices.contains(text) }
      if let choice { return .parameter(choice.name) }
    case .number?:
      let fitting = open.first { parameter in
        switch parameter.type {
        case .integer, .number, .microns: true
        default: false
        }
      }
      return fitting.map { .parameter($0.name) }
    default: break
    }
    guard let positional = open.first(where: \.isPositional) else { throw .noPlace(declaration) }
    return .parameter(positional.name)
  }

  // MARK: Spelling

  private mutating func spelledSubject(
    _ value: PythonExpression, _ declaration: CommandDeclaration
  ) throws(Untranslatable) -> String? {
    if case .text(let path)? = constant(value) {
      guard let role = declaration.subject?.path else { throw .noPlace(declaration) }
      return spelled(path: path, role, besidesValues: true)
    }
    switch value {
    case .name, .attribute: return try self.value(of: value).spelling
    case .call, .item: return try self.value(of: value, target: "").spelling
    default: throw .noPlace(declaration)
    }
  }

  /// A path with an extension that is read; in quotes where a bare word would be a value.
  private func spelled(path: String, _ role: PathRole, besidesValues: Bool) -> String {
    var path = path
    let extensions: [String]? =
      switch role {
      case .existingFile(let extensions), .existingFileOrFolder(let extensions, _, _, _): extensions
      default: nil
      }
    if let extensions, let wanted = extensions.first {
      let own = PathSearch.fileExtension(of: path)
      // What has no extension may be a folder, where folders are taken.
      let mayBeFolder = if case .existingFileOrFolder = role { own == nil } else { false }
      if !mayBeFolder, own == nil || !extensions.contains(own ?? "") {
        path += (path.hasSuffix("/") ? "model." : ".") + wanted
      }
    }
    let spelling = ScalarSyntax.spelling(of: path)
    return besidesValues && !PathSearch.looksLikePath(spelling) && !spelling.hasPrefix("\"")
      ? "./" + spelling : spelling
  }

  /// An argument as it is written for a parameter; nil where leaving it out says the same.
  private mutating func spelled(
    _ value: PythonExpression, for parameter: ParameterDeclaration, _ declaration: CommandDeclaration
  ) throws(Untranslatable) -> String? {
    if isNothing(value), !isFalse(value) { return isOptional(parameter.type) ? "none" : nil }
    if let literal = constant(value) ?? literal(value) {
      if case .text(let path) = literal {
        if case .path(let role) = parameter.type { return spelled(path: path, role, besidesValues: false) }
        if case .valueOrPath(_, let role) = parameter.type { return spelled(path: path, role, besidesValues: true) }
      }
      guard let text = Self.spelling(of: literal, depth: 0) else { throw .noPlace(declaration) }
      return text
    }
    switch value {
    case .name(let name):
      let found = try self.value(of: value)
      if takesNames(parameter.type), let made = column(of: found) { return made }
      if takesNames(parameter.type), found.type != nil { throw .noPlace(declaration) }
      return found.spelling ?? (found.type == nil ? name : newName(for: name, found.type))
    case .attribute, .call, .item:
      let found = try self.value(of: value, target: "")
      guard let spelling = found.spelling else { throw .noPlace(declaration) }
      return spelling
    default: throw .noPlace(declaration)
    }
  }

  /// True for what is looked at by name: a value in its place stands for the name that it was made with.
  private func takesNames(_ type: ParameterType) -> Bool {
    switch type {
    case .quantity, .measure, .name: true
    case .list(let item), .optional(let item): takesNames(item)
    default: false
    }
  }

  /// The column that a value was made from.
  private func column(of value: Value) -> String? {
    guard let spelling = value.spelling else { return nil }
    let line = names.lines[spelling] ?? scope.workspace.binding(named: spelling)?.statement
    guard let line, let statement = Parser.parse(line).syntax.statements.first, let head = statement.head.first,
      let declaration = registry[head.text]?.declaration,
      let parameter = declaration.parameters.first(where: {
        $0.isPositional && [.name(.column), .list(.name(.column))].contains($0.type)
      })
    else { return nil }
    if let named = statement.arguments.first(where: { $0.name?.text == parameter.name }) { return named.value?.printed }
    return statement.arguments.last { $0.name == nil }?.value?.printed
  }

  private func isOptional(_ type: ParameterType) -> Bool { if case .optional = type { true } else { false } }

  private func isFalse(_ value: PythonExpression) -> Bool {
    if case .name(let name) = value { WordReading.boolean(name) == false } else { false }
  }

  /// `None`, `np.nan` and `False` say no more than leaving the argument out.
  private func isNothing(_ value: PythonExpression) -> Bool {
    switch value {
    case .name(let name): ["None", "NULL", "NA", "nan", "False", "FALSE"].contains(name)
    case .attribute(_, let name): ["nan", "NaN", "NA"].contains(name)
    default: false
    }
  }
}
