import FeatureData

/// Features in an HDF5 file of CLAM, TRIDENT, STAMP, mopadi or marugoto, told apart by their data sets and attributes.
enum HDF5Bag: ForeignBagReader {
  static let endings = [".h5", ".hdf5"]
  static let kinds: [BagKind] = [.clam, .trident, .stamp, .mopadi, .hdf5]
  static let canCrash = true

  fileprivate static let featureNames = ["features", "feats", "patch_embeddings", "embeddings"]

  static func read(_ path: String, _ request: BagRequest) throws(BagError) -> [ForeignBag] {
    let file = try ForeignHDF5(path: path)
    let parts = try file.parts()
    let found = try BagParts(parts, of: path, request, known: featureNames)
    guard let part = found.features else { return [try scores(found, file, path, request)] }
    let (features, isRow) = try matrix(part, file)
    let metadata = parts.first { $0.leaf == "metadata" && $0.group == part.group }
    let layout = Layout(
      path: path, featureName: part.leaf, hasPlaces: found.places != nil, hasMetadata: metadata != nil,
      root: try file.attributes(), ofFeatures: try file.attributes(of: part.name),
      ofPlaces: try found.places.map { part throws(BagError) in try file.attributes(of: part.name) } ?? [:],
      placesAreFloat: found.places?.isFloat ?? false)
    let type = layout.root["feat_type"]
    let isSlideLevel = isRow || type == "slide" || type == "patient"
    var assumptions = found.remarks
    var places = TilePlaces.none
    if isSlideLevel {
      if features.rowCount != 1 {
        throw .damaged(path: path, what: "it says that it is of a whole slide, and has \(features.rowCount) rows")
      }
    } else if features.rowCount > 0 {
      if let part = found.places {
        let columns = try columns(part, rowCount: features.rowCount, file)
        if let remark = columns.remark { assumptions.append(remark) }
        places = try layout.places(columns, request, &assumptions)
      } else if let metadata {
        places = try TileNames.places(
          file.texts(metadata.name) ?? [], path: path, rowCount: features.rowCount, request, &assumptions)
      }
    } else if found.places != nil {
      places = TilePlaces(corners: [], extent: layout.statedExtent)
    }
    return [
      ForeignBag(
        slide: ForeignBag.slide(ofFile: path), kind: layout.kind, features: features, corners: places.corners,
        centres: places.centres, tileExtent: places.extent, isSlideLevel: isSlideLevel,
        isPatientLevel: type == "patient",
        needsMicronsPerPixel: places.needMicronsPerPixel,
        quantities: try quantities(found, rowCount: features.rowCount, file), assumptions: assumptions,
        attributes: layout.attributes)
    ]
  }

  /// Numbers of tiles with their places, without features.
  private static func scores(
    _ found: BagParts, _ file: borrowing ForeignHDF5, _ path: String, _ request: BagRequest
  ) throws(BagError) -> ForeignBag {
    guard let part = found.places, let rows = part.extent?.rows else {
      throw .noScores(path: path, what: "it has no places of tiles")
    }
    let columns = try columns(part, rowCount: rows, file)
    return ForeignBag(
      slide: ForeignBag.slide(ofFile: path), kind: .hdf5, features: Matrix(rowCount: rows, columnCount: 0),
      corners: TilePlaces.locations(columns.values), quantities: try quantities(found, rowCount: rows, file),
      assumptions: found.remarks + [columns.remark].compactMap(\.self))
  }

  private static func quantities(
    _ found: BagParts, rowCount: Int, _ file: borrowing ForeignHDF5
  ) throws(BagError) -> [TileQuantity] {
    var quantities: [TileQuantity] = []
    for (part, count) in found.quantities {
      quantities += BagParts.quantities(part, count: count, rows: rowCount, try file.floats(part.name)).map {
        TileQuantity(name: $0.name, values: $0.values)
      }
    }
    return quantities
  }

