import CSharedMemory
import ChildProcesses
import Foundation

/// A process with a socket and, where there is one, shared memory, started.
struct SpawnedWorker {
  let identifier: pid_t
  /// Our end of the control socket.
  let socket: Int32
  /// What it prints, on either of its outputs.
  let output: Int32

  /// In the worker.
  private static let controlDescriptor: Int32 = 3
  private static let memoryDescriptor: Int32 = 4
  private static let sourceDescriptor: Int32 = 5

  /// - Parameter memory: nil for none.
  init(_ program: WorkerProgram, memory: Int32?) throws(WorkerFault) {
    var sockets: [Int32] = [-1, -1]
    var pipes: [Int32] = [-1, -1]
    let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
    guard socketpair(AF_UNIX, kind, 0, &sockets) == 0 else {
      throw .notStarted(code: errno)
    }
    // A pipe could not be had without a moment in which a program that is started elsewhere inherits it.
    guard socketpair(AF_UNIX, kind, 0, &pipes) == 0 else {
      let code = errno
      sockets.forEach { close($0) }
      throw .notStarted(code: code)
    }
    let source = program.source.map { Self.file(holding: $0) }
    defer {
      close(sockets[1])
      close(pipes[1])
      if let source { close(source) }
    }
    var descriptors = [(own: pipes[1], number: Int32(1)), (pipes[1], 2), (sockets[1], Self.controlDescriptor)]
    if let memory { descriptors.append((memory, Self.memoryDescriptor)) }
    if let source { descriptors.append((source, Self.sourceDescriptor)) }
    do throws(ChildProcessError) {
      identifier = try Spawning.spawn(
        program.executable, [program.executable] + program.arguments, descriptors: descriptors,
        variables: program.environment)
    } catch {
      close(sockets[0])
      close(pipes[0])
      throw .notStarted(code: error.code)
    }
    socket = sockets[0]
    output = pipes[0]
    _ = fcntl(output, F_SETFL, O_NONBLOCK)
    // A worker that reads nothing must not hold up what is sent to it for ever.
    var limit = timeval(tv_sec: 10, tv_usec: 0)
    setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
  }

  /// A file in memory; -1 where there is no room.
  private static func file(holding bytes: [UInt8]) -> Int32 {
    let file = tessera_shared_memory("tessera-program", bytes.count)
    if file >= 0, pwrite(file, bytes, bytes.count, 0) == bytes.count { return file }
    close(file)
    return -1
  }

  /// Ends it and all that it started, and lets its descriptors go.
  ///
  /// - Parameter patience: for an end by itself, before it is made to.
  /// - Returns: the status of `waitpid`.
  func end(after patience: Duration) -> Int32 {
    var status: Int32 = 0
    let deadline = SuspendingClock.now + patience
    var waited: pid_t = 0
    while waited == 0, SuspendingClock.now < deadline {
      waited = waitpid(identifier, &status, WNOHANG)
      if waited == 0 { usleep(500) }
    }
    kill(-identifier, SIGKILL)
    // The system takes its time with one that holds much memory; one that hangs in the system itself is left to a thread.
    for _ in 0..<10_000 where waited == 0 {
      waited = waitpid(identifier, &status, WNOHANG)
      if waited == 0 { usleep(500) }
    }
    if waited == 0 {
      Spawning.abandon(identifier)
      status = SIGKILL
    }
    return status
  }
}
