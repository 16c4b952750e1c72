import Foundation
import Glibc

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
    var ends: [Int32] = [-1, -1]
    // A pipe could not be had without a moment in which a program that is started elsewhere inherits it.
    guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0, &ends) == 0 else {
      throw ChildProcessError(program: program, code: errno)
    }
    defer { close(ends[1]) }
    var descriptors: [(own: Int32, number: Int32)] = [(ends[1], 1)]
    if let errors { descriptors.append((errors, 2)) }
    for (offset, file) in files.enumerated() { descriptors.append((file, Self.sharedDescriptor + Int32(offset))) }
    do throws(ChildProcessError) {
      identifier = try Spawning.spawn(program, arguments, descriptors: descriptors)
    } catch {
      close(ends[0])
      throw error
    }
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
      Spawning.abandon(identifier)
      ending = .killed(SIGKILL)
      return .killed(SIGKILL)
    }
    let signal = status & 0x7F
    let result: Ending = signal == 0 ? .exited(status >> 8 & 0xFF) : .killed(signal)
    ending = result
    return result
  }
}
