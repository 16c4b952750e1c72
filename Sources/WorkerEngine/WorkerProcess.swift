import Foundation

/// One worker: its process, what it is computing, and a thread that listens to it until it ends.
///
/// `@unchecked Sendable`: every variable is read and written with `condition` locked.
final class WorkerProcess: @unchecked Sendable {
  /// What it said of itself when it was ready.
  struct Ready: Sendable {
    let device: String
    let batch: Int
  }

  /// One batch that it has.
  private struct Batch {
    let slot: Int
    var isDone = false
    var refusal: WorkerFault?
    /// Called once nobody waits for it any more and the slot is ours again.
    var abandoned: (@Sendable () -> Void)?
  }

  private let worker: SpawnedWorker
  private let patience: WorkerPatience
  private let condition = NSCondition()

  private var description: WorkerDescription?
  private var ready: Ready?
  private var fault: WorkerFault?
  private var batches: [Int: Batch] = [:]
  private var nextIdentifier = 1
  private var notes: [String] = []
  private var isStopping = false
  private var hasEnded = false
  /// When it was last heard of, and when it last finished something or got something to do.
  private var lastSign = SuspendingClock.now
  private var lastProgress = SuspendingClock.now
  private var longestBatch: Duration?

  // Of the listening thread alone.
  private var pending: [UInt8] = []
  private var printed: [UInt8] = []
  private var lastLines: [String] = []

  /// Starts a process and tells it its first message.
  ///
  /// - Parameter memory: nil for a worker that only describes itself.
  init(
    _ program: WorkerProgram, memory: Int32?, first message: HostMessage, patience: WorkerPatience
  ) throws(WorkerFault) {
    worker = try SpawnedWorker(program, memory: memory)
    self.patience = patience
    let thread = Thread { [self] in listen() }
    thread.stackSize = 1 << 20
    thread.start()
    send(message)
  }

  var identifier: pid_t { worker.identifier }

  // MARK: For those that have work

  /// How many batches it has.
  var load: Int { condition.withLock { batches.count } }

  /// Whether it can be given work, now or once it is ready.
  var isUsable: Bool { condition.withLock { fault == nil } }

  /// What it was ready with; nil before.
  var readiness: Ready? { condition.withLock { ready } }

  /// Things to say that have come since it was last asked.
  func takeNotes() -> [String] {
    condition.withLock {
      defer { notes = [] }
      return notes
    }
  }

  /// What it is; nil if `isStopping` became true first.
  func described(isStopping: () -> Bool = { false }) throws(WorkerFault) -> WorkerDescription? {
    try wait(isStopping) { $0.description }
  }

  /// What it is ready with; nil if `isStopping` became true first.
  func whenReady(isStopping: () -> Bool) throws(WorkerFault) -> Ready? { try wait(isStopping) { $0.ready } }

  /// Has the tiles of a slot computed.
  ///
  /// - Parameter abandoned: called, in place of a return of true or a throw, when it is told to go on without a result and
  ///   the slot is free at last.
  /// - Returns: false if `isStopping` became true first.
  func compute(
    slot: Int, count: Int, isStopping: () -> Bool, abandoned: @escaping @Sendable () -> Void
  ) throws(WorkerFault) -> Bool {
    condition.lock()
    if let fault {
      condition.unlock()
      throw fault
    }
    let identifier = nextIdentifier
    nextIdentifier += 1
    if batches.isEmpty { lastProgress = SuspendingClock.now }
    batches[identifier] = Batch(slot: slot)
    condition.unlock()
    send(.run(id: identifier, slot: slot, count: count))
    do throws(WorkerFault) {
      let finished = try wait(isStopping) { process -> WorkerFault?? in
        guard let batch = process.batches[identifier], batch.isDone else { return nil }
        process.batches[identifier] = nil
        return .some(batch.refusal)
      }
      if let finished {
        if let refusal = finished { throw refusal }
        return true
      }
    } catch {
      condition.withLock { batches[identifier] = nil }
      throw error
    }
    let isFree = condition.withLock {
      if fault != nil || batches[identifier]?.isDone ?? true {
        batches[identifier] = nil
        return true
      }
      batches[identifier]?.abandoned = abandoned
      return false
    }
    if isFree { abandoned() }
    return false
  }