  /// `n × d`, or the one row of a slide-level file; dimensions of one are left out.
  private static func matrix(
    _ part: BagPart, _ file: borrowing ForeignHDF5
  ) throws(BagError) -> (matrix: Matrix, isRow: Bool) {
    let shape = part.significantShape
    guard (1...2).contains(shape.count), shape[shape.count - 1] <= ForeignBag.maximumColumnCount else {
      throw .unsupported(
        path: file.path, what: "its data set \(part.name) has the shape \(shape), not (tiles, features)")
    }
    let values = try file.floats(part.name)
    // A slide without tiles has a list of nothing.
    if shape == [0] { return (Matrix(rowCount: 0, columnCount: 0, elements: []), false) }
    let (rows, columns) = shape.count == 1 ? (1, shape[0]) : (shape[0], shape[1])
    return (Matrix(rowCount: rows, columnCount: columns, elements: values), shape.count == 1)
  }

  private static func columns(
    _ part: BagPart, rowCount: Int, _ file: borrowing ForeignHDF5
  ) throws(BagError) -> PlaceColumns {
    // One place alone has no dimension of one to lose.
    let shape = rowCount == 1 && part.shape.count <= 2 ? part.shape : part.significantShape
    return try PlaceColumns(
      try file.doubles(part.name), shape: shape.count == 1 ? [1] + shape : shape, rowCount: rowCount, path: file.path)
  }
}

extension BagKind {
  package static let clam = BagKind("clam", displayName: "CLAM")
  package static let trident = BagKind("trident", displayName: "TRIDENT")
  package static let stamp = BagKind("stamp", displayName: "STAMP")
  package static let mopadi = BagKind("mopadi", displayName: "mopadi or marugoto")
  /// A layout of no program that is known.
  package static let hdf5 = BagKind("hdf5", displayName: "HDF5")
}

/// What an HDF5 file has beside its features, and what that says about its places.
private struct Layout {
  let path: String
  let featureName: String
  let hasPlaces: Bool
  let hasMetadata: Bool
  let root: [String: String]
  let ofFeatures: [String: String]
  let ofPlaces: [String: String]
  let placesAreFloat: Bool

  var kind: BagKind {
    if !HDF5Bag.featureNames.contains(featureName) { return .hdf5 }
    if featureName == "feats" || featureName == "patch_embeddings" {
      let isStamp = ["stamp_version", "extractor", "feat_type", "unit", "tile_size", "tile_size_um"]
        .contains { root[$0] != nil }
      return isStamp || placesAreFloat || featureName == "patch_embeddings" ? .stamp : .mopadi
    }
    if hasMetadata { return .mopadi }
    let isTrident =
      ofFeatures["encoder"] != nil
      || ["patch_size_level0", "level0_magnification", "target_magnification"].contains { ofPlaces[$0] != nil }
    return isTrident || !hasPlaces ? .trident : .clam
  }

  var attributes: [String: String] {
    root.merging(ofPlaces) { first, _ in first }.merging(ofFeatures) { first, _ in first }
  }

  /// The tile's side in level-0 pixels where attributes give it.
  var statedExtent: Int? {
    func number(_ name: String) -> Double? {
      ofPlaces[name].flatMap { Double($0.prefix { $0 != "," }) }.flatMap { $0 > 0 && $0 < 1e6 ? $0 : nil }
    }
    if let pixels = number("patch_size_level0") { return TilePlaces.pixels(pixels) }
    guard let pixels = number("patch_size") else { return nil }
    if let source = number("level0_magnification"), let target = number("target_magnification") {
      return TilePlaces.pixels((pixels * source / target).rounded(.down))
    }
    guard let level = ofPlaces["patch_level"] else { return nil }
    return TilePlaces.pixels(pixels * (level == "0" ? 1 : number("downsample") ?? 1))
  }

  func places(
    _ columns: PlaceColumns, _ request: BagRequest, _ assumptions: inout [String]
  ) throws(BagError) -> TilePlaces {
    if kind == .stamp { return try inMicrons(columns.values, request, &assumptions) }
    let stated = statedExtent ?? columns.side.flatMap(TilePlaces.pixels)
    guard let places = TilePlaces(corners: columns.values, stated: stated, request, &assumptions) else { throw beyond }
    return places
  }

