import FeatureData

/// Features in an HDF5 file of CLAM, TRIDENT, STAMP, mopadi or marugoto, told apart by their data sets and attributes.
enum HDF5Bag: ForeignBagReader {
  static let endings = [".h5", ".hdf5"]
  static let kinds: [BagKind] = [.clam, .trident, .stamp, .mopadi]
  static let canCrash = true

  private static let featureNames = ["features", "feats", "patch_embeddings", "embeddings"]
  private static let placeNames = ["coords", "coordinates"]

  static func read(_ path: String, micronsPerPixel: Double?) throws(BagError) -> [ForeignBag] {
    let file = try ForeignHDF5(path: path)
    let names = file.names()
    let places = placeNames.first { names.contains($0) }
    guard let name = featureNames.first(where: { names.contains($0) }) else {
      throw places == nil ? .noFeatures(path: path, parts: names) : .patchFile(path: path)
    }
    let (features, isRow) = try matrix(name, file)
    let layout = Layout(
      path: path, featureName: name, hasPlaces: places != nil, hasMetadata: names.contains("metadata"),
      root: try file.attributes(), ofFeatures: try file.attributes(of: name),
      ofPlaces: try places.map { name throws(BagError) in try file.attributes(of: name) } ?? [:],
      placesAreFloat: try places.map { name throws(BagError) in try file.numberKind(name).isFloat } ?? false)
    let type = layout.root["feat_type"]
    let isSlideLevel = isRow || type == "slide" || type == "patient"
    var assumptions: [String] = []
    var found = TilePlaces.none
    if isSlideLevel {
      if features.rowCount != 1 {
        throw .damaged(path: path, what: "it says that it is of a whole slide, and has \(features.rowCount) rows")
      }
    } else if features.rowCount > 0 {
      if let places {
        let values = try pairs(places, rowCount: features.rowCount, file)
        found = try layout.places(values, micronsPerPixel: micronsPerPixel, &assumptions)
      } else if layout.hasMetadata {
        found = try TileNames.places(
          file.texts("metadata") ?? [], path: path, rowCount: features.rowCount, &assumptions)
      }
    } else if places != nil {
      found = TilePlaces(corners: [], extent: layout.statedExtent)
    }
    return [
      ForeignBag(
        slide: ForeignBag.slide(ofFile: path), kind: layout.kind, features: features, corners: found.corners,
        centres: found.centres, tileExtent: found.extent, isSlideLevel: isSlideLevel,
        needsMicronsPerPixel: found.needMicronsPerPixel, assumptions: assumptions, attributes: layout.attributes)
    ]
  }

  /// `n × d`, or the one row of a slide-level file; leading dimensions of one are left out.
  private static func matrix(
    _ name: String, _ file: borrowing ForeignHDF5
  ) throws(BagError) -> (matrix: Matrix, isRow: Bool) {
    var shape = try file.shape(name) ?? []
    while shape.count > 2, shape[0] == 1 { shape.removeFirst() }
    guard (1...2).contains(shape.count), shape[shape.count - 1] <= ForeignBag.maximumColumnCount else {
      throw .unsupported(path: file.path, what: "its data set \(name) has the shape \(shape), not (tiles, features)")
    }
    let values = try file.floats(name)
    // A slide without tiles has a list of nothing.
    if shape == [0] { return (Matrix(rowCount: 0, columnCount: 0, elements: []), false) }
    let (rows, columns) = shape.count == 1 ? (1, shape[0]) : (shape[0], shape[1])
    return (Matrix(rowCount: rows, columnCount: columns, elements: values), shape.count == 1)
  }

  private static func pairs(
    _ name: String, rowCount: Int, _ file: borrowing ForeignHDF5
  ) throws(BagError) -> [Double] {
    var shape = try file.shape(name) ?? []
    while shape.count > 2, shape[0] == 1 { shape.removeFirst() }
    guard shape == [rowCount, 2] else {
      throw .damaged(
        path: file.path, what: "it has \(rowCount) rows of features and coordinates of the shape \(shape)")
    }
    return try file.doubles(name)
  }
}

extension BagKind {
  package static let clam = BagKind("clam", displayName: "CLAM")
  package static let trident = BagKind("trident", displayName: "TRIDENT")
  package static let stamp = BagKind("stamp", displayName: "STAMP")
  package static let mopadi = BagKind("mopadi", displayName: "mopadi or marugoto")
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
    _ values: [Double], micronsPerPixel: Double?, _ assumptions: inout [String]
  ) throws(BagError) -> TilePlaces {
    switch kind {
    case .stamp: return try inMicrons(values, micronsPerPixel: micronsPerPixel, &assumptions)
    default:
      guard let corners = TilePlaces.locations(values) else { throw beyond }
      if let extent = statedExtent { return TilePlaces(corners: corners, extent: extent) }
      return TorchBag.guess(corners: corners, values, &assumptions)
    }
  }

  private var beyond: BagError { .damaged(path: path, what: "its coordinates lie where no slide reaches") }

  /// STAMP's places: top-left corners in micrometres, or in pixels of 256/224 micrometres in its oldest files.
  private func inMicrons(
    _ values: [Double], micronsPerPixel: Double?, _ assumptions: inout [String]
  ) throws(BagError) -> TilePlaces {
    if let unit = root["unit"], !["um", "µm", "μm"].contains(unit) {
      guard unit == "px" else {
        assumptions.append("The unit “\(unit)” of its coordinates is not known: its tiles have no places.")
        return .none
      }
      guard let corners = TilePlaces.locations(values) else { throw beyond }
      return TilePlaces(corners: corners, extent: number("tile_size_px").flatMap(TilePlaces.pixels))
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
    if let side {
      places.extent = TilePlaces.pixels(side / micronsPerPixel)
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
    _ names: [String], path: String, rowCount: Int, _ assumptions: inout [String]
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
    guard let corners = TilePlaces.locations(values) else { return .none }
    return TorchBag.guess(corners: corners, values, &assumptions)
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
