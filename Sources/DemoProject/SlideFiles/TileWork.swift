import Dispatch
import FeatureData
import Foundation
import Slides
import Synchronization

/// Work on many tiles, shared between all cores.
enum TileWork {
  private struct Progress<Result> {
    var results: [Result?]
    var fault: (any Error)?
  }

  /// What `work` gives for each index, in order. Each thread has an encoder of its own.
  /// - Throws: one of the errors of `work`, or `WorkInterrupted`.
  static func results<Result: Sendable>(
    count: Int, monitor: any WorkMonitor, _ work: @Sendable (Int, borrowing TileEncoder) throws -> Result
  ) throws -> [Result] {
    let progress = Mutex(Progress<Result>(results: Array(repeating: nil, count: count)))
    let workers = min(max(ProcessInfo.processInfo.activeProcessorCount, 1), count)
    DispatchQueue.concurrentPerform(iterations: workers) { worker in
      let encoder = TileEncoder()
      for index in stride(from: worker, to: count, by: workers) where !monitor.isInterrupted {
        do {
          let result = try work(index, encoder)
          progress.withLock { $0.results[index] = result }
        } catch {
          progress.withLock { $0.fault = error }
          return
        }
      }
    }
    try monitor.checkInterrupted()
    let (results, fault) = progress.withLock { ($0.results, $0.fault) }
    if let fault { throw fault }
    let all = results.compactMap { $0 }
    // A thread may have seen an interrupt that is gone by now.
    guard all.count == count else { throw WorkInterrupted() }
    return all
  }
}
