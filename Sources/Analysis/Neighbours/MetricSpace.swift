import CSIMDKernels
import FeatureData
import Glibc

/// Rows moved and scaled so that squared Euclidean distance orders them as the metric does.
///
/// Under cosine each row is divided by its length. Rows are then centred, since the products that distances are made
/// from lose digits far from the origin, and scaled by a power of two so that squares neither overflow nor vanish.
struct MetricSpace {
  let metric: DistanceMetric
  /// n × d.
  let rows: Matrix
  /// Under cosine, the rows that were all zero, ascending.
  let zeroRows: [Int]
  let isZero: [Bool]
  /// A distance among `rows` times this is a distance of the input (Euclidean).
  private let scale: Float

  /// - Throws: `AnalysisError.notFinite` for a NaN or infinity, `.noColumns`, or `WorkInterrupted`.
  init(
    _ matrix: Matrix, metric: DistanceMetric, threads: WorkerThreads = WorkerThreads(1),
    monitor: any WorkMonitor = SilentMonitor()
  ) throws {
    let (n, d) = (matrix.rowCount, matrix.columnCount)
    if n > 0 && d == 0 { throw AnalysisError.noColumns }
    let flaw = matrix.elements.withUnsafeBufferPointer { values in
      values.baseAddress.map { Int(simd_first_not_finite($0, Int64(values.count))) } ?? -1
    }
    if flaw >= 0 { throw AnalysisError.notFinite(row: flaw / d, column: flaw % d) }
    self.metric = metric
    var moved = matrix.elements
    var isZero = [Bool](repeating: false, count: n)
    let scale = moved.withUnsafeMutableBufferPointer { values in
      isZero.withUnsafeMutableBufferPointer { isZero in
        let blocks = RowBlocks(values: values, rowCount: n, columnCount: d, threads: threads, monitor: monitor)
        if metric == .cosine { blocks.normalise(isZero: isZero) }
        blocks.centre()
        return metric == .cosine ? 1 : blocks.scaleToOne()
      }
    }
    try monitor.checkInterrupted()
    self.scale = scale
    rows = Matrix(rowCount: n, columnCount: d, elements: moved)
    self.isZero = isZero
    zeroRows = isZero.indices.filter { isZero[$0] }
  }

  /// The distance between two rows of the input.
  func distance(_ i: Int, _ j: Int) -> Float {
    if metric == .cosine && (isZero[i] || isZero[j]) { return isZero[i] && isZero[j] ? 0 : 1 }
    let d = rows.columnCount
    let squared = rows.elements.withUnsafeBufferPointer { values -> Float in
      guard let start = values.baseAddress else { return 0 }
      return simd_squared_distance(start + i * d, start + j * d, Int64(d))
    }
    switch metric {
    case .cosine: return squared / 2
    case .euclidean: return min(squared.squareRoot() * scale, .greatestFiniteMagnitude)
    }
  }
}

extension MetricSpace {
  /// True if all rows are alike as far as the metric goes.
  var hasNoSpread: Bool {
    if !zeroRows.isEmpty && zeroRows.count < rows.rowCount { return false }
    return (1..<max(1, rows.rowCount)).allSatisfy { distance(0, $0) < 1e-12 }
  }
}
