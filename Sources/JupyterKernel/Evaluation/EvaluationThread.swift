import Files
import JupyterWire

/// The thread that answers what comes on shell, one request after the other; only here cells run.
///
/// Specification: <https://jupyter-client.readthedocs.io/en/stable/messaging.html#messages-on-the-shell-router-dealer-channel>.
struct EvaluationThread {
  private let queue: RequestQueue
  private let readOnly: ReadOnlyRequests
  private let replier: Replier
  private let drainNativeOutput: @Sendable () -> Void
  private var session: KernelSession { readOnly.session }
  private var interpreter: any Interpreter { readOnly.interpreter }
  private var isAborting = false
  private var executionCount = 0

  init(
    queue: RequestQueue, readOnly: ReadOnlyRequests, replier: Replier, drainNativeOutput: @escaping @Sendable () -> Void
  ) {
    self.queue = queue
    self.readOnly = readOnly
    self.replier = replier
    self.drainNativeOutput = drainNativeOutput
  }

  /// Returns after a stop; what is queued by then is no longer run.
  mutating func run() {
    while !session.isShuttingDown {
      switch queue.next() {
      case .request(let request): answer(request)
      case .work(let work): run(work)
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
    guard ReadOnlyRequests.types.contains(header.type) || Self.types.contains(header.type) else {
      session.log("ignored \(header.type) on shell")
      return
    }
    readOnly.comms.parent = header.fragment
    replier.surround(request, count: executionCount) { () throws(WireError) in
      switch header.type {
      case "execute_request": try execute(request)
      case "comm_open": try hear(request, readOnly.comms.receiveOpen)
      case "comm_msg": try hear(request, readOnly.comms.receiveMessage)
      case "comm_close": try hear(request, readOnly.comms.receiveClose)
      // Deprecated on shell since 5.4, but older front ends still end a kernel so.
      case "shutdown_request": replier.reply(to: request, ShutdownMessages.replyContent(request.content))
      default: if let content = try readOnly.answer(request) { replier.reply(to: request, content) }
      }
    }
    if header.type == "shutdown_request" { session.requestShutdown() }
  }

  private static let types: Set<String> = [
    "execute_request", "comm_open", "comm_msg", "comm_close", "shutdown_request",
  ]

  /// Gives a message of a comm to its target.
  private func hear(
    _ message: ReceivedMessage, _ receive: (ReceivedMessage, ExecutionContext) throws(WireError) -> Void
  ) throws(WireError) {
    let context = makeContext(for: message)
    defer { context.end(error: nil) }
    try run(in: context) { () throws(WireError) in try receive(message, context) }
  }

  private func makeContext(for message: ReceivedMessage, isSilent: Bool = false, allowsInput: Bool = false)
    -> ExecutionContext
  {
    let parent = message.header.fragment
    return ExecutionContext(
      publisher: session.publisher, parent: parent, cellID: message.metadata["cellId"]?.text, count: executionCount,
      isSilent: isSilent, attention: session.attention, cellSignal: session.cellSignal, comms: readOnly.comms,
      widgets: readOnly.widgets,
      input: allowsInput
        ? InputQuestioner(desk: session.input, shell: replier.shell, identities: message.identities, parent: parent)
        : nil)
  }

  /// Runs what a live view has to do between cells.
  private func run(_ work: (ExecutionContext) -> Void) {
    // The message that is behind it has had its idle, so it gets a header of the kernel's own.
    let parent = JSONFragment.object([
      ("msg_id", .string(randomIdentifier())), ("msg_type", .string("comm_msg")), ("session", .string("")),
    ])
    session.publisher.publish(.status(.busy, parent: parent))
    defer { session.publishIdle(parent: parent) }
    let context = ExecutionContext(
      publisher: session.publisher, parent: parent, count: executionCount, attention: session.attention,
      cellSignal: session.cellSignal, comms: readOnly.comms, widgets: readOnly.widgets)
    defer { context.end(error: nil) }
    run(in: context) { work(context) }
  }

  private mutating func execute(_ message: ReceivedMessage) throws(WireError) {
    let request = try ExecuteRequest(message.content)
    if isAborting {
      replier.reply(to: message, ExecuteReply.aborted)
      return
    }
    if request.storesHistory { executionCount += 1 }
    let context = makeContext(for: message, isSilent: request.isSilent, allowsInput: request.allowsInput)
    let start = ContinuousClock.now
    var values: [(name: String, value: Result<MIMEBundle, ExecuteError>)] = []
    let outcome = run(in: context) {
      // Whoever sees that the cell runs can interrupt it.
      if !request.isSilent {
        session.publisher.publish(
          .executeInput(request.code, count: executionCount, parent: message.header.fragment))
      }
      readOnly.widgets.begin(context)
      let outcome = interpreter.execute(request, context: context)
      if case .ok = outcome { values = request.userExpressions.map { ($0.name, value(of: $0.expression)) } }
      return outcome
    }
    let error: ExecuteError? =
      switch outcome {
      case .ok: nil
      case .error(let error): error
      case .interrupted: .interruption
      }
    context.end(error: error)
    if let error {
      // Before the reply: what is sent after it has been read must not be aborted.
      if request.stopsOnError { collectQueued(after: .now - start) }
      replier.reply(to: message, ExecuteReply.error(error, count: executionCount))
    } else if case .ok(let pages) = outcome {
      let payloads = pages.map(ExecutePayload.page) + context.payloads
      replier.reply(to: message, ExecuteReply.ok(count: executionCount, payloads: payloads, values: values))
    }
    if request.storesHistory {
      readOnly.history.append(line: executionCount, input: request.code, output: context.resultText)
    }
  }

  /// Runs the language's code as the cell that can be interrupted and that what libraries print belongs to.
  private func run<Outcome, Failure: Error>(
    in context: ExecutionContext, _ body: () throws(Failure) -> Outcome
  ) throws(Failure) -> Outcome {
    // What a library has printed since the last cell is not this one's.
    drainNativeOutput()
    session.current = context
    queue.beginCell()
    defer {
      drainNativeOutput()
      queue.endCell()
      session.current = nil
    }
    // A shutdown that came just before would have found no cell to interrupt.
    if session.isShuttingDown { context.interrupt() }
    return try body()
  }

  private func value(of expression: JSONValue) -> Result<MIMEBundle, ExecuteError> {
    guard let text = expression.text else {
      return .failure(ExecuteError(name: "InvalidRequest", value: "the expression is no text", traceback: []))
    }
    return interpreter.evaluate(text)
  }

  /// Waits until everything that the front end has sent so far is here, and marks it to be aborted.
  private mutating func collectQueued(after duration: Duration) {
    // What was sent in one go with a cell that failed at once may still be on its way.
    replier.shell.post(.fence(silenceMilliseconds: duration < .milliseconds(50) ? 25 : 0))
    isAborting = true
    queue.waitForFence()
  }
}
