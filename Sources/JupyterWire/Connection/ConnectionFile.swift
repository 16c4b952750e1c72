package import Files

/// Where a kernel binds its five sockets and how it signs and encrypts, as the launcher wrote it down.
///
/// Format: <https://jupyter-client.readthedocs.io/en/stable/kernels.html#connection-files>. A registration file, which
/// names one `registration_port` in place of the five, is read as well: then the kernel chooses the five.
public struct ConnectionFile: Sendable, Equatable {
  public enum Transport: String, Sendable { case tcp, ipc }

  public enum Channel: String, Sendable, CaseIterable {
    case shell, iopub, stdin, control
    case heartbeat = "hb"
  }

  /// Where the launcher of a kernel that chooses its ports waits to hear of them.
  public struct Launcher: Sendable, Equatable {
    /// As for the kernel: an address for tcp, the beginning of a socket path for ipc.
    public let ip: String
    public let port: Int
    /// How the launcher knows which kernel reports (protocol 5.6); nil if it only knows the older form of JEP 66.
    public let kernelIdentifier: String?
  }

  public let transport: Transport
  /// An address for tcp, the common beginning of the socket paths for ipc.
  public let ip: String
  /// The key of HMAC-SHA256 as bytes; empty for unsigned messages.
  public let key: [UInt8]
  /// The keys of CurveZMQ (JEP 145); nil for a session that is not encrypted.
  public let curve: CurveKeys?
  /// Who wants to hear which ports the kernel has chosen; nil if they are in the file.
  public let launcher: Launcher?
  private let ports: [Channel: Int]

  /// - Throws: `WireError` that names the setting at fault.
  public init(path: String) throws(WireError) {
    let bytes: [UInt8]
    do throws(FileFault) {
      bytes = try PipedFile.contents(path: path, limit: 1 << 20)
    } catch {
      throw .connectionFileUnreadable(path: path, reason: error.description)
    }
    try self.init(json: bytes)
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

    let transportName = try Self.text("transport", in: settings)
    guard let transport = Transport(rawValue: transportName) else { throw .unknownTransport(transportName) }
    self.transport = transport
    let launcher = settings["registration_port"] == nil ? nil : try Launcher(settings)
    self.launcher = launcher
    // A registration file need not say where the kernel binds: then it is where the launcher is.
    if let launcher, settings["ip"] == nil { ip = launcher.ip } else { ip = try Self.text("ip", in: settings) }
    key = Array(try Self.text("key", in: settings).utf8)
    // Old launchers leave the scheme out together with the key.
    if !key.isEmpty || settings["signature_scheme"] != nil {
      let scheme = try Self.text("signature_scheme", in: settings)
      if scheme != "hmac-sha256" { throw .unknownSignatureScheme(scheme) }
    }
    curve = try CurveKeys(settings)
    var ports: [Channel: Int] = [:]
    if launcher == nil {
      for channel in Channel.allCases {
        let port = try Self.port("\(channel.rawValue)_port", in: settings)
        if ports.values.contains(port) { throw .duplicatePort(port) }
        ports[channel] = port
      }
    }
    self.ports = ports
  }

  /// The same place and keys with the ports on which the sockets were really bound.
  package init(_ file: ConnectionFile, ports: [Channel: Int]) {
    transport = file.transport
    ip = file.ip
    key = file.key
    curve = file.curve
    launcher = nil
    self.ports = ports
  }

  static func text(_ name: String, in settings: [String: JSONValue]) throws(WireError) -> String {
    guard let setting = settings[name] else { throw .missingSetting(name: name) }
    guard let text = setting.text else { throw .wrongSettingType(name: name, expected: "text") }
    return text
  }

  fileprivate static func port(_ name: String, in settings: [String: JSONValue]) throws(WireError) -> Int {
    guard let setting = settings[name] else { throw .missingSetting(name: name) }
    guard case .integer(let port) = setting else { throw .wrongSettingType(name: name, expected: "a whole number") }
    // libzmq wraps larger numbers silently and would bind some other port.
    guard (1...65_535).contains(port) else { throw .portOutOfRange(name: name, value: port) }
    return port
  }

  /// The port of a channel, or the number at the end of its socket's path; nil if the kernel is to choose it.
  public func port(_ channel: Channel) -> Int? { ports[channel] }

  /// The address of a channel's socket in ZeroMQ's notation; for a port that is to be chosen, one that asks for any.
  public func endpoint(_ channel: Channel) -> String { endpoint(port: ports[channel]) }

  /// The address of a launcher's socket in the same notation.
  package func endpoint(of launcher: Launcher) -> String { endpoint(ip: launcher.ip, port: launcher.port) }

  package func endpoint(port: Int?) -> String { endpoint(ip: ip, port: port) }

  private func endpoint(ip: String, port: Int?) -> String {
    switch transport {
    case .tcp: "tcp://\(Self.host(ip)):\(port.map(String.init) ?? "*")"
    case .ipc: "ipc://\(ip)-\(port.map(String.init) ?? "*")"
    }
  }

  private static func host(_ ip: String) -> String {
    // ZeroMQ binds addresses and names of interfaces, but not of hosts.
    if ip == "localhost" { return "127.0.0.1" }
    // An IPv6 address stands in brackets before a port.
    return ip.contains(":") && !ip.hasPrefix("[") ? "[\(ip)]" : ip
  }

  /// The files that bound sockets leave behind; none for tcp.
  public var socketPaths: [String] {
    transport == .ipc ? ports.values.map { "\(ip)-\($0)" } : []
  }

  /// The ports by the names that messages and connection files give them.
  package var portMembers: [(String, JSONFragment)] {
    Channel.allCases.compactMap { channel in ports[channel].map { ("\(channel.rawValue)_port", .integer($0)) } }
  }

  /// The file as other clients want to read it.
  package var json: JSONFragment {
    var members = portMembers
    members += [
      ("transport", .string(transport.rawValue)), ("ip", .string(ip)),
      ("key", .string(String(decoding: key, as: UTF8.self))), ("signature_scheme", .string("hmac-sha256")),
    ]
    if let curve {
      members += [("curve_publickey", .string(curve.publicKey)), ("curve_secretkey", .string(curve.secretKey))]
    }
    return .object(members)
  }
}

extension ConnectionFile.Launcher {
  fileprivate init(_ settings: [String: JSONValue]) throws(WireError) {
    port = try ConnectionFile.port("registration_port", in: settings)
    // The form of JEP 66 has neither of the two other settings, that of protocol 5.6 has both.
    if settings["registration_ip"] == nil && settings["kernel_id"] == nil {
      ip = try ConnectionFile.text("ip", in: settings)
      kernelIdentifier = nil
    } else {
      ip = try ConnectionFile.text("registration_ip", in: settings)
      kernelIdentifier = try ConnectionFile.text("kernel_id", in: settings)
    }
  }
}
