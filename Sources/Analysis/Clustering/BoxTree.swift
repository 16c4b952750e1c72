import CSIMDKernels
import FeatureData

/// Rows divided into halves along their widest axis again and again, each part with the box that it fills: what is far from
/// a row can be passed over as a whole.
///
/// Source: Friedman, Bentley, Finkel, "An algorithm for finding best matches in logarithmic expected time", 1977,
/// doi:10.1145/355744.355745.
final class BoxTree: Sendable {
  struct Node: Sendable {
    /// Places in the tree's order.
    let range: Range<Int32>
    /// The first of its two children, which stand one after the other; −1 for a leaf.
    let children: Int32
  }

  private static let leafSize = 24

  /// Rows × width, in the tree's order; columns beyond `columnCount` are 0.
  let values: [Float]
  let width: Int
  let columnCount: Int
  /// By place in the tree's order: the row.
  let rows: [Int32]
  /// The root first; children after their parent.
  let nodes: [Node]
  /// Nodes × columns, the least and the largest.
  let lows: [Float]
  let highs: [Float]

  var count: Int { rows.count }

  /// - Throws: `WorkInterrupted`.
  /// - Complexity: O(n log n d).
  init(_ matrix: Matrix, monitor: any WorkMonitor) throws(WorkInterrupted) {
    let (n, d) = (matrix.rowCount, matrix.columnCount)
    var rows = (0..<Int32(n)).map { $0 }
    var nodes = [Node(range: 0..<Int32(n), children: -1)]
    var lows: [Float] = []
    var highs: [Float] = []
    var next = 0
    while next < nodes.count {
      if next < 1024 || next.isMultiple(of: 256) { try monitor.checkInterrupted() }
      let range = Int(nodes[next].range.lowerBound)..<Int(nodes[next].range.upperBound)
      var low = [Float](repeating: .infinity, count: d)
      var high = [Float](repeating: -.infinity, count: d)
      matrix.elements.withUnsafeBufferPointer { elements in
        for place in range {
          let start = Int(rows[place]) * d
          for column in 0..<d {
            low[column] = min(low[column], elements[start + column])
            high[column] = max(high[column], elements[start + column])
          }
        }
      }
      let axis = (0..<d).max { high[$0] - low[$0] < high[$1] - low[$1] } ?? 0
      if range.count > Self.leafSize, d > 0, high[axis] > low[axis] {
        let limit = Self.middle(of: rows[range], matrix, axis: axis, low: low[axis], high: high[axis])
        let middle = Int32(rows[range].partition { matrix[Int($0), axis] > limit })
        nodes[next] = Node(range: nodes[next].range, children: Int32(nodes.count))
        nodes.append(Node(range: nodes[next].range.lowerBound..<middle, children: -1))
        nodes.append(Node(range: middle..<nodes[next].range.upperBound, children: -1))
      }
      lows += low
      highs += high
      next += 1
    }
    width = d <= 3 ? d : (d + 7) / 8 * 8
    columnCount = d
    var values = [Float](repeating: 0, count: n * width)
    for (place, row) in rows.enumerated() {
      for column in 0..<d { values[place * width + column] = matrix[Int(row), column] }
    }
    self.values = values
    self.rows = rows
    self.nodes = nodes
    self.lows = lows
    self.highs = highs
  }

  /// About half of the rows lie at or below it, and at least one above.
  private static func middle(
    of rows: ArraySlice<Int32>, _ matrix: Matrix, axis: Int, low: Float, high: Float
  ) -> Float {
    let step = max(1, rows.count / 255)
    let some = stride(from: rows.startIndex, to: rows.endIndex, by: step).map { matrix[Int(rows[$0]), axis] }.sorted()
    let middle = some[some.count / 2]
    return middle < high ? middle : low
  }

  /// The squared distance of two places.
  @inline(__always)
  func squaredDistance(_ values: UnsafePointer<Float>, _ a: Int, _ b: Int) -> Float {
    let (from, to) = (values + a * width, values + b * width)
    if width > 3 { return simd_squared_distance(from, to, Int64(width)) }
    var sum: Float = 0
    for column in 0..<width { sum += (from[column] - to[column]) * (from[column] - to[column]) }
    return sum
  }

  /// No place of the node is nearer, but for rounding.
  @inline(__always)
  func squaredDistance(
    _ values: UnsafePointer<Float>, _ place: Int, toNode node: Int, _ lows: UnsafePointer<Float>,
    _ highs: UnsafePointer<Float>
  ) -> Float {
    let (low, high) = (lows + node * columnCount, highs + node * columnCount)
    let own = values + place * width
    var sum: Float = 0
    for column in 0..<columnCount {
      let beside = max(low[column] - own[column], own[column] - high[column], 0)
      sum += beside * beside
    }
    return sum
  }
}
