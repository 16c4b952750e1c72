/// Runs a cell: first it is checked as a whole, then each statement again with real values.
package struct Evaluator: Sendable {
  let registry: Registry
  let files: any FileLooker

  package init(registry: Registry, files: any FileLooker) {
    self.registry = registry
    self.files = files
  }

  /// Runs on the calling thread. After a failure the values of the statements before it are kept.
  package func run(
    _ cell: String, in workspace: Workspace, output: any OutputSink, monitor: any ProgressMonitor
  ) -> CellOutcome {
    let parsed = Parser.parse(cell, commandNames: registry.commandNames)
    var check = CheckWalk(parsed: parsed, registry: registry, files: files, workspace: workspace)
    for index in parsed.syntax.statements.indices { check.check(index) }
    guard check.diagnostics.isEmpty else {
      return .failed(.check(check.diagnostics.sorted { $0.span.lowerBound < $1.span.lowerBound }, parsed.source))
    }
    var walk = CheckWalk(parsed: parsed, registry: registry, files: files, workspace: workspace)
    for index in parsed.syntax.statements.indices {
      let statement = parsed.syntax.statements[index]
      do throws(StatementFailure) {
        if index > 0 { walk.scope = walk.scope.renewed() }
        try run(index, walk, StatementOutput(output, isHidden: statement.hidesOutput), monitor, workspace)
      } catch {
        switch error {
        case .failed(let diagnostics):
          return .failed(.run(.run, diagnostics, at: index, of: parsed.syntax.statements, parsed.source))
        case .interrupted:
          let name = statement.head.map(\.text).joined(separator: ".")
          let diagnostic = Diagnostic(.interrupted(command: name), at: statement.headSpan, in: parsed.source)
          return .interrupted(.run(.interrupted, [diagnostic], at: index, of: parsed.syntax.statements, parsed.source))
        }
      }
    }
    return .completed
  }

  private enum StatementFailure: Error {
    case failed([Diagnostic])
    case interrupted

    var isInterruption: Bool { if case .interrupted = self { true } else { false } }
  }

  private func run(
    _ index: Int, _ walk: CheckWalk, _ output: StatementOutput, _ monitor: any ProgressMonitor, _ workspace: Workspace
  ) throws(StatementFailure) {
    let statement = walk.parsed.syntax.statements[index]
    let text = walk.parsed.source.text(in: statement.span)
    var walk = walk
    let (action, problems) = walk.resolve(index, peeksAtResult: false)
    guard problems.isEmpty, let action else {
      throw monitor.isInterrupted ? .interrupted : .failed(walk.verified(problems, of: statement))
    }
    switch action {
    case .help(let name):
      guard !monitor.isInterrupted else { throw .interrupted }
      if let page = registry.manual.page(of: name) { output.showPage(page.inHTML) }
    case .show(let known, let usedSlots):
      guard !monitor.isInterrupted else { throw .interrupted }
      noteEarlierSources(of: usedSlots, workspace, output)
      guard let value = known.value else { return }
      if let target = statement.target {
        let binding = workspace.bind(
          value, to: target.text, identity: known.identity, statement: text, seconds: 0, from: usedSlots)
        record(PastStatement(binding), binding.knownNames.names(of: .store)?.first, output)
      } else {
        value.show(
          in: ValueOutput(
            sink: output, statement: usedSlots.last.flatMap { workspace.binding(in: $0)?.statement } ?? text))
      }
    case .run(let bound):
      // Asking to forget a value needs no remark on where it came from.
      if !bound.command.declaration.forgetsValues { noteEarlierSources(of: bound.usedSlots, workspace, output) }
      let invocation = Invocation(
        arguments: bound.arguments, subjects: bound.subjects, subjectName: bound.subjectName, implied: bound.implied,
        statement: text, resultName: statement.target?.text, output: output.making(text), monitor: monitor,
        workspace: workspace,
        registry: registry)
      // What is being made, in case nobody is left to say that it was.
      let begun = statement.target.map { target in
        PastStatement(
          name: target.text, statement: text, isStored: false,
          sources: workspace.sources(of: bound.usedSlots, target: target.text), ending: .unfinished)
      }
      record(begun, bound.store, nil)
      let start = ContinuousClock.now
      let value: (any SessionValue)?
      do throws(StatementFailure) {
        value = try result(of: invocation, bound, statement, walk)
      } catch {
        let ending = begun?.ending(error.isInterruption ? .interrupted : .failed)
        record(ending, bound.store, output)
        if error.isInterruption, let ending { workspace.add(past: [ending]) }
        throw error
      }
      guard let value else { return }
      let seconds = (ContinuousClock.now - start) / .seconds(1)
      let binding = workspace.bind(
        value, to: statement.target?.text, identity: ValueIdentity(recipe: bound.recipe), statement: text,
        seconds: seconds, from: bound.usedSlots)
      record(PastStatement(binding), bound.store ?? binding.knownNames.names(of: .store)?.first, output)
    }
  }

  private func record(_ past: PastStatement?, _ store: String?, _ output: StatementOutput?) {
    guard let past, let store, let warning = registry.record(past, store) else { return }
    output?.warn(warning)
  }

  private func result(
    of invocation: Invocation, _ bound: BoundStatement, _ statement: StatementSyntax, _ walk: CheckWalk
  ) throws(StatementFailure) -> (any SessionValue)? {
    let declaration = bound.command.declaration
    guard !invocation.monitor.isInterrupted else { throw .interrupted }
    do {
      return try bound.command.run(invocation)
    } catch is any InterruptionError {
      throw .interrupted
    } catch let failure as any ExplainedError {
      let span = failure.parameter.flatMap { bound.arguments.spans[$0] } ?? statement.headSpan
      throw .failed([walk.explained(failure, at: span, of: statement)])
    } catch {
      throw .failed([
        Diagnostic(
          .crashed(command: declaration.name, description: String(describing: error)), at: statement.headSpan,
          in: walk.source)
      ])
    }
  }

  /// Says so if a value was made from what a name held earlier.
  private func noteEarlierSources(of slots: [ValueSlot], _ workspace: Workspace, _ output: StatementOutput) {
    for slot in slots {
      let subject = slot.name ?? "The \(slot.withoutArticle)"
      for earlier in workspace.earlierSources(of: slot) {
        output.warn("\(subject) was made from an earlier \(earlier.withoutArticle).")
      }
    }
  }
}

