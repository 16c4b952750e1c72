import FeatureData
import FeatureStore
import Files
import Foundation
import Rendering
import Slides

/// What a grid is written as with some of its columns: a table, HDF5, or GeoJSON.
struct GridFiles: FileEncodable {
  let grid: FeatureGrid
  private let columns: SavedColumns
  /// What is not in the file, a sentence; nil where nothing was left out that anybody would miss.
  private let omission: String?

  init(_ grid: FeatureGrid, _ aspects: [TileAspect], omission: String? = nil) throws {
    self.grid = grid
    self.omission = omission
    columns = try SavedColumns(
      aspects, owner: "This grid has", layers: grid.layers, outputs: grid.outputs,
      featureNames: Array(grid.columnNames.prefix(grid.featureCount)), annotations: nil, slides: [grid.slide.name])
  }

  /// What QuPath gets where nothing is chosen: probabilities and logits, for thousands of activations of each tile make
  /// files that nothing opens. Without outputs the feature that the heat map shows.
  init(standardOf grid: FeatureGrid) throws {
    let outputs = grid.outputs
    let rest =
      "left out; columns=[\(grid.layers.count == 1 ? "feature:12" : "feature:LAYER/12"), …] writes those that are named"
    guard outputs.count > 0 else {
      let first = TileAspect.feature(layer: grid.layers.count == 1 ? nil : grid.layers.first?.layer, index: 0)
      try self.init(
        grid, [first],
        omission: grid.featureCount > 1
          ? "Measurements are those of the first feature; the \(grid.featureCount - 1) others are \(rest)." : nil)
      return
    }
    let places = 0..<outputs.count
    let logits = places.filter { outputs.heads[outputs.head(ofColumn: $0)].areLogits }
    let aspects = places.map { TileAspect.probability(String($0)) } + logits.map { TileAspect.logit(String($0)) }
    let what = logits.isEmpty ? "outputs" : "probabilities and logits"
    try self.init(
      grid, aspects,
      omission:
        "Measurements are the \(what) of \(StudyModel.inShort(outputs.names)); the \(grid.featureCount.counted("feature")) "
        + "\(grid.featureCount == 1 ? "is" : "are") \(rest).")
  }

  static var fileExtensions: [String] { ["csv", "h5", "geojson"] }

  func remarks(onFileOf fileExtension: String) -> [String] {
    [omission].compactMap(\.self) + grid.frameRemarks(onFileOf: fileExtension)
  }

  func bytes(_ request: SaveRequest) throws -> [UInt8] {
    switch request.fileExtension {
    case "geojson": Array(geoJSON.utf8)
    case "h5":
      try grid.hdf5(
        Matrix(
          rowCount: grid.cells.count, columnCount: columns.columns.count,
          elements: grid.cells.indices.flatMap { columns.numbers(row($0)) }),
        layers: columns.columns.map { StoredLayer(layer: $0.name, width: 1) }, outputs: .none)
    default: Array(grid.table(columns.columns) { columns.cells(row($0)) }.csv().utf8)
    }
  }

  private func row(_ row: Int) -> SavedColumns.Row {
    let values = grid.values.row(row)
    return SavedColumns.Row(
      slide: grid.slide.name, feature: { values[values.startIndex + $0] }, outputs: values.dropFirst(grid.featureCount))
  }

  /// What QuPath imports: a square for each cell that was computed, with its values as measurements; in pixels of level 0
  /// from the corner of the scanned part, which is all of a slide that QuPath shows.
  private var geoJSON: String {
    let names = columns.columns.map { JSONFragment.string($0.name).text }
    let side = grid.grid.fullExtractPixels
    let scanned = grid.slide.scannedPart
    let features = grid.cells.enumerated().map { index, cell in
      let origin = grid.grid.origin(of: grid.place(cell))
      let (x, y) = (origin.x - (scanned?.x ?? 0), origin.y - (scanned?.y ?? 0))
      let corners = [(x, y), (x + side, y), (x + side, y + side), (x, y + side), (x, y)]
      let ring = corners.map { "[\($0.0),\($0.1)]" }.joined(separator: ",")
      // JSON knows no NaN, and a measurement is a number.
      let measurements = zip(names, columns.numbers(row(index))).compactMap { $1.isFinite ? "\($0):\($1)" : nil }
      return #"{"type":"Feature","geometry":{"type":"Polygon","coordinates":[[\#(ring)]]},"#
        + #""properties":{"objectType":"tile","measurements":{\#(measurements.joined(separator: ","))}}}"#
    }
    return #"{"type":"FeatureCollection","features":["# + "\n" + features.joined(separator: ",\n") + "\n]}\n"
  }
}

extension FeatureGrid: ColumnChoosing {
  package func choosing(_ aspects: [TileAspect]) throws -> any Saveable { try GridFiles(self, aspects) }
}
