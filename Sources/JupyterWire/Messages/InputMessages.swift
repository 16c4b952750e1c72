public import Files

/// A question to the user in the middle of a cell.
///
/// Protocol: <https://jupyter-client.readthedocs.io/en/stable/messaging.html#messages-on-the-stdin-router-dealer-channel>.
public enum InputMessages {
  /// `input_request`.
  ///
  /// - Parameter identities: the routing frames of the cell's own message, so that the same front end is asked.
  public static func request(
    prompt: String, isPassword: Bool, identities: [[UInt8]], parent: JSONFragment
  ) -> OutgoingMessage {
    OutgoingMessage(
      type: "input_request", content: .object([("prompt", .string(prompt)), ("password", .bool(isPassword))]),
      parentHeader: parent, identities: identities)
  }

  /// The text of an `input_reply`.
  ///
  /// - Throws: `WireError` if there is none.
  public static func value(_ content: RequestContent) throws(WireError) -> String { try content.text("value") }
}
