import Foundation
import Inference

/// A device, and the worker that computes on it: another one where the first has died.
///
/// `@unchecked Sendable`: every variable is read and written with `lock` held.
final class WorkerDevice: @unchecked Sendable {
  let name: String
  private let program: WorkerProgram
  private let memory: WorkerMemory
  private let start: HostMessage
  private let patience: WorkerPatience

  private let lock = NSLock()
  private var process: WorkerProcess
  private var restartCount = 0
  private var notes: [String] = []

  /// A device whose workers die again and again is given up.
  private static let mostRestarts = 5

  /// Starts the first worker.
  init(
    _ name: String, program: WorkerProgram, memory: WorkerMemory, compilation: NetworkCompilation,
    patience: WorkerPatience
  ) throws(WorkerFault) {
    self.name = name
    self.program = program
    self.memory = memory
    self.patience = patience
    start = .start(HostMessage.Start(compilation, memory: memory.layout, device: name))
    process = try WorkerProcess(program, memory: memory.descriptor, first: start, patience: patience)
  }

  /// The worker of this moment.
  var current: WorkerProcess { lock.withLock { process } }

  /// The worker after one that died, which the first to ask starts.
  ///
  /// - Throws: why `dead` died, where no other is started.
  func successor(of dead: WorkerProcess, _ fault: WorkerFault) throws(WorkerFault) -> WorkerProcess {
    lock.lock()
    defer { lock.unlock() }
    guard process === dead else { return process }
    guard restartCount < Self.mostRestarts else { throw fault }
    notes += dead.takeNotes()
    process = try WorkerProcess(program, memory: memory.descriptor, first: start, patience: patience)
    restartCount += 1
    notes.append(
      "The engine \(program.engine) on \(name) \(fault.phrase); it was started anew, and the batch that it had is computed "
        + "again.")
    return process
  }

  /// What there is to say since it was last asked.
  func takeNotes() -> [String] {
    lock.withLock {
      defer { notes = [] }
      return notes + process.takeNotes()
    }
  }

  func stop() { current.stop() }
}
