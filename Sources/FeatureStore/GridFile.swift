package import FeatureData

/// A grid of activations as an HDF5 file.
///
/// `grid` holds 32-bit floats, (rows · columns) × n, row-major: the values of a cell side by side, features first and
/// then logits; NaN where a cell is masked. `mask` holds 8-bit integers, (rows · columns) × 1: 1 where a cell is masked.
/// Attributes of `grid`: the integers `rows`, `columns`, `tile_side` and `stride` (level-0 pixels), and the texts
/// `slide`, `layers` and `classes` (joined by commas).
/// With h5py: `f["grid"][:].reshape(f["grid"].attrs["rows"], f["grid"].attrs["columns"], -1)`.
package struct GridFile: Sendable {
  let rowCount: Int
  let columnCount: Int
  let tileSide: Int
  let stride: Int
  let layers: [String]
  let classNames: [String]
  let slide: String
  let values: Matrix
  let mask: [Int8]

  package init(
    rowCount: Int, columnCount: Int, tileSide: Int, stride: Int, layers: [String], classNames: [String], slide: String,
    values: Matrix, mask: [Int8]
  ) {
    self.rowCount = rowCount
    self.columnCount = columnCount
    self.tileSide = tileSide
    self.stride = stride
    self.layers = layers
    self.classNames = classNames
    self.slide = slide
    self.values = values
    self.mask = mask
  }

  package func write(to path: String) throws(FeatureStoreError) {
    let file = try HDF5File.create(path)
    try file.write("grid", values)
    try file.write("mask", rowCount: mask.count, columnCount: 1, mask)
    let numbers = [("rows", rowCount), ("columns", columnCount), ("tile_side", tileSide), ("stride", stride)]
    for (name, number) in numbers { try file.setAttribute(name, number, on: "grid") }
    try file.setAttribute("slide", slide, on: "grid")
    try file.setAttribute("layers", layers.joined(separator: ","), on: "grid")
    try file.setAttribute("classes", classNames.joined(separator: ","), on: "grid")
    try file.flush()
  }
}
