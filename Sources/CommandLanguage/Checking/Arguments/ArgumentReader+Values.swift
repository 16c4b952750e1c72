/// Values of the session, and their members.
extension ArgumentReader {
  /// The name that a value stands for, where it is known; otherwise the word itself.
  mutating func named(_ scalar: ScalarSyntax, _ kind: NameKind) throws(Diagnostic) -> ScalarSyntax {
    guard standing(scalar, for: kind) != nil else { return scalar }
    let known = try lookUp(scalar)
    guard let own = known.names?.names(of: kind), own.count == 1, let name = own.first else { return scalar }
    return ScalarSyntax(text: name, isQuoted: true, span: scalar.span)
  }

  /// The only value of the type whose quantity a word is; nil where there is no such type, or no value of it.
  mutating func onlyValue(
    meantBy scalar: ScalarSyntax, for parameter: ParameterDeclaration
  ) throws(Diagnostic) -> BoundValue? {
    guard !scalar.isQuoted, let declared = registry.valueTypes.first(where: { $0.quantity == scalar.text }) else {
      return nil
    }
    let project = owned.first?.project
    let candidates = scope.values(of: declared.type).filter { entry in
      guard let project, let owner = owner(of: entry.known) else { return true }
      return owner == project
    }
    guard let only = candidates.first else { return nil }
    guard candidates.count == 1 else {
      throw failure(
        .severalImplied(
          parameter: parameter.name, phrase: registry.phrase(for: [declared.type]),
          names: candidates.map(\.displayName), instead: candidates.last(where: \.isNamed)?.displayName ?? "session"),
        scalar.span)
    }
    imply(only, for: parameter.name, at: scalar.span)
    return .value(name: only.displayName, only.known.value)
  }

  /// The unnamed value of a type that a word names; nil if it names none.
  func slot(_ scalar: ScalarSyntax) throws(Diagnostic) -> BoundValue? {
    guard !scalar.isQuoted, scope[scalar.text] == nil,
      let type = registry.valueTypes.first(where: { $0.type.name.lowercased() == scalar.text.lowercased() })?.type
    else { return nil }
    guard scope.has(.unnamed(type)) else {
      throw failure(.emptySlot(type: type.name, named: scope.newestName(of: [type])), scalar.span)
    }
    return .unnamed(type, scope.workspace.unnamed(type)?.value)
  }

  mutating func value(
    _ scalar: ScalarSyntax, _ types: [ValueType], for parameter: ParameterDeclaration, role: PathRole?
  ) throws(Diagnostic) -> BoundValue {
    if let role, scalar.isQuoted || PathSearch.looksLikePath(scalar.text) {
      return .path(try path(scalar, role, parameter: parameter.name))
    }
    guard !scalar.isQuoted else { throw unfit(.scalar(scalar), .value(types), parameter) }
    let known: KnownValue
    do throws(Diagnostic) {
      known = try lookUp(scalar, orPath: role != nil)
    } catch {
      throw error.guessing(scope.newestName(of: types))
    }
    know(known.names, for: parameter.name)
    guard let type = known.type else { return .value(name: scalar.text, nil) }
    guard let fitted = fit(known, to: types) else {
      throw failure(
        .unfitValue(
          parameter: parameter.name, phrase: registry.phrase(for: types), name: scalar.text,
          type: registry.phrase(for: [type]), instead: scope.newestName(of: types)),
        scalar.span)
    }
    return .value(name: scalar.text, fitted.value)
  }

  /// A value as one of the types wanted; nil if it is of another.
  func fit(_ known: KnownValue, to types: [ValueType]) -> KnownValue? {
    guard let type = known.type, !types.isEmpty, !types.contains(type) else { return known }
    let possible = registry.coercions(of: type, to: types)
    if let value = known.value {
      for wanted in possible {
        if let coerced = value.coerced(to: wanted) { return KnownValue(coerced) }
      }
      return nil
    }
    // Which of several it will be is known once it is there.
    if possible.count > 1 { return KnownValue(type: nil, names: known.names) }
    return possible.first.map { KnownValue(type: $0, names: known.names) }
  }

