import CSIMDKernels
import FeatureData

/// Sums and maxima over so many numbers that they take longer than an interruption may.
enum BlockedSums {
  private static let numbersInBlock = 1 << 18

  /// The sum, the same for any number of threads.
  /// - Throws: `WorkInterrupted`.
  static func total(
    of values: [Float], threads: WorkerThreads, monitor: any WorkMonitor
  ) throws(WorkInterrupted) -> Double {
    try byBlock(values, threads: threads, monitor: monitor) { block in
      block.reduce(into: 0.0) { $0 += Double($1) }
    }.reduce(0, +)
  }

  /// The largest of numbers that are not negative; 0 if there are none.
  /// - Throws: `WorkInterrupted`.
  static func largest(
    of values: [Float], threads: WorkerThreads, monitor: any WorkMonitor
  ) throws(WorkInterrupted) -> Float {
    try byBlock(values, threads: threads, monitor: monitor) { block in
      block.baseAddress.map { Double(simd_largest_magnitude($0, Int64(block.count))) } ?? 0
    }.reduce(into: Float(0)) { $0 = max($0, Float($1)) }
  }

  private static func byBlock(
    _ values: [Float], threads: WorkerThreads, monitor: any WorkMonitor,
    _ body: (UnsafeBufferPointer<Float>) -> Double
  ) throws(WorkInterrupted) -> [Double] {
    var results = [Double](repeating: 0, count: (values.count + numbersInBlock - 1) / numbersInBlock)
    results.withUnsafeMutableBufferPointer { results in
      values.withUnsafeBufferPointer { values in
        nonisolated(unsafe) let (results, values) = (results, values)
        threads.forEachBlock(of: values.count, size: numbersInBlock) { block in
          if monitor.isInterrupted { return }
          results[block.lowerBound / numbersInBlock] = body(UnsafeBufferPointer(rebasing: values[block]))
        }
      }
    }
    try monitor.checkInterrupted()
    return results
  }
}

extension Array where Element: BitwiseCopyable {
  /// So many elements that are all written before one is read: memory is not touched before.
  init(unfilled count: Int) {
    self.init(unsafeUninitializedCapacity: count) { $1 = count }
  }
}
