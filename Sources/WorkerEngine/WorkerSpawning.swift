import CSharedMemory
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
    // Above those that they are to become, so that none is overwritten before it is copied.
    let theirs = fcntl(sockets[1], F_DUPFD_CLOEXEC, 16)
    let shared = memory.map { fcntl($0, F_DUPFD_CLOEXEC, 16) }
    close(sockets[1])
    let source = program.source.map { Self.file(holding: $0) }
    defer {
      close(theirs)
      if let source { close(source) }
      if let shared { close(shared) }
      close(pipes[1])
    }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_adddup2(&actions, pipes[1], 1)
    posix_spawn_file_actions_adddup2(&actions, pipes[1], 2)
    posix_spawn_file_actions_adddup2(&actions, theirs, Self.controlDescriptor)
    if let shared { posix_spawn_file_actions_adddup2(&actions, shared, Self.memoryDescriptor) }
    if let source { posix_spawn_file_actions_adddup2(&actions, source, Self.sourceDescriptor) }
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    // Its own group, so that an interrupt of a terminal reaches this program alone, and whatever it starts ends with it;
    // and signals as a program expects them.
    var signals = sigset_t()
    sigfillset(&signals)
    posix_spawnattr_setsigdefault(&attributes, &signals)
    var none = sigset_t()
    sigemptyset(&none)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setpgroup(&attributes, 0)
    posix_spawnattr_setflags(
      &attributes, Int16(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP))
    let variables = ProcessInfo.processInfo.environment.merging(program.environment) { _, own in own }
    var words: [UnsafeMutablePointer<CChar>?] = ([program.executable] + program.arguments).map { strdup($0) } + [nil]
    var environment: [UnsafeMutablePointer<CChar>?] = variables.map { strdup("\($0)=\($1)") } + [nil]
    defer { (words + environment).forEach { free($0) } }
    var identifier: pid_t = 0
    let status = posix_spawn(&identifier, program.executable, &actions, &attributes, &words, &environment)
    guard status == 0 else {
      close(sockets[0])
      close(pipes[0])
      throw .notStarted(code: status)
    }
    self.identifier = identifier
    socket = sockets[0]
    output = pipes[0]
    _ = fcntl(output, F_SETFL, O_NONBLOCK)
    // A worker that reads nothing must not hold up what is sent to it for ever.
    var limit = timeval(tv_sec: 10, tv_usec: 0)
    setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
  }

  /// A file in memory, as a descriptor above those that programs are given; -1 where there is no room.
  private static func file(holding bytes: [UInt8]) -> Int32 {
    let file = tessera_shared_memory("tessera-program", bytes.count)
    defer { close(file) }
    guard file >= 0, pwrite(file, bytes, bytes.count, 0) == bytes.count else { return -1 }
    return fcntl(file, F_DUPFD_CLOEXEC, 16)
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
      let identifier = identifier
      Thread.detachNewThread {
        var status: Int32 = 0
        while waitpid(identifier, &status, 0) < 0, errno == EINTR {}
      }
      status = SIGKILL
    }
    return status
  }
}
