/// A cell after checking: nothing has run.
package struct CheckedCell: Sendable {
  package let source: SourceText
  package let syntax: CellSyntax
  /// In the order of the text.
  package let diagnostics: [Diagnostic]

  package var isValid: Bool { diagnostics.isEmpty }
}

/// Checks a cell before it runs: names and types flow from top to bottom.
package struct Checker: Sendable {
  let registry: Registry
  let files: any FileLooker

  package init(registry: Registry, files: any FileLooker) {
    self.registry = registry
    self.files = files
  }

  package func check(_ cell: String, in workspace: Workspace) -> CheckedCell {
    let parsed = Parser.parse(cell, commandNames: registry.commandNames)
    var walk = CheckWalk(parsed: parsed, registry: registry, files: files, workspace: workspace)
    for index in parsed.syntax.statements.indices { walk.check(index) }
    return CheckedCell(
      source: parsed.source, syntax: parsed.syntax,
      diagnostics: walk.diagnostics.sorted { $0.span.lowerBound < $1.span.lowerBound })
  }
}

/// What one statement will do.
enum StatementAction {
  case run(BoundStatement)
  case show(KnownValue, usedSlots: [ValueSlot])
  case help(String)
}

/// A walk over the statements of a cell with what is known at each; the evaluator walks with real values.
struct CheckWalk {
  let parsed: Parser.Result
  let registry: Registry
  let files: any FileLooker
  var scope: Scope
  var missingFiles = MissingFiles()
  private(set) var diagnostics: [Diagnostic] = []
  /// A cell with as many errors is not looked at any further.
  static let mostErrors = 200
  /// What earlier lines of Python bind.
  private var pythonNames = PythonNames()
  /// The names that the line at hand would bind if it were written in this language.
  private var meantBindings: [Habits.Answer.Bound] = []
  /// False while the answer to a habit is itself checked.
  private(set) var meetsHabits = true
  private var repairs = 0
  /// How many texts may still be tried out: a cell of very many wrong lines is no place to try them all.
  var trialBudget = 120
  private let syntaxErrors: [Int: [Diagnostic]]

  init(parsed: Parser.Result, registry: Registry, files: any FileLooker, workspace: Workspace) {
    self.parsed = parsed
    self.registry = registry
    self.files = files
    scope = Scope(workspace)
    syntaxErrors = Dictionary(grouping: parsed.errors, by: \.statement).mapValues { $0.map(\.diagnostic) }
    for statement in parsed.syntax.statements {
      guard let target = statement.target else { continue }
      scope.targetLines[target.text, default: []].append(parsed.source.line(at: statement.span.lowerBound))
    }
  }

  var source: SourceText { parsed.source }

  mutating func check(_ index: Int) {
    guard diagnostics.count < Self.mostErrors else { return }
    let statement = parsed.syntax.statements[index]
    meantBindings = []
    let (action, found) = resolve(index, peeksAtResult: true)
    diagnostics += verified(found, of: statement)
    let target = statement.target.flatMap { registry.commandNames.contains($0.text) ? nil : $0.text }
    switch action {
    case .run(let bound)?:
      let declaration = bound.command.declaration
      if declaration.writesFiles { missingFiles.anyMayAppear = true }
      missingFiles.outputs += bound.outputPaths
      if declaration.forgetsValues {
        for value in bound.arguments.values.values.flatMap(\.items) {
          if let slot = ValueSlot(argument: value) { scope.drop(slot) }
        }
      }
      if let type = declaration.result {
        scope.bind(KnownValue(type: type, names: bound.resultNames, recipe: bound.recipe), to: target)
      }
    case .show(let known, _)?:
      if let target { scope.bind(known, to: target) }
    case .help?: break
    case nil:
      // What is wrong here is said once: the name exists for the lines below, whatever it holds.
      missingFiles.anyMayAppear = true
      let type = statement.head.count == 1 ? registry[statement.head[0].text]?.declaration.result : nil
      scope.hasUnknownResult = scope.hasUnknownResult || type == nil
      for bound in meantBindings { scope.bind(KnownValue(type: bound.type, names: nil), to: bound.name) }
      if meantBindings.isEmpty, target != nil || type != nil {
        scope.bind(KnownValue(type: type, names: nil), to: target)
      }
    }
  }

  func reader(for statement: StatementSyntax) -> ArgumentReader {
    ArgumentReader(
      source: source, scope: scope, registry: registry, paths: PathSearch(files: files, folders: scope.folders),
      missingFiles: missingFiles, line: source.line(at: statement.span.lowerBound))
  }

