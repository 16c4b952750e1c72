import Files
import Glibc
public import JupyterWire

/// A Jupyter kernel: the protocol, its sockets and its threads around one interpreter.
public final class Kernel: Sendable {
  /// Where the history of cells is kept.
  public enum HistoryStorage: Sendable, Equatable {
    /// Only as long as the kernel lives.
    case memory
    /// Across restarts, in `history.jsonl` in a folder of the implementation's name under `$XDG_STATE_HOME` or
    /// `~/.local/state`; in memory if that cannot be written.
    case standardFile
    case file(path: String)
  }

  /// Where pictures of live views are kept for the kernels after this one, so that a notebook which is opened again shows
  /// them.
  public enum KeepsakeStorage: Sendable, Equatable {
    case none
    /// `views` in a folder of the implementation's name under `$XDG_STATE_HOME` or `~/.local/state`, if that can be
    /// written.
    case standardFolder
    case folder(path: String)
  }

  /// What a kernel does to its process and to the user's files.
  public struct Options: Sendable {
    /// SIGINT interrupts the running cell; SIGTERM and SIGHUP shut down, instead of ending the process.
    /// A SIGHUP that is ignored, as under nohup, stays so.
    public var handlesSignals = true
    /// What C libraries print to descriptors 1 and 2 appears in the cell.
    public var capturesNativeOutput = true
    public var history = HistoryStorage.standardFile
    public var keepsakes = KeepsakeStorage.standardFolder
    /// Takes one line without its end; nil writes to the standard error of the process.
    public var log: (@Sendable (String) -> Void)?

    public init() {}
  }

  /// What front ends can open comms to; targets are registered before `run` or at any time later.
  public let comms: CommRegistry
  /// The live views that cells have shown.
  public let widgets: WidgetService

  private let connection: ConnectionFile
  private let interpreter: any Interpreter
  private let options: Options
  private let session: KernelSession
  private let codec: MessageCodec
  private let history: History
  private let shellOrders: Mailbox<ShellChannel.Order>
  private let requests: RequestQueue

  public init(connection: ConnectionFile, interpreter: any Interpreter, options: Options = Options()) {
    self.connection = connection
    self.interpreter = interpreter
    self.options = options
    // Before anything opens a descriptor.
    ProcessDescriptors.fillStandard()
    shellOrders = Mailbox()
    requests = RequestQueue()
    let language = interpreter.languageInfo
    let stderrLog = KernelLog(name: language.implementation)
    session = KernelSession(kernelInfo: language.replyContent, log: options.log ?? { stderrLog.write($0) })
    codec = MessageCodec(key: connection.key)
    comms = CommRegistry(publisher: session.publisher, log: session.log)
    let historyPath: String? =
      switch options.history {
      case .memory: nil
      case .standardFile: StandardPaths.historyFile(of: language.implementation)
      case .file(let path): path
      }
    let keepsakes: String? =
      switch options.keepsakes {
      case .none: nil
      case .standardFolder: StandardPaths.keepsakeFolder(of: language.implementation)
      case .folder(let path): path
      }
    widgets = WidgetService(
      session: session, requests: requests, comms: comms, folder: keepsakes.map { KeepsakeFolder(path: $0) },
      notebook: StandardPaths.variable("JPY_SESSION_NAME"))
    history = History(file: historyPath.map { HistoryFile(path: $0) }, log: session.log)
  }

  /// Ends `run`, from any thread.
  public func shutDown() { session.requestShutdown() }

  /// Serves front ends until a shutdown request, SIGTERM, SIGHUP or the death of the launcher; blocks the calling thread.
  ///
  /// The process may open 4096 files from then on, if the system allows it: every front end takes five.
  ///
  /// It returns within two seconds even if a cell ignores its interruption and keeps its thread. So end the process
  /// with `_exit`, which waits for no thread.
  ///
  /// - Returns: the status for the process, 0.
  /// - Throws: `KernelError` if a socket cannot be bound or the launcher not be told; nothing runs then.
  public func run() throws(KernelError) -> Int32 {
    // A launcher that is gone before the kernel knows about signals must not end it by a broken pipe.
    signal(SIGPIPE, SIG_IGN)
    ProcessMemory.shareHeaps()
    // As early as can be: a signal at the start must not end a kernel that would survive it later.
    if options.handlesSignals { SignalDelivery.install(waking: session.attention) }
    ProcessDescriptors.raiseLimit()
    guard ProcessDescriptors.areEnough else { throw .tooFewDescriptors }
    try connection.curve?.check()
    let context = try SocketContext()
    var channels = KernelChannels(connection: connection, context: context)
    let evaluation: KernelThread
    let nativeOutput: (output: NativeOutput, thread: KernelThread)?
    var publishedFile: String?
    do throws(KernelError) {
      try channels.start(session: session, codec: codec, orders: shellOrders, requests: requests, widgets: widgets)
      let bound = channels.boundConnection
      session.connectReply = .object([("status", .string("ok"))] + bound.portMembers)
      if let launcher = connection.launcher {
        try Registration(launcher: launcher, context: context, codec: codec).announce(bound)
        publishedFile = Registration.publish(bound)
      }
      nativeOutput = options.capturesNativeOutput ? try captureNativeOutput() : nil
      evaluation = try startEvaluation(nativeOutput?.output)
    } catch {
      requests.post(.stop)
      widgets.queue.stop()
      if channels.stop(milliseconds: 1000) { context.terminate() }
      throw error
    }
    waitForShutdown()

    session.interrupt()
    requests.post(.stop)
    widgets.queue.stop()
    if !evaluation.join(milliseconds: 1200) { session.log("a cell ignores its interruption; it is left behind") }
    if let nativeOutput {
      nativeOutput.output.restore()
      if nativeOutput.thread.join(milliseconds: 100) { nativeOutput.output.closeReaders() }
    }
    // Everything that is still queued goes out before the stop.
    if channels.stop(milliseconds: 300) { context.terminate() }
    // libzmq removes only the files whose names it chose itself.
    for path in channels.boundConnection.socketPaths { unlink(path) }
    if let publishedFile { unlink(publishedFile) }
    return 0
  }

  private func startEvaluation(_ nativeOutput: NativeOutput?) throws(KernelError) -> KernelThread {
    let readOnly = ReadOnlyRequests(
      session: session, interpreter: interpreter, history: history, comms: comms, widgets: widgets)
    let replier = Replier(session: session, shell: shellOrders)
    let assistant = AssistantThread(queue: requests, requests: readOnly, replier: replier)
    _ = try KernelThread(name: "assistant", stackBytes: 8 << 20) { assistant.run() }
    let views = WidgetThread(widgets: widgets, replier: replier)
    _ = try KernelThread(name: "views", stackBytes: 8 << 20) { views.run() }
    return try KernelThread(name: "evaluation", stackBytes: 64 << 20) { [requests] in
      var thread = EvaluationThread(
        queue: requests, readOnly: readOnly, replier: replier, drainNativeOutput: { nativeOutput?.drain() })
      thread.run()
    }
  }

  private func waitForShutdown() {
    let parent = ParentWatch(launcher: StandardPaths.variable("JPY_PARENT_PID"))
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

  private func captureNativeOutput() throws(KernelError) -> (output: NativeOutput, thread: KernelThread) {
    let output = NativeOutput { [session] name, text in
      if let cell = session.current { cell.write(name, text) } else { session.log(text) }
    }
    return (output, try KernelThread(name: "native output") { output.run() })
  }
}
