import CZeroMQ
import Glibc
import Synchronization

/// A thread of the operating system that can be waited for.
///
/// Blocking in ZeroMQ on a thread of Swift's cooperative pool would starve every task of the process.
final class KernelThread: Sendable {
  private let isFinished = Atomic<Bool>(false)
  private let end = WakeSignal()

  /// - Throws: `KernelError.cannotStartThread`.
  init(name: String, stackBytes: Int = 1 << 20, body: @escaping @Sendable () -> Void) throws(KernelError) {
    let start = Start { [self] in
      tessera_name_thread(name)
      body()
      isFinished.store(true, ordering: .releasing)
      end.raise()
    }
    let argument = Unmanaged.passRetained(start)
    let status = tessera_start_thread(
      stackBytes,
      { argument in
        guard let argument else { return nil }
        Unmanaged<Start>.fromOpaque(argument).takeRetainedValue().body()
        return nil
      }, argument.toOpaque())
    if status != 0 {
      argument.release()
      throw .cannotStartThread(name: name, reason: String(cString: strerror(status)))
    }
  }

  private final class Start: Sendable {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
  }

  /// - Returns: whether the thread has ended within the time.
  func join(milliseconds: Int) -> Bool {
    let deadline = ContinuousClock.now + .milliseconds(milliseconds)
    while !isFinished.load(ordering: .acquiring) {
      let left = deadline - ContinuousClock.now
      if left <= .zero { return false }
      end.wait(milliseconds: Int(left / .milliseconds(1)) + 1)
    }
    return true
  }
}
