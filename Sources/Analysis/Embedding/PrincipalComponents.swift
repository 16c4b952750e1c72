package import FeatureData

/// The directions in which rows vary most.
///
/// Each axis is turned so that its element of largest magnitude (the first of several) is positive, which fixes the
/// sign that the mathematics leaves open. The result is the same for any number of threads.
///
/// Up to a thousand columns, or rows, they are the eigenvectors of all products of columns, or of rows; above, they are
/// found by iterating on a random subspace.
///
/// Sources: Pearson, "On lines and planes of closest fit to systems of points in space", 1901,
/// doi:10.1080/14786440109462720; Halko, Martinsson, Tropp, "Finding structure with randomness", 2011,
/// doi:10.1137/090771806.
package struct PrincipalComponents: Sendable {
  /// d values.
  package let mean: [Float]
  /// c × d, unit length, largest variance first.
  package let axes: Matrix
  /// c variances with divisor n − 1.
  package let variances: [Float]
  /// The sum over all d directions.
  package let totalVariance: Float

  /// Up to here all products are formed and decomposed.
  static let largestDecomposition = 1024

  /// - Parameters:
  ///   - matrix: n × d.
  ///   - count: Axes wanted, at least 1; at most min(n, d) are given.
  /// - Throws: `AnalysisError.notFinite`, `.noColumns`, `.invalidParameter`, `.linearAlgebraFailed`, or
  ///   `WorkInterrupted`.
  /// - Complexity: O(n d m + m³) with m = min(n, d), or O(n d c) for each of a few iterations.
  package init(of matrix: Matrix, count: Int, threads: Int? = nil, monitor: any WorkMonitor) throws {
    guard count >= 1 else {
      throw AnalysisError.invalidParameter(name: "count", value: "\(count)", allowed: "1 or more")
    }
    let threads = WorkerThreads(threads)
    let rows = try MetricRows(FeatureRows(matrix), metric: .euclidean, threads: threads, monitor: monitor)
    let found = try PrincipalComponents(
      of: rows, chosen: Array(0..<matrix.rowCount), count: count, threads: threads, monitor: monitor)
    // The rows were seen at another scale.
    let scale = rows.uniformScale ?? 1
    mean = found.mean.map { $0 / scale }
    axes = found.axes
    variances = found.variances.map { $0 / scale / scale }
    totalVariance = found.totalVariance / scale / scale
  }

  /// Of the chosen rows as they are seen.
  ///
  /// - Parameter tolerance: At which change of the variances, relative to the largest, iterating ends.
  init(
    of rows: MetricRows, chosen: [Int], count: Int, tolerance: Float = 1e-6, threads: WorkerThreads,
    monitor: any WorkMonitor
  ) throws {
    let (n, d) = (chosen.count, rows.columnCount)
    let kept = min(count, n, d)
    mean = try rows.mean(of: chosen, threads: threads, monitor: monitor)
    if kept == 0 {
      (axes, variances, totalVariance) = (Matrix(rowCount: 0, columnCount: d), [], 0)
      return
    }
    monitor.report(phase: "principal components", unit: "rows", done: 0, total: n)
    let products = RowProducts(rows: rows, chosen: chosen, mean: mean, threads: threads, monitor: monitor)
    let divisor = Float(max(1, n - 1))
    var found: [Float]
    var values: [Float]
    if min(n, d) <= Self.largestDecomposition {
      // With fewer rows than columns the products of rows have the same non-zero eigenvalues as those of columns.
      let size = min(n, d)
      let gram = try n < d ? products.ofRows() : products.ofColumns()
      totalVariance = (0..<size).reduce(into: Float(0)) { $0 += gram[$1 * size + $1] } / divisor
      let system = try LinearAlgebra.eigenSystem(gram, size: size, monitor: monitor)
      found = []
      values = []
      for place in (size - kept..<size).reversed() {
        let vector = Array(system.vectors[place * size..<(place + 1) * size])
        found += try n < d ? products.combination(vector) : vector
        values.append(system.values[place])
      }
    } else {
      totalVariance = try products.squares() / divisor
      (found, values) = try Subspace(products: products, count: kept, tolerance: tolerance).dominant()
    }
    monitor.report(phase: "principal components", unit: "rows", done: n, total: n)
    for axis in 0..<kept { Self.turn(&found, axis * d..<(axis + 1) * d) }
    variances = values.map { max(0, $0) / divisor }
    axes = Matrix(rowCount: kept, columnCount: d, elements: found)
  }

  private static func turn(_ values: inout [Float], _ axis: Range<Int>) {
    var largest = axis.lowerBound
    for i in axis where abs(values[i]) > abs(values[largest]) { largest = i }
    if values[largest] < 0 { for i in axis { values[i] = -values[i] } }
  }
}

