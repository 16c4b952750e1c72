import JupyterWire
import Synchronization

/// What the threads of one kernel share.
final class KernelSession: Sendable {
  let publisher = Publisher()
  /// The content of `kernel_info_reply`, which never changes.
  let kernelInfo: JSONFragment
  let log: @Sendable (String) -> Void
  /// Raised when the thread in `Kernel.run` should look around.
  let attention = WakeSignal()

  private let running = Mutex<ExecutionContext?>(nil)
  private let shutdown = Atomic<Bool>(false)
  private let stoppedChannels = Atomic<Bool>(false)

  init(kernelInfo: JSONFragment, log: @escaping @Sendable (String) -> Void) {
    self.kernelInfo = kernelInfo
    self.log = log
  }

  /// The cell that runs now.
  var current: ExecutionContext? {
    get { running.withLock { $0 } }
    set { running.withLock { $0 = newValue } }
  }

  /// Stops the cell that runs now; without one nothing happens, also not to the next.
  func interrupt() { current?.interrupt() }

  var isShuttingDown: Bool { shutdown.load(ordering: .acquiring) }

  func requestShutdown() {
    shutdown.store(true, ordering: .releasing)
    attention.raise()
  }

  /// True when control and heartbeat should end.
  var hasStoppedChannels: Bool { stoppedChannels.load(ordering: .acquiring) }

  func stopChannels() { stoppedChannels.store(true, ordering: .releasing) }
}
