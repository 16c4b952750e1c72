import Glibc
import JupyterWire

/// Lines for whoever started the kernel, on the standard error of the process as it was at the start.
///
/// A front end that sends rubbish without end does not fill the log: after a hundred lines in ten seconds the rest is
/// only counted. Nor does a log that nobody reads hold a thread up: what finds no room is left out.
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
  init(name: String, standardError: Int32 = STDERR_FILENO) {
    self.name = name
    descriptor = fcntl(standardError, F_DUPFD_CLOEXEC, 3)
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  /// Writes each line of `text`, cut where it is too long.
  func write(_ text: String) {
    quota.withLock { quota in
      for line in text.split(separator: "\n") {
        guard let admitted = quota.admit("\(name): \(Self.cut(line))", now: .now) else { continue }
        // One call a line keeps the lines of several processes apart.
        let bytes = Array(admitted.utf8)
        if hasRoom { _ = Glibc.write(descriptor, bytes, bytes.count) }
      }
    }
  }

  /// A line of at most half of PIPE_BUF, for which a pipe that can be written to has room (pipe(7)).
  static func cut(_ line: Substring) -> String {
    line.utf8.count <= 2048 ? String(line) : String(decoding: line.utf8.prefix(2048), as: UTF8.self) + " ..."
  }

  private var hasRoom: Bool {
    var item = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
    return poll(&item, 1, 0) == 1 && Int32(item.revents) & POLLOUT != 0
  }
}
