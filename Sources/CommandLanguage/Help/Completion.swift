/// What could stand at the cursor.
package struct Completion: Sendable, Equatable {
  package struct Candidate: Sendable, Hashable {
    /// Replaces the span.
    package let text: String
    /// Such as "command", "parameter", "value", "column" or "path".
    package let kind: String
    /// A summary, or the type of a value.
    package let detail: String
    /// How a command is called or what a parameter takes; nil for everything else.
    package let signature: String?

    init(text: String, kind: String, detail: String, signature: String? = nil) {
      self.text = text
      self.kind = kind
      self.detail = detail
      self.signature = signature
    }
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
    let nothing = Completion(span: cursor..<cursor, candidates: [])
    guard let place = CompletionPlace(parsed, cursor: cursor) else { return nothing }
    var walk = CheckWalk(parsed: parsed, registry: registry, files: files, workspace: workspace)
    for index in parsed.syntax.statements.indices.prefix(place.statement ?? parsed.syntax.statements.count) {
      walk.check(index)
    }
    let source = CandidateSource(registry: registry, scope: walk.scope, files: files)
    let candidates: [Completion.Candidate]
    switch place.expects {
    case .head:
      let isBound = place.statement.map { parsed.syntax.statements[$0].target != nil } ?? false
      candidates = source.heads(givingValues: isBound)
    case .member(let path): candidates = source.members(of: path)
    case .argument, .item, .key, .category:
      guard let index = place.statement else { return nothing }
      let statement = parsed.syntax.statements[index]
      let later = cursor == whole.scalars.count ? [] : namedArguments(behind: cursor, in: statement, of: cell)
      candidates = arguments(at: place, statement, later, walk, source)
    }
    let rest = RestOfWord(place, in: whole, from: cursor)
    let matching = rest.fitting(place.matching(candidates))
    return Completion(
      span: place.partial.span.lowerBound..<rest.end(behind: matching), candidates: matching)
  }

  /// The parameters that are given behind the cursor.
  private func namedArguments(behind cursor: Int, in statement: StatementSyntax, of cell: String) -> [ArgumentSyntax] {
    let all = Parser.parse(cell, commandNames: registry.commandNames).syntax.statements
    guard let same = all.first(where: { $0.span.lowerBound == statement.span.lowerBound }) else { return [] }
    return same.arguments.filter { ($0.name?.span.lowerBound ?? 0) >= cursor && $0.value != nil }
  }

  private func arguments(
    at place: CompletionPlace, _ statement: StatementSyntax, _ later: [ArgumentSyntax], _ walk: CheckWalk,
    _ source: CandidateSource
  ) -> [Completion.Candidate] {
    guard statement.head.count == 1, let command = registry[statement.head[0].text] else { return [] }
    let declaration = command.declaration
    var known = statement
    known.isWellFormed = true
    var typedBefore: [String] = []
    if let argument = place.argument {
      typedBefore = place.siblings(in: known.arguments[argument].value)
      known.arguments.remove(at: argument)
    }
    let positionalsBefore = known.arguments.filter { $0.name == nil }.count
    if place.isPositional {
      // Which argument is the subject depends on their number, so the one being typed counts.
      let typed = ScalarSyntax(
        text: place.partial.text.isEmpty ? "_" : place.partial.text, isQuoted: false, span: place.partial.span)
      known.arguments.append(ArgumentSyntax(name: nil, value: .scalar(typed), span: typed.span))
    }
    known.arguments += later
    var binder = Binder(statement: known, command: command, reader: walk.reader(for: statement), peeksAtResult: true)
    _ = binder.bind()
    var source = source.knowing(binder.reader.names)
    source.saved = binder.reader.subjectName.map { ($0, binder.savedExtensions) }
    func unused(_ candidates: [Completion.Candidate]) -> [Completion.Candidate] {
      guard !typedBefore.isEmpty else { return candidates }
      let typed = Set(typedBefore)
      return candidates.filter { !typed.contains($0.text) }
    }

    if let name = place.parameter {
      if let parameter = declaration.parameters.first(where: { $0.name == name }) {
        return unused(source.candidates(for: parameter.type, at: place))
      }
      guard let subject = declaration.subject, subject.name == name else { return [] }
      return unused(source.subjects(subject, at: place))
    }
    var result: [Completion.Candidate] = []
    var given = Set(known.arguments.compactMap(\.name?.text))
    for (parameter, value) in binder.given {
      let others = value.scalars.filter { $0.span != place.partial.span }
      if !others.isEmpty || !value.isScalar && !value.isList { given.insert(parameter.name) }
      if parameter.isPositional, place.isPositional { typedBefore += others.map { ScalarSyntax.spelling(of: $0.text) } }
    }
    let hasNamed = statement.arguments.contains { $0.name != nil }
    if !hasNamed || !place.isPositional || place.isInBracket {
      if positionalsBefore == 0, let subject = declaration.subject { result += source.subjects(subject, at: place) }
      let named = known.arguments.compactMap(\.name?.text)
      let open = declaration.parameters.filter { $0.isPositional && !named.contains($0.name) }
      var indices = [positionalsBefore]
      if declaration.subject != nil { indices.append(positionalsBefore - 1) }
      if let last = open.indices.last, case .list = open[last].type { indices = indices.map { min($0, last) } }
      for index in Set(indices).sorted() where open.indices.contains(index) {
        result += source.candidates(for: open[index].type, at: place).filter { !result.contains($0) }
      }
    }
    if !place.isInBracket, !place.partial.isQuoted {
      for parameter in declaration.parameters
      where !given.contains(parameter.name) && binder.canHaveEffect(parameter) {
        result.append(
          Completion.Candidate(
            text: parameter.name + "=", kind: "parameter", detail: detail(of: parameter, binder),
            signature: Manual.placeholder(parameter)))
      }
    }
    return unused(result)
  }

  /// What the parameter is, and which value it means if it is left out here.
  private func detail(of parameter: ParameterDeclaration, _ binder: Binder) -> String {
    guard case .value(let name, _)? = binder.bound.arguments[parameter.name],
      binder.bound.implied.contains(where: { $0.parameter == parameter.name })
    else { return parameter.documentation }
    return parameter.documentation + " Left out, \(name)."
  }
}