/// The output of one statement, hidden if it ends in `;`; messages always pass.
private struct StatementOutput: OutputSink {
  let sink: any OutputSink
  let isHidden: Bool
  /// What is run; its pictures say so.
  private var statement: String?

  init(_ sink: any OutputSink, isHidden: Bool) {
    self.sink = sink
    self.isHidden = isHidden
  }

  func making(_ statement: String) -> StatementOutput {
    var output = self
    output.statement = statement
    return output
  }

  private func stated(_ output: RichOutput) -> RichOutput { statement.map(output.made) ?? output }

  func show(_ output: RichOutput) {
    if !isHidden { sink.show(stated(output)) }
  }

  func showValue(_ output: RichOutput) {
    if !isHidden { sink.showValue(stated(output)) }
  }

  func showPage(_ output: RichOutput) {
    if !isHidden { sink.showPage(output) }
  }

  func showUpdatable(_ output: RichOutput) -> DisplayHandle {
    isHidden ? DisplayHandle("") : sink.showUpdatable(stated(output))
  }

  func update(_ display: DisplayHandle, to output: RichOutput) {
    if !isHidden { sink.update(display, to: stated(output)) }
  }

  func note(_ text: String) { sink.note(text) }
  func warn(_ text: String) { sink.warn(text) }

  func show(_ output: RichOutput, orLive view: any LiveView) {
    if !isHidden { sink.show(stated(output), orLive: view) }
  }
}

/// What a value shows of itself is the result of a statement that is its bare name.
private struct ValueOutput: OutputSink {
  let sink: StatementOutput
  /// By which the value was made.
  let statement: String

  func show(_ output: RichOutput) { sink.showValue(output.made(by: statement)) }
  func showUpdatable(_ output: RichOutput) -> DisplayHandle { sink.showUpdatable(output) }
  func update(_ display: DisplayHandle, to output: RichOutput) { sink.update(display, to: output) }
  func note(_ text: String) { sink.note(text) }
  func warn(_ text: String) { sink.warn(text) }

  func show(_ output: RichOutput, orLive view: any LiveView) { sink.show(output.made(by: statement), orLive: view) }
}
