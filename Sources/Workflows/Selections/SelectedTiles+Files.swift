import FeatureData
import FeatureStore
package import Rendering

extension SelectedTiles: Tabular {
  package static var fileExtensions: [String] { ["geojson", "csv", "tsv"] }
  package var fillsFolder: Bool { true }

  var points: [FeatureMap.Point] {
    rows.indices.flatMap { slide in rows[slide].map { FeatureMap.Point(slide: slide, row: Int($0)) } }
  }

  /// A row for each tile: its record and its place, and where it stands on the map on which it was chosen.
  package var table: DataTable {
    if tileMap != nil, let map = restrictedMap { return map.table }
    return DataTable(
      columns: [
        DataTable.Column("slide"), DataTable.Column("index", .integer), DataTable.Column("location_x", .integer),
        DataTable.Column("location_y", .integer),
      ],
      rows: points.map { point in
        let slide = features.slides[point.slide]
        let place = slide.stored.locations?[point.row]
        return [
          .text(slide.name), .integer(slide.records[point.row]), place.map { .integer($0.x) } ?? .missing,
          place.map { .integer($0.y) } ?? .missing,
        ]
      })
  }

  package func save(_ request: SaveRequest) throws -> [String] {
    let fileExtension = request.fileExtension
    if fileExtension == "geojson" || !Self.fileExtensions.contains(fileExtension) {
      return try groups(name: request.subject).saveRegions(request)
    }
    return try Reporting.run(parameter: "path") {
      let bytes = try bytes(request)
      try PathResolution.write(bytes, to: request.path)
      return [request.sentence(byteCount: bytes.count)] + tableRemarks
    }
  }

  /// What is to be known of a table of the tiles.
  var tableRemarks: [String] {
    ["location_x and location_y are tiles' centres in \(PlaceFrame.ofLocations(in: features))."] + table.formulaRemarks
  }
}
