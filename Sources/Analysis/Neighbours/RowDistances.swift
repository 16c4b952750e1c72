/// Distances from one row to others, wherever these lie: for looking through more rows than fit into memory.
package struct RowDistances: Sendable {
  package let metric: DistanceMetric
  private let origin: [Float]
  private let length: Float

  package init(from origin: [Float], metric: DistanceMetric) {
    self.metric = metric
    let mean = metric == .correlation ? origin.reduce(0, +) / Float(max(1, origin.count)) : 0
    let isConstant = metric == .correlation && origin.allSatisfy { $0 == origin.first }
    self.origin = isConstant ? origin.map { _ in 0 } : origin.map { $0 - mean }
    length = self.origin.reduce(0) { $0 + $1 * $1 }.squareRoot()
  }

  /// Under cosine, from a row that is centred already.
  private init(centred origin: [Float], length: Float) {
    metric = .cosine
    self.origin = origin
    self.length = length
  }

  /// The distance in single precision, for ranking; NaN if the row has a number that is not finite.
  ///
  /// - Precondition: `row` is as long as the origin.
  /// - Complexity: O(d).
  package func distance(to row: UnsafeBufferPointer<Float>) -> Float {
    switch metric {
    case .euclidean: return sums(row).differences.squareRoot()
    case .correlation:
      let mean = row.reduce(0, +) / Float(max(1, row.count))
      let first = row.first
      let centred = row.allSatisfy { $0 == first } ? row.map { $0.isNaN ? .nan : 0 } : row.map { $0 - mean }
      return centred.withUnsafeBufferPointer { RowDistances(centred: origin, length: length).distance(to: $0) }
    case .cosine:
      let (products, squares, _) = sums(row)
      let otherLength = squares.squareRoot()
      if length == 0 || otherLength == 0 { return squares.isNaN ? .nan : length == otherLength ? 0 : 1 }
      return min(max(1 - products / length / otherLength, 0), 2)
    }
  }

  /// The distance in double precision, for showing.
  package func preciseDistance(to row: [Float]) -> Double {
    var products = 0.0
    var squares = 0.0
    var otherSquares = 0.0
    var differences = 0.0
    let isCorrelation = metric == .correlation
    let (first, count) = (row.first, Double(max(1, row.count)))
    let isConstant = isCorrelation && row.allSatisfy { $0 == first }
    let mean = isCorrelation ? row.reduce(into: 0.0) { $0 += Double($1) } / count : 0
    // The origin's own mean is left over from its rounding.
    let rest = isCorrelation ? origin.reduce(into: 0.0) { $0 += Double($1) } / count : 0
    for (a, b) in zip(origin, row) {
      let (a, b) = (Double(a) - rest, isConstant ? 0 : Double(b) - mean)
      products += a * b
      squares += a * a
      otherSquares += b * b
      differences += (a - b) * (a - b)
    }
    switch metric {
    case .euclidean: return differences.squareRoot()
    case .cosine, .correlation:
      if squares == 0 || otherSquares == 0 { return squares == otherSquares ? 0 : 1 }
      return min(max(1 - products / squares.squareRoot() / otherSquares.squareRoot(), 0), 2)
    }
  }

  private typealias Lanes = SIMD16<Float>

  private func sums(_ row: UnsafeBufferPointer<Float>) -> (products: Float, squares: Float, differences: Float) {
    var products = Lanes.zero
    var squares = Lanes.zero
    var differences = Lanes.zero
    let whole = origin.count / Lanes.scalarCount * Lanes.scalarCount
    var rest = (products: Float(0), squares: Float(0), differences: Float(0))
    origin.withUnsafeBufferPointer { origin in
      let origins = UnsafeRawBufferPointer(origin)
      let rows = UnsafeRawBufferPointer(row)
      let isEuclidean = metric == .euclidean
      for start in stride(from: 0, to: whole, by: Lanes.scalarCount) {
        let offset = start * MemoryLayout<Float>.stride
        let a = origins.loadUnaligned(fromByteOffset: offset, as: Lanes.self)
        let b = rows.loadUnaligned(fromByteOffset: offset, as: Lanes.self)
        if isEuclidean {
          let difference = a - b
          differences += difference * difference
        } else {
          products += a * b
          squares += b * b
        }
      }
      for index in whole..<origin.count {
        let (a, b) = (origin[index], row[index])
        rest.products += a * b
        rest.squares += b * b
        rest.differences += (a - b) * (a - b)
      }
    }
    return (
      products.sum() + rest.products, squares.sum() + rest.squares, differences.sum() + rest.differences
    )
  }
}
