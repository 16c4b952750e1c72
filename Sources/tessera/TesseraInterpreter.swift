import CommandLanguage
import Foundation
import Commands
import JupyterKernel
import JupyterWire

/// The command language as the kernel sees it.
struct TesseraInterpreter: Interpreter {
  /// Made when it is first needed: a front end is answered before the commands are there.
  private static let shared = CommandInterpreter(registry: CommandSet.registry, files: LocalFiles())
  private var language: CommandInterpreter { Self.shared }

  init() {
    // By the time the user has typed something they are there, and the first answer need not share a core.
    Thread.detachNewThread {
      Thread.sleep(forTimeInterval: 0.05)
      _ = Self.shared
    }
  }

  let languageInfo = LanguageInfo(
    name: "tessera", version: Tessera.version, mimetype: "text/x-tessera", fileExtension: ".tsr",
    codemirrorMode: "shell", pygmentsLexer: "bash",
    banner: "Tessera \(Tessera.version): look into what a trained histology model has learned. Type help.",
    implementation: "tessera", implementationVersion: Tessera.version)

  /// What people type to leave a console of Python or R.
  private static let farewells: Set = ["exit", "quit", "exit()", "quit()", "q()"]

  func execute(_ request: ExecuteRequest, context: ExecutionContext) -> ExecuteOutcome {
    let words = request.code.split(whereSeparator: \.isWhitespace).map(String.init)
    if words.count == 1, Self.farewells.contains(words[0]), language.value(of: words[0]) == nil {
      // Only a console listens to this; nothing else would show that the cell has been understood.
      context.request(.exit(keepsKernel: false))
      context.write(.stdout, "This leaves a console. A notebook's kernel goes on: it is shut down from the menu.\n")
      return .ok()
    }
    let sink = CellSink(context: context, hasPager: true)
    switch language.run(request.code, output: sink, monitor: CellMonitor(context: context)) {
    case .completed: return .ok(pages: sink.pages)
    case .interrupted(let failure): return .error(failure.shown(as: "KeyboardInterrupt"))
    case .failed(let failure): return .error(failure.shown(as: failure.name))
    }
  }

  func evaluate(_ expression: String) -> Result<MIMEBundle, ExecuteError> {
    if let output = language.value(of: expression) { return .success(output.bundle) }
    let sentence = "There is no value \(expression): an expression is the name of a value."
    return .failure(ExecuteError(name: "UnknownName", value: sentence, traceback: [sentence]))
  }

  func complete(_ code: String, cursor: Int) -> Completions {
    let completion = language.complete(code, at: cursor)
    return Completions(
      matches: completion.candidates.map(\.text), range: completion.span, types: completion.candidates.map(\.kind),
      signatures: completion.candidates.map(\.signature))
  }

  func inspect(_ code: String, cursor: Int, detail: Int) -> JupyterWire.Inspection? {
    language.inspect(code, at: cursor, detail: detail > 0 ? .page : .summary).map {
      JupyterWire.Inspection(MIMEBundle(plain: $0.text, html: $0.html, markdown: $0.markdown))
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

extension CellFailure {
  /// - Parameter name: `KeyboardInterrupt` is how front ends know an interruption.
  fileprivate func shown(as name: String) -> ExecuteError {
    let lines = rendered(.ansi).split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    return ExecuteError(name: name, value: summary, traceback: lines)
  }
}
