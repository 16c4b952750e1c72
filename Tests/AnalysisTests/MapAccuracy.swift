import FeatureData

@testable import Analysis

/// The share of rows whose label is the commonest among their ten nearest on a map; of equally common labels the
/// smallest counts.
func neighbourAccuracy(_ coordinates: Matrix, _ labels: [Int]) throws -> Double {
  let graph = try ExactSearch(metric: .euclidean).neighbours(of: coordinates, count: 10, monitor: SilentMonitor())
  let right = labels.indices.count { row in
    let votes = graph.neighbours(of: row).reduce(into: [Int: Int]()) { $0[labels[Int($1)], default: 0] += 1 }
    return votes.max { ($0.value, -$0.key) < ($1.value, -$1.key) }?.key == labels[row]
  }
  return Double(right) / Double(labels.count)
}

extension PrincipalComponents {
  /// The coordinates of rows on the axes: n × c.
  func project(_ matrix: Matrix) -> Matrix {
    var result = Matrix(rowCount: matrix.rowCount, columnCount: axes.rowCount)
    for row in 0..<matrix.rowCount {
      for axis in 0..<axes.rowCount {
        result[row, axis] = (0..<matrix.columnCount).reduce(0) { $0 + (matrix[row, $1] - mean[$1]) * axes[axis, $1] }
      }
    }
    return result
  }
}
