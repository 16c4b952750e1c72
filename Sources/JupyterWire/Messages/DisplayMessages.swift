public import Files

/// The kernel's state as a front end shows it.
///
/// Protocol: <https://jupyter-client.readthedocs.io/en/stable/messaging.html#kernel-status>.
public enum ExecutionState: String, Sendable { case starting, busy, idle }

/// One of the two text streams of a cell.
public enum StreamName: String, Sendable { case stdout, stderr }

/// The messages on iopub.
///
/// Protocol: <https://jupyter-client.readthedocs.io/en/stable/messaging.html#messages-on-the-iopub-pub-sub-channel>.
extension OutgoingMessage {
  public static func status(_ state: ExecutionState, parent: JSONFragment) -> OutgoingMessage {
    OutgoingMessage(
      type: "status", content: .object([("execution_state", .string(state.rawValue))]), parentHeader: parent)
  }

  public static func executeInput(_ code: String, count: Int, parent: JSONFragment) -> OutgoingMessage {
    OutgoingMessage(
      type: "execute_input", content: .object([("code", .string(code)), ("execution_count", .integer(count))]),
      parentHeader: parent)
  }

  public static func stream(_ name: StreamName, _ text: String, parent: JSONFragment) -> OutgoingMessage {
    OutgoingMessage(
      type: "stream", content: .object([("name", .string(name.rawValue)), ("text", .string(text))]),
      parentHeader: parent)
  }

  /// `display_data`, or `update_display_data` for a display that `displayID` already names.
  public static func display(
    _ bundle: MIMEBundle, metadata: [(String, JSONFragment)] = [], displayID: String?, isUpdate: Bool = false,
    parent: JSONFragment
  ) -> OutgoingMessage {
    OutgoingMessage(
      type: isUpdate ? "update_display_data" : "display_data",
      content: .object([
        ("data", bundle.dataFragment), ("metadata", bundle.metadataFragment(extra: metadata)),
        ("transient", transient(displayID)),
      ]), parentHeader: parent)
  }

  /// - Parameter displayID: a name by which `update_display_data` can replace the result later.
  public static func executeResult(
    _ bundle: MIMEBundle, metadata: [(String, JSONFragment)] = [], displayID: String? = nil, count: Int,
    parent: JSONFragment
  ) -> OutgoingMessage {
    OutgoingMessage(
      type: "execute_result",
      content: .object([
        ("execution_count", .integer(count)), ("data", bundle.dataFragment),
        ("metadata", bundle.metadataFragment(extra: metadata)), ("transient", transient(displayID)),
      ]), parentHeader: parent)
  }

  private static func transient(_ displayID: String?) -> JSONFragment {
    .object(displayID.map { [("display_id", .string($0))] } ?? [])
  }

  public static func error(_ error: ExecuteError, parent: JSONFragment) -> OutgoingMessage {
    OutgoingMessage(type: "error", content: error.content, parentHeader: parent)
  }

  /// - Parameter wait: the front end clears only when the next output arrives, so that nothing flickers.
  public static func clearOutput(wait: Bool, parent: JSONFragment) -> OutgoingMessage {
    OutgoingMessage(type: "clear_output", content: .object([("wait", .bool(wait))]), parentHeader: parent)
  }

  /// Tells a new subscriber that its subscription has arrived (JEP 65); without a parent.
  ///
  /// - Returns: nil for a subscription that is not UTF-8, which is to be ignored.
  public static func welcome(subscription: [UInt8]) -> OutgoingMessage? {
    guard let text = String(validating: subscription, as: UTF8.self) else { return nil }
    return OutgoingMessage(
      type: "iopub_welcome", content: .object([("subscription", .string(text))]), identities: [subscription])
  }
}
