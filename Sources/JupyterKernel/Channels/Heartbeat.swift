/// The thread that sends every message back as it came, to show that the process lives.
///
/// Specification: <https://jupyter-client.readthedocs.io/en/stable/messaging.html#heartbeat-for-kernels>.
struct Heartbeat {
  private let socket: Socket
  private let stopSignal: WakeSignal
  private let session: KernelSession
  private static let heldLimit = 32 << 20

  init(socket: Socket, stopSignal: WakeSignal, session: KernelSession) {
    self.socket = socket
    self.stopSignal = stopSignal
    self.session = session
    socket.limitUnread()
  }

  /// Returns once the stop signal is raised.
  func run() {
    while !session.hasStoppedChannels {
      Socket.wait(for: [socket], or: stopSignal)
      while let frames = socket.receive() {
        // Nobody's heart is that large; such messages must not fill the memory if nobody reads the answers.
        let isLarge = frames.contains { $0.count >= TransportLoad.threshold }
        if !isLarge || socket.heldBytes < Self.heldLimit { socket.send(frames) }
      }
    }
  }
}
