import FeatureData
import FeatureStore
import Files
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
  var placeTable: DataTable {
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

  /// The same with the tile's place on its slide and on the map, how many tiles it stands for, and what its frame shows.
  package var table: DataTable {
    let places = placeTable
    let counts = grid.counts()
    let rows = zip(places.rows, grid.cells).map { row, cell -> [DataTable.Cell] in
      let point = map.points[cell.point]
      let location = map.features.slides[point.slide].stored.locations?[point.row]
      return row + [
        location.map { .integer($0.x) } ?? .missing, location.map { .integer($0.y) } ?? .missing,
        .number(Double(map.coordinates[cell.point, 0])), .number(Double(map.coordinates[cell.point, 1])),
        .integer(max(counts[grid.number(of: cell)], 1)),
      ] + (picture.frames.map { [Self.cell(of: cell.point, $0)] } ?? [])
    }
    return DataTable(
      columns: places.columns + [
        DataTable.Column("location_x", .integer), DataTable.Column("location_y", .integer),
        DataTable.Column("x", .number(significantDigits: 9)), DataTable.Column("y", .number(significantDigits: 9)),
        DataTable.Column("tiles", .integer),
      ]
        + (picture.frames.map { [DataTable.Column($0.label, $0.areClasses ? .text : .number(significantDigits: 6))] }
          ?? []),
      rows: rows)
  }

  private static func cell(of point: Int, _ frames: MosaicPicture.Frames) -> DataTable.Cell {
    if let number = frames.number(of: point) { return .number(number) }
    return frames.text(of: point).map { .text($0) } ?? .missing
  }
}

extension TileMosaic: Tabular, Drawable {
  package static var fileExtensions: [String] {
    ["csv", "tsv"] + PictureFormat.allCases.map(\.rawValue) + ["html"]
  }

  package func drawn(as format: PictureFormat, _ request: SaveRequest) throws -> [UInt8] {
    try picture.document(
      as: format, request.style.applied(to: FigureStyle()), sidePixels: cellPixels, monitor: request.monitor
    ).picture.bytes
  }

  /// The full picture is too large to lie in memory as a whole: as PNG it is written as it is made.
  package func save(_ request: SaveRequest) throws -> [String] {
    try Reporting.run(parameter: "path") {
      if request.fileExtension == "html" { return try savePage(request) }
      guard request.fileExtension == PictureFormat.png.rawValue else {
        let bytes = try bytes(request)
        try PathResolution.write(bytes, to: request.path)
        return [request.sentence(byteCount: bytes.count)] + remarks(onFileOf: request.fileExtension)
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

  package func remarks(onFileOf fileExtension: String) -> [String] {
    CSVText.Separator(fileExtension: fileExtension) == nil
      ? [] : map.remarks(onFileOf: fileExtension) + table.formulaRemarks
  }
}