  /// What a statement will do, or everything that is wrong with it.
  mutating func resolve(_ index: Int, peeksAtResult: Bool) -> (StatementAction?, [Diagnostic]) {
    let statement = parsed.syntax.statements[index]
    if !statement.isWellFormed {
      if let habit = habit(statement) { return (nil, habit) }
      if let problem = argumentsToValue(statement, syntaxErrors[index] ?? []) { return (nil, [problem]) }
      return (nil, repaired(statement, (syntaxErrors[index] ?? []).map { conditionForm(of: $0, in: statement) }))
    }
    var problems: [Diagnostic] = []
    if let target = statement.target, registry.commandNames.contains(target.text) {
      problems.append(
        Diagnostic(.commandAsTarget(target.text, instead: renamed(statement, target)), at: target.span, in: source))
    }
    guard let head = statement.head.first else { return (nil, problems) }
    if statement.asksForHelp {
      let name = statement.head.map(\.text).joined(separator: ".")
      if let problem = reader(for: statement).noPage(of: name) {
        problems.append(Diagnostic(problem, at: statement.headSpan, in: source))
      }
      return (problems.isEmpty ? .help(name) : nil, problems)
    }
    if statement.head.count == 1, let command = registry[head.text] {
      if let target = statement.target, command.declaration.result == nil, problems.isEmpty {
        var bare = statement
        bare.target = nil
        problems.append(
          Diagnostic(
            .nameForNothing(target.text, command: head.text, instead: bare.printed), at: target.span, in: source))
      }
      var binder = Binder(
        statement: statement, command: command, reader: reader(for: statement), peeksAtResult: peeksAtResult)
      let (bound, found) = binder.bind()
      problems += found
      return problems.isEmpty ? (.run(bound), []) : (nil, repaired(statement, problems))
    }
    return resolveValue(statement, head, problems)
  }

  private mutating func resolveValue(
    _ statement: StatementSyntax, _ head: NameSyntax, _ earlier: [Diagnostic]
  ) -> (StatementAction?, [Diagnostic]) {
    var problems = earlier
    guard scope[head.text] != nil else {
      if let habit = habit(statement) { return (nil, habit) }
      let line = source.line(at: statement.span.lowerBound)
      let reader = reader(for: statement)
      let problem: LanguageError =
        if let later = scope.lineMaking(head.text, after: line) {
          .madeLater(head.text, line: later)
        } else if statement.arguments.isEmpty, case .madeBefore = reader.unknownValue(head.text) {
          reader.unknownValue(head.text)
        } else if registry[head.text] != nil {
          .unknownMember(statement.head.dropFirst().map(\.text).joined(separator: "."), of: head.text, members: [])
        } else {
          unknownHead(statement, head.text)
        }
      problems.append(Diagnostic(problem, at: head.span, in: source))
      return (nil, problems)
    }
    if let first = statement.arguments.first, let last = statement.arguments.last {
      let name = statement.head.map(\.text).joined(separator: ".")
      problems.append(
        Diagnostic(
          .argumentsToValue(name, instead: commandFirst(statement, name)),
          at: first.span.lowerBound..<last.span.upperBound, in: source))
      return (nil, problems)
    }
    var reader = reader(for: statement)
    do throws(Diagnostic) {
      let known = try reader.member(of: statement.head.map(\.text), at: statement.headSpan)
      return (problems.isEmpty ? .show(known, usedSlots: reader.usedSlots) : nil, problems)
    } catch {
      if case .unknownMember = error.problem, let habit = habit(statement),
        habit.allSatisfy({ $0.remedy.map { self.problems(of: $0).isEmpty } ?? false })
      {
        return (nil, habit)
      }
      return (nil, problems + [error])
    }
  }

  /// Where conditions are asked for, a comparison without a colon or with a blank is one that is written otherwise.
  private func conditionForm(of problem: Diagnostic, in statement: StatementSyntax) -> Diagnostic {
    guard case .comparison(let text, _) = problem.problem,
      let declaration = statement.head.first.flatMap({ registry[$0.text]?.declaration }),
      let name = statement.arguments.first(where: { $0.span.contains(problem.span.lowerBound) })?.name?.text,
      let type = declaration.parameters.first(where: { $0.name == name })?.type, type.hasConditions
    else { return problem }
    let isSign = { (character: Character) in "<>≤≥!=".contains(character) }
    let column = text.prefix { !isSign($0) }.reversed().drop { $0 == " " }.reversed()
    let rest = text.drop { !isSign($0) }
    let sign = rest.prefix(while: isSign)
    let operand = rest.dropFirst(sign.count).drop { $0 == " " }
    let asked = (sign.allSatisfy { $0 == "=" } ? "" : String(sign)) + operand
    let instead = column.isEmpty ? asked : "\(String(column)): \(asked)"
    return Diagnostic(.conditionForm(text, instead: instead), at: problem.span, in: source)
  }

