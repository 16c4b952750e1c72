public import Files

/// The header of a message, checked, beside the bytes it came in.
///
/// Protocol: <https://jupyter-client.readthedocs.io/en/stable/messaging.html#message-header>.
public struct MessageHeader: Sendable, Equatable {
  public let identifier: String
  public let type: String
  /// The client session the message belongs to; empty if the front end does not say.
  public let session: String
  /// The subshell that should answer (protocol 5.5); nil for the main shell.
  public let subshell: String?
  /// The header as received: a reply carries it as its parent header, unchanged.
  public let fragment: JSONFragment

  init(parsing bytes: [UInt8]) throws(WireError) {
    let content = RequestContent(members: try parsedObject(bytes, part: "header"))
    identifier = try content.text("msg_id")
    type = try content.text("msg_type")
    session = try content.text("session", default: "")
    if case .string(let subshell)? = content.members["subshell_id"] { self.subshell = subshell } else { subshell = nil }
    fragment = JSONFragment(verbatim: bytes)
  }
}

/// A message from a front end whose signature and header were found good.
public struct ReceivedMessage: Sendable, Equatable {
  /// The routing frames before the delimiter; a reply starts with the same ones.
  public let identities: [[UInt8]]
  public let header: MessageHeader
  public let metadata: [String: JSONValue]
  public let content: RequestContent
  public let buffers: [[UInt8]]
}

/// A message to be signed and sent.
public struct OutgoingMessage: Sendable, Equatable {
  /// Routing frames on a ROUTER socket, the topic on iopub.
  public var identities: [[UInt8]]
  public var type: String
  /// The header of the request that caused it; `{}` for none.
  public var parentHeader: JSONFragment
  public var metadata: JSONFragment
  public var content: JSONFragment
  public var buffers: [[UInt8]]

  public init(
    type: String, content: JSONFragment, parentHeader: JSONFragment = .emptyObject, identities: [[UInt8]] = [],
    metadata: JSONFragment = .emptyObject, buffers: [[UInt8]] = []
  ) {
    self.identities = identities
    self.type = type
    self.parentHeader = parentHeader
    self.metadata = metadata
    self.content = content
    self.buffers = buffers
  }

  /// The reply to `request`: `execute_reply` to `execute_request`, and so on.
  public init(replyTo request: ReceivedMessage, content: JSONFragment) {
    let stem = request.header.type.hasSuffix("_request") ? request.header.type.dropLast(8) : request.header.type[...]
    self.init(
      type: "\(stem)_reply", content: content, parentHeader: request.header.fragment, identities: request.identities)
  }
}

func parsedObject(_ bytes: [UInt8], part: String) throws(WireError) -> [String: JSONValue] {
  let value: JSONValue
  do throws(JSONFault) {
    value = try JSONValue(parsing: bytes)
  } catch {
    throw .malformedJSON(part: part, error)
  }
  guard let members = value.members else { throw .notAnObject(part: part) }
  return members
}
