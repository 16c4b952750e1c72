import Foundation
import Inference

/// A network that workers compute, one on each device.
///
/// The workers are started at once, and what they need to be ready is waited for with the first batch: until then tiles
/// are decoded, and an interrupt ends the wait.
///
/// `@unchecked Sendable`: `free` is read and written with `condition` locked; the rest never changes.
final class WorkerNetwork: CompiledNetwork, @unchecked Sendable {
  let widths: [Int]
  let compilation: NetworkCompilation
  let engine: String
  let memory: WorkerMemory
  private let devices: [WorkerDevice]

  private let condition = NSCondition()
  private var free: [Int]

  /// Batches that a device has at once: one that it computes, and one whose tiles are on their way.
  private static let batchesPerDevice = 2

  /// - Throws: `workerFailed`, `engineUnavailable`.
  init(
    _ compilation: NetworkCompilation, program: WorkerProgram, patience: WorkerPatience
  ) throws(InferenceError) {
    self.compilation = compilation
    engine = program.engine
    widths = compilation.layers.map(\.width)
    let slots = compilation.streams + Self.batchesPerDevice * compilation.devices.count
    memory = try WorkerMemory(.init(compilation, slots: slots), engine: program.engine)
    free = Array(0..<slots)
    var started: [WorkerDevice] = []
    for name in compilation.devices {
      do throws(WorkerFault) {
        started.append(
          try WorkerDevice(
            name, program: program, memory: memory, compilation: compilation, patience: patience))
      } catch {
        started.forEach { $0.stop() }
        throw error.error(engine: program.engine, device: name)
      }
    }
    devices = started
  }

  deinit { devices.forEach { $0.stop() } }

  var record: String {
    "\(compilation.devices.joined(separator: ", ")); precision=\(compilation.precision.rawValue)"
      + devices.compactMap { device in
        device.current.readiness.map { "; \(device.name): \($0.device), batches of \($0.batch)" }
      }.joined()
  }

  /// Each core decodes, while devices have theirs.
  var requestCount: Int? { memory.layout.slots }

  /// The cores of a processor compute a batch each, a GPU one after the other.
  var computedAtOnce: Int? {
    compilation.devices.allSatisfy { $0.hasPrefix("cpu") } ? compilation.streams * devices.count : devices.count
  }

  /// Each once, with how often it was said.
  func takeRemarks() -> [String] {
    let notes = devices.flatMap { $0.takeNotes() }
    var seen: Set<String> = []
    return notes.filter { seen.insert($0).inserted }.map { note in
      let count = notes.count { $0 == note }
      return count == 1 ? note : "\(note) This happened \(count) times."
    }
  }

  func makeRequest() throws(InferenceError) -> any InferenceRequest {
    condition.lock()
    // Of an interrupted run some may still be with a worker, which gives them back or is ended.
    while free.isEmpty { condition.wait() }
    let slot = free.removeLast()
    condition.unlock()
    return WorkerRequest(self, slot: slot)
  }

  func release(_ slot: Int) {
    condition.withLock {
      free.append(slot)
      condition.signal()
    }
  }

  /// The device with least to do.
  func leastLoaded() -> WorkerDevice {
    devices.min { $0.current.load < $1.current.load } ?? devices[0]
  }
}
