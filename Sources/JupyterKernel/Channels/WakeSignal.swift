import CZeroMQ
import Glibc

/// A flag that any thread raises and that one thread waits for, alone or beside its sockets.
final class WakeSignal: Sendable {
  /// Readable while the flag is raised.
  let descriptor: Int32

  init() {
    descriptor = tessera_wake_descriptor()
    precondition(descriptor >= 0, "the process has no file descriptor left")
  }

  deinit { close(descriptor) }

  func raise() { Self.raise(descriptor) }

  /// Async-signal-safe: one system call, nothing allocated.
  static func raise(_ descriptor: Int32) {
    var one: UInt64 = 1
    _ = write(descriptor, &one, 8)
  }

  func clear() {
    var count: UInt64 = 0
    _ = read(descriptor, &count, 8)
  }

  /// Blocks until the flag is raised, at most `milliseconds`; forever if that is negative.
  func wait(milliseconds: Int) {
    var item = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    _ = poll(&item, 1, Int32(clamping: milliseconds))
  }
}
