import JupyterWire

/// The thread that answers what comes on shell, one request after the other; only here the interpreter runs.
///
/// Specification: <https://jupyter-client.readthedocs.io/en/stable/messaging.html#messages-on-the-shell-router-dealer-channel>.
struct EvaluationThread {
  enum Item: Sendable {
    case request(ReceivedMessage)
    /// Everything that was sent before a failed cell was answered has arrived.
    case fence
    case stop
  }

  private let session: KernelSession
  private let interpreter: any Interpreter
  private let inbox: Mailbox<Item>
  private let shell: Mailbox<ShellChannel.Order>
  private let drainNativeOutput: @Sendable () -> Void
  private var pending: [Item] = []
  private var next = 0
  private var isAborting = false
  private var executionCount = 0
  private var history = History()

  init(
    session: KernelSession, interpreter: any Interpreter, inbox: Mailbox<Item>, shell: Mailbox<ShellChannel.Order>,
    drainNativeOutput: @escaping @Sendable () -> Void
  ) {
    self.session = session
    self.interpreter = interpreter
    self.inbox = inbox
    self.shell = shell
    self.drainNativeOutput = drainNativeOutput
  }

  /// Returns after a stop; what is queued by then is no longer run.
  mutating func run() {
    while !session.isShuttingDown {
      while next == pending.count {
        pending = inbox.takeAll()
        next = 0
        if pending.isEmpty { inbox.arrival.wait(milliseconds: -1) }
      }
      let item = pending[next]
      next += 1
      switch item {
      case .request(let request): answer(request)
      case .fence: isAborting = false
      case .stop: break
      }
    }
    interpreter.willShutDown()
  }

  private mutating func answer(_ request: ReceivedMessage) {
    let header = request.header
    if let subshell = header.subshell {
      session.log("ignored \(header.type) for the subshell '\(subshell)'")
      return
    }
    guard let handler = handler(for: header.type) else {
      session.log("ignored \(header.type) on shell")
      return
    }
    session.publisher.publish(.status(.busy, parent: header.fragment))
    // A front end waits for this one: nothing below may leave it out.
    defer { session.publisher.publish(.status(.idle, parent: header.fragment)) }
    do throws(WireError) {
      try handler(&self, request)
    } catch {
      session.log("\(header.type): \(error)")
      guard header.type.hasSuffix("_request") else { return }
      let fault = ExecuteError(name: "InvalidRequest", value: error.description, traceback: [error.description])
      reply(
        to: request,
        header.type == "execute_request" ? ExecuteReply.error(fault, count: executionCount) : fault.replyContent)
    }
  }

  private typealias Handler = (inout EvaluationThread, ReceivedMessage) throws(WireError) -> Void

  private func handler(for type: String) -> Handler? {
    switch type {
    case "execute_request":
      { thread, request throws(WireError) in try thread.execute(request) }
    case "complete_request":
      { thread, request throws(WireError) in
        let position = try CodePosition(request.content)
        thread.reply(
          to: request, thread.interpreter.complete(position.code, cursor: position.cursor).replyContent)
      }
    case "inspect_request":
      { thread, request throws(WireError) in
        let position = try CodePosition(request.content)
        let detail = try request.content.integer("detail_level", default: 0)
        let found = thread.interpreter.inspect(position.code, cursor: position.cursor, detail: detail)
        thread.reply(to: request, Inspection.replyContent(found))
      }
    case "is_complete_request":
      { thread, request throws(WireError) in
        thread.reply(to: request, thread.interpreter.isComplete(try request.content.text("code")).replyContent)
      }
    case "history_request":
      { thread, request throws(WireError) in
        let wanted = try HistoryRequest(request.content)
        let entries = thread.history.entries(wanted.access)
        thread.reply(to: request, HistoryEntry.replyContent(entries, withOutput: wanted.wantsOutput))
      }
    case "kernel_info_request": { thread, request in thread.reply(to: request, thread.session.kernelInfo) }
    case "comm_info_request": { thread, request in thread.reply(to: request, CommReply.info) }
    case "comm_open":
      { thread, request throws(WireError) in
        thread.session.publisher.publish(
          try CommReply.close(request.content, parentHeader: request.header.fragment))
      }
    // No comm is ever open, so whatever a front end says on one is meant for a kernel that is gone.
    case "comm_msg", "comm_close": { _, _ in }
    default: nil
    }
  }

  private mutating func execute(_ message: ReceivedMessage) throws(WireError) {
    let request = try ExecuteRequest(message.content)
    if isAborting {
      reply(to: message, ExecuteReply.aborted(count: executionCount))
      return
    }
    if request.storesHistory { executionCount += 1 }
    let parent = message.header.fragment
    if !request.isSilent {
      session.publisher.publish(.executeInput(request.code, count: executionCount, parent: parent))
    }
    let context = ExecutionContext(
      publisher: session.publisher, parent: parent, count: executionCount, isSilent: request.isSilent,
      attention: session.attention)
    session.current = context
    // A shutdown that came just before would have found no cell to interrupt.
    if session.isShuttingDown { context.interrupt() }
    let outcome = interpreter.execute(request, context: context)
    drainNativeOutput()
    session.current = nil

    let error: ExecuteError? =
      switch outcome {
      case .ok: nil
      case .error(let error): error
      case .interrupted: .interruption
      }
    context.end(error: error)
    if request.storesHistory {
      history.remember(line: executionCount, input: request.code, output: context.resultText)
    }
    if let error {
      // Before the reply: what is sent after it has been read must not be aborted.
      if request.stopsOnError { collectQueued() }
      reply(to: message, ExecuteReply.error(error, count: executionCount))
    } else if case .ok(let pages) = outcome {
      reply(
        to: message,
        ExecuteReply.ok(
          count: executionCount, pages: pages, userExpressionNames: request.userExpressionNames))
    }
  }

  /// Waits until everything that the front end has sent so far is here, and marks it to be aborted.
  private mutating func collectQueued() {
    shell.post(.fence)
    isAborting = true
    pending.removeFirst(next)
    next = 0
    while !session.isShuttingDown {
      pending += inbox.takeAll()
      if pending.contains(where: { if case .fence = $0 { true } else { false } }) { return }
      inbox.arrival.wait(milliseconds: -1)
    }
  }

  private func reply(to request: ReceivedMessage, _ content: JSONFragment) {
    shell.post(.reply(OutgoingMessage(replyTo: request, content: content)))
  }
}
