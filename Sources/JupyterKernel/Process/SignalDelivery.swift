import Glibc
import Synchronization

/// Turns SIGINT, SIGTERM and SIGHUP into flags that the kernel's waiting thread looks at.
///
/// The handler does nothing but what signal-safety(7) allows: two atomic operations and one write.
enum SignalDelivery {
  private static let wakeDescriptor = Atomic<Int32>(-1)
  private static let interrupts = Atomic<Bool>(false)
  private static let terminations = Atomic<Bool>(false)

  /// From now on these signals raise `attention` instead of ending the process.
  static func install(waking attention: WakeSignal) {
    // Storing first also creates the variables, which the handler must not do.
    interrupts.store(false, ordering: .relaxed)
    terminations.store(false, ordering: .relaxed)
    wakeDescriptor.store(attention.descriptor, ordering: .releasing)
    signal(SIGINT) { _ in
      SignalDelivery.interrupts.store(true, ordering: .relaxed)
      WakeSignal.raise(SignalDelivery.wakeDescriptor.load(ordering: .relaxed))
    }
    let terminate: @convention(c) (Int32) -> Void = { _ in
      SignalDelivery.terminations.store(true, ordering: .relaxed)
      WakeSignal.raise(SignalDelivery.wakeDescriptor.load(ordering: .relaxed))
    }
    signal(SIGTERM, terminate)
    // The terminal that the kernel was started from has closed; under nohup that is to be ignored.
    var hangUp = sigaction()
    sigaction(SIGHUP, nil, &hangUp)
    let handler = unsafeBitCast(hangUp.__sigaction_handler.sa_handler, to: Int.self)
    if handler != unsafeBitCast(SIG_IGN, to: Int.self) { signal(SIGHUP, terminate) }
    signal(SIGPIPE, SIG_IGN)
  }

  /// Whether SIGINT has come since the last call.
  static func takeInterrupt() -> Bool { interrupts.exchange(false, ordering: .relaxed) }

  /// Whether SIGTERM or SIGHUP has come since the last call.
  static func takeTermination() -> Bool { terminations.exchange(false, ordering: .relaxed) }
}
