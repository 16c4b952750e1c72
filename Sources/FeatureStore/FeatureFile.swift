package import FeatureData
import Foundation

/// Where tiles begin on their slide, and how large they are there: known only where their extent is.
package struct TileCorners: Sendable, Equatable {
  /// Top left, in pixels of level 0, one for each tile.
  package let corners: [TileLocation]
  /// Side of a tile in pixels of level 0; nil where another program gave corners without it.
  package let sidePixels: Int?
  /// Side of the tile as the network saw it.
  package let tilePixels: Int?
  package let slideSize: PixelSize?
  /// How the extent is known: a clause, such as "the slide's 0.25 µm per pixel".
  package let origin: String

  package struct PixelSize: Sendable, Equatable {
    package let width: Int
    package let height: Int

    package init(width: Int, height: Int) {
      self.width = width
      self.height = height
    }
  }

  package init(
    corners: [TileLocation], sidePixels: Int?, tilePixels: Int?, slideSize: PixelSize?, origin: String
  ) {
    self.corners = corners
    self.sidePixels = sidePixels
    self.tilePixels = tilePixels
    self.slideSize = slideSize
    self.origin = origin
  }
}

/// Some columns of the features of a slide: those of one layer.
package struct StoredLayer: Sendable, Equatable, Codable {
  package let layer: String
  package let width: Int

  package init(layer: String, width: Int) {
    self.layer = layer
    self.width = width
  }
}

/// The features of one slide as they are written: row i belongs to record `records[i]` of the slide's tile file.
package struct SlideFeatures: Sendable, Equatable {
  package let slide: String
  /// `n × d`; the columns of all layers side by side.
  package let features: Matrix
  /// `n × outputs`: of all heads of the model, side by side.
  package let logits: Matrix?
  /// What the logits are.
  package let outputs: ModelOutputs
  /// Tile centres, level 0, as read; nil where the records carry none.
  package let locations: [TileLocation]?
  package let corners: TileCorners?
  /// Numbers of each tile besides its features.
  package let quantities: [TileQuantity]
  /// What the columns are, from the first on.
  package let layers: [StoredLayer]
  package let records: [Int]
  /// Records that could not be read, with the reason; they have no row.
  package let failures: [RecordFailure]
  /// What ran the network, and how: for the record only.
  package let engine: String

  package init(
    slide: String, features: Matrix, logits: Matrix?, outputs: ModelOutputs = .none, locations: [TileLocation]?,
    corners: TileCorners? = nil, quantities: [TileQuantity] = [], layers: [StoredLayer] = [], records: [Int],
    failures: [RecordFailure], engine: String
  ) {
    self.slide = slide
    self.features = features
    self.logits = logits
    self.outputs = outputs
    self.locations = locations
    self.corners = corners
    self.quantities = quantities
    self.layers = layers
    self.records = records
    self.failures = failures
    self.engine = engine
  }
}

/// A record of a tile file that gave no tile.
package struct RecordFailure: Sendable, Equatable {
  package let record: Int
  package let reason: String

  package init(record: Int, reason: String) {
    self.record = record
    self.reason = reason
  }
}

