import Foundation
package import Glibc

/// Why a program cannot be started.
package struct ChildProcessError: Error, CustomStringConvertible {
  package let program: String
  /// The system's number of the reason.
  package let code: Int32

  /// In the system's words.
  package var reason: String { String(cString: strerror(code)) }
  package var description: String { "\(program) cannot be started: \(reason)." }
}

/// Starts programs: in a process group of their own, so that a terminal's Ctrl-C reaches this program alone and what they
/// start ends with them; with signals as programs expect them, and nothing to read.
package enum Spawning {
  /// - Parameters:
  ///   - program: looked for on the PATH where it is a name alone.
  ///   - arguments: the first is the program's name, as it sees it.
  ///   - descriptors: ours, and the number that each has in the program, from 1 on.
  ///   - variables: of the environment, besides those of this process.
  /// - Returns: the process, to be waited for.
  package static func spawn(
    _ program: String, _ arguments: [String], descriptors: [(own: Int32, number: Int32)],
    variables: [String: String] = [:]
  ) throws(ChildProcessError) -> pid_t {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    for number: Int32 in [1, 2] where !descriptors.contains(where: { $0.number == number }) {
      posix_spawn_file_actions_addopen(&actions, number, "/dev/null", O_WRONLY, 0)
    }
    // Copies beyond the numbers that they get, so that none is overwritten before it has its own.
    let first = (descriptors.map(\.number).max() ?? 0) + 1
    let copies = descriptors.map { fcntl($0.own, F_DUPFD_CLOEXEC, first) }
    defer { copies.forEach { close($0) } }
    for (copy, descriptor) in zip(copies, descriptors) {
      posix_spawn_file_actions_adddup2(&actions, copy, descriptor.number)
    }
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var signals = sigset_t()
    sigfillset(&signals)
    posix_spawnattr_setsigdefault(&attributes, &signals)
    var none = sigset_t()
    sigemptyset(&none)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setpgroup(&attributes, 0)
    posix_spawnattr_setflags(
      &attributes, Int16(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP))
    let all = ProcessInfo.processInfo.environment.merging(variables) { _, own in own }
    var words: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) } + [nil]
    var environment: [UnsafeMutablePointer<CChar>?] = all.map { strdup("\($0)=\($1)") } + [nil]
    defer { (words + environment).forEach { free($0) } }
    var identifier: pid_t = 0
    let status = posix_spawnp(&identifier, program, &actions, &attributes, &words, &environment)
    guard status == 0 else { throw ChildProcessError(program: program, code: status) }
    return identifier
  }

  /// Waits, on a thread of its own, for a process that hangs in the system itself.
  package static func abandon(_ identifier: pid_t) {
    Thread.detachNewThread {
      var status: Int32 = 0
      while waitpid(identifier, &status, 0) < 0, errno == EINTR {}
    }
  }
}
