import CSIMDKernels
import FeatureData

/// A matrix with the mean of each column taken away.
struct CentredRows {
  let rows: Matrix
  let mean: [Float]

  /// - Throws: `notFinite`, `noColumns`.
  init(_ matrix: Matrix) throws(AnalysisError) {
    let (n, d) = (matrix.rowCount, matrix.columnCount)
    if n > 0 && d == 0 { throw .noColumns }
    let flaw = matrix.elements.withUnsafeBufferPointer { values in
      values.baseAddress.map { Int(simd_first_not_finite($0, Int64(values.count))) } ?? -1
    }
    if flaw >= 0 { throw .notFinite(row: flaw / d, column: flaw % d) }
    var sums = [Double](repeating: 0, count: d)
    matrix.elements.withUnsafeBufferPointer { values in
      sums.withUnsafeMutableBufferPointer { sums in
        for r in 0..<n { for c in 0..<d { sums[c] += Double(values[r * d + c]) } }
      }
    }
    self.init(subtracting: sums.map { Float($0 / Double(max(1, n))) }, from: matrix)
  }

  init(subtracting mean: [Float], from matrix: Matrix) {
    let (n, d) = (matrix.rowCount, matrix.columnCount)
    var elements = matrix.elements
    elements.withUnsafeMutableBufferPointer { values in
      mean.withUnsafeBufferPointer { mean in
        for r in 0..<n { for c in 0..<d { values[r * d + c] -= mean[c] } }
      }
    }
    rows = Matrix(rowCount: n, columnCount: d, elements: elements)
    self.mean = mean
  }

  /// Rows known to be centred already.
  init(alreadyCentred rows: Matrix) {
    self.rows = rows
    mean = [Float](repeating: 0, count: rows.columnCount)
  }

  /// The lower triangle of rowsᵀ · rows, d × d.
  ///
  /// Rows are added up in a fixed number of parts, whatever the number of threads: the sum rounds the same.
  func columnProducts(threads: WorkerThreads, monitor: any WorkMonitor) -> [Float] {
    let (n, d) = (rows.rowCount, rows.columnCount)
    let partCount = n < 4096 ? 1 : 4
    let blockRows = 128
    let parts = UnsafeMutablePointer<Float>.allocate(capacity: partCount * d * d)
    defer { parts.deallocate() }
    parts.initialize(repeating: 0, count: partCount * d * d)
    rows.elements.withUnsafeBufferPointer { values in
      guard let start = values.baseAddress else { return }
      threads.forEach(partCount) { part in
        let end = n * (part + 1) / partCount
        var first = n * part / partCount
        while first < end && !monitor.isInterrupted {
          let count = min(blockRows, end - first)
          LinearAlgebra.addGram(start + first * d, rows: count, columns: d, to: parts + part * d * d)
          first += count
        }
      }
    }
    for part in 1..<max(1, partCount) {
      for i in 0..<d * d { parts[i] += parts[part * d * d + i] }
    }
    return Array(UnsafeBufferPointer(start: parts, count: d * d))
  }

  /// rows · rowsᵀ, n × n.
  /// - Throws: `WorkInterrupted`.
  func rowProducts(monitor: any WorkMonitor) throws(WorkInterrupted) -> [Float] {
    let (n, d) = (rows.rowCount, rows.columnCount)
    var result = [Float](repeating: 0, count: n * n)
    let blockRows = 128
    for first in stride(from: 0, to: n, by: blockRows) {
      try monitor.checkInterrupted()
      rows.elements.withUnsafeBufferPointer { values in
        result.withUnsafeMutableBufferPointer { result in
          guard let start = values.baseAddress, let places = result.baseAddress else { return }
          LinearAlgebra.multiplyTransposed(
            start + first * d, rows: min(blockRows, n - first), stride: d, start, rows: n, stride: d, depth: d,
            into: places + first * n, stride: n)
        }
      }
    }
    return result
  }

  /// The sum of rows with the given weights, at unit length; zero if the sum vanishes.
  func combination(_ weights: [Float]) -> [Float] {
    let d = rows.columnCount
    var sum = [Double](repeating: 0, count: d)
    rows.elements.withUnsafeBufferPointer { values in
      sum.withUnsafeMutableBufferPointer { sum in
        for r in weights.indices {
          let weight = Double(weights[r])
          for c in 0..<d { sum[c] += weight * Double(values[r * d + c]) }
        }
      }
    }
    let length = sum.reduce(into: 0.0) { $0 += $1 * $1 }.squareRoot()
    return sum.map { length > 0 ? Float($0 / length) : 0 }
  }
}
