package import FeatureData

/// How much nearer rows lie to those of their own category than to those of the nearest other one, −1 to 1.
///
/// Rows come in units, such as the tiles of a patient, all of one category; distances to the row's own unit do not count,
/// so that with several rows a unit only other units of the category speak for it. Where each row is a unit of its own
/// this is the plain silhouette. A row whose category has no other unit has 0.
///
/// Source: Rousseeuw, "Silhouettes", 1987, doi:10.1016/0377-0427(87)90125-7.
package struct Silhouette: Sendable {
  private let unitOfRow: [Int]
  private let unitCount: Int
  /// rows × units: sums of distances.
  private let sums: [Float]
  private let unitSizes: [Int]

  /// - Parameters:
  ///   - rows: n × d, row-major, of comparable scale: distances are Euclidean.
  ///   - unitOfRow: n numbers from 0.
  /// - Throws: `WorkInterrupted`.
  /// - Complexity: O(n² d).
  package init(
    _ matrix: Matrix, unitOfRow: [Int], threads: Int? = nil, monitor: any WorkMonitor
  ) throws(WorkInterrupted) {
    let (n, d) = (matrix.rowCount, matrix.columnCount)
    let units = (unitOfRow.max() ?? -1) + 1
    self.unitOfRow = unitOfRow
    unitCount = units
    var sizes = [Int](repeating: 0, count: units)
    for unit in unitOfRow { sizes[unit] += 1 }
    unitSizes = sizes
    let squares = (0..<n).map { row in matrix.row(row).reduce(into: Float(0)) { $0 += $1 * $1 } }
    let result = ZeroedStorage<Float>(count: max(1, n * units))
    let blockSize = 128
    matrix.elements.withUnsafeBufferPointer { values in
      guard let base = values.baseAddress else { return }
      // Only read.
      nonisolated(unsafe) let start = base
      WorkerThreads(threads).forEachBlock(of: n, size: blockSize) { block in
        if monitor.isInterrupted { return }
        var products = [Float](repeating: 0, count: block.count * n)
        LinearAlgebra.multiplyTransposed(
          start + block.lowerBound * d, rows: block.count, stride: d, start, rows: n, stride: d, depth: d,
          into: &products, stride: n)
        for row in block {
          let own = result.start + row * units
          let line = (row - block.lowerBound) * n
          for other in 0..<n where other != row {
            own[unitOfRow[other]] += max(0, squares[row] + squares[other] - 2 * products[line + other]).squareRoot()
          }
        }
      }
    }
    try monitor.checkInterrupted()
    sums = Array(UnsafeBufferPointer(start: result.start, count: n * units))
  }

  /// The mean over all rows; nil without rows, or with fewer than two categories.
  ///
  /// - Parameter categories: By unit, from 0.
  /// - Complexity: O(n units).
  package func mean(categories: [Int]) -> Double? {
    let count = (categories.max() ?? -1) + 1
    guard !unitOfRow.isEmpty, Set(categories).count > 1 else { return nil }
    var total = 0.0
    var distances = [Double](repeating: 0, count: count)
    var members = [Int](repeating: 0, count: count)
    var sizes = members
    for unit in 0..<unitCount { sizes[categories[unit]] += unitSizes[unit] }
    for (row, unit) in unitOfRow.enumerated() {
      for category in 0..<count {
        distances[category] = 0
        members[category] = sizes[category]
      }
      let own = categories[unit]
      for other in 0..<unitCount where other != unit {
        distances[categories[other]] += Double(sums[row * unitCount + other])
      }
      members[own] -= unitSizes[unit]
      guard members[own] > 0 else { continue }
      let within = distances[own] / Double(members[own])
      var nearest = Double.infinity
      for category in 0..<count where category != own && members[category] > 0 {
        nearest = min(nearest, distances[category] / Double(members[category]))
      }
      let larger = max(within, nearest)
      if larger > 0 { total += (nearest - within) / larger }
    }
    return total / Double(unitOfRow.count)
  }
}