  /// Ends the process; returns when it has ended.
  func stop() {
    let isFirst = condition.withLock {
      defer { isStopping = true }
      return !isStopping
    }
    if isFirst {
      send(.stop)
      // What was sent arrives; and the thread that listens wakes up.
      shutdown(worker.socket, Int32(SHUT_RDWR))
    }
    condition.lock()
    while !hasEnded { condition.wait() }
    condition.unlock()
  }

  private func wait<Value>(
    _ isStopping: () -> Bool, for value: (WorkerProcess) -> Value?
  ) throws(WorkerFault) -> Value? {
    condition.lock()
    defer { condition.unlock() }
    while true {
      if let value = value(self) { return value }
      if let fault { throw fault }
      if isStopping() { return nil }
      _ = condition.wait(until: Date(timeIntervalSinceNow: 0.05))
    }
  }

  private func send(_ message: HostMessage) {
    let line = message.line
    // What cannot be sent is noticed by the thread that listens: the other side has gone, or gives no sign of life.
    line.withUnsafeBytes { bytes in
      var sent = 0
      while sent < bytes.count {
        let count = Glibc.send(worker.socket, bytes.baseAddress! + sent, bytes.count - sent, Int32(MSG_NOSIGNAL))
        if count < 0, errno == EINTR { continue }
        guard count > 0 else { return }
        sent += count
      }
    }
  }

  // MARK: The listening thread

  private func listen() {
    var found: WorkerFault?
    while found == nil { found = heard() }
    let isWanted = condition.withLock { !isStopping }
    let patience = isWanted ? Duration.milliseconds(found?.isEnd == true ? 500 : 0) : patience.end
    let status = worker.end(after: patience)
    readOutput()
    close(worker.socket)
    close(worker.output)
    finish(found.map { $0.isEnd ? ended(status) : $0 } ?? ended(status))
  }

  private func ended(_ status: Int32) -> WorkerFault {
    let signal = status & 0x7F
    return .ended(status: status >> 8 & 0xFF, signal: signal == 0 ? nil : signal, lastLines: lastLines)
  }

  /// Waits a moment for what comes; gives what ends it.
  private func heard() -> WorkerFault? {
    if condition.withLock({ isStopping }) { return .end }
    var waited = [
      pollfd(fd: worker.socket, events: Int16(POLLIN), revents: 0),
      pollfd(fd: worker.output, events: Int16(POLLIN), revents: 0),
    ]
    let count = poll(&waited, 2, 100)
    if waited[1].revents != 0, !readOutput() {
      // It has closed its outputs, and may still go on.
      if waited[0].revents == 0 { usleep(10_000) }
    }
    if waited[0].revents != 0 { return readSocket() }
    return count == 0 || waited[1].revents != 0 ? overdue() : nil
  }

  private func readSocket() -> WorkerFault? {
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    let count = recv(worker.socket, &buffer, buffer.count, 0)
    if count < 0, errno == EINTR { return nil }
    // One that died with messages unread is told by an error in place of an end.
    guard count > 0 else { return .end }
    condition.withLock { lastSign = SuspendingClock.now }
    pending += buffer[..<count]
    do throws(WorkerFault) {
      while let end = pending.firstIndex(of: UInt8(ascii: "\n")) {
        let line = pending[..<end]
        guard line.count <= WorkerMessage.longestLine else { throw Self.tooLong }
        try take(try WorkerMessage(line))
        pending.removeSubrange(...end)
      }
      if pending.count > WorkerMessage.longestLine { throw Self.tooLong }
      return nil
    } catch { return error }
  }

