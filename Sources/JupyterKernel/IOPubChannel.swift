import JupyterWire

/// The thread that publishes: everything a cell shows, and the kernel's state.
///
/// Specification: <https://jupyter-client.readthedocs.io/en/stable/messaging.html#messages-on-the-iopub-pub-sub-channel>.
struct IOPubChannel {
  private let socket: Socket
  private let publisher: Publisher
  private let codec: MessageCodec
  /// How long text waits for more text, in milliseconds.
  private static let streamDelay = 20

  init(socket: Socket, publisher: Publisher, codec: MessageCodec) {
    self.socket = socket
    self.publisher = publisher
    self.codec = codec
  }

  /// Returns once a stop is published, after everything before it.
  func run() {
    var isStarting = true
    var queue: [Publisher.Publication] = []
    while true {
      Socket.wait(for: [socket], or: publisher.arrival)
      let hasSubscriber = welcomeSubscribers()
      if isStarting && hasSubscriber {
        // Any earlier nobody could hear it, or would hear it before the welcome.
        isStarting = false
        send(.status(.starting, parent: .emptyObject))
      }
      for publication in publisher.takeAll() { Publisher.join(publication, onto: &queue) }
      if queue.count == 1, case .stream = queue[0] {
        // Text alone is no hurry, and more of it is likely.
        publisher.waitForMore(milliseconds: Self.streamDelay)
        for publication in publisher.takeAll() { Publisher.join(publication, onto: &queue) }
      }
      for publication in queue {
        switch publication {
        case .message(let message): send(message)
        case .stream(let stream): send(.stream(stream.name, stream.text, parent: stream.parent))
        case .stop: return
        }
      }
      queue.removeAll()
    }
  }

  /// - Returns: whether there was a new subscriber.
  private func welcomeSubscribers() -> Bool {
    var hasSubscriber = false
    while let event = socket.receive() {
      // 1 and a topic is a subscription; 0 is the end of one; anything else is a front end's mistake.
      guard event.count == 1, event[0].first == 1,
        let welcome = OutgoingMessage.welcome(subscription: Array(event[0].dropFirst()))
      else { continue }
      socket.send(codec.encode(welcome))
      hasSubscriber = true
    }
    return hasSubscriber
  }

  private func send(_ message: OutgoingMessage) {
    var message = message
    message.identities = [Array("kernel.\(codec.session).\(message.type)".utf8)]
    socket.send(codec.encode(message))
  }
}
