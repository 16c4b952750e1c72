import CSIMDKernels
import FeatureData

/// Rows seen so that squared Euclidean distance orders them as a metric does.
///
/// A row is seen as `values × scale − offset`, worked out where it is needed: no copy is made. Under cosine the scale
/// makes its length 1, under correlation the offset is its mean as well; under Euclidean distance all rows have one
/// scale, a power of two, so that squares neither overflow nor vanish.
struct MetricRows: Sendable {
  let rows: FeatureRows
  let metric: DistanceMetric
  let scales: [Float]
  let offsets: [Float]
  /// Rows without a direction, ascending: under cosine those of zeros only, under correlation those of one value only.
  let rowsWithoutDirection: [Int]

  var rowCount: Int { rows.rowCount }
  var columnCount: Int { rows.columnCount }

  /// The scale of all rows under Euclidean distance; nil under other metrics.
  var uniformScale: Float? { metric == .euclidean ? scales.first ?? 1 : nil }

  private static let rowsInBlock = 256

  /// - Parameter scale: That of other rows, to which these are to be compared, under Euclidean distance.
  /// - Throws: `AnalysisError.notFinite` for a NaN or infinity, `.noColumns`, or `WorkInterrupted`.
  /// - Complexity: O(n d).
  init(
    _ rows: FeatureRows, metric: DistanceMetric, scale: Float? = nil, threads: WorkerThreads = WorkerThreads(1),
    monitor: any WorkMonitor = SilentMonitor()
  ) throws {
    let (n, d) = (rows.rowCount, rows.columnCount)
    if n > 0 && d == 0 { throw AnalysisError.noColumns }
    self.rows = rows
    self.metric = metric
    let largest = try Self.byRow(n, threads: threads, monitor: monitor) {
      simd_largest_magnitude(rows.starts[$0], Int64(d))
    }
    if let row = largest.firstIndex(where: { !$0.isFinite }) {
      let column = rows.withRow(row) { values in values.firstIndex { !$0.isFinite } ?? 0 }
      throw AnalysisError.notFinite(row: row, column: column)
    }
    if metric == .euclidean {
      let own = Self.inverse(ofExponentOf: largest.max() ?? 0)
      let scale = scale ?? own
      // Rows that are larger than those they are compared with by so much would have no finite distance from them.
      if let row = largest.firstIndex(where: { $0 * scale > 1e15 }) {
        throw AnalysisError.notComparable(row: row)
      }
      scales = [Float](repeating: scale, count: n)
      offsets = [Float](repeating: 0, count: n)
      rowsWithoutDirection = []
      return
    }
    let means = try Self.byRow(n, threads: threads, monitor: monitor) { row in
      let scale = Self.inverse(ofExponentOf: largest[row])
      return metric == .correlation ? simd_scaled_sum(rows.starts[row], scale, Int64(d)) / Float(d) : 0
    }
    let lengths = try Self.byRow(n, threads: threads, monitor: monitor) { row in
      let scale = Self.inverse(ofExponentOf: largest[row])
      return simd_scaled_squares(rows.starts[row], scale, means[row], Int64(d)).squareRoot()
    }
    // What is left of a row of one value is its mean's rounding.
    let least: Float = metric == .correlation ? 1e-6 * Float(d).squareRoot() : 0
    // A row of the very smallest numbers cannot be brought to length 1.
    let isWithout = lengths.indices.map {
      !(lengths[$0] > least) || !(Self.inverse(ofExponentOf: largest[$0]) / lengths[$0]).isFinite
    }
    try monitor.checkInterrupted()
    scales = lengths.indices.map { isWithout[$0] ? 0 : Self.inverse(ofExponentOf: largest[$0]) / lengths[$0] }
    offsets = lengths.indices.map { isWithout[$0] ? 0 : means[$0] / lengths[$0] }
    try monitor.checkInterrupted()
    rowsWithoutDirection = isWithout.indices.filter { isWithout[$0] }
  }

  /// 1 over the power of two that is not above a magnitude.
  private static func inverse(ofExponentOf largest: Float) -> Float {
    // Beyond this the inverse would be no normal number.
    largest > 0 ? Float(sign: .plus, exponent: min(126, max(-126, -Int(largest.exponent))), significand: 1) : 1
  }

  private static func byRow(
    _ n: Int, threads: WorkerThreads, monitor: any WorkMonitor, _ body: (Int) -> Float
  ) throws(WorkInterrupted) -> [Float] {
    let result = [Float](unsafeUninitializedCapacity: n) { places, count in
      places.initialize(repeating: 0)
      count = n
      threads.forEachBlock(of: n, size: rowsInBlock) { block in
        if monitor.isInterrupted { return }
        for row in block { places[row] = body(row) }
      }
    }
    try monitor.checkInterrupted()
    return result
  }

