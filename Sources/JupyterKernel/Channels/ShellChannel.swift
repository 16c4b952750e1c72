import JupyterWire

/// The thread that receives on shell: it stays readable while a cell runs, so that aborts see what is queued.
struct ShellChannel {
  enum Order: Sendable {
    case reply(OutgoingMessage)
    /// Goes out on stdin.
    case ask(OutgoingMessage)
    /// Receive until nothing has arrived for as long as given, then pass `RequestQueue.Item.fence` on.
    case fence(silenceMilliseconds: Int)
    case stop
  }

  private let shell: Socket
  private let standardInput: Socket
  private let orders: Mailbox<Order>
  private let requests: RequestQueue
  private let widgets: WidgetService
  private let codec: MessageCodec
  private let session: KernelSession
  /// A question for a front end whose stdin has not connected yet, and until when it may do so.
  private var unsent: (question: OutgoingMessage, deadline: ContinuousClock.Instant)?
  /// Messages between two looks at the orders.
  private static let batch = 256

  init(
    shell: Socket, standardInput: Socket, orders: Mailbox<Order>, requests: RequestQueue, widgets: WidgetService,
    codec: MessageCodec, session: KernelSession
  ) {
    self.shell = shell
    self.standardInput = standardInput
    self.orders = orders
    self.requests = requests
    self.widgets = widgets
    self.codec = codec
    self.session = session
    standardInput.reportUnreachablePeers()
  }

  /// Returns once it is ordered to stop.
  mutating func run() {
    while true {
      Socket.wait(for: [shell, standardInput], or: orders.arrival, milliseconds: unsent == nil ? -1 : 10)
      sendQuestion()
      for order in orders.takeAll() {
        switch order {
        case .reply(let message): shell.send(codec.encode(message))
        case .ask(let message):
          unsent = (message, .now + .seconds(1))
          sendQuestion()
        case .fence(let silence): passFence(after: silence)
        case .stop: return
        }
      }
      receive(atMost: Self.batch, whileNothingWaits: true)
      receiveAnswers()
    }
  }

  /// - Parameter whileNothingWaits: a reply that is ready need not wait for the end of a flood.
  /// - Returns: how many messages there were.
  @discardableResult
  private func receive(atMost limit: Int, whileNothingWaits: Bool = false) -> Int {
    var count = 0
    while count < limit, let frames = shell.receive() {
      count += 1
      do throws(WireError) {
        let message = try codec.decode(frames)
        if !widgets.accept(message, byteCount: frames.reduce(0) { $0 + $1.count }) { requests.post(.request(message)) }
      } catch {
        session.log("dropped a message on shell: \(error)")
      }
      if whileNothingWaits, !orders.isEmpty { break }
    }
    return count
  }

  private mutating func sendQuestion() {
    guard let (question, deadline) = unsent else { return }
    if standardInput.send(codec.encode(question)) {
      unsent = nil
    } else if ContinuousClock.now > deadline {
      unsent = nil
      _ = session.input.deliver(.unreachable)
    }
  }

  private func receiveAnswers() {
    var count = 0
    while count < Self.batch, let frames = standardInput.receive() {
      count += 1
      do throws(WireError) {
        let message = try codec.decode(frames)
        guard message.header.type == "input_reply" else {
          session.log("ignored \(message.header.type) on stdin")
          continue
        }
        if !session.input.deliver(.text(try InputMessages.value(message.content))) {
          session.log("dropped a message on stdin: nothing was asked")
        }
      } catch {
        session.log("dropped a message on stdin: \(error)")
      }
    }
  }

  private func passFence(after milliseconds: Int) {
    // Requests sent in one go may still be on their way through the transport.
    let deadline = ContinuousClock.now + .milliseconds(200)
    repeat {
      Socket.wait(for: [shell], milliseconds: milliseconds)
    } while receive(atMost: Self.batch) > 0 && ContinuousClock.now < deadline
    requests.post(.fence)
  }
}
