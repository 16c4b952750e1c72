package import FeatureData
import Foundation

/// What a network gave for the places of a slide's grid, in one HDF5 file.
///
/// The format, version 1: contiguous, uncompressed, little-endian data sets, rows from the top and columns from the left,
/// - `grid` f4 rows × columns × n: the columns of the layers side by side, then the logits; NaN where a place is masked;
/// - `mask` i1 rows × columns: 1 where a place is masked, as numpy's masked arrays have it;
///
/// and attributes of the root group: `format` = "tessera-grid", `version`, `slide`, `layers` (JSON: name and width of
/// each layer's columns, in order), `classes` (JSON: the names of the logits, in order), `outputs` (JSON: the heads of
/// the model, and what their numbers mean), `tiles` (such as
/// 299px_302um), and, in pixels of level 0, `tile_side` and `stride`: the top left of a place is its column and its
/// row times `stride`, from the corner of the whole slide as OpenSlide counts (`frame`). `scanned_x` and `scanned_y` are the
/// corner of the part that was scanned, from which QuPath counts; absent where that is the same. `microns_per_pixel` is what
/// the grid was laid by, and `microns_per_pixel_by` who says so (file, given), as texts.
///
/// In Python: `numpy.ma.array(f["grid"], mask=numpy.repeat(f["mask"][:, :, None], f["grid"].shape[2], 2))`.
package struct GridFile: Sendable {
  package static let format = "tessera-grid"
  package static let version = 1

  let slide: String
  let tiles: String
  let rowCount: Int
  let columnCount: Int
  let tileSide: Int
  let stride: Int
  let layers: [StoredLayer]
  let outputs: ModelOutputs
  let cells: [Int]
  let values: Matrix
  let micronsPerPixel: Double?
  let scaleSource: String?
  let scanned: TileLocation?

  /// - Parameters:
  ///   - cells: the places that were computed: `row * columnCount + column`.
  ///   - values: a row for each of `cells`.
  ///   - scaleSource: who gave the microns per pixel of level 0.
  ///   - scanned: the corner of the scanned part, where it is not the slide's.
  package init(
    slide: String, tiles: String, rowCount: Int, columnCount: Int, tileSide: Int, stride: Int, layers: [StoredLayer],
    outputs: ModelOutputs, cells: [Int], values: Matrix, micronsPerPixel: Double? = nil, scaleSource: String? = nil,
    scanned: TileLocation? = nil
  ) {
    self.slide = slide
    self.tiles = tiles
    self.rowCount = rowCount
    self.columnCount = columnCount
    self.tileSide = tileSide
    self.stride = stride
    self.layers = layers
    self.outputs = outputs
    self.cells = cells
    self.values = values
    self.micronsPerPixel = micronsPerPixel
    self.scaleSource = scaleSource
    self.scanned = scanned
  }

  package func write(to path: String) throws(FeatureStoreError) {
    let width = values.columnCount
    var whole = [Float](repeating: .nan, count: rowCount * columnCount * width)
    var mask = [Int8](repeating: 1, count: rowCount * columnCount)
    for (row, cell) in cells.enumerated() {
      whole.replaceSubrange(cell * width..<(cell + 1) * width, with: values.row(row))
      mask[cell] = 0
    }
    let file = try HDF5File.create(path)
    try file.write("grid", shape: [rowCount, columnCount, width], whole)
    try file.write("mask", shape: [rowCount, columnCount], mask)
    try file.setAttribute("format", Self.format)
    try file.setAttribute("version", Self.version)
    try file.setAttribute("slide", slide)
    try file.setAttribute("tiles", tiles)
    try file.setAttribute("layers", Self.json(layers))
    try file.setAttribute("classes", Self.json(outputs.names))
    try file.setAttribute("outputs", Self.json(outputs.heads))
    try file.setAttribute("tile_side", tileSide)
    try file.setAttribute("stride", stride)
    try file.setAttribute("frame", "level 0 of the whole slide")
    if let scanned {
      try file.setAttribute("scanned_x", scanned.x)
      try file.setAttribute("scanned_y", scanned.y)
    }
    if let micronsPerPixel { try file.setAttribute("microns_per_pixel", "\(micronsPerPixel)") }
    if let scaleSource { try file.setAttribute("microns_per_pixel_by", scaleSource) }
    try file.flush()
  }

  private static func json(_ value: some Encodable) -> String {
    let encoder = JSONEncoder()
    // Otherwise two equal grids give different files.
    encoder.outputFormatting = .sortedKeys
    return (try? encoder.encode(value)).map { String(decoding: $0, as: UTF8.self) } ?? "[]"
  }
}
