import FeatureData
import GoldenData
import Rendering
import Testing

@Suite struct MosaicGridTests {
  @Test(arguments: [("nearest", MosaicGrid.TileSelection.nearest), ("first", .first)])
  func `the grid and the chosen tiles are those of slideflow`(name: String, selection: MosaicGrid.TileSelection) throws
  {
    let text = try GoldenData.text("mosaic_\(name)_20_points.csv")
    let rows = text.split(whereSeparator: \.isNewline).dropFirst().map { $0.split(separator: ",").map(String.init) }
    let x = try rows.map { try #require(Float($0[2])) }
    let y = try rows.map { try #require(Float($0[3])) }
    let grid = MosaicGrid(x: x, y: y, columnCount: 20, selection: selection)
    #expect(grid.columnCount == 20 && grid.rowCount == 20 && abs(grid.tileSize - 0.05) < 1e-6)
    #expect(grid.occupiedCellCount == 103 && grid.cells.count == 103)
    for cell in grid.cells {
      #expect(rows[cell.point][4] == String(cell.column) && rows[cell.point][5] == String(cell.row))
    }
    let expected = Set(rows.indices.filter { rows[$0][6] == "True" })
    #expect(Set(grid.cells.map(\.point)) == expected)
  }

  @Test func `cells share the range, the last one closed`() {
    let grid = MosaicGrid(x: [0, 9.99, 10, 5], y: [0, 0, 4, 2], columnCount: 5)
    #expect(grid.rowCount == 2 && grid.tileSize == 2)
    #expect(grid[0, 0] == 0 && grid[4, 0] == 1 && grid[4, 1] == 2 && grid[2, 1] == 3)
  }

  @Test func `equally near points go to the lowest index, and first takes the lowest whatever the distance`() {
    let x: [Float] = [0, 10, 4.75, 5.25, 4.75]
    let y: [Float] = [0, 10, 5, 5, 5]
    #expect(MosaicGrid(x: x, y: y, columnCount: 1)[0, 0] == 2)
    #expect(MosaicGrid(x: x, y: y, columnCount: 1, selection: .first)[0, 0] == 0)
  }

  @Test func `cells of points that are not to be shown are known, and the grid is as they are`() {
    let x: [Float] = [0, 1, 2, 4]
    let y: [Float] = [0, 0.5, 1, 2]
    let grid = MosaicGrid(x: x, y: y, columnCount: 4) { $0 < 3 }
    #expect(grid == MosaicGrid(x: x, y: y, columnCount: 4, selection: .nearest) { $0 < 3 })
    #expect(grid.columnCount == 4 && grid.rowCount == 2)
    #expect(
      grid.isContext(column: 3, row: 1) && !grid.isContext(column: 0, row: 0) && !grid.isContext(column: 3, row: 0))
    let expanded = MosaicGrid(x: x, y: y, columnCount: 4, expandedLeniency: 0.1) { $0 < 3 }
    #expect(expanded.isContext(column: 3, row: 1))
  }

  @Test func `a map whose box is square has as many rows as columns, another the shape of its box`() {
    for columns in [1, 7, 30, 50, 99] {
      let square = MosaicGrid(x: [0, 1, 0.3], y: [1, 0, 0.3], columnCount: columns)
      #expect(square.rowCount == columns && abs(square.tileSize - 1 / Double(columns)) < 1e-12)
      let flat = MosaicGrid(x: [0, 1], y: [0.25, 0.75], columnCount: columns)
      #expect(flat.rowCount == max(1, columns / 2))
    }
  }

  @Test func `degenerate maps have a grid`() {
    let empty = MosaicGrid(x: [], y: [])
    #expect(empty.cells.isEmpty && empty.rowCount == 1 && empty.columnCount == 50)
    let one = MosaicGrid(x: [3], y: [4])
    #expect(one.cells == [MosaicGrid(x: [3], y: [4]).cells[0]] && one.columnCount == 1 && one.rowCount == 1)
    let upright = MosaicGrid(x: [2, 2, 2], y: [0, 5, 10], columnCount: 4)
    #expect(upright.columnCount == 1 && upright.rowCount == 4 && upright.cells.map(\.point) == [0, 1, 2])
    let flat = MosaicGrid(x: [0, 5, 10], y: [1, 1, 1], columnCount: 4)
    #expect(flat.columnCount == 4 && flat.rowCount == 1 && flat.cells.map(\.point) == [0, 1, 2])
    let needle = MosaicGrid(x: [0, 1e-20], y: [0, 1], columnCount: 50)
    #expect(needle.rowCount == 500 && needle.cells.count == 2)
    let strange = MosaicGrid(x: [.nan, 0, 1], y: [0, .infinity, 1])
    #expect(strange.cells.map(\.point) == [2])
    #expect(MosaicGrid(x: [0, 1], y: [0, 1], columnCount: 0).columnCount == 1)
  }

  @Test func `expanded uses each point once and fills at least as many cells`() {
    var generator = SplitMix64(seed: 5)
    let x = (0..<900).map { _ in Float(generator.nextNormal()) }
    let y = (0..<900).map { _ in Float(generator.nextNormal()) }
    let strict = MosaicGrid(x: x, y: y, columnCount: 20)
    let expanded = MosaicGrid(x: x, y: y, columnCount: 20, expandedLeniency: 1.5)
    #expect(expanded.rowCount == strict.rowCount && expanded.occupiedCellCount == strict.cells.count)
    #expect(Set(expanded.cells.map(\.point)).count == expanded.cells.count)
    #expect(expanded.cells.count > strict.cells.count)
    for cell in expanded.cells {
      let left = Double(x.min() ?? 0)
      let bottom = Double(y.min() ?? 0)
      let height = (Double(y.max() ?? 0) - bottom) / Double(expanded.rowCount)
      let dx = Double(x[cell.point]) - left - (Double(cell.column) + 0.5) * expanded.tileSize
      let dy = Double(y[cell.point]) - bottom - (Double(cell.row) + 0.5) * height
      #expect((dx * dx + dy * dy).squareRoot() <= expanded.tileSize / 2 * 2.0.squareRoot() * 1.5 + 1e-9)
    }
    #expect(MosaicGrid(x: x, y: y, columnCount: 20, expandedLeniency: 0).cells.isEmpty)
  }

  @Test func `expanded gives a contested cell to the nearer point, as all pairs sorted would`() {
    // Reference: every pair of cell and point, sorted, taken greedily.
    var generator = SplitMix64(seed: 8)
    let x = (0..<60).map { _ in Float(generator.nextUnit()) }
    let y = (0..<60).map { _ in Float(generator.nextUnit()) }
    let grid = MosaicGrid(x: x, y: y, columnCount: 6, expandedLeniency: 1.5)
    let left = Double(x.min() ?? 0)
    let bottom = Double(y.min() ?? 0)
    let height = (Double(y.max() ?? 0) - bottom) / Double(grid.rowCount)
    let reach = (2 * grid.tileSize * grid.tileSize / 4).squareRoot() * 1.5
    var pairs: [(Double, Int, Int)] = []
    for cell in 0..<grid.rowCount * 6 {
      for point in 0..<60 {
        let dx = Double(x[point]) - (left + (Double(cell % 6) + 0.5) * grid.tileSize)
        let dy = Double(y[point]) - (bottom + (Double(cell / 6) + 0.5) * height)
        if dx * dx + dy * dy <= reach * reach { pairs.append((dx * dx + dy * dy, cell, point)) }
      }
    }
    pairs.sort { $0 < $1 }
    var byCell: [Int: Int] = [:]
    var used: Set<Int> = []
    for pair in pairs where byCell[pair.1] == nil && !used.contains(pair.2) {
      byCell[pair.1] = pair.2
      used.insert(pair.2)
    }
    #expect(byCell == Dictionary(uniqueKeysWithValues: grid.cells.map { ($0.row * 6 + $0.column, $0.point) }))
  }
}
