import JupyterWire

/// The thread that receives on shell: it stays readable while a cell runs, so that aborts see what is queued.
struct ShellChannel {
  enum Order: Sendable {
    case reply(OutgoingMessage)
    /// Receive until nothing more arrives, then pass `Evaluation.Item.fence` on.
    case fence
    case stop
  }

  private let shell: Socket
  private let standardInput: Socket
  private let orders: Mailbox<Order>
  private let evaluation: Mailbox<EvaluationThread.Item>
  private let codec: MessageCodec
  private let log: @Sendable (String) -> Void
  /// Messages between two looks at the orders.
  private static let batch = 256

  init(
    shell: Socket, standardInput: Socket, orders: Mailbox<Order>, evaluation: Mailbox<EvaluationThread.Item>,
    codec: MessageCodec, log: @escaping @Sendable (String) -> Void
  ) {
    self.shell = shell
    self.standardInput = standardInput
    self.orders = orders
    self.evaluation = evaluation
    self.codec = codec
    self.log = log
  }

  /// Returns once it is ordered to stop.
  func run() {
    while true {
      Socket.wait(for: [shell, standardInput], or: orders.arrival)
      for order in orders.takeAll() {
        switch order {
        case .reply(let message): shell.send(codec.encode(message))
        case .fence: passFence()
        case .stop: return
        }
      }
      receive(atMost: Self.batch)
      // No cell ever asks for input, so nothing that arrives here is an answer.
      while standardInput.receive() != nil { log("dropped a message on stdin: nothing was asked") }
    }
  }

  @discardableResult
  private func receive(atMost limit: Int) -> Int {
    var count = 0
    while count < limit, let frames = shell.receive() {
      count += 1
      do throws(WireError) {
        evaluation.post(.request(try codec.decode(frames)))
      } catch {
        log("dropped a message on shell: \(error)")
      }
    }
    return count
  }

  private func passFence() {
    // Requests sent in one go may still be on their way through the transport.
    let deadline = ContinuousClock.now + .milliseconds(200)
    let silence = WakeSignal()
    repeat {
      Socket.wait(for: [shell], or: silence, milliseconds: 3)
    } while receive(atMost: Self.batch) > 0 && ContinuousClock.now < deadline
    evaluation.post(.fence)
  }
}
