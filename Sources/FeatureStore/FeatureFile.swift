package import FeatureData

/// The features of one slide as they are written: row i belongs to record `records[i]` of the slide's tile file.
package struct SlideFeatures: Sendable, Equatable {
  package let slide: String
  /// `n × d`; the columns of all layers side by side.
  package let features: Matrix
  /// `n × classes`.
  package let logits: Matrix?
  /// Tile centres, level 0, as read; nil where the records carry none.
  package let locations: [TileLocation]?
  package let records: [Int]
  /// Records that could not be read, with the reason; they have no row.
  package let failures: [RecordFailure]
  /// What ran the network, and how: for the record only.
  package let engine: String

  package init(
    slide: String, features: Matrix, logits: Matrix?, locations: [TileLocation]?, records: [Int],
    failures: [RecordFailure], engine: String
  ) {
    self.slide = slide
    self.features = features
    self.logits = logits
    self.locations = locations
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
/// The format, version 1: an HDF5 file with contiguous, uncompressed, little-endian data sets `features` f4 n × d,
/// `logits` f4 n × c (absent without logits), `locations` i8 n × 2 (tile centres, level 0, as read; absent where
/// the records carry none), `records` i8 n × 1, `failed_records` i8 m × 1 with `failure_reasons` (m × 1 texts) for the
/// records without a row, and attributes of the root group: `format` = "tessera-features", `version`, `slide`, `key` (the
/// JSON of `FeatureKey`), `tile_data` (SHA-256 of the tile file) and `engine` (what ran the network, and how).
package struct StoredSlideFeatures: Sendable {
  package static let format = "tessera-features"
  package static let version = 1

  package let slide: String
  package let path: String
  package let features: MappedMatrix
  package let logits: MappedMatrix?
  package let locations: [TileLocation]?
  package let records: [Int]
  package let failures: [RecordFailure]
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
    if file.has("locations") {
      let pairs = try file.integers("locations").values
      locations = stride(from: 0, to: pairs.count, by: 2).map { TileLocation(x: Int(pairs[$0]), y: Int(pairs[$0 + 1])) }
    } else {
      locations = nil
    }
    let failedRecords = try file.integers("failed_records").values
    let reasons = try file.texts("failure_reasons")
    failures = zip(failedRecords, reasons).map { RecordFailure(record: Int($0), reason: $1) }
    let rows = features.rowCount
    guard records.count == rows, logits.map({ $0.rowCount == rows }) ?? true,
      locations.map({ $0.count == rows }) ?? true
    else { throw .notOfFormat(path: path, missing: "row for each of its \(rows) tiles in every data set") }
  }

  private static func map(_ file: borrowing HDF5File, _ name: String) throws(FeatureStoreError) -> MappedMatrix {
    let (shape, offset) = try file.extent(ofFloats: name)
    return try MappedMatrix(path: file.path, offset: offset, rowCount: shape[0], columnCount: shape[1])
  }

  /// Writes a slide whole: to a temporary name, synced, renamed.
  static func write(
    _ slide: SlideFeatures, key: FeatureKey, tileDigest: String, to path: String
  ) throws(FeatureStoreError) {
    try AtomicFile.write(path) { temporary throws(FeatureStoreError) in
      let file = try HDF5File.create(temporary)
      try file.setAttribute("format", format)
      try file.setAttribute("version", version)
      try file.setAttribute("slide", slide.slide)
      try file.setAttribute("key", key.text)
      try file.setAttribute("tile_data", tileDigest)
      try file.setAttribute("engine", slide.engine)
      try file.write("features", slide.features)
      if let logits = slide.logits { try file.write("logits", logits) }
      if let locations = slide.locations {
        try file.write(
          "locations", rowCount: locations.count, columnCount: 2, locations.flatMap { [Int64($0.x), Int64($0.y)] })
      }
      try file.write("records", rowCount: slide.records.count, columnCount: 1, slide.records.map { Int64($0) })
      try file.write(
        "failed_records", rowCount: slide.failures.count, columnCount: 1, slide.failures.map { Int64($0.record) })
      try file.write("failure_reasons", slide.failures.map(\.reason))
    }
  }
}
