/// Coordinates of tiles as a file has them: two columns, or more of which the others are told apart by their numbers.
struct PlaceColumns: Equatable {
  /// x and y of each tile.
  let values: [Double]
  /// Of a tile, in the same unit; nil where the columns do not have it.
  var side: Double?
  /// How the columns were read where there are not two, a sentence.
  var remark: String?

  /// - Parameters:
  ///   - values: row by row, as they are stored.
  ///   - shape: rows and columns.
  /// - Throws: `unclearPlaces`, and `damaged` for coordinates of another number of tiles.
  init(_ values: [Double], shape: [Int], rowCount: Int, path: String) throws(BagError) {
    switch shape {
    case [rowCount, 2]: self.values = values
    case [2, rowCount]:
      self.values = (0..<rowCount).flatMap { [values[$0], values[rowCount + $0]] }
      remark = "Its coordinates are two rows, taken as all x and all y."
    case [rowCount, 3]: self = try Self.three(Columns(values, count: 3), path)
    case [rowCount, 4]: self = try Self.four(Columns(values, count: 4), path)
    default:
      throw .damaged(path: path, what: "it has \(rowCount) rows of features and coordinates of the shape \(shape)")
    }
  }

  private init(_ columns: Columns, side: Double? = nil, remark: String) {
    values = (0..<columns.rowCount).flatMap { [columns[$0, 0], columns[$0, 1]] }
    self.side = side
    self.remark = remark
  }

  private struct Columns {
    let values: [Double]
    let count: Int
    var rowCount: Int { values.count / count }

    init(_ values: [Double], count: Int) {
      self.values = values
      self.count = count
    }

    subscript(row: Int, column: Int) -> Double { values[row * count + column] }

    /// The value that all rows have.
    func constant(_ value: (Int) -> Double) -> Double? {
      guard rowCount > 0 else { return nil }
      let first = value(0)
      return (1..<rowCount).allSatisfy { value($0) == first } ? first : nil
    }

    /// True for 0, 1, 2, … or 1, 2, 3, …
    func counts(_ column: Int) -> Bool {
      rowCount > 2 && self[0, column] <= 1
        && (1..<rowCount).allSatisfy { self[$0, column] == self[$0 - 1, column] + 1 }
    }
  }

  /// The third is a level, a plane or the like.
  private static func three(_ columns: Columns, _ path: String) throws(BagError) -> PlaceColumns {
    try checkFirst(columns, path)
    let range = (0..<columns.rowCount).map { columns[$0, 2] }
    let shown = columns.constant { columns[$0, 2] }.map { "\(Self.text($0)) everywhere" }
    let ends = "\(Self.text(range.min() ?? 0)) to \(Self.text(range.max() ?? 0))"
    return PlaceColumns(
      columns,
      remark:
        "Of the three columns of its coordinates x and y are the first two; the third (\(shown ?? ends)) is left out.")
  }

  /// Width and height, or the opposite corner.
  private static func four(_ columns: Columns, _ path: String) throws(BagError) -> PlaceColumns {
    try checkFirst(columns, path)
    guard columns.rowCount > 0 else { return PlaceColumns(columns, remark: "Its coordinates have four columns.") }
    let width = columns.constant { columns[$0, 2] }.flatMap { width in
      width > 0 && columns.constant { columns[$0, 3] } == width ? width : nil
    }
    let reach = columns.constant { columns[$0, 2] - columns[$0, 0] }.flatMap { reach in
      reach > 0 && columns.constant { columns[$0, 3] - columns[$0, 1] } == reach ? reach : nil
    }
    switch (width, reach) {
    case (let width?, let reach) where reach == nil || reach == width:
      return PlaceColumns(
        columns, side: width,
        remark: "The four columns of its coordinates are read as x, y, width and height (\(Self.text(width))).")
    case (nil, let reach?):
      return PlaceColumns(
        columns, side: reach,
        remark: "The four columns of its coordinates are read as two opposite corners, \(Self.text(reach)) apart."
      )
    default:
      throw .unclearPlaces(
        path: path,
        what:
          "of four columns the last two are neither one width and height for all nor the opposite corner of a square")
    }
  }

  private static func text(_ value: Double) -> String { TorchBag.number((value * 1000).rounded() / 1000) }

  private static func checkFirst(_ columns: Columns, _ path: String) throws(BagError) {
    let level = columns.constant { columns[$0, 0] }.map { (0...15).contains($0) && columns.rowCount > 2 } ?? false
    guard columns.counts(0) || (level && columns.constant { columns[$0, 1] } == nil && columns[0, 0] > 0) else {
      return
    }
    throw .unclearPlaces(
      path: path,
      what: "of \(columns.count) columns the first (\(Self.text(columns[0, 0])), "
        + "\(Self.text(columns[min(1, columns.rowCount - 1), 0])), …) is no place")
  }
}
