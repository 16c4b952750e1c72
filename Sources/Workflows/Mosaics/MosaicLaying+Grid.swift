import Analysis
import FeatureData
import Rendering

/// A mosaic of which every cell is filled.
extension MosaicLaying {
  /// - Returns: the grid, and which tiles stand on it and how well it keeps neighbours.
  func fullGrid() throws -> (grid: MosaicGrid, said: String?) {
    let x = map.coordinates.column(0)
    let y = map.coordinates.column(1)
    let placed = shown.filter { x[$0].isFinite && y[$0].isFinite }
    guard !placed.isEmpty else { throw WorkflowFailure("No tile has a place on the map.") }
    let box = MapBox(x: placed.map { x[$0] }, y: placed.map { y[$0] })
    let (columns, rows) = Self.shape(placed.count, columns: request.columnCount, aspect: box.aspect)
    let chosen = evenly(columns * rows, of: placed, x, y, box)
    let cells = try GridAssignment(
      x: chosen.map { x[$0] }, y: chosen.map { y[$0] }, columnCount: columns, rowCount: rows
    ).points(monitor: monitor)
    let grid = MosaicGrid(columnCount: columns, points: cells.map { chosen[$0] }, of: map.points.count)
    let count =
      chosen.count < placed.count
      ? "\(chosen.count) of \(placed.count.counted("tile")), of each slide its share, spread evenly over its places on the map"
      : chosen.count.counted("tile")
    return (grid, "Grid without empty cells: \(count)." + (try kept(grid, chosen).map { " " + $0 } ?? ""))
  }

  /// As many columns as are asked for, or 50, and rows so that the grid has the shape of the map; fewer where there are not so
  /// many tiles.
  static func shape(_ tileCount: Int, columns asked: Int?, aspect: Double) -> (columns: Int, rows: Int) {
    var columns = min(asked ?? 50, tileCount)
    var rows = max(1, Int((Double(columns) * aspect).rounded()))
    if asked == nil, columns * rows > tileCount {
      columns = min(max(1, Int((Double(tileCount) / aspect).squareRoot())), tileCount)
      rows = tileCount / columns
    }
    rows = min(rows, max(1, tileCount / columns))
    return (columns, rows)
  }

  /// Every so many of the tiles of each slide along a curve over the map.
  private func evenly(_ count: Int, of points: [Int], _ x: [Float], _ y: [Float], _ box: MapBox) -> [Int] {
    guard count < points.count else { return points }
    let keyed = points.map { point in
      let place = box.share(x: x[point], y: y[point])
      return (slide: map.points[point].slide, position: HilbertCurve.position(x: place.x, y: place.y), point: point)
    }.sorted { ($0.slide, $0.position, $0.point) < ($1.slide, $1.position, $1.point) }
    return (0..<count).map { keyed[(2 * $0 + 1) * points.count / (2 * count)].point }
  }

  /// How many neighbours in the activations are neighbours on the grid, and how many would be otherwise.
  private func kept(_ grid: MosaicGrid, _ chosen: [Int]) throws -> String? {
    let metric = map.layout?.parameters.metric ?? .cosine
    let points = grid.cells.map(\.point)
    let rows = try map.features.rows(points.map { map.points[$0] }, areCopied: true, monitor: monitor)
    let neighbours = min(15, max(points.count / 4, 1))
    func share(_ x: [Float], _ y: [Float]) throws -> (text: String, count: Int)? {
      let elements = zip(x, y).flatMap { [$0, $1] }
      let quality = try MapQuality.measure(
        original: rows, metric: metric, map: Matrix(rowCount: x.count, columnCount: 2, elements: elements),
        neighbours: neighbours, monitor: monitor)
      return quality.neighbourPreservation.map { ("\(Int(($0 * 100).rounded())) %", quality.neighbourCount) }
    }
    let x = points.map { map.coordinates[$0, 0] }
    let y = points.map { map.coordinates[$0, 1] }
    // The same tiles in the cells that they lie in on the map, several of them in one.
    let strict = MosaicGrid(x: x, y: y, columnCount: grid.columnCount)
    let cells = strict.cellByPoint.map { Int($0) }
    guard
      let own = try share(grid.cells.map { Float($0.column) }, grid.cells.map { Float($0.row) }),
      let snapped = try share(
        cells.map { Float($0 % strict.columnCount) }, cells.map { Float($0 / strict.columnCount) }),
      let onMap = try share(x, y)
    else { return nil }
    return
      "Of the \(own.count) tiles nearest in the activations (\(metric.rawValue)), this grid keeps \(own.text) nearest, layout=map "
      + "\(snapped.text) and the map itself \(onMap.text)."
  }
}

/// The range of points on a map.
private struct MapBox {
  private let left: Double
  private let bottom: Double
  private let width: Double
  private let height: Double

  init(x: [Float], y: [Float]) {
    left = Double(x.min() ?? 0)
    bottom = Double(y.min() ?? 0)
    width = Double(x.max() ?? 0) - left
    height = Double(y.max() ?? 0) - bottom
  }

  /// Height by width, within what a page can show.
  var aspect: Double { width > 0 && height > 0 ? min(max(height / width, 0.1), 10) : 1 }

  func share(x: Float, y: Float) -> (x: Double, y: Double) {
    (width > 0 ? (Double(x) - left) / width : 0.5, height > 0 ? (Double(y) - bottom) / height : 0.5)
  }
}
