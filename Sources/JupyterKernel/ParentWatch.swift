import Foundation

/// Notices the death of the launcher, after which nobody would ever end this process.
struct ParentWatch {
  private let identifier: pid_t
  private let isDirectParent: Bool

  /// - Returns: nil if the environment names no launcher in `JPY_PARENT_PID`.
  init?(environment: [String: String]) {
    guard let text = environment["JPY_PARENT_PID"], let identifier = pid_t(text), identifier > 1 else { return nil }
    self.identifier = identifier
    isDirectParent = getppid() == identifier
  }

  var isParentGone: Bool {
    // A direct parent that died is seen at once; asking for its number could find a zombie or a new process.
    if isDirectParent { return getppid() != identifier }
    return kill(identifier, 0) != 0 && errno == ESRCH
  }
}
