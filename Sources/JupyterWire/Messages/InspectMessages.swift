public import Files

/// What is known about the thing at the cursor.
///
/// Protocol: <https://jupyter-client.readthedocs.io/en/stable/messaging.html#introspection>.
public struct Inspection: Sendable, Equatable {
  /// `text/plain` at least; `text/markdown` for front ends that render it.
  public let bundle: MIMEBundle

  public init(_ bundle: MIMEBundle) { self.bundle = bundle }

  /// The content of `inspect_reply`; nil says that nothing was found.
  public static func replyContent(_ inspection: Inspection?) -> JSONFragment {
    let bundle = inspection?.bundle ?? MIMEBundle()
    return .object([
      ("status", .string("ok")), ("found", .bool(inspection != nil)), ("data", bundle.dataFragment),
      ("metadata", bundle.metadataFragment()),
    ])
  }
}
