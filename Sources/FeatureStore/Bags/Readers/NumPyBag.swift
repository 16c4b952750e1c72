import FeatureData
import Files
import Foundation

/// Features in NumPy's files: an array (`.npy`), or several by name (`.npz`).
///
/// Beside `SLIDE.npy` the places of the tiles can lie in `SLIDE_coords.npy`.
enum NumPyBag: ForeignBagReader {
  static let endings = [".npy", ".npz"]
  static let kinds: [BagKind] = [.numPy]
  static let rank = 1

  private static let featureNames = ["features", "feats", "patch_embeddings", "embeddings", "embedding", "feature"]
  private static let coordinateEndings = ["_coords", ".coords", "_coordinates"]

  static func companions(of file: String) -> [String] {
    guard file.lowercased().hasSuffix(".npy") else { return [] }
    return coordinateEndings.map { file.dropLast(4) + $0 + ".npy" }
  }

  static func read(_ path: String, _ request: BagRequest) throws(BagError) -> [ForeignBag] {
    let result: Result<ForeignBag, BagError>
    do throws(FileFault) {
      let arrays = try path.lowercased().hasSuffix(".npz") ? Arrays(archive: path) : Arrays(file: path)
      result = try bag(arrays, path, request)
    } catch {
      throw BagError(error, path: path)
    }
    return [try result.get()]
  }

  /// The arrays of a file, of which none is read before it is needed.
  private struct Arrays {
    let parts: [BagPart]
    /// Of an archive; nil for files that are arrays.
    private let archive: String?
    private let files: [String: String]

    init(archive path: String) throws(FileFault) {
      let opened = try NumPyArchive(path: path)
      var parts: [BagPart] = []
      for name in opened.names.prefix(64) { parts.append(Self.part(name, try opened.header(of: name))) }
      self.parts = parts
      archive = path
      files = [:]
    }

    init(file path: String) throws(FileFault) {
      var files = ["array": path]
      if let coords = companions(of: path).first(where: { FileManager.default.fileExists(atPath: $0) }) {
        files["coords"] = coords
      }
      var parts: [BagPart] = []
      for (name, path) in files.sorted(by: { $0.key < $1.key }) {
        parts.append(
          Self.part(name, try NumPyHeader(ReadableFile(path: path).bytes(at: 0, count: NumPyHeader.longest))))
      }
      self.parts = parts
      self.files = files
      archive = nil
    }

    private static func part(_ name: String, _ header: NumPyHeader) -> BagPart {
      BagPart(
        name: name, shape: header.shape, isNumber: header.itemByteCount != nil || header.kind.hasSuffix("O"),
        isFloat: header.isFloat, isNamed: name.wholeMatch(of: /arr_[0-9]+|array/) == nil)
    }

    func array(_ part: BagPart) throws(FileFault) -> NumPyArray {
      let most = ForeignBag.maximumElementCount
      if let archive { return try NumPyArchive(path: archive).array(part.name, maximumCount: most) }
      let file = try ReadableFile(path: files[part.name] ?? "")
      return try NumPyArray(file.bytes(at: 0, count: file.byteCount), maximumCount: most)
    }
  }

  private static func bag(
    _ arrays: Arrays, _ path: String, _ request: BagRequest
  ) throws(FileFault) -> Result<ForeignBag, BagError> {
    let found: BagParts
    do throws(BagError) {
      // A file that is an array holds nothing else.
      let isArray = arrays.parts.contains { $0.name == "array" }
      guard !isArray || request.key == nil else {
        throw .noPart(path: path, name: request.key ?? "", parts: [])
      }
      var asked = request
      if isArray, request.contents == .features { asked.key = "array" }
      found = try BagParts(arrays.parts, of: path, asked, known: featureNames)
    } catch {
      return .failure(error)
    }
    let rows = found.features?.extent?.rows ?? found.places?.extent?.rows ?? 0
    var quantities: [TileQuantity] = []
    for (part, count) in found.quantities {
      quantities += BagParts.quantities(part, count: count, rows: rows, try arrays.array(part).floats).map {
        TileQuantity(name: $0.name, values: $0.values)
      }
    }
    var features = Matrix(rowCount: rows, columnCount: 0)
    var isSlideLevel = false
    if let part = found.features {
      let values = try arrays.array(part).floats
      guard let (rows, columns) = part.extent, columns <= ForeignBag.maximumColumnCount else {
        return .failure(
          .unsupported(path: path, what: "its array \(part.name) has the shape \(part.shape), not (tiles, features)"))
      }
      features = Matrix(rowCount: rows, columnCount: columns, elements: values)
      isSlideLevel = part.significantShape.count == 1
    }
    let coordinates = try found.places.map { part throws(FileFault) in try arrays.array(part).doubles }
    return Result { () throws(BagError) in
      var assumptions = found.remarks
      var places = TilePlaces.none
      if let coordinates, let part = found.places, !isSlideLevel, rows > 0 {
        let shape = part.significantShape
        let columns = try PlaceColumns(
          coordinates, shape: shape.count == 1 ? [1] + shape : shape, rowCount: rows, path: path)
        if let remark = columns.remark { assumptions.append(remark) }
        if request.contents == .scores {
          places.corners = TilePlaces.locations(columns.values)
        } else if let found = TilePlaces(
          corners: columns.values, stated: columns.side.flatMap(TilePlaces.pixels), request, &assumptions)
        {
          places = found
        } else {
          throw .damaged(path: path, what: "its coordinates lie where no slide reaches")
        }
      }
      return ForeignBag(
        slide: ForeignBag.slide(ofFile: path), kind: .numPy, features: features, corners: places.corners,
        centres: places.centres, tileExtent: places.extent, isSlideLevel: isSlideLevel,
        needsMicronsPerPixel: places.needMicronsPerPixel, quantities: quantities, assumptions: assumptions)
    }
  }
}

extension BagKind {
  package static let numPy = BagKind("numpy", displayName: "NumPy")
}
