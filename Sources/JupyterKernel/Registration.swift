import Glibc
import JupyterWire

/// Tells a launcher which ports the kernel has chosen (JEP 66).
///
/// Specification: <https://jupyter.org/enhancement-proposals/66-jupyter-handshaking/jupyter-handshaking.html>.
struct Registration {
  private let endpoint: String
  private let context: SocketContext
  private let codec: MessageCodec

  init(endpoint: String, context: SocketContext, codec: MessageCodec) {
    self.endpoint = endpoint
    self.context = context
    self.codec = codec
  }

  /// Sends the ports and waits for the acknowledgement.
  ///
  /// - Throws: `KernelError.notRegistered` if none comes in time; then nobody knows of this kernel.
  func announce(_ connection: ConnectionFile, milliseconds: Int = 10_000) throws(KernelError) {
    let socket = try Socket(.request, in: context)
    socket.connect(to: endpoint)
    socket.send(codec.encode(OutgoingMessage(type: "handshake_request", content: .object(connection.portMembers))))
    let deadline = ContinuousClock.now + .milliseconds(milliseconds)
    while true {
      if let frames = socket.receive() { return try check(frames) }
      let left = deadline - ContinuousClock.now
      if left <= .zero { throw .notRegistered(endpoint: endpoint, reason: "no answer") }
      Socket.wait(for: [socket], milliseconds: Int(left / .milliseconds(1)) + 1)
    }
  }

  private func check(_ frames: [[UInt8]]) throws(KernelError) {
    let status: String
    do throws(WireError) {
      status = try codec.decode(frames).content.text("status")
    } catch {
      throw .notRegistered(endpoint: endpoint, reason: error.description)
    }
    if status != "ok" { throw .notRegistered(endpoint: endpoint, reason: "the launcher answers '\(status)'") }
  }

  /// Writes the connection file that the launcher did not write, for other clients to find.
  ///
  /// - Returns: its path; nil if it cannot be written, which only those other clients would notice.
  static func publish(_ connection: ConnectionFile) -> String? {
    guard let folder = StandardPaths.jupyterRuntimeFolder else { return nil }
    let path = "\(folder)/kernel-\(getpid()).json"
    unlink(path)
    let file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard file >= 0 else { return nil }
    defer { close(file) }
    let bytes = connection.json.bytes
    return write(file, bytes, bytes.count) == bytes.count ? path : nil
  }
}
