import Dispatch

/// Which tile stands in which cell of a mosaic laid over a map.
///
/// The grid covers the range of the points without a margin. A cell is `tileSize = width / columns` wide, and there are
/// `Int(height / tileSize)` rows, at least one, that share the height; the last column and row include the far edge.
/// Points with a coordinate that is no finite number take no part. Degenerate maps: no points give an empty grid of one row;
/// no width gives one column, with the requested number of rows; one place gives one cell. More than ten times as many
/// rows as columns were asked for are not made: the rows become higher instead.
package struct MosaicGrid: Sendable, Equatable {
  /// Which of the points in a cell is shown.
  package enum TileSelection: Sendable {
    /// The one nearest to the cell's centre, of equally near ones the lowest index.
    case nearest
    /// The one with the lowest index.
    case first
    /// The one that is chosen of a cell's points, which are ascending; asked from several threads at once.
    case chosen(@Sendable (_ points: [Int]) -> Int)
  }

  /// A cell that shows a tile.
  package struct Cell: Sendable, Equatable {
    package let column: Int
    /// 0 is the row of the lowest y, the bottom of the picture.
    package let row: Int
    /// The index of the point whose tile is shown.
    package let point: Int
  }

  package let columnCount: Int
  package let rowCount: Int
  /// The width of a cell, in map units.
  package let tileSize: Double
  /// How many cells have at least one point inside that may be shown.
  package let occupiedCellCount: Int
  /// The cells that show a tile, by row, then by column.
  package let cells: [Cell]
  /// The cell of each point that may be shown, counted by row, then by column; -1 of others.
  package let cellByPoint: [Int32]
  private let pointByCell: [Int]
  /// By cell, whether there is a point that is not to be shown.
  private let hasHidden: [Bool]

  /// One tile for each cell that has points, chosen from those points.
  ///
  /// - Parameters:
  ///   - x: One coordinate for each point.
  ///   - y: As many.
  ///   - columnCount: Cells from left to right, at least 1.
  ///   - maximumDistance: In widths of a cell; a chosen point as far from the middle of its cell, or farther, is not shown, and
  ///     the cell stays empty.
  ///   - isShown: Tells by index which points may be shown; the others count for the range of the grid alone.
  package init(
    x: [Float], y: [Float], columnCount: Int = 50, selection: TileSelection = .nearest, maximumDistance: Double? = nil,
    isShown: (Int) -> Bool = { _ in true }
  ) {
    let lattice = Lattice(x: x, y: y, columnCount: columnCount)
    let cells = lattice.cells(ofX: x, y: y, where: isShown)
    var chosen = [Int](repeating: -1, count: lattice.cellCount)
    switch selection {
    case .first:
      for (point, cell) in cells.enumerated() where cell >= 0 && chosen[Int(cell)] < 0 { chosen[Int(cell)] = point }
    case .nearest:
      var leastDistance = [Double](repeating: .infinity, count: lattice.cellCount)
      for (point, number) in cells.enumerated() where number >= 0 {
        let cell = Int(number)
        let distance = lattice.squaredDistance(x: x[point], y: y[point], toCell: cell)
        if distance < leastDistance[cell] {
          leastDistance[cell] = distance
          chosen[cell] = point
        }
      }
    case .chosen(let choose): chosen = Self.chosen(of: cells, cellCount: lattice.cellCount, by: choose)
    }
    let occupiedCellCount = chosen.count { $0 >= 0 }
    if let maximumDistance {
      let reach = maximumDistance * lattice.cellWidth
      for cell in chosen.indices where chosen[cell] >= 0 {
        let distance = lattice.squaredDistance(x: x[chosen[cell]], y: y[chosen[cell]], toCell: cell)
        if distance >= reach * reach { chosen[cell] = -1 }
      }
    }
    self.init(
      lattice, pointByCell: chosen, occupiedCellCount: occupiedCellCount, cellByPoint: cells,
      hasHidden: lattice.isOccupied(lattice.cells(ofX: x, y: y) { !isShown($0) }))
  }

  private static func chosen(
    of cells: [Int32], cellCount: Int, by choose: @Sendable ([Int]) -> Int
  ) -> [Int] {
    var members = [[Int]](repeating: [], count: cellCount)
    for (point, cell) in cells.enumerated() where cell >= 0 { members[Int(cell)].append(point) }
    var result = [Int](repeating: -1, count: cellCount)
    result.withUnsafeMutableBufferPointer { result in
      nonisolated(unsafe) let result = result
      let members = members
      DispatchQueue.concurrentPerform(iterations: cellCount) { cell in
        if !members[cell].isEmpty { result[cell] = choose(members[cell]) }
      }
    }
    return result
  }

  /// A full rectangle of points in an order that is known, such as that of an assignment.
  ///
  /// - Parameters:
  ///   - points: One for each cell, by row, the lowest first, then by column.
  ///   - pointCount: How many there are to choose from.
  package init(columnCount: Int, points: [Int], of pointCount: Int) {
    precondition(columnCount > 0 && !points.isEmpty && points.count % columnCount == 0, "rows are full")
    self.columnCount = columnCount
    rowCount = points.count / columnCount
    tileSize = 1
    occupiedCellCount = points.count
    pointByCell = points
    hasHidden = []
    cells = points.enumerated().map { Cell(column: $0 % columnCount, row: $0 / columnCount, point: $1) }
    var cellByPoint = [Int32](repeating: -1, count: pointCount)
    for (cell, point) in points.enumerated() { cellByPoint[point] = Int32(cell) }
    self.cellByPoint = cellByPoint
  }

  /// As many cells filled as leniency allows: each point and each cell is used at most once, nearest pairs first.
  ///
  /// A point may stand in any cell whose centre is within `leniency` times half a cell's diagonal, so that empty cells
  /// beside crowded ones show the spare tiles of their neighbours. Equally near pairs go by cell, then by point.
  ///
  /// - Parameter expandedLeniency: 1.5 in the peer's first version.
  /// - Complexity: O(p log p) for the p pairs within reach.
  package init(
    x: [Float], y: [Float], columnCount: Int = 50, expandedLeniency: Double, isShown: (Int) -> Bool = { _ in true }
  ) {
    let lattice = Lattice(x: x, y: y, columnCount: columnCount)
    let half = lattice.cellWidth / 2
    let reach = (2 * half * half).squareRoot() * max(expandedLeniency, 0)
    var pairs: [(distance: Double, cell: Int, point: Int)] = []
    let cells = lattice.cells(ofX: x, y: y, where: isShown)
    for point in cells.indices where cells[point] >= 0 {
      for cell in lattice.cells(aroundX: Double(x[point]), y: Double(y[point]), reach: reach) {
        let distance = lattice.squaredDistance(x: x[point], y: y[point], toCell: cell)
        if distance <= reach * reach { pairs.append((distance, cell, point)) }
      }
    }
    pairs.sort { ($0.distance, $0.cell, $0.point) < ($1.distance, $1.cell, $1.point) }
    var chosen = [Int](repeating: -1, count: lattice.cellCount)
    var isUsed = [Bool](repeating: false, count: x.count)
    for pair in pairs where chosen[pair.cell] < 0 && !isUsed[pair.point] {
      chosen[pair.cell] = pair.point
      isUsed[pair.point] = true
    }
    self.init(
      lattice, pointByCell: chosen, occupiedCellCount: lattice.isOccupied(cells).count { $0 }, cellByPoint: cells,
      hasHidden: lattice.isOccupied(lattice.cells(ofX: x, y: y) { !isShown($0) }))
  }

  private init(
    _ lattice: Lattice, pointByCell: [Int], occupiedCellCount: Int, cellByPoint: [Int32], hasHidden: [Bool]
  ) {
    columnCount = lattice.columnCount
    rowCount = lattice.rowCount
    tileSize = lattice.cellWidth
    self.occupiedCellCount = occupiedCellCount
    self.cellByPoint = cellByPoint
    self.pointByCell = pointByCell
    self.hasHidden = hasHidden
    cells = pointByCell.indices.compactMap { cell in
      pointByCell[cell] < 0
        ? nil
        : Cell(column: cell % lattice.columnCount, row: cell / lattice.columnCount, point: pointByCell[cell])
    }
  }

  /// The point that a cell shows; row 0 has the lowest y.
  package subscript(column: Int, row: Int) -> Int? {
    let point = pointByCell[row * columnCount + column]
    return point < 0 ? nil : point
  }

  /// Whether a cell shows no tile, but has points that are not to be shown.
  package func isContext(column: Int, row: Int) -> Bool {
    let cell = row * columnCount + column
    return pointByCell[cell] < 0 && hasHidden.indices.contains(cell) && hasHidden[cell]
  }

  package var cellCount: Int { columnCount * rowCount }

  /// How a cell is counted: by row, then by column.
  package func number(of cell: Cell) -> Int { cell.row * columnCount + cell.column }

  /// How many of some points lie in each cell, of all that may be shown if nothing is said.
  package func counts(where isCounted: (Int) -> Bool = { _ in true }) -> [Int] {
    var counts = [Int](repeating: 0, count: cellCount)
    for (point, cell) in cellByPoint.enumerated() where cell >= 0 && isCounted(point) { counts[Int(cell)] += 1 }
    return counts
  }
}