  // MARK: Distances

  /// As the kernels take them, by place in `order`.
  struct Scattered {
    let starts: [UnsafePointer<Float>?]
    let scales: [Float]
    let offsets: [Float]
    let width: Int
    private let owners: [FeatureRows]

    /// Those of `other`, if there are any, stand after the ordered ones, in their own order.
    init(_ rows: MetricRows, order: [Int32], other: (rows: MetricRows, order: [Int32])? = nil) {
      let parts = [(rows: rows, order: order)] + (other.map { [$0] } ?? [])
      starts = parts.flatMap { part in part.order.map { part.rows.rows.starts[Int($0)] } }
      scales = parts.flatMap { part in part.order.map { part.rows.scales[Int($0)] } }
      offsets = parts.flatMap { part in part.order.map { part.rows.offsets[Int($0)] } }
      width = rows.columnCount
      owners = parts.map(\.rows.rows)
    }

    func withKernelRows(_ body: (simd_scattered_rows) -> Void) {
      withExtendedLifetime(owners) {
        starts.withUnsafeBufferPointer { starts in
          scales.withUnsafeBufferPointer { scales in
            offsets.withUnsafeBufferPointer { offsets in
              body(
                simd_scattered_rows(
                  rows: starts.baseAddress, scales: scales.baseAddress, offsets: offsets.baseAddress,
                  width: Int64(width)))
            }
          }
        }
      }
    }
  }

  /// A squared distance of rows as they are seen, as a distance of the input.
  func distance(fromSquared squared: Float) -> Float {
    switch metric {
    case .cosine, .correlation: return min(2, squared / 2)
    case .euclidean:
      return min(squared.squareRoot() / (uniformScale ?? 1), .greatestFiniteMagnitude)
    }
  }

  // MARK: Blocks of rows as they are seen

  /// Writes rows as they are seen, less a mean, one after the other; a row takes `stride` places.
  func write(
    _ chosen: some Sequence<Int>, lessMean mean: [Float], to result: UnsafeMutablePointer<Float>, stride: Int
  ) {
    withExtendedLifetime(rows) {
      for (place, row) in chosen.enumerated() {
        simd_transform(
          rows.starts[row], scales[row], offsets[row], mean, Int64(columnCount), result + place * stride)
      }
    }
  }

  /// The mean of each column of the rows as they are seen.
  ///
  /// Sums are taken in parts that are the same for any number of threads.
  func mean(of chosen: [Int], threads: WorkerThreads, monitor: any WorkMonitor) throws(WorkInterrupted) -> [Float] {
    let d = columnCount
    let partSize = 2048
    let partCount = (chosen.count + partSize - 1) / partSize
    let parts = UnsafeMutableBufferPointer<Double>.allocate(capacity: partCount * d)
    defer { parts.deallocate() }
    parts.initialize(repeating: 0)
    let zeros = [Float](repeating: 0, count: d)
    threads.forEach(partCount) { part in
      let row = UnsafeMutablePointer<Float>.allocate(capacity: d)
      defer { row.deallocate() }
      let sums = UnsafeMutableBufferPointer(rebasing: parts[part * d..<(part + 1) * d])
      for index in part * partSize..<min(chosen.count, (part + 1) * partSize) {
        if monitor.isInterrupted { return }
        write(CollectionOfOne(chosen[index]), lessMean: zeros, to: row, stride: d)
        for c in 0..<d { sums[c] += Double(row[c]) }
      }
    }
    try monitor.checkInterrupted()
    return (0..<d).map { c in
      let sum = (0..<partCount).reduce(into: 0.0) { $0 += parts[$1 * d + c] }
      return Float(sum / Double(max(1, chosen.count)))
    }
  }

  /// True if all rows are alike as far as the metric goes.
  var haveNoSpread: Bool {
    if !rowsWithoutDirection.isEmpty { return rowsWithoutDirection.count == rowCount }
    guard rowCount > 0 else { return true }
    var result = true
    Scattered(self, order: (0..<Int32(rowCount)).map { $0 }).withKernelRows { kernelRows in
      withUnsafePointer(to: kernelRows) { kernelRows in
        result = (1..<max(1, rowCount)).allSatisfy {
          simd_scattered_distance(kernelRows, 0, UInt32($0)) < 1e-12
        }
      }
    }
    return result
  }
}