/// The stored features of one slide, with the numbers left in the file.
///
/// The format, version 1: an HDF5 file with contiguous, uncompressed, little-endian data sets
/// - `features` f4 n × d;
/// - `logits` f4 n × c; absent without logits;
/// - `locations` i8 n × 2: tile centres, x and y, as read; absent where the records carry none;
/// - `coords` i8 n × 2: the tiles' top left in pixels of level 0, with TRIDENT's attributes `patch_size`,
///   `patch_size_level0`, `name`, `level0_width` and `level0_height` as far as they are known; absent where the
///   tiles' extent is not;
/// - `quantities` f4 n × q: numbers of each tile besides its features; absent where there are none;
/// - `records` i8 n × 1: the record of the tile file that a row belongs to;
/// - `failed_records` i8 m × 1 with `failure_reasons` (m × 1 texts): the records without a row;
/// - `not_finite` and `not_finite_logits` i8 m × 1: rows with NaN or infinity among their features, and among their logits;
///   absent in the first files, of which the numbers are looked through;
///
/// and attributes of the root group: `format` = "tessera-features", `version`, `slide`, `key` (the JSON of the key),
/// `tile_data` (SHA-256 of the file that the rows come from), `layers` (JSON: name and width of each layer's columns, in
/// order; absent in the first files), `outputs` (JSON: the heads of the model, and what their numbers in `logits` mean;
/// absent in the first files and without logits), `quantities` (JSON: the names of the columns of that data set), `coords_origin` (how the tiles' extent is known) and `engine` (what ran the network, and how).
package struct StoredSlideFeatures: Sendable {
  package static let format = "tessera-features"
  package static let version = 1

  package let slide: String
  package let path: String
  package let features: MappedMatrix
  package let logits: MappedMatrix?
  /// What the logits were said to be when they were written; without heads where that was not noted.
  package let outputs: ModelOutputs
  package let locations: [TileLocation]?
  package let corners: TileCorners?
  /// Numbers of each tile besides its features.
  package let quantities: [TileQuantity]
  package let layers: [StoredLayer]
  package let engine: String
  package let records: [Int]
  package let failures: [RecordFailure]
  /// Rows with NaN or infinity among their features, ascending.
  package let notFinite: [Int]
  /// Rows with NaN or infinity among their logits, ascending.
  package let notFiniteLogits: [Int]
  /// SHA-256 of the tile file that the features were computed from.
  package let tileDigest: String

  /// Opens a file of the store.
  package init(path: String) throws(FeatureStoreError) {
    let file = try HDF5File.open(path)
    guard try file.textAttribute("format") == Self.format else {
      throw .notOfFormat(path: path, missing: "attribute format = \(Self.format)")
    }
    let version = try file.integerAttribute("version")
    guard version == Self.version else {
      throw .unknownVersion(path: path, found: version, newest: Self.version)
    }
    self.path = path
    slide = try file.textAttribute("slide")
    tileDigest = try file.textAttribute("tile_data")
    features = try Self.map(file, "features")
    logits = file.has("logits") ? try Self.map(file, "logits") : nil
    records = try file.integers("records").values.map { Int($0) }
    locations = file.has("locations") ? try Self.pairs(file, "locations") : nil
    corners = file.has("coords") ? try Self.corners(file) : nil
    quantities = file.has("quantities") ? try Self.quantities(file) : []
    engine = try file.textAttribute("engine")
    layers =
      (try? file.textAttribute("layers")).flatMap {
        try? JSONDecoder().decode([StoredLayer].self, from: Data($0.utf8))
      } ?? []
    let noted = (try? file.textAttribute("outputs")).flatMap {
      try? JSONDecoder().decode(ModelOutputs.self, from: Data($0.utf8))
    }
    outputs = noted.flatMap { [logits] in $0.count == logits?.columnCount ? $0 : nil } ?? .none
    let failedRecords = try file.integers("failed_records").values
    let reasons = try file.texts("failure_reasons")
    failures = zip(failedRecords, reasons).map { RecordFailure(record: Int($0), reason: $1) }
    notFinite = try Self.notFinite(file, "not_finite", in: features)
    notFiniteLogits =
      try logits.map { logits throws(FeatureStoreError) in
        try Self.notFinite(file, "not_finite_logits", in: logits)
      } ?? []
    let rows = features.rowCount
    guard records.count == rows, logits.map({ $0.rowCount == rows }) ?? true,
      locations.map({ $0.count == rows }) ?? true, corners.map({ $0.corners.count == rows }) ?? true,
      quantities.allSatisfy({ $0.values.count == rows })
    else { throw .notOfFormat(path: path, missing: "row for each of its \(rows) tiles in every data set") }
  }

  private static func map(_ file: borrowing HDF5File, _ name: String) throws(FeatureStoreError) -> MappedMatrix {
    let (shape, offset) = try file.extent(ofFloats: name)
    return try MappedMatrix(path: file.path, offset: offset, rowCount: shape[0], columnCount: shape[1])
  }

  private static func notFinite(
    _ file: borrowing HDF5File, _ name: String, in matrix: MappedMatrix
  ) throws(FeatureStoreError) -> [Int] {
    if file.has(name) {
      let rows = try file.integers(name).values.map { Int($0) }
      guard rows.allSatisfy({ (0..<matrix.rowCount).contains($0) }) else {
        throw .notOfFormat(path: file.path, missing: "row of \(name) among its rows")
      }
      return rows
    }
    return matrix.withValues { NotFinite.rows(of: $0, columnCount: matrix.columnCount) }
  }

  private static func pairs(_ file: borrowing HDF5File, _ name: String) throws(FeatureStoreError) -> [TileLocation] {
    let (shape, values) = try file.integers(name)
    guard shape[1] == 2 else { throw .notOfFormat(path: file.path, missing: "two columns in \(name)") }
    return stride(from: 0, to: values.count, by: 2).map {
      TileLocation(x: Int(values[$0]), y: Int(values[$0 + 1]))
    }
  }

  private static func quantities(_ file: borrowing HDF5File) throws(FeatureStoreError) -> [TileQuantity] {
    let values = try file.floats("quantities")
    let names = try? JSONDecoder().decode([String].self, from: Data(file.textAttribute("quantities").utf8))
    guard let names, names.count == values.columnCount else {
      throw .notOfFormat(path: file.path, missing: "name for each column of quantities")
    }
    return names.enumerated().map { TileQuantity(name: $1, values: values.column($0)) }
  }

  private static func corners(_ file: borrowing HDF5File) throws(FeatureStoreError) -> TileCorners {
    let side = try? file.integerAttribute("patch_size_level0", on: "coords")
    let width = try? file.integerAttribute("level0_width", on: "coords")
    let height = try? file.integerAttribute("level0_height", on: "coords")
    return TileCorners(
      corners: try pairs(file, "coords"), sidePixels: side,
      tilePixels: try? file.integerAttribute("patch_size", on: "coords"),
      slideSize: width.flatMap { width in height.map { TileCorners.PixelSize(width: width, height: $0) } },
      origin: (try? file.textAttribute("coords_origin")) ?? "")
  }

  /// The same features, with the tiles' corners as they are known now.
  package func withCorners(_ corners: TileCorners) -> SlideFeatures {
    SlideFeatures(
      slide: slide, features: features.matrix(), logits: logits?.matrix(), outputs: outputs, locations: locations,
      corners: corners, quantities: quantities, layers: layers, records: records, failures: failures, engine: engine)
  }

  /// Writes a slide whole: to a temporary name, synced, renamed.
  static func write(
    _ slide: SlideFeatures, key: StoreKey, tileDigest: String, to path: String
  ) throws(FeatureStoreError) {
    try StoreFile.write(path) { temporary throws(FeatureStoreError) in
      let file = try HDF5File.create(temporary)
      try file.setAttribute("format", format)
      try file.setAttribute("version", version)
      try file.setAttribute("slide", slide.slide)
      try file.setAttribute("key", key.text)
      try file.setAttribute("tile_data", tileDigest)
      try file.setAttribute("engine", slide.engine)
      let encoder = JSONEncoder()
      // The same features give the same file.
      encoder.outputFormatting = .sortedKeys
      if slide.logits != nil, let outputs = try? encoder.encode(slide.outputs) {
        try file.setAttribute("outputs", String(decoding: outputs, as: UTF8.self))
      }
      let layers = try? encoder.encode(slide.layers)
      try file.setAttribute("layers", layers.map { String(decoding: $0, as: UTF8.self) } ?? "[]")
      try file.write("features", slide.features)
      if let logits = slide.logits { try file.write("logits", logits) }
      if let locations = slide.locations { try Self.write(locations, "locations", to: file) }
      if let corners = slide.corners {
        try Self.write(corners.corners, "coords", to: file)
        if let side = corners.sidePixels { try file.setAttribute("patch_size_level0", side, on: "coords") }
        if let side = corners.tilePixels { try file.setAttribute("patch_size", side, on: "coords") }
        if let size = corners.slideSize {
          try file.setAttribute("level0_width", size.width, on: "coords")
          try file.setAttribute("level0_height", size.height, on: "coords")
        }
        try file.setAttribute("name", slide.slide, on: "coords")
        try file.setAttribute("coords_origin", corners.origin)
      }
      if !slide.quantities.isEmpty, let names = try? encoder.encode(slide.quantities.map(\.name)) {
        try file.setAttribute("quantities", String(decoding: names, as: UTF8.self))
        let width = slide.quantities.count
        var values = Matrix(rowCount: slide.records.count, columnCount: width)
        for (column, quantity) in slide.quantities.enumerated() {
          for (row, value) in quantity.values.enumerated() { values[row, column] = value }
        }
        try file.write("quantities", values)
      }
      try file.write("records", rowCount: slide.records.count, columnCount: 1, slide.records.map { Int64($0) })
      try file.write(
        "failed_records", rowCount: slide.failures.count, columnCount: 1, slide.failures.map { Int64($0.record) })
      try file.write("failure_reasons", slide.failures.map(\.reason))
      try Self.write(slide.features.rowsNotFinite, "not_finite", to: file)
      if let logits = slide.logits { try Self.write(logits.rowsNotFinite, "not_finite_logits", to: file) }
      try file.flush()
    }
  }

  private static func write(
    _ locations: [TileLocation], _ name: String, to file: borrowing HDF5File
  ) throws(FeatureStoreError) {
    try file.write(
      name, rowCount: locations.count, columnCount: 2, locations.flatMap { [Int64($0.x), Int64($0.y)] })
  }

  private static func write(_ rows: [Int], _ name: String, to file: borrowing HDF5File) throws(FeatureStoreError) {
    try file.write(name, rowCount: rows.count, columnCount: 1, rows.map { Int64($0) })
  }
}