  private var beyond: BagError { .damaged(path: path, what: "its coordinates lie where no slide reaches") }

  /// STAMP's places: top-left corners in micrometres, or in pixels of 256/224 micrometres in its oldest files.
  private func inMicrons(
    _ values: [Double], _ request: BagRequest, _ assumptions: inout [String]
  ) throws(BagError) -> TilePlaces {
    let micronsPerPixel = request.micronsPerPixel
    if let unit = root["unit"], !["um", "µm", "μm"].contains(unit) {
      guard unit == "px" else {
        assumptions.append("The unit “\(unit)” of its coordinates is not known: its tiles have no places.")
        return .none
      }
      guard let corners = TilePlaces.locations(values) else { throw beyond }
      let stated = number("tile_size_px").flatMap(TilePlaces.pixels)
      return TilePlaces(corners: corners, extent: TilePlaces.side(stated: stated, request, &assumptions))
    }
    var micronsPerUnit = 1.0
    var side = number("tile_size_um") ?? number("tile_size")
    if side == nil, root["unit"] == nil {
      guard let step = TilePlaces.latticeStep(values), abs(step - 224) < 1 else {
        assumptions.append("It does not say in which unit its coordinates are: its tiles have no places.")
        return .none
      }
      (micronsPerUnit, side) = (256.0 / 224, 256)
      assumptions.append(
        "Tiles that lie 224 apart, with no unit given, are taken as those of early STAMP: 256 um, in 224 pixels.")
    } else if side == nil, let step = TilePlaces.latticeStep(values) {
      side = step
      assumptions.append("The tile's side is taken from the distance of neighbours: \(TorchBag.number(step)) um.")
    }
    guard let micronsPerPixel, micronsPerPixel > 0, micronsPerPixel.isFinite else {
      assumptions.append(
        "Its coordinates are in micrometres: without microns per pixel of the slide, its tiles have no places.")
      var places = TilePlaces.none
      places.needMicronsPerPixel = true
      return places
    }
    let scale = micronsPerPixel / micronsPerUnit
    guard let corners = TilePlaces.locations(values, dividedBy: scale) else { throw beyond }
    var places = TilePlaces(corners: corners, extent: nil)
    places.needMicronsPerPixel = true
    places.extent = TilePlaces.side(
      stated: side.flatMap { TilePlaces.pixels($0 / micronsPerPixel) }, request, &assumptions)
    if let side = side ?? places.extent.map({ Double($0) * micronsPerPixel }) {
      // From the micrometres, not from the rounded corner.
      places.centres = TilePlaces.locations(values, dividedBy: scale, plus: side / micronsPerUnit / 2)
    }
    return places
  }

  private func number(_ name: String) -> Double? {
    root[name].flatMap(Double.init).flatMap { $0 > 0 && $0 < 1e6 ? $0 : nil }
  }
}

/// Places in the names of tile files, such as `Tile_(22016,11776).jpg`.
enum TileNames {
  static func places(
    _ names: [String], path: String, rowCount: Int, _ request: BagRequest, _ assumptions: inout [String]
  ) throws(BagError) -> TilePlaces {
    guard names.count == rowCount else {
      throw .damaged(path: path, what: "it has \(rowCount) rows of features and \(names.count) names of tiles")
    }
    var values: [Double] = []
    for name in names {
      guard let (x, y) = place(in: name) else {
        assumptions.append("The name “\(name.prefix(40))” of a tile holds no place: its tiles have no places.")
        return .none
      }
      values += [Double(x), Double(y)]
    }
    return TilePlaces(corners: values, stated: nil, request, &assumptions) ?? .none
  }

  /// The two whole numbers between the last brackets.
  static func place(in name: String) -> (x: Int, y: Int)? {
    guard let open = name.lastIndex(of: "("), let close = name[open...].firstIndex(of: ")") else { return nil }
    let numbers = name[name.index(after: open)..<close].split(separator: ",", omittingEmptySubsequences: false)
    guard numbers.count == 2, let x = Int(numbers[0].filter { $0 != " " }), let y = Int(numbers[1].filter { $0 != " " })
    else { return nil }
    return (x, y)
  }
}
