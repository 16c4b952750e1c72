package import FeatureData

/// Brings points of a map onto a full rectangular grid, each to a cell of its own, so that together they move as little as
/// possible: the sum of the squared distances between the points and the middles of their cells is made small.
///
/// The start halves the grid and the points again and again, as a k-d tree does. Then windows of the grid that overlap are
/// assigned anew, each exactly, until none of them changes. The same points give the same grid, whatever the number of
/// threads.
package struct GridAssignment: Sendable {
  /// Cells along a side of a window. Larger ones come nearer to the best of all grids, at the third power of the cells in them.
  static let window = 10
  private static let mostSweeps = 60

  package let columnCount: Int
  package let rowCount: Int
  /// In cells, from the lower left corner.
  private let x: [Double]
  private let y: [Double]

  /// - Parameters:
  ///   - x: One coordinate for each point, finite; `columnCount × rowCount` of them.
  ///   - y: As many. Both are stretched over the grid.
  package init(x: [Float], y: [Float], columnCount: Int, rowCount: Int) {
    precondition(x.count == columnCount * rowCount && y.count == x.count, "a point for each cell")
    self.columnCount = columnCount
    self.rowCount = rowCount
    self.x = Self.stretched(x, over: columnCount)
    self.y = Self.stretched(y, over: rowCount)
  }

  private static func stretched(_ values: [Float], over count: Int) -> [Double] {
    let least = Double(values.min() ?? 0)
    let span = Double(values.max() ?? 0) - least
    return values.map { span > 0 ? (Double($0) - least) / span * Double(count) : Double(count) / 2 }
  }

  /// - Returns: by cell, the lowest row first, then by column, the index of its point.
  /// - Throws: `WorkInterrupted`.
  package func points(threads: Int? = nil, monitor: any WorkMonitor = SilentMonitor()) throws(WorkInterrupted) -> [Int]
  {
    var cells = bisected()
    let half = max(Self.window / 2, 1)
    var isChanged = [Bool](repeating: true, count: cells.count)
    for sweep in 0..<Self.mostSweeps {
      monitor.report(phase: "grid", unit: "sweeps", done: sweep, total: Self.mostSweeps)
      var changedNow = [Bool](repeating: false, count: cells.count)
      for (right, up) in [(0, 0), (half, half), (half, 0), (0, half)] {
        try improve(
          &cells, windows: windows(right: right, up: up), isChanged: isChanged, changedNow: &changedNow,
          WorkerThreads(threads), monitor)
      }
      isChanged = changedNow
      if !changedNow.contains(true) { break }
    }
    return cells
  }

  /// The sum of the squared distances of points from the middles of their cells, in cells.
  package func cost(_ cells: [Int]) -> Double {
    cells.indices.reduce(0) { $0 + squaredDistance(of: cells[$1], to: $1) }
  }

  private func squaredDistance(of point: Int, to cell: Int) -> Double {
    let dx = x[point] - Double(cell % columnCount) - 0.5
    let dy = y[point] - Double(cell / columnCount) - 0.5
    return dx * dx + dy * dy
  }

  // MARK: The start

  private func bisected() -> [Int] {
    var points = Array(0..<x.count)
    var cells = [Int](repeating: 0, count: x.count)
    bisect(&points, 0..<x.count, columns: 0..<columnCount, rows: 0..<rowCount, into: &cells)
    return cells
  }

  private func bisect(
    _ points: inout [Int], _ part: Range<Int>, columns: Range<Int>, rows: Range<Int>, into cells: inout [Int]
  ) {
    if part.count == 1 {
      cells[rows.lowerBound * columnCount + columns.lowerBound] = points[part.lowerBound]
      return
    }
    let isWide = columns.count >= rows.count
    let coordinates = isWide ? x : y
    points[part].sort { (coordinates[$0], $0) < (coordinates[$1], $1) }
    if isWide {
      let middle = columns.lowerBound + columns.count / 2
      let cut = part.lowerBound + columns.count / 2 * rows.count
      bisect(&points, part.lowerBound..<cut, columns: columns.lowerBound..<middle, rows: rows, into: &cells)
      bisect(&points, cut..<part.upperBound, columns: middle..<columns.upperBound, rows: rows, into: &cells)
    } else {
      let middle = rows.lowerBound + rows.count / 2
      let cut = part.lowerBound + rows.count / 2 * columns.count
      bisect(&points, part.lowerBound..<cut, columns: columns, rows: rows.lowerBound..<middle, into: &cells)
      bisect(&points, cut..<part.upperBound, columns: columns, rows: middle..<rows.upperBound, into: &cells)
    }
  }

  // MARK: Windows

  private struct Window {
    let columns: Range<Int>
    let rows: Range<Int>
  }

  /// Windows that share no cell, side by side from a corner on.
  private func windows(right: Int, up: Int) -> [Window] {
    func parts(_ count: Int, from start: Int) -> [Range<Int>] {
      let starts = (start > 0 ? [0] : []) + Array(stride(from: start, to: count, by: Self.window))
      return starts.enumerated().map { index, first in
        first..<min(index + 1 < starts.count ? starts[index + 1] : count, count)
      }.filter { !$0.isEmpty }
    }
    let columns = parts(columnCount, from: right)
    return parts(rowCount, from: up).flatMap { rows in columns.map { Window(columns: $0, rows: rows) } }
  }

  private func improve(
    _ cells: inout [Int], windows: [Window], isChanged: [Bool], changedNow: inout [Bool], _ threads: WorkerThreads,
    _ monitor: any WorkMonitor
  ) throws(WorkInterrupted) {
    let places = windows.map { window in
      window.rows.flatMap { row in window.columns.map { row * columnCount + $0 } }
    }
    let before = changedNow
    cells.withUnsafeMutableBufferPointer { cells in
      changedNow.withUnsafeMutableBufferPointer { changedNow in
        nonisolated(unsafe) let (cells, changedNow) = (cells, changedNow)
        threads.forEach(windows.count) { index in
          if monitor.isInterrupted { return }
          let own = places[index]
          // What has not changed since it was assigned has nothing to gain.
          guard own.contains(where: { isChanged[$0] || before[$0] }) else { return }
          let points = own.map { cells[$0] }
          let better = assigned(points, to: own)
          for (place, point) in zip(own, better) where cells[place] != point {
            cells[place] = point
            changedNow[place] = true
          }
        }
      }
    }
    try monitor.checkInterrupted()
  }

  /// The points of some cells in a better order, or as they are where none is.
  private func assigned(_ points: [Int], to cells: [Int]) -> [Int] {
    var costs: [Double] = []
    costs.reserveCapacity(cells.count * cells.count)
    for point in points { for cell in cells { costs.append(squaredDistance(of: point, to: cell)) } }
    let workers = LinearAssignment(count: points.count, costs: costs).workers()
    let width = cells.count
    let gained = cells.indices.reduce(0) { $0 + costs[$1 * width + $1] - costs[workers[$1] * width + $1] }
    return gained > 1e-9 ? workers.map { points[$0] } : points
  }
}
