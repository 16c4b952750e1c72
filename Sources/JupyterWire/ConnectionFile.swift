import Foundation

/// Where a kernel binds its five sockets and how it signs, as the launcher wrote it down.
///
/// Format: <https://jupyter-client.readthedocs.io/en/stable/kernels.html#connection-files>.
public struct ConnectionFile: Sendable, Equatable {
  public enum Transport: String, Sendable { case tcp, ipc }

  public enum Channel: String, Sendable, CaseIterable {
    case shell, iopub, stdin, control
    case heartbeat = "hb"
  }

  public let transport: Transport
  /// An address for tcp, the common beginning of the socket paths for ipc.
  public let ip: String
  /// The key of HMAC-SHA256 as bytes; empty for unsigned messages.
  public let key: [UInt8]
  private let ports: [Channel: Int]

  /// - Throws: `WireError` that names the setting at fault.
  public init(path: String) throws(WireError) {
    let data: Data
    do {
      data = try Data(contentsOf: URL(fileURLWithPath: path))
    } catch {
      throw .connectionFileUnreadable(path: path, reason: error.localizedDescription)
    }
    try self.init(json: Array(data))
  }

  /// - Throws: `WireError` that names the setting at fault.
  public init(json: [UInt8]) throws(WireError) {
    let value: JSONValue
    do throws(JSONFault) {
      value = try JSONValue(parsing: json)
    } catch {
      throw .connectionFileNotJSON(error)
    }
    guard let settings = value.members else { throw .connectionFileNotAnObject }

    func text(_ name: String) throws(WireError) -> String {
      guard let setting = settings[name] else { throw .missingSetting(name: name) }
      guard let text = setting.text else { throw .wrongSettingType(name: name, expected: "text") }
      return text
    }

    let transportName = try text("transport")
    guard let transport = Transport(rawValue: transportName) else { throw .unknownTransport(transportName) }
    self.transport = transport
    ip = try text("ip")
    key = Array(try text("key").utf8)
    // Old launchers leave the scheme out together with the key.
    if !key.isEmpty || settings["signature_scheme"] != nil {
      let scheme = try text("signature_scheme")
      if scheme != "hmac-sha256" { throw .unknownSignatureScheme(scheme) }
    }
    var ports: [Channel: Int] = [:]
    for channel in Channel.allCases {
      let name = "\(channel.rawValue)_port"
      guard let setting = settings[name] else { throw .missingSetting(name: name) }
      guard case .integer(let port) = setting else {
        throw .wrongSettingType(name: name, expected: "a whole number")
      }
      // libzmq wraps larger numbers silently and would bind some other port.
      guard (1...65_535).contains(port) else { throw .portOutOfRange(name: name, value: port) }
      if ports.values.contains(port) { throw .duplicatePort(port) }
      ports[channel] = port
    }
    self.ports = ports
  }

  /// The address of a channel's socket in ZeroMQ's notation.
  public func endpoint(_ channel: Channel) -> String {
    let port = ports[channel, default: 0]
    return switch transport {
    case .tcp: "tcp://\(ip):\(port)"
    case .ipc: "ipc://\(ip)-\(port)"
    }
  }

  /// The files that bound sockets leave behind; none for tcp.
  public var socketPaths: [String] {
    transport == .ipc ? Channel.allCases.map { "\(ip)-\(ports[$0, default: 0])" } : []
  }
}
