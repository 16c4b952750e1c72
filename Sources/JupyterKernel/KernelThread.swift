import Foundation
import Synchronization

/// A thread of the operating system that can be waited for.
///
/// Blocking in ZeroMQ on a thread of Swift's cooperative pool would starve every task of the process.
final class KernelThread: Sendable {
  private let isFinished = Atomic<Bool>(false)
  private let end = WakeSignal()

  init(name: String, stackBytes: Int = 1 << 20, body: @escaping @Sendable () -> Void) {
    let thread = Thread { [self] in
      // Named from within: a name given before the start does not reach the system's list of threads.
      Thread.current.name = name
      body()
      isFinished.store(true, ordering: .releasing)
      end.raise()
    }
    thread.stackSize = stackBytes
    thread.start()
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
