import FeatureData

/// A table that says which file belongs to which slide, and perhaps where on it.
struct TileManifest {
  private(set) var slides: [(slide: String, tiles: [LooseTiles.Tile])] = []
  /// Columns hold places.
  let havePlaces: Bool
  /// They are upper left corners, and not centres.
  let haveCorners: Bool

  private static let fileColumns = ["file", "filename", "file_name", "path", "tile", "image", "image_path", "patch"]
  private static let slideColumns = ["slide", "slide_id", "slide_name", "wsi"]
  private static let centreColumns = [
    ("x", "y"), ("center_x", "center_y"), ("centre_x", "centre_y"), ("loc_x", "loc_y"), ("location_x", "location_y"),
  ]
  private static let cornerColumns = [
    ("corner_x", "corner_y"), ("left", "top"), ("x_min", "y_min"), ("xmin", "ymin"),
  ]
  private static let sideColumns = ["side", "side_level0", "patch_size_level0", "w", "width"]

  /// - Throws: `ProjectError` with the file and the line.
  init(_ table: CSVTable, folder: String) throws(ProjectError) {
    let names = table.columns.map { $0.lowercased() }
    func column(_ candidates: [String]) throws(ProjectError) -> Int {
      guard let index = candidates.lazy.compactMap({ names.firstIndex(of: $0) }).first else {
        throw .missingColumn(path: table.path, name: candidates[0], found: table.columns)
      }
      return index
    }
    func pair(_ candidates: [(String, String)]) -> (x: Int, y: Int)? {
      candidates.lazy.compactMap { x, y in
        names.firstIndex(of: x).flatMap { x in names.firstIndex(of: y).map { (x, $0) } }
      }.first
    }
    let file = try column(Self.fileColumns)
    let slide = try column(Self.slideColumns)
    let corners = pair(Self.cornerColumns)
    let columns = corners ?? pair(Self.centreColumns)
    let side = corners == nil ? nil : Self.sideColumns.lazy.compactMap { names.firstIndex(of: $0) }.first
    havePlaces = columns != nil
    haveCorners = corners != nil
    var tiles: [String: [LooseTiles.Tile]] = [:]
    for row in 0..<table.rowCount {
      let line = table.line(of: row)
      func coordinate(_ column: Int?) throws(ProjectError) -> Int? {
        guard let column else { return nil }
        let text = table.field(row: row, column: column)
        if Annotations.isBlank(text) { return nil }
        guard let value = table.number(row: row, column: column), abs(value) < 1e9 else {
          throw .noNumber(
            path: table.path, line: line, column: table.columns[column], slide: table.field(row: row, column: slide),
            value: text)
        }
        return Int(value)
      }
      let name = table.field(row: row, column: slide).withoutOuterBlanks
      // The slide names a file that is written: it must not lead elsewhere.
      guard !name.isBlankCell, !name.contains("/"), !name.hasPrefix(".") else {
        throw .impossibleSlideName(path: table.path, line: line, name: name)
      }
      let written = table.field(row: row, column: file)
      var tile = LooseTiles.Tile(path: written.hasPrefix("/") ? written : folder + "/" + written)
      if let x = try coordinate(columns?.x), let y = try coordinate(columns?.y) {
        let length = try coordinate(side).flatMap { $0 > 0 ? ($0, $0) : nil }
        if haveCorners {
          tile.place = TileNamePlaces.Place(x: x, y: y, sides: length)
        } else {
          tile.location = TileLocation(x: x, y: y)
        }
      }
      tiles[name, default: []].append(tile)
    }
    slides = tiles.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }
}
