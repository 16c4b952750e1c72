/// What is known about the thing at the cursor.
package struct Inspection: Sendable, Equatable {
  /// In Unicode scalars of the cell.
  package let span: Range<Int>
  package let text: String
  package let markdown: String
  /// The same as the Markdown, for front ends that show HTML.
  package var html: String { MarkdownPage.html(markdown) }
}

/// How much an inspection tells.
package enum InspectionDetail: Sendable {
  /// Of a command its form and its summary.
  case summary
  /// Of a command its page in the manual.
  case page
}

/// Explains commands, parameters, and what is given for them.
package struct Inspector: Sendable {
  let registry: Registry
  let files: any FileLooker

  package init(registry: Registry, files: any FileLooker) {
    self.registry = registry
    self.files = files
  }

  /// - Parameter cursor: in Unicode scalars of the cell; a cursor right behind a word is at that word, and one among
  ///   the arguments of a command, at none of them, is at the command.
  package func inspect(
    _ cell: String, at cursor: Int, detail: InspectionDetail, in workspace: Workspace
  ) -> Inspection? {
    let parsed = Parser.parse(cell, commandNames: registry.commandNames)
    guard let index = Self.statement(at: cursor, in: parsed) else { return nil }
    var walk = CheckWalk(parsed: parsed, registry: registry, files: files, workspace: workspace)
    for earlier in parsed.syntax.statements.indices.prefix(index) { walk.check(earlier) }
    let statement = parsed.syntax.statements[index]
    let facts = NameFacts(registry: registry, scope: walk.scope)
    func isAt(_ span: Range<Int>) -> Bool { span.lowerBound <= cursor && cursor <= span.upperBound }
    func answer(_ output: RichOutput?, _ span: Range<Int>) -> Inspection? {
      output.map { Inspection(span: span, text: $0.text, markdown: $0.markdown ?? $0.text) }
    }

    if let target = statement.target, isAt(target.span) {
      if let value = facts.value(target.text) { return answer(value, target.span) }
    }
    guard let head = statement.head.first else { return nil }
    let isCommand = statement.head.count == 1 && registry[head.text] != nil
    guard isCommand, let command = registry[head.text] else {
      guard isAt(statement.headSpan) else { return nil }
      return answer(facts.value(statement.head.map(\.text).joined(separator: ".")), statement.headSpan)
    }
    let isOpen = parsed.ending == .insideBracket && index == parsed.syntax.statements.count - 1
    let argument =
      statement.arguments.last { isAt($0.span) } ?? statement.arguments.last { isOpen && $0.span.upperBound < cursor }
    if !isAt(statement.headSpan), let argument {
      var binder = Binder(
        statement: statement, command: command, reader: walk.reader(for: statement), peeksAtResult: false)
      _ = binder.bind()
      let parameter =
        argument.name?.text ?? binder.given.first {
          isAt($0.value.span) || $0.value.span.lowerBound == argument.span.lowerBound
        }?.parameter.name ?? ""
      let isAtName = argument.name.map { isAt($0.span) } ?? false
      if !isAtName, let (scalar, column) = Self.scalar(in: argument.value, isAt), isAt(scalar.span) {
        let type = command.declaration.parameters.first { $0.name == parameter }?.type
        let page = facts.page(of: scalar, as: type, column: column, among: binder.reader.names)
        if let page { return answer(page, scalar.span) }
      }
      if let page = registry.manual.page(of: head.text, parameter: parameter) {
        return answer(page, argument.name?.span ?? argument.span)
      }
    }
    let page = detail == .page ? registry.manual.page(of: head.text) : registry.manual.summary(of: head.text)
    var binder = Binder(
      statement: statement, command: command, reader: walk.reader(for: statement), peeksAtResult: false)
    let implied = binder.bind().0.implied.map(\.phrase).joined(separator: ", ")
    return answer(implied.isEmpty ? page : page?.adding("Here it works \(implied)."), statement.headSpan)
  }

  /// The statement that a cursor is in, or right behind on the same line; nil in a comment.
  private static func statement(at cursor: Int, in parsed: Parser.Result) -> Int? {
    let scalars = parsed.source.scalars
    guard cursor >= 0, cursor <= scalars.count,
      let index = parsed.syntax.statements.lastIndex(where: { $0.span.lowerBound <= cursor })
    else { return nil }
    let statement = parsed.syntax.statements[index]
    guard cursor > statement.span.upperBound else { return isInComment(cursor, of: parsed) ? nil : index }
    guard !statement.hidesOutput else { return nil }
    var lexer = Lexer(parsed.source)
    lexer.position = statement.span.upperBound
    while lexer.position < cursor {
      if let scalar = lexer.current, ScalarClass.isBlank(scalar) {
        lexer.position += 1
      } else if let end = lexer.continuationEnd(at: lexer.position) {
        lexer.position = end
      } else {
        return nil
      }
    }
    return index
  }

  /// True in a comment within a statement, as there may be in a list over several lines.
  private static func isInComment(_ cursor: Int, of parsed: Parser.Result) -> Bool {
    let source = parsed.source
    let line = source.span(ofLine: source.line(at: cursor))
    var lexer = Lexer(source)
    lexer.position = line.lowerBound
    while lexer.position < min(cursor, line.upperBound) {
      if lexer.isAtComment { return true }
      if lexer.quoted() == nil { lexer.position += 1 }
    }
    return false
  }

  /// The scalar at the cursor, and the column whose value it is in a map.
  private static func scalar(
    in value: ValueSyntax?, _ isAt: (Range<Int>) -> Bool
  ) -> (scalar: ScalarSyntax, column: String?)? {
    switch value {
    case .scalar(let scalar)?: return (scalar, nil)
    case .list(let scalars, _)?: return scalars.first { isAt($0.span) }.map { ($0, nil) }
    case .map(let pairs, _)?:
      for pair in pairs {
        if isAt(pair.key.span) { return (pair.key, nil) }
        if let found = scalar(in: pair.value, isAt), isAt(found.scalar.span) { return (found.scalar, pair.key.text) }
      }
      return nil
    case nil: return nil
    }
  }
}

extension RichOutput {
  /// The same with a paragraph at its end.
  fileprivate func adding(_ sentence: String) -> RichOutput {
    RichOutput(
      text: text + "\n" + sentence, markdown: markdown.map { $0 + "\n\n" + Markdown.escape(sentence) })
  }
}