/// The cells alone, before tiles are chosen.
private struct Lattice {
  private static let mostRowsAColumn = 10

  let columnCount: Int
  let rowCount: Int
  let cellWidth: Double
  let cellHeight: Double
  let left: Double
  let bottom: Double
  /// Indices of the points that have a place.
  let points: [Int]

  var cellCount: Int { columnCount * rowCount }

  init(x: [Float], y: [Float], columnCount requested: Int) {
    let columns = max(requested, 1)
    let points = x.indices.filter { x[$0].isFinite && y[$0].isFinite }
    self.points = points
    let leftmost = points.lazy.map { Double(x[$0]) }.min() ?? 0
    let lowest = points.lazy.map { Double(y[$0]) }.min() ?? 0
    let width = (points.lazy.map { Double(x[$0]) }.max() ?? 0) - leftmost
    let height = (points.lazy.map { Double(y[$0]) }.max() ?? 0) - lowest
    left = leftmost
    bottom = lowest
    if points.isEmpty {
      columnCount = columns
      rowCount = 1
      cellWidth = 1
      cellHeight = 1
    } else if width > 0 {
      columnCount = columns
      cellWidth = width / Double(columns)
      // A square box has as many rows as columns, whatever the division rounds to.
      rowCount = max(1, Int(min(height / cellWidth * (1 + 1e-9), Double(columns * Self.mostRowsAColumn))))
      cellHeight = height > 0 ? height / Double(rowCount) : cellWidth
    } else {
      columnCount = 1
      rowCount = height > 0 ? columns : 1
      cellHeight = height > 0 ? height / Double(columns) : 1
      cellWidth = cellHeight
    }
  }

