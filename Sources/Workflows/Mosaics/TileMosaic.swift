import FeatureData
import FeatureStore
import Rendering

/// Tile images laid over a map.
struct TileMosaic: SessionValue {
  let map: FeatureMap
  let picture: MosaicPicture
  let grid: MosaicGrid
  /// Pixels of a cell in the full picture.
  let cellPixels: Int
  /// Which points were laid out, and what was left out.
  let remarks: [String]
  /// The picture as it is shown in a cell.
  let inline: EncodedPicture
  let drawnTileCount: Int

  var valueType: ValueType { .mosaic }
  var shape: String { "\(grid.columnCount) × \(grid.rowCount) cells, \(drawnTileCount) tiles" }
  var byteCount: Int { inline.bytes.count }
  var isFromStore: Bool { map.isFromStore }
  var knownNames: KnownNames { map.knownNames }
  var memberNames: [String] { ["map"] }

  func member(_ name: String) -> (any SessionValue)? { name == "map" ? map : nil }
  func coerced(to type: ValueType) -> (any SessionValue)? { type == .map ? map : nil }

  /// A row for each tile that is shown: its cell (row 0 at the bottom), and which tile it is.
  var table: DataTable {
    let rows: [[DataTable.Cell]] = grid.cells.map { cell in
      let point = map.points[cell.point]
      let slide = map.features.slides[point.slide]
      return [
        .integer(cell.column), .integer(cell.row), .text(slide.name), .integer(slide.records[point.row]),
      ]
    }
    return DataTable(
      columns: [
        DataTable.Column("column", .integer), DataTable.Column("row", .integer), DataTable.Column("slide"),
        DataTable.Column("index", .integer),
      ], rows: rows)
  }

  func show(in output: any OutputSink) {
    output.show(picture: inline, text: "Mosaic: \(shape). " + remarks.joined(separator: " "))
  }
}
