import Synchronization

/// The language as a kernel or a runner of files uses it.
package struct CommandInterpreter: Sendable {
  package let registry: Registry
  package let workspace: Workspace
  let files: any FileLooker

  package init(registry: Registry, files: any FileLooker, workspace: Workspace = Workspace()) {
    self.registry = registry
    self.files = files
    self.workspace = workspace
  }

  /// Runs a cell on the calling thread.
  package func run(_ cell: String, output: any OutputSink, monitor: any ProgressMonitor) -> CellOutcome {
    Evaluator(registry: registry, files: files).run(cell, in: workspace, output: output, monitor: monitor)
  }

  /// What a bare name would show, without showing it: nil if the text is anything else, or names no value.
  package func value(of expression: String) -> RichOutput? {
    let parsed = Parser.parse(expression, commandNames: registry.commandNames)
    guard parsed.errors.isEmpty, parsed.syntax.statements.count == 1, let statement = parsed.syntax.statements.first,
      statement.target == nil, !statement.asksForHelp, statement.arguments.isEmpty,
      var value = statement.head.first.flatMap({ workspace.binding(named: $0.text) })?.value
    else { return nil }
    for part in statement.head.dropFirst() {
      guard let member = value.member(part.text) else { return nil }
      value = member
    }
    let first = FirstOutput()
    value.show(in: first)
    return first.output
  }

  /// Everything that is wrong with a cell, without running it.
  package func check(_ cell: String) -> CheckedCell {
    Checker(registry: registry, files: files).check(cell, in: workspace)
  }

  /// What could stand at a cursor (in Unicode scalars).
  package func complete(_ cell: String, at cursor: Int) -> Completion {
    Completer(registry: registry, files: files).complete(cell, at: cursor, in: workspace)
  }

  /// What stands at a cursor (in Unicode scalars).
  package func inspect(_ cell: String, at cursor: Int, detail: InspectionDetail = .summary) -> Inspection? {
    Inspector(registry: registry, files: files).inspect(cell, at: cursor, detail: detail, in: workspace)
  }

  /// Whether a console should run a cell or let the user go on typing.
  package func isComplete(_ cell: String) -> CellCompleteness {
    let parsed = Parser.parse(cell, commandNames: registry.commandNames)
    if parsed.ending == .insideBracket {
      // An error before the bracket stays one, whatever is typed behind it.
      let others = parsed.errors.contains {
        if case .unclosedBracket = $0.diagnostic.problem { false } else { true }
      }
      return others ? .invalid : .incomplete(indent: "  ")
    }
    if !parsed.errors.isEmpty { return .invalid }
    return parsed.ending == .afterContinuation ? .incomplete(indent: "  ") : .complete
  }
}

/// Keeps the first thing shown.
private final class FirstOutput: OutputSink {
  private let kept = Mutex<RichOutput?>(nil)
  var output: RichOutput? { kept.withLock { $0 } }

  func show(_ output: RichOutput) { kept.withLock { $0 = $0 ?? output } }
  func note(_ text: String) {}
}

/// Whether a cell could be run as it is.
package enum CellCompleteness: Sendable, Equatable {
  case complete
  case incomplete(indent: String)
  case invalid
}
