/// The answers of a kernel that offers no comm targets.
///
/// Protocol: <https://jupyter-client.readthedocs.io/en/stable/messaging.html#custom-messages>.
public enum CommReply {
  /// The content of `comm_info_reply`: no comm is open.
  public static let info = JSONFragment.object([("status", .string("ok")), ("comms", .emptyObject)])

  /// Closes the comm that `content` of a `comm_open` asks for, since its target is unknown here.
  ///
  /// - Throws: `WireError` if `content` names no comm.
  public static func close(_ content: RequestContent, parentHeader: JSONFragment) throws(WireError) -> OutgoingMessage {
    OutgoingMessage(
      type: "comm_close",
      content: .object([("comm_id", .string(try content.text("comm_id"))), ("data", .emptyObject)]),
      parentHeader: parentHeader)
  }
}