/// Products of rows as they are seen, less their mean, of which they are taken block by block.
struct RowProducts {
  let rows: MetricRows
  let chosen: [Int]
  let mean: [Float]
  let threads: WorkerThreads
  let monitor: any WorkMonitor

  private static let rowsInBlock = 128
  private var width: Int { rows.columnCount }

  /// Calls `body` with blocks of rows, one after the other within a part; parts are the same for any number of threads,
  /// so that sums over them round the same.
  private func forEachBlock(
    parts: Int, _ body: (_ part: Int, _ block: UnsafeMutablePointer<Float>, _ first: Int, _ count: Int) -> Void
  ) throws(WorkInterrupted) {
    let n = chosen.count
    threads.forEach(parts) { part in
      let block = UnsafeMutablePointer<Float>.allocate(capacity: Self.rowsInBlock * width)
      defer { block.deallocate() }
      let end = n * (part + 1) / parts
      var first = n * part / parts
      while first < end && !monitor.isInterrupted {
        let count = min(Self.rowsInBlock, end - first)
        rows.write(chosen[first..<first + count], lessMean: mean, to: block, stride: width)
        body(part, block, first, count)
        first += count
      }
    }
    try monitor.checkInterrupted()
  }

  private var partCount: Int { chosen.count < 4096 ? 1 : 4 }

  /// Sums, over all rows, of what `body` adds to `size` numbers.
  private func sums(
    of size: Int,
    _ body: (_ block: UnsafeMutablePointer<Float>, _ count: Int, _ sums: UnsafeMutablePointer<Float>) -> Void
  ) throws(WorkInterrupted) -> [Float] {
    let parts = UnsafeMutablePointer<Float>.allocate(capacity: partCount * size)
    defer { parts.deallocate() }
    parts.initialize(repeating: 0, count: partCount * size)
    try forEachBlock(parts: partCount) { part, block, _, count in body(block, count, parts + part * size) }
    for part in 1..<max(1, partCount) { for i in 0..<size { parts[i] += parts[part * size + i] } }
    return Array(UnsafeBufferPointer(start: parts, count: size))
  }

  /// The lower triangle of rowsᵀ · rows, d × d.
  func ofColumns() throws(WorkInterrupted) -> [Float] {
    try sums(of: width * width) { LinearAlgebra.addGram($0, rows: $1, columns: width, to: $2) }
  }

  /// rows · rowsᵀ, n × n.
  func ofRows() throws(WorkInterrupted) -> [Float] {
    let n = chosen.count
    let all = ZeroedStorage<Float>(count: n * width)
    guard let start = all.values.baseAddress else { return [] }
    defer { withExtendedLifetime(all) {} }
    rows.write(chosen, lessMean: mean, to: start, stride: width)
    var result = [Float](repeating: 0, count: n * n)
    for first in stride(from: 0, to: n, by: Self.rowsInBlock) {
      try monitor.checkInterrupted()
      result.withUnsafeMutableBufferPointer { result in
        guard let places = result.baseAddress else { return }
        LinearAlgebra.multiplyTransposed(
          start + first * width, rows: min(Self.rowsInBlock, n - first), stride: width, start, rows: n, stride: width,
          depth: width, into: places + first * n, stride: n)
      }
    }
    return result
  }

  /// The sum of all squares.
  func squares() throws(WorkInterrupted) -> Float {
    let byRow = try sums(of: 1) { block, count, sum in
      sum[0] += (0..<count * width).reduce(into: Float(0)) { $0 += block[$1] * block[$1] }
    }
    return byRow[0]
  }

