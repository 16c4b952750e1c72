public import JupyterWire

/// Why a kernel cannot start.
public enum KernelError: Error, Equatable, Sendable {
  case cannotCreateSocket(reason: String)
  /// The address is in use or does not exist.
  case cannotBind(channel: ConnectionFile.Channel, endpoint: String, reason: String)
  /// The connection file has keys, and the ZeroMQ library cannot encrypt.
  case cannotEncrypt
  /// The process may not open as many files as a kernel needs.
  case tooFewDescriptors
  /// The keys of the connection file are no pair of CurveZMQ keys.
  case unusableCurveKeys
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
    case .tooFewDescriptors: "the limit of open files (ulimit -n) is too low for a kernel"
    case .unusableCurveKeys: "curve_publickey and curve_secretkey in the connection file are not a pair"
    case .cannotStartThread(let name, let reason): "cannot start the \(name) thread: \(reason)"
    case .notRegistered(let endpoint, let reason): "cannot register at \(endpoint): \(reason)"
    }
  }
}
