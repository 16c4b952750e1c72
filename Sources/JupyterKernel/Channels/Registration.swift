import Files
import Glibc
import JupyterWire

/// Tells a launcher which ports the kernel has chosen.
///
/// Specification: <https://jupyter-client.readthedocs.io/en/latest/messaging.html#kernel-startup-handshake> (5.6), or for
/// a launcher that gives the kernel no identifier a whole message, as JEP 66 was first understood:
/// <https://jupyter.org/enhancement-proposals/66-jupyter-handshaking/jupyter-handshaking.html>.
struct Registration {
  private let launcher: ConnectionFile.Launcher
  private let context: SocketContext
  private let codec: MessageCodec

  init(launcher: ConnectionFile.Launcher, context: SocketContext, codec: MessageCodec) {
    self.launcher = launcher
    self.context = context
    self.codec = codec
  }

  /// Sends the ports and waits for the acknowledgement.
  ///
  /// - Throws: `KernelError.notRegistered` if none comes in time; then nobody knows of this kernel.
  func announce(_ connection: ConnectionFile, milliseconds: Int = 10_000) throws(KernelError) {
    let endpoint = connection.endpoint(of: launcher)
    let socket = try Socket(launcher.kernelIdentifier == nil ? .request : .dealer, in: context)
    socket.connect(to: endpoint)
    socket.send(announcement(connection))
    let deadline = ContinuousClock.now + .milliseconds(milliseconds)
    while true {
      if let frames = socket.receive() {
        if let reason = refusal(in: frames) { throw .notRegistered(endpoint: endpoint, reason: reason) }
        return
      }
      let left = deadline - ContinuousClock.now
      if left <= .zero { throw .notRegistered(endpoint: endpoint, reason: "no answer") }
      Socket.wait(for: [socket], milliseconds: Int(left / .milliseconds(1)) + 1)
    }
  }

  private func announcement(_ connection: ConnectionFile) -> [[UInt8]] {
    guard let identifier = launcher.kernelIdentifier else {
      return codec.encode(OutgoingMessage(type: "handshake_request", content: .object(connection.portMembers)))
    }
    // Unlike everywhere else, the ports are text here.
    let ports = ConnectionFile.Channel.allCases.compactMap { channel in
      connection.port(channel).map { ("\(channel.rawValue)_port", JSONFragment.string(String($0))) }
    }
    return codec.encode(bare: .object([("kernel_id", .string(identifier))] + ports))
  }

  /// - Returns: why the launcher's answer is no acknowledgement; nil if it is one.
  private func refusal(in frames: [[UInt8]]) -> String? {
    do throws(WireError) {
      if launcher.kernelIdentifier != nil {
        // Its content is left to the launcher; that it knows the key is enough.
        try codec.verify(bare: frames)
        return nil
      }
      let status = try codec.decode(frames).content.text("status")
      return status == "ok" ? nil : "the launcher answers '\(status)'"
    } catch {
      return error.description
    }
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
