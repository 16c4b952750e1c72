/// The thread that sends every message back as it came, to show that the process lives.
///
/// Specification: <https://jupyter-client.readthedocs.io/en/stable/messaging.html#heartbeat-for-kernels>.
struct Heartbeat {
  private let socket: Socket
  private let stopSignal: WakeSignal
  private let session: KernelSession

  init(socket: Socket, stopSignal: WakeSignal, session: KernelSession) {
    self.socket = socket
    self.stopSignal = stopSignal
    self.session = session
  }

  /// Returns once the stop signal is raised.
  func run() {
    while !session.hasStoppedChannels {
      Socket.wait(for: [socket], or: stopSignal)
      while let frames = socket.receive() { socket.send(frames) }
    }
  }
}