  func cell(ofX x: Double, y: Double) -> Int {
    // The last bin is closed: the greatest coordinate belongs to it.
    let column = min(max(Int((x - left) / cellWidth), 0), columnCount - 1)
    let row = min(max(Int((y - bottom) / cellHeight), 0), rowCount - 1)
    return row * columnCount + column
  }

  /// The cell of each of some points; -1 of others.
  func cells(ofX x: [Float], y: [Float], where isIncluded: (Int) -> Bool) -> [Int32] {
    var result = [Int32](repeating: -1, count: x.count)
    for point in points where isIncluded(point) {
      result[point] = Int32(cell(ofX: Double(x[point]), y: Double(y[point])))
    }
    return result
  }

  /// By cell, whether one of some points lies there.
  func isOccupied(_ cells: [Int32]) -> [Bool] {
    var result = [Bool](repeating: false, count: cellCount)
    for cell in cells where cell >= 0 { result[Int(cell)] = true }
    return result
  }

  func cells(aroundX x: Double, y: Double, reach: Double) -> [Int] {
    func range(_ place: Double, _ size: Double, _ count: Int) -> ClosedRange<Int> {
      let first = min(max(Int(((place - reach) / size - 0.5).rounded(.down)), 0), count - 1)
      let last = min(max(Int(((place + reach) / size - 0.5).rounded(.up)), first), count - 1)
      return first...last
    }
    let columns = range(x - left, cellWidth, columnCount)
    return range(y - bottom, cellHeight, rowCount).flatMap { row in columns.map { row * columnCount + $0 } }
  }

  func squaredDistance(x: Float, y: Float, toCell cell: Int) -> Double {
    let dx = Double(x) - (left + (Double(cell % columnCount) + 0.5) * cellWidth)
    let dy = Double(y) - (bottom + (Double(cell / columnCount) + 0.5) * cellHeight)
    return dx * dx + dy * dy
  }
}
