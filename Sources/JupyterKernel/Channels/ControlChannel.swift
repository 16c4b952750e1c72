import Files
import JupyterWire

/// The thread that answers while a cell runs: kernel info, interrupt and shutdown.
///
/// Specification: <https://jupyter-client.readthedocs.io/en/stable/messaging.html#messages-on-the-control-router-dealer-channel>.
struct ControlChannel {
  private let socket: Socket
  private let stopSignal: WakeSignal
  private let codec: MessageCodec
  private let session: KernelSession

  init(socket: Socket, stopSignal: WakeSignal, codec: MessageCodec, session: KernelSession) {
    self.socket = socket
    self.stopSignal = stopSignal
    self.codec = codec
    self.session = session
  }

  /// Returns once the stop signal is raised.
  func run() {
    while !session.hasStoppedChannels {
      Socket.wait(for: [socket], or: stopSignal)
      while let frames = socket.receive() {
        do throws(WireError) {
          answer(try codec.decode(frames))
        } catch {
          session.log("dropped a message on control: \(error)")
        }
      }
    }
  }

  private func answer(_ request: ReceivedMessage) {
    switch request.header.type {
    case "kernel_info_request": reply(to: request) { session.kernelInfo }
    case "connect_request": reply(to: request) { session.connectReply }
    case "interrupt_request":
      reply(to: request) {
        session.interrupt()
        return .object([("status", .string("ok"))])
      }
    case "shutdown_request":
      reply(to: request) { ShutdownMessages.replyContent(request.content) }
      session.requestShutdown()
    default: session.log("ignored \(request.header.type) on control")
    }
  }

  private func reply(to request: ReceivedMessage, _ content: () -> JSONFragment) {
    session.publisher.publish(.status(.busy, parent: request.header.fragment))
    socket.send(codec.encode(OutgoingMessage(replyTo: request, content: content())))
    session.publishIdle(parent: request.header.fragment)
  }
}
