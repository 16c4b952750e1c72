package import FeatureData
import Files
import Glibc

extension StoredSlideFeatures {
  /// The same with some of its rows alone. Their numbers are copied into a file without a name beside the slide's own, which
  /// is gone with the result; of all rows nothing is copied.
  ///
  /// - Parameter rows: ascending.
  package func choosing(_ rows: [Int]) throws(FeatureStoreError) -> StoredSlideFeatures {
    rows.count == features.rowCount ? self : try StoredSlideFeatures(self, rows: rows)
  }

  private init(_ whole: StoredSlideFeatures, rows: [Int]) throws(FeatureStoreError) {
    slide = whole.slide
    path = whole.path
    features = try MappedMatrix(whole.features, rows: rows, near: whole.path)
    if let all = whole.logits { logits = try MappedMatrix(all, rows: rows, near: whole.path) } else { logits = nil }
    outputs = whole.outputs
    locations = whole.locations.map { all in rows.map { all[$0] } }
    corners = whole.corners.map { all in
      TileCorners(
        corners: rows.map { all.corners[$0] }, sidePixels: all.sidePixels, tilePixels: all.tilePixels,
        slideSize: all.slideSize, origin: all.origin)
    }
    quantities = whole.quantities.map { $0.choosing(rows) }
    layers = whole.layers
    engine = whole.engine
    records = rows.map { whole.records[$0] }
    failures = []
    let places = Dictionary(uniqueKeysWithValues: rows.enumerated().map { ($1, $0) })
    notFinite = whole.notFinite.compactMap { places[$0] }
    notFiniteLogits = whole.notFiniteLogits.compactMap { places[$0] }
    tileDigest = whole.tileDigest
  }
}

extension TileQuantity {
  package func choosing(_ rows: [Int]) -> TileQuantity { TileQuantity(name: name, values: rows.map { values[$0] }) }
}

extension MappedMatrix {
  /// Some rows of another, in a file of their own that has no name.
  fileprivate convenience init(
    _ whole: MappedMatrix, rows: [Int], near path: String
  ) throws(FeatureStoreError) {
    let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
    let descriptor = Self.unnamedFile(in: folder) ?? Self.unnamedFile(in: "/tmp")
    guard let descriptor else { throw .cannotWrite(path: folder, reason: String(cString: strerror(errno))) }
    defer { close(descriptor) }
    // Some thousands of rows at a time, for there may be millions.
    let block = 4096
    for start in stride(from: 0, to: rows.count, by: block) {
      let part = whole.matrix(of: Array(rows[start..<min(start + block, rows.count)]))
      let fault = part.elements.withUnsafeBytes { Self.write($0, to: descriptor) }
      if let fault { throw .cannotWrite(path: folder, reason: fault) }
    }
    try self.init(descriptor, in: folder, rowCount: rows.count, columnCount: whole.columnCount)
  }

  private static func unnamedFile(in folder: String) -> Int32? {
    var name = Array((folder + "/.selection-XXXXXX").utf8CString)
    let descriptor = mkstemp(&name)
    guard descriptor >= 0 else { return nil }
    unlink(name)
    return descriptor
  }

  /// - Returns: why not, where it cannot be written.
  private static func write(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) -> String? {
    var rest = bytes[...]
    while !rest.isEmpty {
      let part = UnsafeRawBufferPointer(rebasing: rest)
      let count = Glibc.write(descriptor, part.baseAddress, part.count)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return String(cString: strerror(errno)) }
      rest = rest.dropFirst(count)
    }
    return nil
  }
}