/// What stands behind the cursor without a gap: it goes away with what is replaced.
private struct RestOfWord {
  private let source: SourceText
  private let span: Range<Int>

  init(_ place: CompletionPlace, in source: SourceText, from cursor: Int) {
    self.source = source
    var lexer = Lexer(source)
    lexer.position = cursor
    if place.partial.isQuoted {
      // The rest of a quoted text is the text up to its closing quote; without one it cannot be told where it ends.
      lexer.position = place.partial.span.lowerBound
      let isClosed = lexer.quoted().map { $0.problem?.isUnclosed != true } ?? false
      span = cursor..<(isClosed ? max(cursor, lexer.position) : cursor)
      return
    }
    let isName = place.expects.isName
    while let scalar = lexer.current, !place.partial.text.isEmpty,
      isName ? ScalarClass.isNameScalar(scalar) : lexer.isWordScalar(at: lexer.position),
      !(place.expects == .key && scalar == ":")
    {
      lexer.position += 1
    }
    span = cursor..<lexer.position
  }

  /// A sign that ends both a candidate and a part of the rest: `/` between folders, `:` behind a slide, `=` behind the
  /// name of a parameter.
  private var sign: Int? { source.scalars[span].firstIndex { "/:=".unicodeScalars.contains($0) } }

  /// The candidates that can stand before what follows the sign, if there are such; all of them otherwise.
  func fitting(_ candidates: [Completion.Candidate]) -> [Completion.Candidate] {
    guard let sign else { return candidates }
    let fitting = candidates.filter { $0.text.unicodeScalars.last == source.scalars[sign] }
    return fitting.isEmpty ? candidates : fitting
  }

  /// Where the part ends that candidates replace.
  func end(behind candidates: [Completion.Candidate]) -> Int {
    guard !candidates.isEmpty else { return span.lowerBound }
    guard let sign, candidates.allSatisfy({ $0.text.unicodeScalars.last == source.scalars[sign] }) else {
      return span.upperBound
    }
    return sign + 1
  }
}
