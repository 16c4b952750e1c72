import CommandLanguage
import JupyterKernel
import JupyterWire
import SessionCommands

/// The command language as the kernel sees it.
struct TesseraInterpreter: Interpreter {
  private let language = CommandInterpreter(registry: CommandSet.registry, files: LocalFiles())

  let languageInfo = LanguageInfo(
    name: "tessera", version: Tessera.version, mimetype: "text/x-tessera", fileExtension: ".tsr",
    codemirrorMode: "shell", pygmentsLexer: "bash",
    banner: "Tessera \(Tessera.version): look into what a trained histology model has learned. Type help.",
    implementation: "tessera", implementationVersion: Tessera.version)

  func execute(_ request: ExecuteRequest, context: ExecutionContext) -> ExecuteOutcome {
    switch language.run(request.code, output: CellSink(context: context), monitor: CellMonitor(context: context)) {
    case .completed: return .ok()
    case .interrupted: return .interrupted
    case .failed(let failure):
      return .error(
        ExecuteError(
          name: failure.name, value: failure.summary,
          traceback: failure.rendered(.ansi).split(separator: "\n", omittingEmptySubsequences: false).map(String.init)))
    }
  }

  func complete(_ code: String, cursor: Int) -> Completions {
    let completion = language.complete(code, at: cursor)
    return Completions(
      matches: completion.candidates.map(\.text), range: completion.span, types: completion.candidates.map(\.kind))
  }

  func inspect(_ code: String, cursor: Int, detail: Int) -> JupyterWire.Inspection? {
    language.inspect(code, at: cursor).map {
      JupyterWire.Inspection(MIMEBundle(plain: $0.text, markdown: $0.markdown))
    }
  }

  func isComplete(_ code: String) -> Completeness {
    switch language.isComplete(code) {
    case .complete: .complete
    case .incomplete(let indent): .incomplete(indent: indent)
    case .invalid: .invalid
    }
  }

  func willShutDown() {}
}

/// Results as notebook outputs.
private struct CellSink: OutputSink {
  let context: ExecutionContext

  func show(_ output: RichOutput) {
    var bundle = MIMEBundle(plain: output.text, html: output.html, markdown: output.markdown)
    if let picture = output.picture {
      bundle = MIMEBundle(png: picture.png, width: picture.width, height: picture.height, plain: output.text)
    }
    context.display(bundle)
  }

  func note(_ text: String) { context.write(.stdout, text + "\n") }
}

/// Progress and interruption of a running cell.
private struct CellMonitor: ProgressMonitor {
  let context: ExecutionContext

  var isInterrupted: Bool { context.isInterrupted }
  func report(phase: String, unit: String, done: Int, total: Int) {
    context.progress.report(phase: phase, unit: unit, done: done, total: total)
  }
}
