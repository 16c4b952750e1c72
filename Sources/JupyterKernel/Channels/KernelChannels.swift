import Glibc
import JupyterWire

/// The four threads that own sockets: iopub, heartbeat, control, and shell with stdin.
///
/// Each makes, binds, uses and closes its own.
struct KernelChannels {
  private let connection: ConnectionFile
  private let context: SocketContext
  private var threads: [KernelThread] = []
  private var stops: [@Sendable () -> Void] = []
  private var ports: [ConnectionFile.Channel: Int] = [:]

  init(connection: ConnectionFile, context: SocketContext) {
    self.connection = connection
    self.context = context
  }

  /// The connection with the ports on which the sockets are bound.
  var boundConnection: ConnectionFile { ConnectionFile(connection, ports: ports) }

  /// Starts all of them.
  ///
  /// - Throws: `KernelError`; the caller must then still `stop` those that run.
  mutating func start(
    session: KernelSession, codec: MessageCodec, orders: Mailbox<ShellChannel.Order>, requests: RequestQueue,
    widgets: WidgetService
  ) throws(KernelError) {
    let controlStop = WakeSignal()
    let heartbeatStop = WakeSignal()
    // iopub first, so that nothing that a request causes is published into the void.
    try start("iopub", [.iopub], .extendedPublisher, stop: { session.publisher.stop() }) { sockets in
      var channel = IOPubChannel(
        socket: sockets[0], publisher: session.publisher, codec: codec, log: session.log)
      channel.run()
    }
    try start(
      "heartbeat", [.heartbeat], .router,
      stop: {
        session.stopChannels()
        heartbeatStop.raise()
      }
    ) { sockets in
      Heartbeat(socket: sockets[0], stopSignal: heartbeatStop, session: session).run()
    }
    try start(
      "control", [.control], .router,
      stop: {
        session.stopChannels()
        controlStop.raise()
      }
    ) { sockets in
      ControlChannel(socket: sockets[0], stopSignal: controlStop, codec: codec, session: session).run()
    }
    try start("shell", [.shell, .stdin], .router, stop: { orders.post(.stop) }) { sockets in
      var channel = ShellChannel(
        shell: sockets[0], standardInput: sockets[1], orders: orders, requests: requests, widgets: widgets,
        codec: codec, session: session)
      channel.run()
    }
  }

  /// Sends out what is queued and closes the sockets.
  ///
  /// - Returns: whether all threads have ended, so that every socket is closed.
  func stop(milliseconds: Int) -> Bool {
    for stop in stops { stop() }
    return threads.allSatisfy { $0.join(milliseconds: milliseconds) }
  }

  /// Starts a thread that makes and binds its own sockets, and waits until it has.
  private mutating func start(
    _ name: String, _ bound: [ConnectionFile.Channel], _ kind: Socket.Kind, stop: @escaping @Sendable () -> Void,
    body: @escaping @Sendable ([Socket]) -> Void
  ) throws(KernelError) {
    let start = StartReport()
    let thread = try KernelThread(name: name) { [connection, context] in
      var sockets: [Socket] = []
      var ports: [ConnectionFile.Channel: Int] = [:]
      do throws(KernelError) {
        for channel in bound {
          let socket = try Socket(kind, in: context, curve: connection.curve)
          ports[channel] = try socket.bind(channel, of: connection)
          sockets.append(socket)
        }
      } catch {
        sockets = []
        start.finish(.failure(error))
        return
      }
      start.finish(.success(ports))
      body(sockets)
    }
    switch start.wait() {
    case .success(let bound): ports.merge(bound) { $1 }
    case .failure(let error):
      _ = thread.join(milliseconds: 1000)
      throw error
    }
    threads.append(thread)
    stops.append(stop)
  }
}

/// Tells the starter of a thread how its start went.
private final class StartReport: Sendable {
  typealias Outcome = Result<[ConnectionFile.Channel: Int], KernelError>

  private let finished = WakeSignal()
  private let outcome = Locked<Outcome?>(nil)

  func finish(_ result: Outcome) {
    outcome.withLock { $0 = result }
    finished.raise()
  }

  func wait() -> Outcome {
    while true {
      if let result = outcome.withLock({ $0 }) { return result }
      finished.wait(milliseconds: -1)
    }
  }
}

extension Socket {
  /// - Returns: the port, or the number at the end of the path, at which `channel` is now bound.
  fileprivate func bind(_ channel: ConnectionFile.Channel, of connection: ConnectionFile) throws(KernelError) -> Int {
    if connection.port(channel) == nil, connection.transport == .ipc {
      // ZeroMQ has no wild card for the end of a path.
      for number in (1...65_535).shuffled() where access("\(connection.ip)-\(number)", F_OK) != 0 {
        try bind(channel, to: connection.endpoint(port: number))
        return number
      }
    }
    let endpoint = connection.endpoint(channel)
    try bind(channel, to: endpoint)
    guard let port = connection.port(channel) ?? boundPort else {
      throw .cannotBind(channel: channel, endpoint: endpoint, reason: "the port that the system chose is not known")
    }
    return port
  }
}
