import Files
import JupyterWire

@testable import JupyterKernel

/// A language whose cells do what a test says, for what the echo language has no command for.
struct ScriptedInterpreter: Interpreter {
  var value: @Sendable (String) -> Result<MIMEBundle, ExecuteError> = { .success(MIMEBundle(plain: $0)) }
  /// Runs a cell; gets its code.
  let cell: @Sendable (String, ExecutionContext) -> Void

  var languageInfo: LanguageInfo {
    LanguageInfo(
      name: "scripted", version: "1", mimetype: "text/plain", fileExtension: ".s",
      codemirrorMode: .configured(.object([("name", .string("shell"))])), pygmentsLexer: "text", banner: "",
      implementation: "scripted", implementationVersion: "1")
  }
  func execute(_ request: ExecuteRequest, context: ExecutionContext) -> ExecuteOutcome {
    cell(request.code, context)
    return .ok()
  }
  func evaluate(_ expression: String) -> Result<MIMEBundle, ExecuteError> { value(expression) }
  func complete(_ code: String, cursor: Int) -> Completions { Completions(matches: [], range: cursor..<cursor) }
  func inspect(_ code: String, cursor: Int, detail: Int) -> Inspection? { Inspection(MIMEBundle(plain: "\(detail)")) }
  func isComplete(_ code: String) -> Completeness { .unknown }
  func willShutDown() {}
}
