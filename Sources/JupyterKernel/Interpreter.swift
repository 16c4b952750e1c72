public import JupyterWire

/// The whole contract between the kernel and a language.
///
/// The kernel calls `execute`, `evaluate` and `willShutDown` on one thread, one call at a time and in the order in which
/// the front end asked. `complete`, `inspect` and `isComplete` come one at a time as well, but while a cell runs longer
/// than a moment they come on a second thread beside it, so that a user can type on. What the front end sees in between
/// (busy, idle, input, reply, count, history, abort of queued cells) is the kernel's own work.
///
/// Specification: <https://jupyter-client.readthedocs.io/en/stable/messaging.html>, protocol 5.5.
public protocol Interpreter: Sendable {
  /// Name, version and editor modes; read once at start, on any thread.
  ///
  /// Specification: [Kernel info](https://jupyter-client.readthedocs.io/en/stable/messaging.html#kernel-info).
  var languageInfo: LanguageInfo { get }

  /// Runs a cell; through `context` it shows displays, streams and progress, asks the user, opens comms and hands the
  /// front end what it is to do next.
  ///
  /// Work that can last longer than half a second polls `context.isInterrupted` and returns `.interrupted` soon after
  /// it becomes true. An error is returned, not displayed: the kernel shows it.
  ///
  /// Specification: [Execute](https://jupyter-client.readthedocs.io/en/stable/messaging.html#execute).
  func execute(_ request: ExecuteRequest, context: ExecutionContext) -> ExecuteOutcome

  /// The value of an expression that the front end wants to know after a cell that went well; still a part of the cell.
  ///
  /// Specification: [Execute](https://jupyter-client.readthedocs.io/en/stable/messaging.html#execute), `user_expressions`.
  func evaluate(_ expression: String) -> Result<MIMEBundle, ExecuteError>

  /// What can stand at `cursor`, a number of Unicode scalars in 0...count.
  ///
  /// Specification: [Completion](https://jupyter-client.readthedocs.io/en/stable/messaging.html#completion).
  func complete(_ code: String, cursor: Int) -> Completions

  /// What is known about the thing at `cursor` (Unicode scalars); `detail` 1 asks for more than 0; nil if nothing is.
  ///
  /// Specification: [Introspection](https://jupyter-client.readthedocs.io/en/stable/messaging.html#introspection).
  func inspect(_ code: String, cursor: Int, detail: Int) -> Inspection?

  /// Whether Return should run `code` in a terminal front end.
  ///
  /// Specification: [Code completeness](https://jupyter-client.readthedocs.io/en/stable/messaging.html#code-completeness).
  func isComplete(_ code: String) -> Completeness

  /// The last call, for files to be closed; it has about a second. It is left out if a cell ignores its interruption.
  ///
  /// Specification: [Kernel shutdown](https://jupyter-client.readthedocs.io/en/stable/messaging.html#kernel-shutdown).
  func willShutDown()
}

extension Interpreter {
  /// For languages without expressions.
  public func evaluate(_ expression: String) -> Result<MIMEBundle, ExecuteError> {
    .failure(ExecuteError(name: "NotSupported", value: "expressions are not evaluated", traceback: []))
  }
}
