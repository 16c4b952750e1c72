public import Files

/// The contents of the messages of comms.
///
/// Protocol: <https://jupyter-client.readthedocs.io/en/stable/messaging.html#custom-messages>.
public enum CommContent {
  /// Of `comm_info_reply`; `comms` gives identifier and target of every open comm.
  public static func info(_ comms: [(identifier: String, target: String)]) -> JSONFragment {
    .object([
      ("status", .string("ok")),
      ("comms", .object(comms.map { ($0.identifier, .object([("target_name", .string($0.target))])) })),
    ])
  }

  /// Of `comm_open`.
  public static func open(_ identifier: String, target: String, data: JSONFragment) -> JSONFragment {
    .object([("comm_id", .string(identifier)), ("target_name", .string(target)), ("data", data)])
  }

  /// Of `comm_msg` and of `comm_close`.
  public static func message(_ identifier: String, data: JSONFragment) -> JSONFragment {
    .object([("comm_id", .string(identifier)), ("data", data)])
  }
}

/// What one side of a comm tells the other.
public struct CommMessage: Sendable, Equatable {
  /// The identifier of the comm.
  public let identifier: String
  /// Any JSON, an object as a rule.
  public let data: JSONValue
  public let metadata: [String: JSONValue]
  /// Binary data beside the JSON.
  public let buffers: [[UInt8]]

  /// - Throws: `WireError` if the message names no comm.
  public init(_ message: ReceivedMessage) throws(WireError) {
    identifier = try message.content.text("comm_id")
    data = message.content.members["data"] ?? .object([:])
    metadata = message.metadata
    buffers = message.buffers
  }
}