  private static let tooLong = WorkerFault.garbage("a line of more than \(WorkerMessage.longestLine) bytes")

  private func take(_ message: WorkerMessage) throws(WorkerFault) {
    if case .fatal(let reason, let remedy) = message { throw .refused(reason: reason, remedy: remedy) }
    var release: (@Sendable () -> Void)?
    let fault = condition.withLock { () -> WorkerFault? in
      defer { condition.broadcast() }
      switch message {
      case .alive, .fatal: return nil
      case .description(let own): description = own
      case .ready(let device, let batch, let own):
        guard ready == nil else { return .garbage("“ready” twice") }
        ready = Ready(device: device, batch: batch)
        notes += own
        lastProgress = SuspendingClock.now
      case .done(let id, let slot, let own):
        if let wrong = finish(id, slot, refusal: nil, &release) { return wrong }
        notes += own
      case .failed(let id, let slot, let reason, let remedy):
        if let wrong = finish(id, slot, refusal: .refused(reason: reason, remedy: remedy), &release) { return wrong }
      }
      return nil
    }
    release?()
    if let fault { throw fault }
  }

  /// Called with `condition` locked.
  private func finish(
    _ id: Int, _ slot: Int, refusal: WorkerFault?, _ release: inout (@Sendable () -> Void)?
  ) -> WorkerFault? {
    guard var batch = batches[id], !batch.isDone else {
      return .garbage("the end of a batch \(id) that it was not given")
    }
    guard batch.slot == slot else { return .garbage("the batch \(id) of slot \(batch.slot) as that of slot \(slot)") }
    let now = SuspendingClock.now
    longestBatch = max(longestBatch ?? .zero, now - lastProgress)
    lastProgress = now
    batch.isDone = true
    batch.refusal = refusal
    release = batch.abandoned
    batches[id] = release == nil ? batch : nil
    return nil
  }

  /// What is too long overdue.
  private func overdue() -> WorkerFault? {
    condition.withLock {
      let now = SuspendingClock.now
      let silence = ready == nil && description == nil ? patience.silenceAtStart : patience.silence
      if now - lastSign > silence { return .silent(seconds: Int((now - lastSign).components.seconds)) }
      let isWorking = ready != nil && batches.contains { !$0.value.isDone }
      guard isWorking || (ready == nil && description == nil) else { return nil }
      let limit = ready == nil ? patience.start : patience.batch(longest: longestBatch)
      guard now - lastProgress > limit else { return nil }
      return .stuck(seconds: Int((now - lastProgress).components.seconds), lastLines: lastLines)
    }
  }

  /// False once its outputs have ended.
  @discardableResult private func readOutput() -> Bool {
    var buffer = [UInt8](repeating: 0, count: 1 << 14)
    // What prints without an end must not keep this thread from what is said.
    for _ in 0..<16 {
      let count = read(worker.output, &buffer, buffer.count)
      if count == 0 { return false }
      guard count > 0 else { return true }
      printed += buffer[..<count]
      while let end = printed.firstIndex(of: UInt8(ascii: "\n")) {
        let line = String(decoding: printed[..<end].prefix(300), as: UTF8.self).trimmingCharacters(in: .whitespaces)
        if !line.isEmpty { lastLines = lastLines.suffix(19) + [line] }
        printed.removeSubrange(...end)
      }
      if printed.count > 1 << 16 { printed.removeAll() }
    }
    return true
  }

  private func finish(_ found: WorkerFault) {
    let releases = condition.withLock {
      fault = isStopping ? .stopped : found
      hasEnded = true
      let releases = batches.values.compactMap(\.abandoned)
      batches = batches.filter { $0.value.abandoned == nil }
      condition.broadcast()
      return releases
    }
    for release in releases { release() }
  }
}

extension WorkerFault {
  /// The other side has gone; how is learnt when it is reaped.
  fileprivate static let end = WorkerFault.ended(status: -1, signal: nil, lastLines: [])
  fileprivate var isEnd: Bool { self == .end }
}
