import Files
import JupyterWire

/// The answers to requests on shell that change nothing, whichever thread gives them.
struct ReadOnlyRequests: Sendable {
  /// Those that are answered beside a cell that runs: a user types meanwhile, and a page that is loaded anew asks for
  /// the kernel and its comms before it shows anything.
  static let overtaking: Set<String> = [
    "complete_request", "inspect_request", "is_complete_request", "kernel_info_request", "connect_request",
    "comm_info_request",
  ]

  /// History waits for the cells before it, which belong to it.
  static let types = overtaking.union(["history_request"])

  let session: KernelSession
  let interpreter: any Interpreter
  let history: History
  let comms: CommRegistry
  let widgets: WidgetService

  /// - Returns: the content of the reply; nil for a request of another type.
  /// - Throws: `WireError` that names the field at fault.
  func answer(_ request: ReceivedMessage) throws(WireError) -> JSONFragment? {
    let content = request.content
    switch request.header.type {
    case "complete_request":
      let position = try CodePosition(content)
      return interpreter.complete(position.code, cursor: position.cursor).replyContent
    case "inspect_request":
      let position = try CodePosition(content)
      let detail = try content.integer("detail_level", default: 0)
      return Inspection.replyContent(interpreter.inspect(position.code, cursor: position.cursor, detail: detail))
    case "is_complete_request": return interpreter.isComplete(try content.text("code")).replyContent
    case "history_request":
      let wanted = try HistoryRequest(content)
      return HistoryEntry.replyContent(history.entries(wanted.access), withOutput: wanted.wantsOutput)
    case "kernel_info_request": return session.kernelInfo
    case "connect_request": return session.connectReply
    case "comm_info_request":
      let target = try content.text("target_name", default: "")
      return CommContent.info(comms.open(target: target) + widgets.open(target: target))
    default: return nil
    }
  }
}

/// The thread that answers such requests while the evaluation thread is held up by a cell.
struct AssistantThread: Sendable {
  let queue: RequestQueue
  let requests: ReadOnlyRequests
  let replier: Replier

  /// Returns after a stop.
  func run() {
    while let request = queue.nextQuestion() {
      replier.surround(request) { () throws(WireError) in
        if let content = try requests.answer(request) { replier.reply(to: request, content) }
      }
      queue.assistantIsDone()
    }
  }
}
