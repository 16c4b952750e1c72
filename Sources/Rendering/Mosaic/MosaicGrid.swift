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
  /// How many cells have at least one point inside.
  package let occupiedCellCount: Int
  /// The cells that show a tile, by row, then by column.
  package let cells: [Cell]
  private let pointByCell: [Int]
  /// By cell, whether there is a point that is not to be shown.
  private let hasHidden: [Bool]

  /// One tile for each cell that has points, chosen from those points.
  ///
  /// - Parameters:
  ///   - x: One coordinate for each point.
  ///   - y: As many.
  ///   - columnCount: Cells from left to right, at least 1.
  ///   - isShown: Tells by index which points may be shown; the others count for the range of the grid alone.
  package init(
    x: [Float], y: [Float], columnCount: Int = 50, selection: TileSelection = .nearest,
    isShown: (Int) -> Bool = { _ in true }
  ) {
    let lattice = Lattice(x: x, y: y, columnCount: columnCount)
    var chosen = [Int](repeating: -1, count: lattice.cellCount)
    var leastDistance = [Double](repeating: .infinity, count: lattice.cellCount)
    for point in lattice.points where isShown(point) {
      let cell = lattice.cell(ofX: Double(x[point]), y: Double(y[point]))
      let distance = selection == .first ? 0 : lattice.squaredDistance(x: x[point], y: y[point], toCell: cell)
      if distance < leastDistance[cell] {
        leastDistance[cell] = distance
        chosen[cell] = point
      }
    }
    self.init(
      lattice, pointByCell: chosen, occupiedCellCount: chosen.count { $0 >= 0 },
      hasHidden: lattice.cells(ofX: x, y: y) { !isShown($0) })
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
    var isOccupied = [Bool](repeating: false, count: lattice.cellCount)
    for point in lattice.points where isShown(point) {
      isOccupied[lattice.cell(ofX: Double(x[point]), y: Double(y[point]))] = true
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
      lattice, pointByCell: chosen, occupiedCellCount: isOccupied.count { $0 },
      hasHidden: lattice.cells(ofX: x, y: y) { !isShown($0) })
  }

  private init(_ lattice: Lattice, pointByCell: [Int], occupiedCellCount: Int, hasHidden: [Bool]) {
    columnCount = lattice.columnCount
    rowCount = lattice.rowCount
    tileSize = lattice.cellWidth
    self.occupiedCellCount = occupiedCellCount
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
    return pointByCell[cell] < 0 && hasHidden[cell]
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

  /// By cell, whether one of some points lies there.
  func cells(ofX x: [Float], y: [Float], where isIncluded: (Int) -> Bool) -> [Bool] {
    var result = [Bool](repeating: false, count: cellCount)
    for point in points where isIncluded(point) { result[cell(ofX: Double(x[point]), y: Double(y[point]))] = true }
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
