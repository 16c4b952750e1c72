import FeatureData
import Foundation
package import Rendering

/// Tile images laid over a map.
package struct TileMosaic: Sendable {
  package let map: FeatureMap
  package let picture: MosaicPicture
  package let grid: MosaicGrid
  /// Pixels of a cell in the full picture.
  package let cellPixels: Int
  /// Which points were laid out, and what was left out.
  package let remarks: [String]
  /// The picture as it is shown in a cell.
  package let inline: EncodedPicture
  package let drawnTileCount: Int

  package var shape: String { "\(grid.columnCount) × \(grid.rowCount) cells, \(drawnTileCount) tiles" }

  /// A row for each tile that is shown: its cell (row 0 at the bottom), and which tile it is.
  package var table: DataTable {
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
}

extension TileMosaic: Tabular, Drawable {
  package func drawn(as format: PictureFormat, _ request: SaveRequest) throws -> [UInt8] {
    try picture.document(
      as: format, request.style.applied(to: FigureStyle()), sidePixels: cellPixels, monitor: request.monitor
    ).picture.bytes
  }

  /// The full picture is too large to lie in memory as a whole: as PNG it is written as it is made.
  package func save(_ request: SaveRequest) throws -> [String] {
    try Reporting.run(parameter: "path") {
      guard request.fileExtension == PictureFormat.png.rawValue else {
        let bytes = try bytes(request)
        try PathResolution.write(bytes, to: request.path)
        return [request.sentence(byteCount: bytes.count)]
      }
      if request.style.isLook {
        throw WorkflowFailure(
          "A mosaic's .png is its tiles alone, pixel by pixel; a theme and a width are for .svg and .pdf.",
          remedy: "save \(request.subject) \((request.path as NSString).deletingPathExtension).pdf", parameter: "theme")
      }
      let byteCount = try PathResolution.write(to: request.path) { append in
        _ = try picture.full(
          sidePixels: cellPixels, statement: request.style.statement, monitor: request.monitor, output: append)
      }
      return [request.sentence(byteCount: byteCount)]
    }
  }
}
