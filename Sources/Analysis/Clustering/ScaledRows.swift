import CSIMDKernels
import FeatureData

/// Rows less their mean, scaled by a power of two so that squares neither overflow nor vanish.
///
/// Products, which squared distances are made from, lose digits far from the origin. Rows are moved and scaled when
/// they are read, block by block: they are not copied.
struct ScaledRows {
  /// Rows of a matrix product; the last block is filled up with zeros, so that every product has the same shape.
  static let blockRows = 256
  /// Rows of a piece of work.
  static let partRows = 4 * blockRows

  private let rows: MetricRows
  /// d values, already scaled.
  private let mean: [Float]

  var rowCount: Int { rows.rowCount }
  var columnCount: Int { rows.columnCount }
  var partCount: Int { (rowCount + Self.partRows - 1) / Self.partRows }
  private var scale: Float { rows.uniformScale ?? 1 }

  /// - Throws: `AnalysisError.notFinite` for a NaN or infinity, `.noColumns`, or `WorkInterrupted`.
  /// - Complexity: O(n d).
  init(_ features: FeatureRows, threads: WorkerThreads, monitor: any WorkMonitor) throws {
    rows = try MetricRows(features, metric: .euclidean, threads: threads, monitor: monitor)
    mean = try rows.mean(of: Array(0..<features.rowCount), threads: threads, monitor: monitor)
  }

  /// A squared distance of rows as they are read, as one of the input.
  func squaredDistance(_ scaled: Double) -> Double { scaled / Double(scale) / Double(scale) }

  /// A place among the rows as they are read, as one of the input.
  func place(_ scaled: some Sequence<Double>) -> [Float] {
    zip(scaled, mean).map { Float(($0 + Double($1)) / Double(scale)) }
  }

  /// Some columns of one row, as long as `result`.
  func read(row: Int, fromColumn column: Int = 0, into result: UnsafeMutableBufferPointer<Float>) {
    guard let place = result.baseAddress else { return }
    mean.withUnsafeBufferPointer { mean in
      guard let mean = mean.baseAddress else { return }
      rows.rows.withRow(row) { values in
        guard let start = values.baseAddress else { return }
        simd_transform(start + column, scale, 0, mean + column, Int64(result.count), place)
      }
    }
  }

  /// Calls `body` with the blocks of one part, one after the other; `values` are `blockRows` × d.
  func forEachBlock(ofPart part: Int, _ body: (_ rows: Range<Int>, _ values: UnsafePointer<Float>) -> Void) {
    let d = columnCount
    let end = min(rowCount, (part + 1) * Self.partRows)
    withUnsafeTemporaryAllocation(of: Float.self, capacity: Self.blockRows * d) { block in
      guard let start = block.baseAddress else { return }
      block.initialize(repeating: 0)
      for first in stride(from: part * Self.partRows, to: end, by: Self.blockRows) {
        let range = first..<min(end, first + Self.blockRows)
        rows.write(range, lessMean: mean, to: start, stride: d)
        if range.count < Self.blockRows { block[(range.count * d)...].update(repeating: 0) }
        body(range, start)
      }
    }
  }
}
