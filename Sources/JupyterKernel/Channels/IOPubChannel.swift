import Files
import JupyterWire

/// The thread that publishes: everything a cell shows, and the kernel's state.
///
/// Specification: <https://jupyter-client.readthedocs.io/en/stable/messaging.html#messages-on-the-iopub-pub-sub-channel>.
struct IOPubChannel {
  private let socket: Socket
  private let publisher: Publisher
  private let codec: MessageCodec
  private let log: @Sendable (String) -> Void
  private var isDropping = false
  /// How long text waits for more text, in milliseconds.
  private static let streamDelay = 20
  /// How many bytes of outputs may wait for front ends that do not read them.
  private static let heldLimit = 256 << 20

  init(socket: Socket, publisher: Publisher, codec: MessageCodec, log: @escaping @Sendable (String) -> Void) {
    self.socket = socket
    self.publisher = publisher
    self.codec = codec
    self.log = log
  }

  /// Returns once a stop is published, after everything before it.
  mutating func run() {
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

  private mutating func send(_ message: OutgoingMessage) {
    // Never a status, or anything else that is small: a front end waits for those.
    let byteCount = message.buffers.reduce(message.content.bytes.count) { $0 + $1.count }
    if byteCount >= TransportLoad.threshold, socket.heldBytes > Self.heldLimit {
      if !isDropping { log("outputs are dropped: a front end has left \(socket.heldBytes >> 20) MB on iopub unread") }
      isDropping = true
      return
    }
    isDropping = isDropping && socket.heldBytes > Self.heldLimit
    var message = message
    message.identities = [Array("kernel.\(codec.session).\(message.type)".utf8)]
    socket.send(codec.encode(message))
  }
}
