import Foundation
import Glibc

/// Why a program cannot be started.
package struct ChildProcessError: Error, CustomStringConvertible {
  package let program: String
  /// In the system's words.
  package let reason: String

  package var description: String { "\(program) cannot be started: \(reason)." }
}

/// A program that runs beside this one, with its output read through a pipe.
///
/// It gets no input. It is killed if it still runs when the value goes.
package final class ChildProcess {
  package enum Ending: Equatable {
    case exited(Int32)
    case killed(Int32)
  }

  private let identifier: pid_t
  private var descriptor: Int32
  private var ending: Ending?
  package private(set) var output: [UInt8] = []

  /// More than this is not read.
  private static let maximumOutput = 1 << 20

  /// The number that the first shared file has in the program; the others follow.
  package static let sharedDescriptor: Int32 = 3

  /// - Parameters:
  ///   - program: looked for on the PATH where it is a name alone.
  ///   - arguments: the first is the program's name, as it sees it.
  ///   - files: open here, and in the program as `sharedDescriptor` and the numbers after it.
  ///   - errors: where its error output goes; nil to lose it.
  package init(
    _ program: String, _ arguments: [String], sharing files: [Int32] = [], errors: Int32? = nil
  ) throws(ChildProcessError) {
    func failure(_ code: Int32) -> ChildProcessError {
      ChildProcessError(program: program, reason: String(cString: strerror(code)))
    }
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { throw failure(errno) }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_adddup2(&actions, ends[1], 1)
    if let errors {
      posix_spawn_file_actions_adddup2(&actions, errors, 2)
    } else {
      posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
    }
    // Copies beyond the places that they go to, so that none is overwritten before it is placed.
    let copies = files.map { fcntl($0, F_DUPFD_CLOEXEC, Self.sharedDescriptor + Int32(files.count)) }
    defer { copies.forEach { close($0) } }
    for (offset, copy) in copies.enumerated() {
      posix_spawn_file_actions_adddup2(&actions, copy, Self.sharedDescriptor + Int32(offset))
    }
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    // Its own group, so that a terminal's Ctrl-C reaches this program alone; and signals as a program expects them.
    var signals = sigset_t()
    sigfillset(&signals)
    posix_spawnattr_setsigdefault(&attributes, &signals)
    var none = sigset_t()
    sigemptyset(&none)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setpgroup(&attributes, 0)
    posix_spawnattr_setflags(
      &attributes, Int16(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP))
    var words: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) } + [nil]
    defer { words.forEach { free($0) } }
    var identifier: pid_t = 0
    let status = posix_spawnp(&identifier, program, &actions, &attributes, &words, environ)
    close(ends[1])
    guard status == 0 else {
      close(ends[0])
      throw failure(status)
    }
    self.identifier = identifier
    descriptor = ends[0]
  }

  deinit {
    stop()
    _ = end()
    close(descriptor)
  }

  /// Reads what comes within some milliseconds; true once the output has ended.
  package func hasEnded(within milliseconds: Int32) -> Bool {
    var waited = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    guard poll(&waited, 1, milliseconds) > 0 else { return false }
    var buffer = [UInt8](repeating: 0, count: 4096)
    let count = read(descriptor, &buffer, buffer.count)
    if count < 0, errno == EINTR { return false }
    guard count > 0, output.count < Self.maximumOutput else { return true }
    output += buffer[..<count]
    return false
  }

  /// True once it was told to end.
  package private(set) var wasStopped = false

  package func stop() {
    guard ending == nil else { return }
    wasStopped = true
    kill(identifier, SIGKILL)
  }

  /// How the program ended; one that goes on for ten seconds more is killed.
  package func end() -> Ending {
    if let ending { return ending }
    var status: Int32 = 0
    var waited: pid_t = 0
    // On a busy machine also an end takes time.
    for _ in 0..<10_000 {
      waited = waitpid(identifier, &status, WNOHANG)
      if waited != 0, !(waited < 0 && errno == EINTR) { break }
      usleep(1000)
    }
    if waited == 0 {
      stop()
      for _ in 0..<200 where waited == 0 {
        usleep(1000)
        waited = waitpid(identifier, &status, WNOHANG)
      }
    }
    guard waited == identifier else {
      // It hangs in the system itself, as on a file server that does not answer; nobody waits for it but a thread.
      let identifier = identifier
      Thread.detachNewThread {
        var status: Int32 = 0
        while waitpid(identifier, &status, 0) < 0, errno == EINTR {}
      }
      ending = .killed(SIGKILL)
      return .killed(SIGKILL)
    }
    let signal = status & 0x7F
    let result: Ending = signal == 0 ? .exited(status >> 8 & 0xFF) : .killed(signal)
    ending = result
    return result
  }
}