  /// Of a value with something behind it, that it takes nothing, however that is written.
  private func argumentsToValue(_ statement: StatementSyntax, _ errors: [Diagnostic]) -> Diagnostic? {
    guard let head = statement.head.first?.text, scope[head] != nil, registry[head] == nil,
      let problem = errors.first(where: {
        statement.headSpan.upperBound < $0.span.lowerBound && $0.span.lowerBound < statement.span.upperBound
      })
    else { return nil }
    let name = statement.head.map(\.text).joined(separator: ".")
    guard source.text(in: statement.headSpan.upperBound..<problem.span.lowerBound).first?.isWhitespace == true else {
      return nil
    }
    return Diagnostic(
      .argumentsToValue(name, instead: commandFirst(statement, name)),
      at: problem.span.lowerBound..<statement.span.upperBound,
      in: source)
  }

  /// `stats df top=5` for `df stats top=5`.
  private func commandFirst(_ statement: StatementSyntax, _ value: String) -> String? {
    guard let first = statement.arguments.first, first.name == nil, case .scalar(let scalar)? = first.value,
      !scalar.isQuoted, registry[scalar.text] != nil
    else { return nil }
    return ([scalar.text, value] + statement.arguments.dropFirst().map(\.printed)).joined(separator: " ")
  }

  /// The statement with another name for its result.
  private func renamed(_ statement: StatementSyntax, _ target: NameSyntax) -> String? {
    guard var letter = target.text.first.map(String.init) else { return nil }
    if registry.commandNames.contains(letter) { letter += "1" }
    var renamed = statement
    renamed.target = NameSyntax(text: letter, span: target.span)
    return renamed.printed
  }

  /// The answer to a line of another language.
  private mutating func habit(_ statement: StatementSyntax) -> [Diagnostic]? {
    guard meetsHabits, statement.span.count <= 20_000 else { return nil }
    let here = self
    var habits = Habits(
      registry: registry, scope: scope, problems: { here.problems(of: $0) }, names: pythonNames)
    guard let answer = habits.answer(to: source.text(in: statement.span)) else { return nil }
    pythonNames = habits.names
    meantBindings = answer.bound
    return [Diagnostic(.habit(sentence: answer.sentence, instead: answer.instead), at: statement.span, in: source)]
  }

  /// What is wrong with a line, with the whole line put right as the remedy where no remedy of a part does it.
  private mutating func repaired(_ statement: StatementSyntax, _ problems: [Diagnostic]) -> [Diagnostic] {
    guard meetsHabits, repairs < Self.mostRepairs, let first = problems.first else { return problems }
    // Nobody types such a line by hand, and trying it out takes long.
    guard statement.span.count <= 2000 else { return problems }
    let here = self
    let text = source.text(in: statement.span)
    // Remedies of single places are best, as long as each is one.
    let isCurable = problems.allSatisfy { problem in
      let local = Diagnostic(
        problem.problem, at: problem.span.moved(by: -statement.span.lowerBound), in: SourceText(text))
      return problem.problem.isAboutExistence && problem.remedy != nil
        || Habits.mended(text, local, dropsArguments: false, { here.problems(of: $0) }) != nil
    }
    guard !isCurable || problems.count > 1 && problems.contains(where: \.problem.isHabit) else { return problems }
    repairs += 1
    let repair = LineRepair(registry: registry, scope: scope) { here.problems(of: $0) }
    guard let line = repair.repaired(text) else { return problems }
    return [Diagnostic(.habit(sentence: first.sentence, instead: line), at: first.span, in: source)]
  }

  /// A cell of very many wrong lines is no place to try them all.
  private static let mostRepairs = 20

  /// Everything that is wrong with lines that would stand in this place.
  func problems(of lines: String) -> [Diagnostic] {
    var walk = CheckWalk(
      parsed: Parser.parse(lines, commandNames: registry.commandNames), registry: registry, files: files,
      workspace: scope.workspace)
    walk.scope = scope
    walk.missingFiles = missingFiles
    walk.meetsHabits = false
    for index in walk.parsed.syntax.statements.indices { walk.check(index) }
    return walk.diagnostics
  }
}

extension Range<Int> {
  func moved(by offset: Int) -> Range<Int> { lowerBound + offset..<upperBound + offset }
}
