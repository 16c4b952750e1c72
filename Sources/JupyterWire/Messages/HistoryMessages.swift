public import Files

/// Which earlier cells a front end wants to see.
///
/// Protocol: <https://jupyter-client.readthedocs.io/en/stable/messaging.html#history>.
public struct HistoryRequest: Sendable, Equatable {
  public enum Access: Sendable, Equatable {
    /// The last `count` cells.
    case tail(count: Int)
    /// The cells numbered `start..<stop` of a session; session 0 is the current one, -1 the one before; no `stop`, no end.
    case range(session: Int, start: Int, stop: Int?)
    /// The last `count` cells that match a pattern of `*` and `?`; each text once if `isUnique`.
    case search(pattern: String, count: Int?, isUnique: Bool)
  }

  public let access: Access
  /// Each input comes with its output.
  public let wantsOutput: Bool

  /// - Throws: `WireError` that names the field at fault.
  public init(_ content: RequestContent) throws(WireError) {
    wantsOutput = try content.bool("output", default: false)
    switch try content.text("hist_access_type") {
    case "tail": access = .tail(count: max(0, try content.integer("n", default: 10)))
    case "range":
      let stop = try content.integer("stop", default: Int.max)
      access = .range(
        session: try content.integer("session", default: 0), start: try content.integer("start", default: 0),
        stop: stop == Int.max ? nil : stop)
    case "search":
      let count = try content.integer("n", default: Int.max)
      let pattern = try content.text("pattern", default: "*")
      // The time of a search grows with it, and nobody types more.
      if pattern.unicodeScalars.count(where: { $0 != "*" }) > 4096 {
        throw .wrongFieldType(name: "pattern", expected: "at most 4096 characters")
      }
      access = .search(
        pattern: pattern, count: count == Int.max ? nil : max(0, count),
        isUnique: try content.bool("unique", default: false))
    default: throw .wrongFieldType(name: "hist_access_type", expected: "tail, range or search")
    }
  }
}

/// One cell of the history.
public struct HistoryEntry: Sendable, Equatable {
  public let session: Int
  /// The cell's execution count.
  public let line: Int
  public let input: String
  /// The plain text of its result, if it had one.
  public let output: String?

  public init(session: Int, line: Int, input: String, output: String?) {
    self.session = session
    self.line = line
    self.input = input
    self.output = output
  }

  /// The content of `history_reply`.
  public static func replyContent(_ entries: [HistoryEntry], withOutput: Bool) -> JSONFragment {
    .object([
      ("status", .string("ok")),
      (
        "history",
        .array(
          entries.map { entry in
            let input = JSONFragment.string(entry.input)
            let output = entry.output.map(JSONFragment.string) ?? .null
            return .array([
              .integer(entry.session), .integer(entry.line), withOutput ? .array([input, output]) : input,
            ])
          })
      ),
    ])
  }
}
