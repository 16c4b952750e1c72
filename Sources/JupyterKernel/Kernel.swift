import Foundation
public import JupyterWire
import Synchronization

/// A Jupyter kernel: the protocol, its sockets and its threads around one interpreter.
public final class Kernel: Sendable {
  /// What a kernel does to its process.
  public struct Options: Sendable {
    /// SIGINT interrupts the running cell and SIGTERM shuts down, instead of ending the process.
    public var handlesSignals = true
    /// What C libraries print to descriptors 1 and 2 appears in the cell.
    public var capturesNativeOutput = true
    /// Takes one line without its end; nil writes to the standard error of the process.
    public var log: (@Sendable (String) -> Void)?

    public init() {}
  }

  private let connection: ConnectionFile
  private let interpreter: any Interpreter
  private let options: Options
  private let session: KernelSession
  private let codec: MessageCodec
  private let shellOrders = Mailbox<ShellChannel.Order>()
  private let requests = Mailbox<EvaluationThread.Item>()

  public init(connection: ConnectionFile, interpreter: any Interpreter, options: Options = Options()) {
    self.connection = connection
    self.interpreter = interpreter
    self.options = options
    let stderrLog = KernelLog(name: interpreter.languageInfo.implementation)
    session = KernelSession(
      kernelInfo: interpreter.languageInfo.replyContent,
      log: options.log ?? { stderrLog.write($0) })
    codec = MessageCodec(key: connection.key)
  }

  /// Ends `run`, from any thread.
  public func shutDown() { session.requestShutdown() }

  /// Serves front ends until a shutdown request, SIGTERM or the death of the launcher; blocks the calling thread.
  ///
  /// It returns within two seconds even if a cell ignores its interruption and keeps its thread. So end the process
  /// with `_exit`, which waits for no thread.
  ///
  /// - Returns: the status for the process, 0.
  /// - Throws: `KernelError` if a socket cannot be bound; nothing runs then.
  public func run() throws(KernelError) -> Int32 {
    let context = try SocketContext()
    let channels = try startChannels(in: context)
    let nativeOutput = options.capturesNativeOutput ? captureNativeOutput() : nil
    let evaluation = KernelThread(name: "evaluation", stackBytes: 64 << 20) {
      [session, interpreter, requests, shellOrders] in
      var thread = EvaluationThread(
        session: session, interpreter: interpreter, inbox: requests, shell: shellOrders,
        drainNativeOutput: { nativeOutput?.output.drain() })
      thread.run()
    }
    if options.handlesSignals { SignalDelivery.install(waking: session.attention) }
    waitForShutdown()

    session.interrupt()
    requests.post(.stop)
    if !evaluation.join(milliseconds: 1200) { session.log("a cell ignores its interruption; it is left behind") }
    if let nativeOutput {
      nativeOutput.output.restore()
      if nativeOutput.thread.join(milliseconds: 100) { nativeOutput.output.closeReaders() }
    }
    // Everything that is still queued goes out before the stop.
    if channels.stop(milliseconds: 300) { context.terminate() }
    // libzmq removes only the files whose names it chose itself.
    for path in connection.socketPaths { unlink(path) }
    return 0
  }

  private func waitForShutdown() {
    let parent = ParentWatch(environment: ProcessInfo.processInfo.environment)
    while !session.isShuttingDown {
      let hasProgress = session.current?.progress.isActive ?? false
      session.attention.wait(milliseconds: hasProgress ? 100 : parent == nil ? -1 : 1000)
      session.attention.clear()
      if SignalDelivery.takeTermination() { session.requestShutdown() }
      if SignalDelivery.takeInterrupt() { session.interrupt() }
      session.current?.progress.tick()
      if let parent, parent.isParentGone {
        session.log("the launcher is gone")
        session.requestShutdown()
      }
    }
  }

  private func captureNativeOutput() -> (output: NativeOutput, thread: KernelThread) {
    let output = NativeOutput { [session] name, text in
      if let cell = session.current { cell.write(name, text) } else { session.log(text) }
    }
    return (output, KernelThread(name: "native output") { output.run() })
  }

  /// The four threads that own sockets.
  private struct Channels {
    var threads: [KernelThread] = []
    var stops: [@Sendable () -> Void] = []

    /// - Returns: whether all of them have ended, so that every socket is closed.
    func stop(milliseconds: Int) -> Bool {
      for stop in stops { stop() }
      return threads.allSatisfy { $0.join(milliseconds: milliseconds) }
    }
  }

  private func startChannels(in context: SocketContext) throws(KernelError) -> Channels {
    var channels = Channels()
    let controlStop = WakeSignal()
    let heartbeatStop = WakeSignal()
    do throws(KernelError) {
      // iopub first, so that nothing that a request causes is published into the void.
      try start(
        "iopub", [.iopub], .extendedPublisher, in: context, &channels, stop: { [session] in session.publisher.stop() }
      ) {
        [session, codec] sockets in
        IOPubChannel(socket: sockets[0], publisher: session.publisher, codec: codec).run()
      }
      try start(
        "heartbeat", [.heartbeat], .router, in: context, &channels,
        stop: { [session] in
          session.stopChannels()
          heartbeatStop.raise()
        }
      ) { [session] sockets in
        Heartbeat(socket: sockets[0], stopSignal: heartbeatStop, session: session).run()
      }
      try start(
        "control", [.control], .router, in: context, &channels,
        stop: { [session] in
          session.stopChannels()
          controlStop.raise()
        }
      ) { [session, codec] sockets in
        ControlChannel(socket: sockets[0], stopSignal: controlStop, codec: codec, session: session).run()
      }
      try start(
        "shell", [.shell, .stdin], .router, in: context, &channels, stop: { [shellOrders] in shellOrders.post(.stop) }
      ) {
        [session, codec, shellOrders, requests] sockets in
        ShellChannel(
          shell: sockets[0], standardInput: sockets[1], orders: shellOrders, evaluation: requests, codec: codec,
          log: session.log
        ).run()
      }
    } catch {
      if channels.stop(milliseconds: 1000) { context.terminate() }
      throw error
    }
    return channels
  }

  /// Starts a thread that makes and binds its own sockets, and waits until it has.
  private func start(
    _ name: String, _ bound: [ConnectionFile.Channel], _ kind: Socket.Kind, in context: SocketContext,
    _ channels: inout Channels, stop: @escaping @Sendable () -> Void,
    body: @escaping @Sendable ([Socket]) -> Void
  ) throws(KernelError) {
    let start = StartReport()
    let thread = KernelThread(name: name) { [connection] in
      var sockets: [Socket] = []
      do throws(KernelError) {
        for channel in bound {
          let socket = try Socket(kind, in: context)
          try socket.bind(channel, to: connection.endpoint(channel))
          sockets.append(socket)
        }
      } catch {
        sockets = []
        start.finish(error)
        return
      }
      start.finish(nil)
      body(sockets)
    }
    if let error = start.wait() {
      _ = thread.join(milliseconds: 1000)
      throw error
    }
    channels.threads.append(thread)
    channels.stops.append(stop)
  }
}

/// Tells the starter of a thread how its start went.
private final class StartReport: Sendable {
  private let finished = WakeSignal()
  private let failure = Mutex<KernelError?>(nil)
  private let isFinished = Atomic<Bool>(false)

  func finish(_ error: KernelError?) {
    failure.withLock { $0 = error }
    isFinished.store(true, ordering: .releasing)
    finished.raise()
  }

  func wait() -> KernelError? {
    while !isFinished.load(ordering: .acquiring) { finished.wait(milliseconds: -1) }
    return failure.withLock { $0 }
  }
}
