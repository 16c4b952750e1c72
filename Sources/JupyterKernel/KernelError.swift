public import JupyterWire

/// Why a kernel cannot start.
public enum KernelError: Error, Equatable, Sendable {
  case cannotCreateSocket(reason: String)
  /// The address is in use or does not exist.
  case cannotBind(channel: ConnectionFile.Channel, endpoint: String, reason: String)
}

extension KernelError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .cannotCreateSocket(let reason): "cannot create a ZeroMQ socket: \(reason)"
    case .cannotBind(let channel, let endpoint, let reason):
      "cannot bind the \(channel.rawValue) socket to \(endpoint): \(reason)"
    }
  }
}
