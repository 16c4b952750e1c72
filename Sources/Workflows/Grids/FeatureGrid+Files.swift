import FeatureData
import FeatureStore
import Foundation
package import Rendering
import Slides

extension FeatureGrid: Tabular, Drawable {
  package static var fileExtensions: [String] { ["png", "svg", "pdf", "h5", "csv", "geojson"] }

  package func bytes(_ request: SaveRequest) throws -> [UInt8] {
    switch request.fileExtension {
    case "csv": Array(table.csv().utf8)
    case "geojson": try GridFiles(standardOf: self).bytes(request)
    case "h5":
      try hdf5(values, layers: layers.map { StoredLayer(layer: $0.layer, width: $0.columns.count) }, outputs: outputs)
    default: try drawn(as: PictureFormat(fileExtension: request.fileExtension) ?? .png, request)
    }
  }

  package func drawn(as format: PictureFormat, _ request: SaveRequest) throws -> [UInt8] {
    try figure().encoded(as: format, request.style.applied(to: FigureStyle())).bytes
  }

  package func remarks(onFileOf fileExtension: String) -> [String] {
    fileExtension == "geojson"
      ? (try? GridFiles(standardOf: self).remarks(onFileOf: fileExtension)) ?? []
      : frameRemarks(onFileOf: fileExtension)
  }

  /// From where and in what the places in such a file are counted; nothing where there are none.
  func frameRemarks(onFileOf fileExtension: String) -> [String] {
    let scanned = slide.scannedPart
    switch fileExtension {
    case "geojson":
      guard let scanned else { return ["Places are pixels of level 0, which QuPath counts as OpenSlide does."] }
      return [
        "Places are counted as in QuPath, from the corner of the scanned part, which is (\(scanned.x), \(scanned.y)) of "
          + "level 0 (openslide.bounds-x, bounds-y): that was subtracted."
      ]
    case "csv", "h5":
      let what = fileExtension == "csv" ? "x and y are cells' upper left corners in" : "tile_side and stride are"
      return ["\(what) \(PlaceFrame.level0)." + (scanned.map { " QuPath counts from (\($0.x), \($0.y))." } ?? "")]
    default: return []
    }
  }

  /// A row for each cell that was computed: its place, its upper left corner in level-0 pixels, and its values.
  package var table: DataTable {
    table(columnNames.map { DataTable.Column($0, .number(significantDigits: 9)) }) { row in
      values.row(row).map { .number(Double($0)) }
    }
  }

  /// The same with other values.
  func table(_ columns: [DataTable.Column], values: (_ row: Int) -> [DataTable.Cell]) -> DataTable {
    let places = ["row", "column", "x", "y"].map { DataTable.Column($0, .integer) }
    let rows: [[DataTable.Cell]] = cells.enumerated().map { row, cell in
      let place = place(cell)
      let corner = grid.origin(of: place)
      return [.integer(place.row), .integer(place.column), .integer(corner.x), .integer(corner.y)] + values(row)
    }
    return DataTable(columns: places + columns, rows: rows)
  }

  /// The largest grid that is written whole.
  private static let largestFile = 4 << 30

  /// - Parameter values: a row for each of the cells.
  func hdf5(_ values: Matrix, layers: [StoredLayer], outputs: ModelOutputs) throws -> [UInt8] {
    guard grid.cellCount * values.columnCount < Self.largestFile / MemoryLayout<Float>.size else {
      throw WorkflowFailure(
        "The whole grid of \(shape) is too large for a file, for masked cells take room too.",
        remedy: "save it as .csv, which leaves them out")
    }
    let path = NSTemporaryDirectory() + "tessera-grid-\(UUID().uuidString).h5"
    defer { try? FileManager.default.removeItem(atPath: path) }
    try GridFile(
      slide: slide.name, tiles: grid.size.label, rowCount: grid.rowCount, columnCount: grid.columnCount,
      tileSide: grid.fullExtractPixels, stride: grid.strideLength, layers: layers, outputs: outputs, cells: cells,
      values: values, micronsPerPixel: grid.scale.micronsPerPixel, scaleSource: grid.scale.source.rawValue,
      scanned: slide.scannedPart.map { TileLocation(x: $0.x, y: $0.y) }
    ).write(to: path)
    return Array(try Data(contentsOf: URL(fileURLWithPath: path)))
  }
}
