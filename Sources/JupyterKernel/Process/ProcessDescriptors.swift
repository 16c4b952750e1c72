import Glibc

/// What the process was given to work with: descriptors 0, 1 and 2, and room for more.
enum ProcessDescriptors {
  /// For sockets, threads and captured output, with some to spare.
  private static let needed = 48
  /// As Jupyter's own server has it: each front end takes five.
  private static let wanted: rlim_t = 4096

  /// Opens those of 0, 1 and 2 that are closed, so that no socket gets such a number and is printed into.
  static func fillStandard() {
    for descriptor in STDIN_FILENO...STDERR_FILENO where fcntl(descriptor, F_GETFD) < 0 {
      _ = open("/dev/null", O_RDWR)
    }
  }

  /// Raises the soft limit as far as the system allows and a kernel can use.
  static func raiseLimit() {
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0, limit.rlim_cur < wanted else { return }
    limit.rlim_cur = min(limit.rlim_max, wanted)
    setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
  }

  /// Whether as many can be had as a kernel needs; libzmq ends the process in the middle of its start if not.
  static var areEnough: Bool {
    var probes: [Int32] = []
    defer { for probe in probes { close(probe) } }
    for _ in 0..<needed {
      let probe = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3)
      if probe < 0 { return false }
      probes.append(probe)
    }
    return true
  }
}
