import FeatureData

/// How the tiles of a slide or a patient make one vector.
package enum TileSummary: Sendable, Hashable {
  /// The mean over the tiles.
  case mean
  /// The fraction of the tiles with an activation above the threshold.
  case threshold(Float)
  /// The middle activation, of an even number of tiles the mean of the two in the middle.
  case median
  case max
  /// The mean of so many highest activations, at least one; of all tiles where there are fewer.
  case top(Int)

  /// Columns that a thread takes at once.
  static let blockWidth = 64

  /// One number a column; zeros without rows.
  ///
  /// - Parameter moments: of the same matrix.
  /// - Complexity: O(n × d).
  func vector(of matrix: Matrix, _ moments: ColumnMoments, threads: WorkerThreads) -> [Double] {
    let (n, d) = (matrix.rowCount, matrix.columnCount)
    if n == 0 { return [Double](repeating: 0, count: d) }
    let column: (UnsafeMutableBufferPointer<Float>) -> Double
    switch self {
    case .mean: return moments.means
    case .threshold(let threshold): column = { Double($0.count { $0 > threshold }) / Double(n) }
    case .max: column = { Double($0.max() ?? 0) }
    case .median:
      column = { values in
        let middle = n / 2
        let upper = Self.select(middle, in: values)
        guard n.isMultiple(of: 2) else { return Double(upper) }
        let lower = values[..<middle].max() ?? upper
        return (Double(lower) + Double(upper)) / 2
      }
    case .top(let asked):
      let count = min(Swift.max(asked, 1), n)
      column = { values in
        if count < n { _ = Self.select(n - count, in: values) }
        let origin = values[n - 1]
        // From one of them, so that the mean of equal ones is exact.
        let sum = values[(n - count)...].reduce(0.0) { $0 + (Double($1) - Double(origin)) }
        return Double(origin) + sum / Double(count)
      }
    }
    return [Double](unsafeUninitializedCapacity: d) { result, written in
      nonisolated(unsafe) let result = result
      nonisolated(unsafe) let column = column
      matrix.elements.withUnsafeBufferPointer { values in
        threads.forEachBlock(of: d, size: 16) { columns in
          // Row by row, so that each line of the cache is fetched once.
          withUnsafeTemporaryAllocation(of: Float.self, capacity: n * columns.count) { block in
            for row in 0..<n {
              for c in columns { block[(c - columns.lowerBound) * n + row] = values[row * d + c] }
            }
            for c in columns {
              let start = (c - columns.lowerBound) * n
              result[c] = column(UnsafeMutableBufferPointer(rebasing: block[start..<start + n]))
            }
          }
        }
      }
      written = d
    }
  }

  /// The value at a place in ascending order; smaller ones come to stand before that place, larger ones behind it.
  ///
  /// Source: Hoare, "Algorithm 65: find", 1961, doi:10.1145/366622.366647.
  /// - Complexity: O(n) on average.
  private static func select(_ place: Int, in values: UnsafeMutableBufferPointer<Float>) -> Float {
    var (low, high) = (0, values.count - 1)
    while low < high {
      let middle = low + (high - low) / 2
      let (a, b, c) = (values[low], values[middle], values[high])
      let pivot = Swift.max(min(a, b), min(Swift.max(a, b), c))
      var (left, right) = (low, high)
      while left <= right {
        while values[left] < pivot { left += 1 }
        while values[right] > pivot { right -= 1 }
        if left <= right {
          values.swapAt(left, right)
          left += 1
          right -= 1
        }
      }
      if place <= right { high = right } else if place >= left { low = left } else { break }
    }
    return values[place]
  }
}
