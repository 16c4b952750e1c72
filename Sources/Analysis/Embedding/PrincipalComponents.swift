package import FeatureData
import Glibc

/// The directions in which rows vary most, from the eigenvectors of their covariance.
///
/// Each axis is turned so that its element of largest magnitude (the first of several) is positive, which fixes the
/// sign that the mathematics leaves open. The result is the same for any number of threads.
///
/// Source: Pearson, "On lines and planes of closest fit to systems of points in space", 1901,
/// doi:10.1080/14786440109462720.
package struct PrincipalComponents: Sendable {
  /// d values.
  package let mean: [Float]
  /// c × d, unit length, largest variance first.
  package let axes: Matrix
  /// c variances with divisor n − 1.
  package let variances: [Float]
  /// The sum over all d directions.
  package let totalVariance: Float

  /// - Parameters:
  ///   - matrix: n × d.
  ///   - count: Axes wanted, at least 1; at most min(n, d) are given.
  /// - Throws: `AnalysisError.notFinite`, `.noColumns`, `.invalidParameter`, `.linearAlgebraFailed`, or
  ///   `WorkInterrupted`.
  /// - Complexity: O(n d m + m³) with m = min(n, d).
  package init(of matrix: Matrix, count: Int, threads: Int? = nil, monitor: any WorkMonitor) throws {
    guard count >= 1 else {
      throw AnalysisError.invalidParameter(name: "count", value: "\(count)", allowed: "1 or more")
    }
    let centred = try CentredRows(matrix)
    try self.init(of: centred, count: count, threads: WorkerThreads(threads), monitor: monitor)
  }

  init(of centred: CentredRows, count: Int, threads: WorkerThreads, monitor: any WorkMonitor) throws {
    let (n, d) = (centred.rows.rowCount, centred.rows.columnCount)
    let kept = min(count, n, d)
    mean = centred.mean
    if kept == 0 {
      (axes, variances, totalVariance) = (Matrix(rowCount: 0, columnCount: d), [], 0)
      return
    }
    monitor.report(phase: "principal components", unit: "rows", done: 0, total: n)
    let divisor = Float(max(1, n - 1))
    // With fewer rows than columns the products of rows have the same non-zero eigenvalues as those of columns.
    let isWide = n < d
    let gram =
      try isWide ? centred.rowProducts(monitor: monitor) : centred.columnProducts(threads: threads, monitor: monitor)
    try monitor.checkInterrupted()
    let size = isWide ? n : d
    totalVariance = (0..<size).reduce(into: Float(0)) { $0 += gram[$1 * size + $1] } / divisor
    let system = try LinearAlgebra.eigenSystem(gram, size: size, monitor: monitor)
    monitor.report(phase: "principal components", unit: "rows", done: n, total: n)
    var rows: [Float] = []
    var variances: [Float] = []
    for rank in 0..<kept {
      try monitor.checkInterrupted()
      let place = size - 1 - rank
      variances.append(max(0, system.values[place]) / divisor)
      let vector = system.vectors[place * size..<(place + 1) * size]
      rows += Self.turned(isWide ? centred.combination(Array(vector)) : Array(vector))
    }
    self.variances = variances
    axes = Matrix(rowCount: kept, columnCount: d, elements: rows)
  }

  private static func turned(_ axis: [Float]) -> [Float] {
    var largest = 0
    for i in axis.indices where abs(axis[i]) > abs(axis[largest]) { largest = i }
    return axis[largest] < 0 ? axis.map { -$0 } : axis
  }

  /// The coordinates of rows on the axes: n × c.
  /// - Precondition: The matrix has as many columns as the one analysed.
  package func project(_ matrix: Matrix) -> Matrix {
    precondition(matrix.columnCount == mean.count, "rows to project have the width of the rows analysed")
    return project(centred: CentredRows(subtracting: mean, from: matrix), threads: WorkerThreads(1))
  }

  func project(centred: CentredRows, threads: WorkerThreads) -> Matrix {
    let (n, d, c) = (centred.rows.rowCount, centred.rows.columnCount, axes.rowCount)
    guard n > 0, c > 0 else { return Matrix(rowCount: n, columnCount: c) }
    let blockRows = 1024
    return Matrix(
      rowCount: n, columnCount: c,
      elements: [Float](unsafeUninitializedCapacity: n * c) { places, initialised in
        places.initialize(repeating: 0)
        initialised = n * c
        guard let result = places.baseAddress else { return }
        centred.rows.elements.withUnsafeBufferPointer { values in
          guard let start = values.baseAddress else { return }
          threads.forEach((n + blockRows - 1) / blockRows) { block in
            let first = block * blockRows
            LinearAlgebra.multiplyTransposed(
              start + first * d, rows: min(blockRows, n - first), stride: d, axes.elements, rows: c, stride: d,
              depth: d, into: result + first * c, stride: c)
          }
        }
      })
  }
}
