import Glibc

/// Notices the death of the launcher, after which nobody would ever end this process.
struct ParentWatch {
  private let identifier: pid_t
  private let isDirectParent: Bool

  /// - Parameter launcher: the value of `JPY_PARENT_PID` in the environment.
  /// - Returns: nil if it names no launcher.
  init?(launcher: String?) {
    guard let text = launcher, let identifier = pid_t(text), identifier > 1 else { return nil }
    self.identifier = identifier
    isDirectParent = getppid() == identifier
  }

  var isParentGone: Bool {
    // A direct parent that died is seen at once; asking for its number could find a zombie or a new process.
    if isDirectParent { return getppid() != identifier }
    return kill(identifier, 0) != 0 && errno == ESRCH
  }
}
