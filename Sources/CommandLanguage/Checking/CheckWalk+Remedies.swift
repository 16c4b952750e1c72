/// Which texts to type are proposed: those that mend the statement, tried out.
extension CheckWalk {
  /// More diagnostics of a cell are not shown.
  private static let mostShown = 25

  /// The diagnostics of a statement, each with a text to type only where that mends it; one alone where it mends all.
  mutating func verified(_ found: [Diagnostic], of statement: StatementSyntax) -> [Diagnostic] {
    let extent = extent(of: statement, found)
    guard meetsHabits, !found.isEmpty, diagnostics.count < Self.mostShown, extent.count <= 2000 else { return found }
    let start = extent.lowerBound
    let text = source.text(in: extent)
    let here = self
    let trial = RemedyTrial(text) { here.problems(of: $0) }
    var result: [Diagnostic] = []
    var cure: (diagnostic: Diagnostic, kept: Int)?
    for diagnostic in found.prefix(Self.mostShown) {
      let span = diagnostic.span.moved(by: -start)
      // What an earlier session typed is told, whatever became of it.
      if case .madeBefore = diagnostic.problem {
        result.append(diagnostic)
        continue
      }
      if case .unknownValue(let word, _, _) = diagnostic.problem,
        let (noun, command, remedy) = asArgument(word, at: diagnostic.span, statement)
      {
        let told = Diagnostic(
          .nameNotValue(word, noun: noun, command: command), at: diagnostic.span, in: source)
        if let outcome = trial.outcome(of: remedy, at: span, budget: &trialBudget) {
          if outcome.isRight { return [told.proposing(remedy)] }
          result.append(told.proposing(remedy))
          continue
        }
      }
      var best: (remedy: String, outcome: RemedyTrial.Outcome)?
      for remedy in candidates(for: diagnostic, in: statement, text) {
        guard let outcome = trial.outcome(of: remedy, at: span, budget: &trialBudget) else { continue }
        best = (remedy, outcome)
        break
      }
      if let best {
        let mended = diagnostic.proposing(best.remedy)
        // What keeps most of what was typed is meant more likely than what leaves it out.
        let kept = Self.words(text).intersection(Self.words(best.outcome.line)).count
        if best.outcome.isRight, kept > cure?.kept ?? -1 { cure = (mended, kept) }
        result.append(mended)
      } else {
        let form = diagnostic.remedy.flatMap { RemedyTrial.isForm($0) ? $0 : nil }
        result.append(diagnostic.proposing(form, advice: form == nil ? diagnostic.advice : nil))
      }
    }
    return cure.map { [$0.diagnostic] } ?? (result + found.dropFirst(Self.mostShown))
  }

  private static func words(_ text: String) -> Set<Substring> {
    Set(text.split { !$0.isLetter && !$0.isNumber })
  }

  /// A statement with all that was read as part of it: what is wrong with it may stand behind its end.
  private func extent(of statement: StatementSyntax, _ found: [Diagnostic]) -> Range<Int> {
    guard !statement.isWellFormed, let last = found.map(\.span.upperBound).max() else { return statement.span }
    let end = source.span(ofLine: source.line(at: min(last, source.scalars.count))).upperBound
    let next = parsed.syntax.statements.first { $0.span.lowerBound >= statement.span.upperBound }?.span.lowerBound
    return statement.span.lowerBound..<max(statement.span.upperBound, min(end, next ?? end))
  }

  /// Texts that may mend a problem, the one most likely meant first.
  private func candidates(
    for diagnostic: Diagnostic, in statement: StatementSyntax, _ text: String
  ) -> [String] {
    if case .habit = diagnostic.problem { return diagnostic.remedy.map { [$0] } ?? [] }
    var texts: [String] = []
    if case .subjectIsText(_, _, let word, _) = diagnostic.problem,
      let (_, _, remedy) = asArgument(word, at: diagnostic.span, statement)
    {
      texts.append(remedy)
    }
    if let remedy = diagnostic.remedy { texts.append(remedy) }
    let words = text.split { !$0.isLetter && !$0.isNumber }
    switch diagnostic.problem {
    case .tooManyArguments, .repeatedItem:
      var rest = statement
      rest.arguments.removeAll { $0.span == diagnostic.span }
      texts.append(rest.printed)
    case .commandAsValue(let name): texts += [withName(for: name, at: diagnostic.span, statement)].compactMap(\.self)
    case .missingValue(let name):
      if let command = statement.head.first.flatMap({ registry[$0.text] }) {
        let binder = Binder(
          statement: statement, command: command, reader: reader(for: statement), peeksAtResult: false)
        texts.insert("\(name)=\(binder.sampleValue(of: name))", at: 0)
      }
    case .unknownEscape: texts += [inSingleQuotes(around: diagnostic.span, statement)].compactMap(\.self)
    default: break
    }
    // What was read in spite of the fault, if that is all that was written.
    if !statement.isWellFormed, !statement.head.isEmpty {
      let printed = statement.printed
      if printed.split(whereSeparator: { !$0.isLetter && !$0.isNumber }) == words { texts.append(printed) }
    }
    return texts
  }

