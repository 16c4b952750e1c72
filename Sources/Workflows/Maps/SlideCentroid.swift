import FeatureStore

/// The middle of a slide's tiles in feature space: their mean, and the tile nearest to it.
enum SlideCentroid {
  /// Mean of some rows, accumulated in double precision.
  static func mean(of features: MappedMatrix, rows: [Int]) -> [Double] {
    var sum = [Double](repeating: 0, count: features.columnCount)
    features.withValues { values in
      for row in rows {
        for column in 0..<features.columnCount { sum[column] += Double(values[row * features.columnCount + column]) }
      }
    }
    return sum.map { $0 / Double(max(rows.count, 1)) }
  }

  /// Of some rows the one with the least Euclidean distance; of equals the first.
  static func nearestRow(to mean: [Double], in features: MappedMatrix, rows: [Int]) -> Int {
    var best = (row: rows.first ?? 0, distance: Double.infinity)
    features.withValues { values in
      for row in rows {
        var distance = 0.0
        for column in 0..<features.columnCount {
          let difference = Double(values[row * features.columnCount + column]) - mean[column]
          distance += difference * difference
        }
        if distance < best.distance { best = (row, distance) }
      }
    }
    return best.row
  }
}
