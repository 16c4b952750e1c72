import Glibc
import JupyterWire

/// Lines for whoever started the kernel, on the standard error of the process as it was at the start.
///
/// A front end that sends rubbish without end does not fill the log: after a hundred lines in ten seconds the rest is
/// only counted.
final class KernelLog: Sendable {
  /// The lines of the last ten seconds.
  struct Quota {
    private var windowStart: ContinuousClock.Instant
    private var lines = 0
    private static let limit = 100
    private static let window = Duration.seconds(10)

    init(now: ContinuousClock.Instant) { windowStart = now }

    /// - Returns: what to write in place of `line`; nil for nothing.
    mutating func admit(_ line: String, now: ContinuousClock.Instant) -> String? {
      var notice = ""
      if now - windowStart >= Self.window {
        if lines > Self.limit { notice = "\(lines - Self.limit) lines left out\n" }
        windowStart = now
        lines = 0
      }
      lines += 1
      return lines <= Self.limit ? notice + line + "\n" : nil
    }
  }

  private let name: String
  private let descriptor: Int32
  private let quota = Locked(Quota(now: .now))

  /// - Parameter name: stands before every line.
  init(name: String) {
    self.name = name
    let copy = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3)
    descriptor = copy >= 0 ? copy : STDERR_FILENO
  }

  deinit { if descriptor != STDERR_FILENO { close(descriptor) } }

  func write(_ line: String) {
    guard let text = quota.withLock({ $0.admit("\(name): \(line)", now: .now) }) else { return }
    // One call a line keeps the lines of several threads apart.
    let bytes = Array(text.utf8)
    _ = Glibc.write(descriptor, bytes, bytes.count)
  }
}
