import FeatureData

/// The count, and by column the mean and the sum of squared deviations, of some rows.
struct ColumnMoments: Sendable, Equatable {
  private(set) var count = 0
  private(set) var means: [Double]
  /// Sums of squared deviations from the mean.
  private(set) var squares: [Double]

  /// Of no rows.
  init(columnCount: Int) {
    means = [Double](repeating: 0, count: columnCount)
    squares = means
  }

  /// Of all rows of a matrix.
  init(_ matrix: Matrix) {
    self = matrix.elements.withUnsafeBufferPointer { values in
      Self(columnCount: matrix.columnCount, rows: 0..<matrix.rowCount) { Double(values[$0]) }
    }
  }

  /// Of some rows of row-major values.
  init(_ values: some RandomAccessCollection<Double>, columnCount: Int, rows: [Int]) {
    self.init(columnCount: columnCount, rows: rows) { values[values.index(values.startIndex, offsetBy: $0)] }
  }

  /// Two passes: the mean first, then deviations from it.
  private init(columnCount d: Int, rows: some Collection<Int>, _ value: (_ place: Int) -> Double) {
    self.init(columnCount: d)
    count = rows.count
    if count == 0 { return }
    for row in rows { for c in 0..<d { means[c] += value(row * d + c) } }
    for c in 0..<d { means[c] /= Double(count) }
    for row in rows {
      for c in 0..<d {
        let deviation = value(row * d + c) - means[c]
        squares[c] += deviation * deviation
      }
    }
  }

  /// Adds other rows, from their moments.
  ///
  /// Source: Chan, Golub, LeVeque, "Algorithms for computing the sample variance", 1983,
  /// doi:10.1080/00031305.1983.10483115.
  mutating func add(_ other: ColumnMoments) {
    if other.count == 0 { return }
    let total = Double(count + other.count)
    let share = Double(other.count) / total
    for c in means.indices {
      let difference = other.means[c] - means[c]
      squares[c] += other.squares[c] + difference * difference * Double(count) * share
      means[c] += difference * share
    }
    count += other.count
  }
}
