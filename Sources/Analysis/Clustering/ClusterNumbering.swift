/// Clusters numbered by size, the largest first, equally large ones by their first row.
struct ClusterNumbering {
  /// The new number of each row's cluster.
  let labels: [Int32]
  /// The old number of each cluster that has rows.
  let order: [Int]
  /// Rows by cluster, never ascending.
  let sizes: [Int]

  /// - Parameters:
  ///   - labels: n old numbers, from 0 to below `count`.
  ///   - count: Old numbers, of which some may have no rows: these are dropped.
  /// - Complexity: O(n + count log count).
  init(_ labels: [Int32], count: Int) {
    var sizes = [Int](repeating: 0, count: count)
    var firstRows = [Int](repeating: labels.count, count: count)
    for (row, label) in labels.enumerated() {
      if sizes[Int(label)] == 0 { firstRows[Int(label)] = row }
      sizes[Int(label)] += 1
    }
    order = (0..<count).filter { sizes[$0] > 0 }.sorted { (-sizes[$0], firstRows[$0]) < (-sizes[$1], firstRows[$1]) }
    self.sizes = order.map { sizes[$0] }
    var numbers = [Int32](repeating: 0, count: count)
    for (new, old) in order.enumerated() { numbers[old] = Int32(new) }
    self.labels = labels.map { numbers[Int($0)] }
  }
}
