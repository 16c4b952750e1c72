/// What is known about the thing at the cursor.
package struct Inspection: Sendable, Equatable {
  /// In Unicode scalars of the cell.
  package let span: Range<Int>
  package let text: String
  package let markdown: String
}

/// Explains commands, parameters and values of the session.
package struct Inspector: Sendable {
  let registry: Registry

  package init(registry: Registry) { self.registry = registry }

  /// - Parameter cursor: in Unicode scalars of the cell; a cursor right behind a word is at that word.
  package func inspect(_ cell: String, at cursor: Int, in workspace: Workspace) -> Inspection? {
    let parsed = Parser.parse(cell, commandNames: registry.commandNames)
    func isAt(_ span: Range<Int>) -> Bool { span.lowerBound <= cursor && cursor <= span.upperBound }
    guard let statement = parsed.syntax.statements.last(where: { isAt($0.span) }) else {
      // Right behind `mosaic df `, where the next argument is to be typed.
      let scalars = parsed.source.scalars
      guard cursor > 0, cursor <= scalars.count, ScalarClass.isBlank(scalars[cursor - 1]) else { return nil }
      return parsed.syntax.statements.last { $0.span.upperBound == cursor - 1 }.flatMap(page)
    }
    if let target = statement.target, isAt(target.span) { return value(target.text, target.span, workspace) }
    guard let head = statement.head.first else { return nil }
    if isAt(statement.headSpan) {
      if statement.head.count == 1, let page = registry.manual.page(of: head.text) {
        return Inspection(span: statement.headSpan, text: page.text, markdown: page.markdown ?? page.text)
      }
      return value(statement.head.map(\.text).joined(separator: "."), statement.headSpan, workspace)
    }
    guard let argument = statement.arguments.last(where: { isAt($0.span) }) else { return page(of: statement) }
    if let name = argument.name, isAt(name.span) || !isAtValue(argument, isAt, workspace) {
      return registry.manual.page(of: head.text, parameter: name.text).map {
        Inspection(span: name.span, text: $0.text, markdown: $0.markdown ?? $0.text)
      }
    }
    guard let scalar = scalar(in: argument.value, isAt) else { return nil }
    return value(scalar.text, scalar.span, workspace)
  }

  private func page(of statement: StatementSyntax) -> Inspection? {
    guard statement.head.count == 1, !statement.hidesOutput, let page = registry.manual.page(of: statement.head[0].text)
    else { return nil }
    return Inspection(span: statement.headSpan, text: page.text, markdown: page.markdown ?? page.text)
  }

  private func isAtValue(_ argument: ArgumentSyntax, _ isAt: (Range<Int>) -> Bool, _ workspace: Workspace) -> Bool {
    scalar(in: argument.value, isAt).map { value($0.text, $0.span, workspace) != nil } ?? false
  }

  private func scalar(in value: ValueSyntax?, _ isAt: (Range<Int>) -> Bool) -> ScalarSyntax? {
    switch value {
    case .scalar(let scalar)?: scalar.isQuoted ? nil : scalar
    case .list(let scalars, _)?: scalars.first { isAt($0.span) && !$0.isQuoted }
    case .map?, nil: nil
    }
  }

  private func value(_ reference: String, _ span: Range<Int>, _ workspace: Workspace) -> Inspection? {
    let parts = reference.split(separator: ".").map(String.init)
    guard let root = parts.first, let binding = workspace.binding(named: root) else { return nil }
    var value = binding.value
    for part in parts.dropFirst() {
      guard let member = value.member(part) else { return nil }
      value = member
    }
    var facts = ["\(value.valueType.name), \(value.shape)"]
    let size = SessionListing.size(value.byteCount)
    if !size.isEmpty { facts[0] += ", " + size }
    facts.append("Made by: \(binding.statement)")
    for earlier in workspace.earlierSources(of: root) { facts.append("Made from an earlier \(earlier).") }
    if !value.memberNames.isEmpty { facts.append("It has \(LanguageError.enumerate(value.memberNames)).") }
    var markdown = ["**`\(reference)`**: \(Markdown.escape(facts[0]))", "```tessera\n\(binding.statement)\n```"]
    markdown += facts.dropFirst(2).map(Markdown.escape)
    return Inspection(
      span: span, text: "\(reference): " + facts.joined(separator: "\n"), markdown: markdown.joined(separator: "\n\n"))
  }
}
