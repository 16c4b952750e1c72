public import Files

/// A cell to run.
///
/// Protocol: <https://jupyter-client.readthedocs.io/en/stable/messaging.html#execute>.
public struct ExecuteRequest: Sendable {
  public let code: String
  /// No input is announced, nothing is counted and no result is shown.
  public let isSilent: Bool
  /// The cell is counted and goes to the history; never so if it is silent.
  public let storesHistory: Bool
  /// The cells queued behind this one are given up if it fails.
  public let stopsOnError: Bool
  /// Expressions that the front end wants evaluated afterwards, by the name it gives each; in the order of the names.
  public let userExpressions: [(name: String, expression: JSONValue)]
  /// The front end answers questions that the cell asks while it runs.
  public let allowsInput: Bool

  /// - Throws: `WireError` that names the field at fault.
  public init(_ content: RequestContent) throws(WireError) {
    code = try content.text("code")
    isSilent = try content.bool("silent", default: false)
    let wantsHistory = try content.bool("store_history", default: true)
    storesHistory = wantsHistory && !isSilent
    stopsOnError = try content.bool("stop_on_error", default: true)
    allowsInput = try content.bool("allow_stdin", default: false)
    userExpressions = try content.object("user_expressions").sorted { $0.key < $1.key }
      .map { (name: $0.key, expression: $0.value) }
  }
}

/// How a cell ended.
public enum ExecuteOutcome: Sendable, Equatable {
  /// It ran; `pages` go to the front end's pager, not into the notebook.
  case ok(pages: [MIMEBundle] = [])
  case error(ExecuteError)
  /// It stopped because `ExecutionContext.isInterrupted` became true.
  case interrupted
}

/// An error as a notebook shows it.
public struct ExecuteError: Error, Sendable, Equatable, CustomStringConvertible {
  public let name: String
  public let value: String
  /// The lines that are shown; ANSI colours are allowed.
  public let traceback: [String]

  public init(name: String, value: String, traceback: [String]) {
    self.name = name
    self.value = value
    self.traceback = traceback
  }

  public var description: String { "\(name): \(value)" }

  /// The name that front ends know as the user's own doing.
  public static let interruption = ExecuteError(
    name: "KeyboardInterrupt", value: "interrupted", traceback: ["Interrupted."])

  var members: [(String, JSONFragment)] {
    [
      ("ename", .string(name)), ("evalue", .string(value)),
      ("traceback", .array(traceback.map(JSONFragment.string))),
    ]
  }

  /// The content of an `error` message.
  public var content: JSONFragment { .object(members) }

  /// The content of any reply that failed.
  public var replyContent: JSONFragment { .object([("status", .string("error"))] + members) }
}

/// What a cell asks the front end to do after it has gone well.
///
/// Protocol: <https://jupyter-client.readthedocs.io/en/stable/messaging.html#payloads-deprecated>: deprecated, but with
/// nothing in its place yet.
public enum ExecutePayload: Sendable, Equatable {
  /// Show `bundle`, which has plain text, in the pager.
  case page(MIMEBundle)
  /// Offer `text` as the next input, or in a notebook also in place of the cell.
  case nextInput(text: String, replacesCell: Bool)
  /// Open a file at a line in the user's editor.
  case edit(path: String, line: Int)
  /// Ask the user of a terminal front end whether to leave.
  case exit(keepsKernel: Bool)

  var fragment: JSONFragment {
    switch self {
    case .page(let bundle):
      .object([("source", .string("page")), ("data", bundle.dataFragment), ("start", .integer(0))])
    case .nextInput(let text, let replacesCell):
      .object([("source", .string("set_next_input")), ("text", .string(text)), ("replace", .bool(replacesCell))])
    case .edit(let path, let line):
      .object([("source", .string("edit_magic")), ("filename", .string(path)), ("line_number", .integer(line))])
    case .exit(let keepsKernel): .object([("source", .string("ask_exit")), ("keepkernel", .bool(keepsKernel))])
    }
  }
}

/// The contents of `execute_reply`.
public enum ExecuteReply {
  /// - Parameter values: those of the user expressions, by name.
  public static func ok(
    count: Int, payloads: [ExecutePayload], values: [(name: String, value: Result<MIMEBundle, ExecuteError>)]
  ) -> JSONFragment {
    .object([
      ("status", .string("ok")), ("execution_count", .integer(count)),
      ("payload", .array(payloads.map(\.fragment))),
      ("user_expressions", .object(values.map { ($0.name, fragment($0.value)) })),
    ])
  }

  private static func fragment(_ value: Result<MIMEBundle, ExecuteError>) -> JSONFragment {
    switch value {
    case .success(let bundle):
      .object([
        ("status", .string("ok")), ("data", bundle.dataFragment), ("metadata", bundle.metadataFragment()),
      ])
    case .failure(let error): error.replyContent
    }
  }

  public static func error(_ error: ExecuteError, count: Int) -> JSONFragment {
    .object([("status", .string("error")), ("execution_count", .integer(count))] + error.members)
  }

  /// The answer to a cell that was queued behind one that failed: it has no count, for it did not run, and a front end
  /// writes a count beside the cell.
  public static let aborted = JSONFragment.object([("status", .string("aborted"))])
}
