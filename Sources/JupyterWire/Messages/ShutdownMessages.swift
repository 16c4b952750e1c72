public import Files

/// The end of a kernel.
///
/// Protocol: <https://jupyter-client.readthedocs.io/en/stable/messaging.html#kernel-shutdown>.
public enum ShutdownMessages {
  /// The content of `shutdown_reply`, which repeats whether a new kernel follows; a request that does not say ends it.
  public static func replyContent(_ request: RequestContent) -> JSONFragment {
    let isRestart = (try? request.bool("restart", default: false)) ?? false
    return .object([("status", .string("ok")), ("restart", .bool(isRestart))])
  }
}
