public import JupyterWire

/// Why a kernel cannot start.
public enum KernelError: Error, Equatable, Sendable {
  case cannotCreateSocket(reason: String)
  /// The address is in use or does not exist.
  case cannotBind(channel: ConnectionFile.Channel, endpoint: String, reason: String)
  /// The connection file has keys, and the ZeroMQ library cannot encrypt.
  case cannotEncrypt
  case cannotStartThread(name: String, reason: String)
  /// The launcher did not acknowledge the ports that the kernel reported.
  case notRegistered(endpoint: String, reason: String)
}

extension KernelError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .cannotCreateSocket(let reason): "cannot create a ZeroMQ socket: \(reason)"
    case .cannotBind(let channel, let endpoint, let reason):
      "cannot bind the \(channel.rawValue) socket to \(endpoint): \(reason)"
    case .cannotEncrypt: "the connection file asks for CurveZMQ, which the installed libzmq does not offer"
    case .cannotStartThread(let name, let reason): "cannot start the \(name) thread: \(reason)"
    case .notRegistered(let endpoint, let reason): "cannot register at \(endpoint): \(reason)"
    }
  }
}