  /// The statement with a word, which names something that a value knows, given to the parameter that takes such names:
  /// `tiles slide=S1` for `tiles S1`.
  private func asArgument(
    _ word: String, at span: Range<Int>, _ statement: StatementSyntax
  ) -> (noun: String, command: String, remedy: String)? {
    guard statement.head.count == 1, let declaration = registry[statement.head[0].text]?.declaration,
      let place = statement.arguments.firstIndex(where: { $0.name == nil && $0.span == span })
    else { return nil }
    for kind in [NameKind.slide, .column, .layer, .outcome] {
      guard scope.entries.contains(where: { $0.known.names?.names(of: kind)?.contains(word) == true }),
        let parameter = declaration.parameters.first(where: { $0.type.takes(kind) })
      else { continue }
      var changed = statement
      let argument = changed.arguments.remove(at: place)
      let name = NameSyntax(text: parameter.name, span: 0..<0)
      let first = changed.arguments.firstIndex { $0.name != nil } ?? changed.arguments.endIndex
      changed.arguments.insert(ArgumentSyntax(name: name, value: argument.value, span: span), at: first)
      return (kind.noun, declaration.name, changed.printed)
    }
    return nil
  }

  /// Two lines for `mosaic slide_map`: the first gives the result of the inner command a name.
  private func withName(for command: String, at span: Range<Int>, _ statement: StatementSyntax) -> String? {
    let name = ["x", "x2", "x3"].first { scope[$0] == nil && registry[$0] == nil }
    guard let name else { return nil }
    let line =
      source.text(in: statement.span.lowerBound..<span.lowerBound) + name
      + source.text(in: span.upperBound..<statement.span.upperBound)
    return "\(name) = \(command)\n\(line)"
  }

  /// The statement with the text around a place in single quotes, in which a `\\` stands for itself.
  private func inSingleQuotes(around span: Range<Int>, _ statement: StatementSyntax) -> String? {
    let scalars = source.scalars
    guard let open = (statement.span.lowerBound..<span.lowerBound).reversed().first(where: { scalars[$0] == "\"" }),
      let close = (span.upperBound..<statement.span.upperBound).first(where: { scalars[$0] == "\"" })
    else { return nil }
    let inside = source.text(in: open + 1..<close)
    guard !inside.contains("'") else { return nil }
    return source.text(in: statement.span.lowerBound..<open) + "'\(inside)'"
      + source.text(in: close + 1..<statement.span.upperBound)
  }

  /// A failure of a command, with what it proposes as a text to type only where that can be typed here.
  func explained(_ failure: any ExplainedError, at span: Range<Int>, of statement: StatementSyntax) -> Diagnostic {
    let plain = Diagnostic(.failed(message: failure.message, remedy: failure.remedy), at: span, in: source)
    guard let remedy = failure.remedy else { return plain }
    let trial = RemedyTrial(source.text(in: statement.span)) { problems(of: $0) }
    let isForm = RemedyTrial.isForm(remedy) && isStatement(remedy)
    if isForm || trial.isTypable(remedy, at: span.moved(by: -statement.span.lowerBound)) { return plain }
    return plain.proposing(nil, advice: remedy)
  }

  /// True for a statement, and for named arguments of one.
  private func isStatement(_ text: String) -> Bool {
    func statement(_ text: String) -> StatementSyntax? {
      let parsed = Parser.parse(text, commandNames: registry.commandNames)
      return parsed.errors.isEmpty && parsed.syntax.statements.count == 1 ? parsed.syntax.statements.first : nil
    }
    if let head = statement(text)?.head.first?.text, registry[head] != nil { return true }
    let arguments = statement("x " + text)?.arguments ?? []
    return !arguments.isEmpty && arguments.allSatisfy { $0.name != nil }
  }
}

extension ParameterType {
  /// True if it takes names of a kind.
  fileprivate func takes(_ kind: NameKind) -> Bool {
    switch self {
    case .name(let own), .indexOrName(let own), .nameOrPath(let own, _), .valueOrName(_, let own): own == kind
    case .quantity: kind == .column
    case .list(let item), .optional(let item): item.takes(kind)
    case .either(let types): types.contains { $0.takes(kind) }
    default: false
    }
  }
}