  /// The sum of rows with the given weights, at unit length; zero if the sum vanishes.
  func combination(_ weights: [Float]) throws(WorkInterrupted) -> [Float] {
    let d = width
    var sum = [Double](repeating: 0, count: d)
    try forEachBlock(parts: 1) { _, block, first, count in
      for r in 0..<count {
        let weight = Double(weights[first + r])
        for c in 0..<d { sum[c] += weight * Double(block[r * d + c]) }
      }
    }
    let length = sum.reduce(into: 0.0) { $0 += $1 * $1 }.squareRoot()
    return sum.map { length > 0 ? Float($0 / length) : 0 }
  }

  /// vectors · rowsᵀ · rows: m × d.
  func applied(to vectors: [Float], count m: Int) throws(WorkInterrupted) -> [Float] {
    try sums(of: m * width) { block, count, sum in
      withUnsafeTemporaryAllocation(of: Float.self, capacity: count * m) { products in
        guard let place = products.baseAddress else { return }
        LinearAlgebra.multiplyTransposed(
          block, rows: count, stride: width, vectors, rows: m, stride: width, depth: width, into: place, stride: m)
        LinearAlgebra.addTransposedProduct(place, columns: m, block, columns: width, rows: count, to: sum)
      }
    }
  }
}

/// A random subspace that is turned, by applying the products of columns again and again, into that of the largest
/// eigenvalues.
private struct Subspace {
  let products: RowProducts
  let count: Int
  let tolerance: Float

  private static let surplus = 12
  private static let most = 40

  /// `count` vectors of unit length, one after the other, and their eigenvalues, largest first.
  func dominant() throws -> (vectors: [Float], values: [Float]) {
    let d = products.rows.columnCount
    let m = min(count + Self.surplus, d, products.chosen.count)
    var generator = SplitMix64(seed: 0)
    var vectors = (0..<m * d).map { _ in Float(generator.nextNormal()) }
    orthonormalise(&vectors, count: m)
    var values: [Float] = []
    for _ in 0..<Self.most {
      let applied = try products.applied(to: vectors, count: m)
      // The eigenvectors within the subspace.
      var inside = [Float](repeating: 0, count: m * m)
      LinearAlgebra.multiplyTransposed(
        vectors, rows: m, stride: d, applied, rows: m, stride: d, depth: d, into: &inside, stride: m)
      let system = try LinearAlgebra.eigenSystem(inside, size: m, monitor: products.monitor)
      let found = Array(system.values.suffix(count).reversed())
      let change = values.isEmpty ? .infinity : zip(found, values).map { abs($0 - $1) }.max() ?? 0
      let isSettled = change <= tolerance * max(found[0], 0)
      values = found
      var turned = [Float](repeating: 0, count: m * d)
      let coefficients = (0..<m).flatMap { rank in (0..<m).map { system.vectors[(m - 1 - rank) * m + $0] } }
      // Turning the vectors themselves ends the search, turning what they became goes on with it.
      turn(isSettled ? vectors : applied, by: coefficients, count: m, to: &turned)
      vectors = turned
      orthonormalise(&vectors, count: m)
      if isSettled { break }
    }
    return (Array(vectors.prefix(count * d)), values)
  }

  private func turn(_ vectors: [Float], by coefficients: [Float], count m: Int, to result: inout [Float]) {
    let d = vectors.count / m
    var columns = [Float](repeating: 0, count: m * m)
    for i in 0..<m { for j in 0..<m { columns[j * m + i] = coefficients[i * m + j] } }
    LinearAlgebra.addTransposedProduct(columns, columns: m, vectors, columns: d, rows: m, to: &result)
  }

  /// Gram and Schmidt's method, twice, since once loses digits.
  private func orthonormalise(_ vectors: inout [Float], count m: Int) {
    let d = vectors.count / m
    vectors.withUnsafeMutableBufferPointer { values in
      for _ in 0..<2 {
        for i in 0..<m {
          let own = values[i * d..<(i + 1) * d]
          for j in 0..<i {
            var product: Float = 0
            for c in 0..<d { product += values[i * d + c] * values[j * d + c] }
            for c in 0..<d { values[i * d + c] -= product * values[j * d + c] }
          }
          let length = own.indices.reduce(into: 0.0) { $0 += Double(values[$1]) * Double(values[$1]) }.squareRoot()
          let factor = length > 0 ? Float(1 / length) : 0
          for c in 0..<d { values[i * d + c] *= factor }
        }
      }
    }
  }
}
