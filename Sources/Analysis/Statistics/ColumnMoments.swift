import FeatureData

/// The count, and by column the mean and the sum of squared deviations, of some rows.
package struct ColumnMoments: Sendable, Equatable {
  private(set) var count = 0
  private(set) var means: [Double]
  /// Sums of squared deviations from the mean.
  private(set) var squares: [Double]

  /// Of no rows.
  init(columnCount: Int) {
    means = [Double](repeating: 0, count: columnCount)
    squares = means
  }

  /// Of all rows of a matrix, in two passes: the mean first, then deviations from it.
  init(_ matrix: Matrix, threads: WorkerThreads = WorkerThreads(1)) {
    self.init(columnCount: matrix.columnCount)
    count = matrix.rowCount
    let (n, d) = (matrix.rowCount, matrix.columnCount)
    if n == 0 || d == 0 { return }
    matrix.elements.withUnsafeBufferPointer { values in
      means.withUnsafeMutableBufferPointer { means in
        squares.withUnsafeMutableBufferPointer { squares in
          nonisolated(unsafe) let (means, squares) = (means, squares)
          threads.forEachBlock(of: d, size: TileSummary.blockWidth) { columns in
            for row in 0..<n { for c in columns { means[c] += Double(values[row * d + c]) } }
            for c in columns { means[c] /= Double(n) }
            for row in 0..<n {
              for c in columns {
                let deviation = Double(values[row * d + c]) - means[c]
                squares[c] += deviation * deviation
              }
            }
          }
        }
      }
    }
  }

  func moments(of column: Int) -> GroupMoments {
    GroupMoments(count: count, mean: means[column], squares: squares[column])
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
