import Analysis
import FeatureData
import FeatureStore

/// The tiles nearest to the middle of each cluster, of as many slides as possible.
struct ClusterExemplars {
  private struct Near {
    let squared: Double
    let row: Int
  }

  /// By cluster: places among the points, nearest first.
  let places: [[Int]]

  /// - Parameters:
  ///   - slides: By row.
  ///   - labels: By row; −1 for none.
  /// - Throws: `WorkInterrupted`.
  init(
    _ rows: FeatureRows, slides: [Int], labels: [Int32], clusterCount: Int, count: Int, monitor: any WorkMonitor
  ) throws(WorkInterrupted) {
    let d = rows.columnCount
    var means = [Double](repeating: 0, count: clusterCount * d)
    var sizes = [Int](repeating: 0, count: clusterCount)
    for (row, label) in labels.enumerated() where label >= 0 {
      if row.isMultiple(of: 4096) { try monitor.checkInterrupted() }
      sizes[Int(label)] += 1
      let start = Int(label) * d
      rows.withRow(row) { values in for column in 0..<d { means[start + column] += Double(values[column]) } }
    }
    for (cluster, size) in sizes.enumerated() where size > 0 {
      for column in 0..<d { means[cluster * d + column] /= Double(size) }
    }
    var nearest = [[Int: [Near]]](repeating: [:], count: clusterCount)
    for (row, label) in labels.enumerated() where label >= 0 {
      if row.isMultiple(of: 4096) { try monitor.checkInterrupted() }
      let start = Int(label) * d
      var squared = 0.0
      rows.withRow(row) { values in
        for column in 0..<d {
          let difference = Double(values[column]) - means[start + column]
          squared += difference * difference
        }
      }
      var own = nearest[Int(label)][slides[row]] ?? []
      if own.count == count, let last = own.last, last.squared <= squared { continue }
      own.insert(Near(squared: squared, row: row), at: own.firstIndex { $0.squared > squared } ?? own.endIndex)
      nearest[Int(label)][slides[row]] = Array(own.prefix(count))
    }
    places = nearest.map { bySlide in
      // The nearest of every slide first, then the second of each.
      bySlide.values.flatMap { $0.enumerated().map { (rank: $0, near: $1) } }
        .sorted { ($0.rank, $0.near.squared, $0.near.row) < ($1.rank, $1.near.squared, $1.near.row) }
        .prefix(count).map(\.near.row)
    }
  }
}
