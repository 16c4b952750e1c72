/// What could stand at the cursor.
package struct Completion: Sendable, Equatable {
  package struct Candidate: Sendable, Hashable {
    /// Replaces the span.
    package let text: String
    /// Such as "command", "parameter", "value", "column" or "path".
    package let kind: String
    /// A summary, or the type of a value.
    package let detail: String
  }

  /// What to replace, in Unicode scalars of the cell.
  package let span: Range<Int>
  package let candidates: [Candidate]
}

/// Finds what could stand at a cursor, also in a statement that is not finished.
package struct Completer: Sendable {
  let registry: Registry
  let files: any FileLooker

  package init(registry: Registry, files: any FileLooker) {
    self.registry = registry
    self.files = files
  }

  /// - Parameter cursor: in Unicode scalars of the cell.
  package func complete(_ cell: String, at cursor: Int, in workspace: Workspace) -> Completion {
    let whole = SourceText(cell)
    let cursor = min(max(0, cursor), whole.scalars.count)
    let parsed = Parser.parse(whole.text(in: 0..<cursor), commandNames: registry.commandNames)
    guard let place = CompletionPlace(parsed, cursor: cursor) else {
      return Completion(span: cursor..<cursor, candidates: [])
    }
    var walk = CheckWalk(parsed: parsed, registry: registry, files: files, workspace: workspace)
    for index in parsed.syntax.statements.indices.prefix(place.statement ?? parsed.syntax.statements.count) {
      walk.check(index)
    }
    let source = CandidateSource(registry: registry, scope: walk.scope, files: files)
    let candidates: [Completion.Candidate]
    switch place.expects {
    case .head: candidates = source.heads()
    case .member(let path): candidates = source.members(of: path)
    case .argument, .item, .key, .category:
      guard let index = place.statement else { return Completion(span: cursor..<cursor, candidates: []) }
      candidates = arguments(at: place, parsed.syntax.statements[index], walk, source)
    }
    return Completion(span: place.partial.span, candidates: place.matching(candidates))
  }

  private func arguments(
    at place: CompletionPlace, _ statement: StatementSyntax, _ walk: CheckWalk, _ source: CandidateSource
  ) -> [Completion.Candidate] {
    guard statement.head.count == 1, let command = registry[statement.head[0].text] else { return [] }
    let declaration = command.declaration
    var known = statement
    known.isWellFormed = true
    if let argument = place.argument { known.arguments.remove(at: argument) }
    let positionalsBefore = known.arguments.filter { $0.name == nil }.count
    if place.isPositional {
      // Which argument is the subject depends on their number, so the one being typed counts.
      let typed = ScalarSyntax(
        text: place.partial.text.isEmpty ? "_" : place.partial.text, isQuoted: false, span: place.partial.span)
      known.arguments.append(ArgumentSyntax(name: nil, value: .scalar(typed), span: typed.span))
    }
    var binder = Binder(statement: known, command: command, reader: walk.reader(for: statement), peeksAtResult: true)
    _ = binder.bind()
    let source = source.knowing(binder.reader.names)

    if let name = place.parameter {
      if let parameter = declaration.parameters.first(where: { $0.name == name }) {
        return source.candidates(for: parameter.type, at: place)
      }
      guard let subject = declaration.subject, subject.name == name else { return [] }
      return source.subjects(subject, at: place)
    }
    var result: [Completion.Candidate] = []
    let given = Set(known.arguments.compactMap(\.name?.text))
    let hasNamed = !given.isEmpty
    if !hasNamed || !place.isPositional || place.isInBracket {
      if positionalsBefore == 0, let subject = declaration.subject { result += source.subjects(subject, at: place) }
      let open = declaration.parameters.filter { $0.isPositional && !given.contains($0.name) }
      var indices = [positionalsBefore]
      if declaration.subject != nil { indices.append(positionalsBefore - 1) }
      if let last = open.indices.last, case .list = open[last].type { indices = indices.map { min($0, last) } }
      for index in Set(indices).sorted() where open.indices.contains(index) {
        result += source.candidates(for: open[index].type, at: place).filter { !result.contains($0) }
      }
    }
    if !place.isInBracket, !place.partial.isQuoted {
      for parameter in declaration.parameters where !given.contains(parameter.name) {
        result.append(
          Completion.Candidate(text: parameter.name + "=", kind: "parameter", detail: parameter.documentation))
      }
    }
    return result
  }
}
