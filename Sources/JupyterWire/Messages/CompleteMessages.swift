public import Files

/// Code and a place in it, as requests for completion and inspection carry them.
///
/// Protocol: <https://jupyter-client.readthedocs.io/en/stable/messaging.html#completion>.
public struct CodePosition: Sendable, Equatable {
  public let code: String
  /// Unicode scalars from the start, 0...count.
  public let cursor: Int

  /// A cursor past the end counts as the end, and so does one left out.
  ///
  /// - Throws: `WireError` that names the field at fault.
  public init(_ content: RequestContent) throws(WireError) {
    code = try content.text("code")
    let count = code.unicodeScalars.count
    let cursor = try content.integer("cursor_pos", default: count)
    if cursor < 0 { throw .wrongFieldType(name: "cursor_pos", expected: "0 or more") }
    self.cursor = min(cursor, count)
  }
}

/// What can stand at the cursor.
public struct Completions: Sendable, Equatable {
  public let matches: [String]
  /// The Unicode scalars of the code that a match replaces.
  public let range: Range<Int>
  /// The kind of each match, such as `function`, shown beside it; as many as matches, or nil.
  public let types: [String]?
  /// How what a match names is used, such as `(path, mode)`; as many as matches, nil for those that have none, or nil.
  public let signatures: [String?]?

  public init(matches: [String], range: Range<Int>, types: [String]? = nil, signatures: [String?]? = nil) {
    self.matches = matches
    self.range = range
    self.types = types
    self.signatures = signatures
  }

  /// The content of `complete_reply`.
  public var replyContent: JSONFragment {
    var metadata: [(String, JSONFragment)] = []
    if let types {
      let typed = zip(matches, types).enumerated().map { index, match in
        var members: [(String, JSONFragment)] = [
          ("text", .string(match.0)), ("type", .string(match.1)), ("start", .integer(range.lowerBound)),
          ("end", .integer(range.upperBound)),
        ]
        if let signatures, index < signatures.count, let signature = signatures[index] {
          members.append(("signature", .string(signature)))
        }
        return JSONFragment.object(members)
      }
      metadata.append(("_jupyter_types_experimental", .array(typed)))
    }
    return .object([
      ("status", .string("ok")), ("matches", .array(matches.map(JSONFragment.string))),
      ("cursor_start", .integer(range.lowerBound)), ("cursor_end", .integer(range.upperBound)),
      ("metadata", .object(metadata)),
    ])
  }
}

/// Whether Return should run the code in a terminal front end.
///
/// Protocol: <https://jupyter-client.readthedocs.io/en/stable/messaging.html#code-completeness>.
public enum Completeness: Sendable, Equatable {
  case complete
  /// More must follow; the next line starts with `indent`.
  case incomplete(indent: String)
  case invalid
  case unknown

  /// The content of `is_complete_reply`.
  public var replyContent: JSONFragment {
    switch self {
    case .complete: .object([("status", .string("complete"))])
    case .incomplete(let indent): .object([("status", .string("incomplete")), ("indent", .string(indent))])
    case .invalid: .object([("status", .string("invalid"))])
    case .unknown: .object([("status", .string("unknown"))])
    }
  }
}
