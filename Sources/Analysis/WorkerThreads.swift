import Dispatch
import Glibc
import Synchronization

/// Runs numbered pieces of work on several threads.
///
/// Which thread takes which piece varies from run to run; results that must not depend on it are written to a place
/// that belongs to the piece.
struct WorkerThreads: Sendable {
  let count: Int

  /// - Parameter count: At least 1 is used; nil stands for one thread a core.
  init(_ count: Int?) {
    self.count = max(1, count ?? Self.coreCount)
  }

  private static let coreCount = max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))))

  /// Calls `body` once for each piece and returns when all calls have returned.
  func forEach(_ pieces: Int, _ body: (_ piece: Int) -> Void) {
    if count == 1 || pieces <= 1 {
      for piece in 0..<pieces { body(piece) }
      return
    }
    let next = Atomic<Int>(0)
    withoutActuallyEscaping(body) { body in
      // Pieces touch only what belongs to them, and all have returned before this call does.
      nonisolated(unsafe) let body = body
      DispatchQueue.concurrentPerform(iterations: min(count, pieces)) { _ in
        while true {
          let piece = next.wrappingAdd(1, ordering: .relaxed).oldValue
          if piece >= pieces { return }
          body(piece)
        }
      }
    }
  }

  /// Calls `body` with the ranges of `size` numbers that `0 ..< count` is cut into; the last may be shorter.
  func forEachBlock(of count: Int, size: Int, _ body: (Range<Int>) -> Void) {
    forEach((count + size - 1) / size) { block in body(block * size..<min(count, (block + 1) * size)) }
  }
}
