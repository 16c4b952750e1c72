/// Finds the values that a statement means without naming them.
extension Binder {
  /// Fills in the parameters that mean the only value of their type when they are left out.
  mutating func bindImplied() {
    let given = Set(given.map(\.parameter.name)).union(failedParameters)
    for parameter in declaration.parameters where !given.contains(parameter.name) {
      guard let implication = parameter.implication, implication.applies(bound.arguments),
        parameter.effects.allSatisfy(isMet)
      else { continue }
      if implication.broughtAlong != nil {
        if subjectNames?.settled.contains(parameter.name) == true { continue }
        // Before a subject is made, nobody knows what it will bring along.
        if declaration.subject != nil, bound.subjects.isEmpty, subjectNames == nil { continue }
      }
      bind(implication, for: parameter)
    }
  }

  private mutating func bind(_ implication: Implication, for parameter: ParameterDeclaration) {
    // Values of another project than the one worked on would be refused, so they are not meant.
    let project = reader.owned.first?.project
    let candidates = reader.scope.values(of: implication.type).filter { entry in
      guard let project, let owner = reader.owner(of: entry.known) else { return true }
      return owner == project
    }
    guard let only = candidates.first else {
      if parameter.isRequired, !reader.scope.hasUnknownTypes { refuse(missing: parameter) }
      return
    }
    guard candidates.count == 1 else {
      fail(
        .severalImplied(
          parameter: parameter.name, phrase: reader.registry.phrase(for: [implication.type]),
          names: candidates.map(\.displayName),
          instead: choice(among: candidates) { with(parameter.name, $0) }),
        statement.headSpan)
      return
    }
    guard isOpen(only, instead: with(parameter.name, only.displayName)) else { return }
    bound.arguments.values[parameter.name] = .value(name: only.displayName, only.known.value)
    bound.implied.append(ImpliedValue(parameter: parameter.name, phrase: phrase(for: only)))
    reader.imply(only, for: parameter.name, at: statement.headSpan)
  }

  /// False, with an error, for a value of a project that is open no more while others are: nobody works on it without
  /// saying so.
  ///
  /// - Parameter instead: the statement with the value named.
  mutating func isOpen(_ entry: Scope.Entry, instead: String) -> Bool {
    guard let owner = reader.owner(of: entry.known) else { return true }
    let open = reader.scope.entries.filter { $0.known.type.map(reader.registry.isProject) ?? false }
    let owners = open.map { reader.owner(of: $0.known) }
    guard !owners.isEmpty, !owners.contains(nil), !owners.contains(owner) else { return true }
    let slot = entry.known.type.map { "drop " + $0.name.lowercased() }
    fail(
      .projectNotOpen(
        name: entry.displayName, project: owner, open: owners.compactMap(\.self),
        instead: entry.isNamed ? instead : slot ?? "session"),
      statement.headSpan)
    return false
  }

  /// "on dataset d", "on the unnamed Dataset", "of project hpv"; with its project where several are open.
  func phrase(for entry: Scope.Entry) -> String {
    guard let type = entry.known.type else { return "on " + entry.displayName }
    let registry = reader.registry
    let title = entry.isNamed ? entry.displayName : entry.known.value?.title
    let name = title.map { type.name.lowercased() + " " + $0 } ?? entry.displayName
    let text = (registry.declaration(of: type)?.preposition ?? "on") + " " + name
    guard !registry.isProject(type), let owner = reader.owner(of: entry.known) else { return text }
    let projects = reader.scope.distinct(
      reader.scope.entries.filter { $0.known.type.map(registry.isProject) ?? false })
    guard projects.count > 1, let project = projects.first(where: { reader.owner(of: $0.known) == owner }) else {
      return text
    }
    return text + " " + phrase(for: project)
  }

  /// Values of several projects in one statement: their slides have nothing to do with each other.
  mutating func refuseOtherProjects() {
    guard !declaration.forgetsValues, diagnostics.isEmpty else { return }
    let across = given.filter(\.parameter.acrossProjects).map(\.value.span)
    // Several subjects stand beside each other.
    let list = subjectSyntax.flatMap { $0.isList ? $0.span : nil }
    let owned = reader.owned.filter { value in !across.contains { $0.contains(value.span.lowerBound) } }
    guard let first = owned.first else { return }
    for other in owned.dropFirst() where other.project != first.project && list?.overlaps(other.span) != true {
      let fitting = other.type.flatMap { type in
        reader.scope.values(of: type).last { $0.isNamed && reader.owner(of: $0.known) == first.project }?.displayName
      }
      fail(
        .otherProject(
          other.name, project: other.project, beside: first.name, of: first.project, instead: fitting ?? "session"),
        other.span)
    }
  }
}
