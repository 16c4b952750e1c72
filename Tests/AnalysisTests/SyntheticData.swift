import FeatureData
import Synchronization

/// Seeded data for tests.
enum SyntheticData {
  /// Normal values around `clusters` centres 6 apart in each dimension; row r belongs to cluster r mod `clusters`.
  static func clustered(rows: Int, columns: Int, clusters: Int, seed: UInt64) -> (matrix: Matrix, labels: [Int]) {
    var generator = SplitMix64(seed: seed)
    let centres = (0..<clusters * columns).map { _ in Float(6 * generator.nextNormal()) }
    var matrix = Matrix(rowCount: rows, columnCount: columns)
    for row in 0..<rows {
      for column in 0..<columns {
        matrix[row, column] = centres[row % clusters * columns + column] + Float(generator.nextNormal())
      }
    }
    return (matrix, (0..<rows).map { $0 % clusters })
  }

  static func uniform(rows: Int, columns: Int, seed: UInt64) -> Matrix {
    var generator = SplitMix64(seed: seed)
    let values = (0..<rows * columns).map { _ in Float(generator.nextUnit()) }
    return Matrix(rowCount: rows, columnCount: columns, elements: values)
  }
}

/// Interrupts as soon as a phase is reported, and collects the phases.
final class InterruptingMonitor: WorkMonitor {
  private let phase: String
  private let isStopped = Atomic<Bool>(false)
  let stoppedAt = Mutex<ContinuousClock.Instant?>(nil)
  let phases = Mutex<Set<String>>([])

  init(during phase: String) { self.phase = phase }

  var isInterrupted: Bool { isStopped.load(ordering: .relaxed) }

  func report(phase: String, unit: String, done: Int, total: Int) {
    phases.withLock { _ = $0.insert(phase) }
    if phase == self.phase && !isStopped.exchange(true, ordering: .relaxed) {
      stoppedAt.withLock { $0 = .now }
    }
  }
}