  /// The value that a reference such as `df` or `m.map` stands for, noted as used.
  mutating func lookUp(_ scalar: ScalarSyntax, orPath: Bool = false) throws(Diagnostic) -> KnownValue {
    guard let parts = WordReading.reference(scalar.text), let root = parts.first else {
      throw failure(fileOrUnknown(scalar.text, scalar.text, orPath: orPath), scalar.span)
    }
    guard scope[root] != nil else { throw failure(fileOrUnknown(scalar.text, root, orPath: orPath), scalar.span) }
    return try member(of: parts, at: scalar.span)
  }

  mutating func member(of parts: [String], at span: Range<Int>) throws(Diagnostic) -> KnownValue {
    guard let root = parts.first, var known = scope[root] else {
      throw failure(unknownValue(parts.first ?? ""), span)
    }
    use(.named(root), known, at: span)
    var path = root
    for part in parts.dropFirst() {
      guard let type = known.type else { return known }
      if let value = known.value {
        guard let member = value.member(part) else {
          throw failure(
            .unknownMember(part, of: path, members: value.memberNames, instead: statement(part, on: path)), span)
        }
        known = KnownValue(member, identity: known.identity.member(part))
      } else if let members = registry.declaration(of: type)?.members, !members.isEmpty {
        guard let memberType = members[part] else {
          throw failure(.unknownMember(part, of: path, members: members.keys.sorted()), span)
        }
        known = KnownValue(type: memberType, names: known.names, recipe: known.identity.member(part).recipe)
      } else {
        known = KnownValue(type: nil, names: nil)
      }
      path += "." + part
    }
    return known
  }

  /// `stats df` for `df.stats`; nil if there is no such command.
  private func statement(_ command: String, on value: String) -> String? {
    registry[command].map { command in
      let required = command.declaration.parameters.filter(\.isRequired).map { parameter in
        (parameter.isPositional ? "" : parameter.name + "=") + (parameter.type.sample ?? parameter.type.placeholder)
      }
      return ([command.declaration.name, value] + required).joined(separator: " ")
    }
  }

  private func fileOrUnknown(_ word: String, _ root: String, orPath: Bool) -> LanguageError {
    if orPath, let path = paths.find(word) {
      return .fileOfThatName(word: word, isFolder: paths.files.isDirectory(path))
    }
    let unknown = unknownValue(root)
    guard orPath, word.contains("."), case .unknownValue = unknown else { return unknown }
    return .unknownValueOrFile(word, nearest: paths.nearest(to: word, as: "./" + word))
  }

  /// Whether a bare word is the name of a file or folder of that role that is there, and of no value.
  func isFile(_ word: String, as role: PathRole) -> Bool {
    if case .existingFileOrFolder(_, _, _, let schemes) = role, schemes.contains(where: { word.hasPrefix($0) }) {
      return true
    }
    guard let found = paths.find(word), WordReading.reference(word)?.first.map({ scope[$0] == nil }) ?? true else {
      return false
    }
    guard paths.files.isDirectory(found) else { return word.contains(".") }
    guard case .existingFileOrFolder(_, let members, _, _) = role else { return false }
    return members.contains { paths.files.exists(found + "/" + $0) }
  }

  /// Why a name has no value.
  func unknownValue(_ name: String) -> LanguageError {
    if registry.commandNames.contains(name) { return .commandAsValue(name) }
    if let later = scope.lineMaking(name, after: line) { return .madeLater(name, line: later) }
    if let past = scope.past(name) {
      let missing = past.sources.filter { !scope.has(displayName: $0.name) }.map(\.statement)
      return .madeBefore(
        name, statements: missing + [past.statement], isStored: past.isStored, ending: past.ending)
    }
    let known = scope.valueNames
    return .unknownValue(name, nearest: NearestName.nearest(to: name, in: known), known: known)
  }
}
