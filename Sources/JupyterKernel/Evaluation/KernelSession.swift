import Files
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

  /// Raised when the running cell should look around: it was interrupted, or the user has answered.
  let cellSignal = WakeSignal()
  /// Where the user's answers arrive.
  let input: InputDesk

  private let running = Locked<ExecutionContext?>(nil)
  private let connection = Locked(JSONFragment.emptyObject)
  private let shutdown = Atomic<Bool>(false)
  private let stoppedChannels = Atomic<Bool>(false)

  init(kernelInfo: JSONFragment, log: @escaping @Sendable (String) -> Void) {
    self.kernelInfo = kernelInfo
    self.log = log
    input = InputDesk(signal: cellSignal)
  }

  /// The cell that runs now.
  var current: ExecutionContext? {
    get { running.withLock { $0 } }
    set { running.withLock { $0 = newValue } }
  }

  /// Says that a request has been dealt with, and where a cell still runs that it is busy: front ends show the state
  /// told last as the kernel's, and servers end kernels that have long been idle.
  func publishIdle(parent: JSONFragment) {
    // Under the lock, so that the cell cannot end in between and be called busy after its own idle.
    running.withLock { cell in
      publisher.publish(.status(.idle, parent: parent))
      if let cell { publisher.publish(.status(.busy, parent: cell.parent)) }
    }
  }

  /// Stops the cell that runs now; without one nothing happens, also not to the next.
  func interrupt() { current?.interrupt() }

  /// The content of `connect_reply`, once the sockets are bound.
  var connectReply: JSONFragment {
    get { connection.withLock { $0 } }
    set { connection.withLock { $0 = newValue } }
  }

  var isShuttingDown: Bool { shutdown.load(ordering: .acquiring) }

  func requestShutdown() {
    shutdown.store(true, ordering: .releasing)
    attention.raise()
  }

  /// True when control and heartbeat should end.
  var hasStoppedChannels: Bool { stoppedChannels.load(ordering: .acquiring) }

  func stopChannels() { stoppedChannels.store(true, ordering: .releasing) }
}
