/// A part of a file that can hold several: a data set, a tensor or an array.
struct BagPart: Equatable {
  /// With the groups that it lies in, such as `uni_v1/features`; its number in a list.
  let name: String
  let shape: [Int]
  let isNumber: Bool
  let isFloat: Bool
  /// False where the name is but a number.
  var isNamed = true

  /// Without dimensions of one, as long as more than two are left.
  var significantShape: [Int] { Self.significantAxes(of: shape).map { shape[$0] } }

  /// The axes that are left: those of one are taken off from the first on.
  static func significantAxes(of shape: [Int]) -> [Int] {
    var axes = Array(shape.indices)
    while axes.count > 2, let one = axes.firstIndex(where: { shape[$0] == 1 }) { axes.remove(at: one) }
    return axes
  }

  /// The last part of the name, in lower case.
  var leaf: String { name.split(separator: "/").last.map { $0.lowercased() } ?? name.lowercased() }
  var group: Substring { name.lastIndex(of: "/").map { name[..<$0] } ?? "" }

  /// Rows and columns of a matrix; one dimension is a row.
  var extent: (rows: Int, columns: Int)? {
    let shape = significantShape
    switch shape.count {
    case 1: return (1, shape[0])
    case 2: return (shape[0], shape[1])
    default: return nil
    }
  }

  var isMatrix: Bool { isNumber && significantShape.count == 2 }

  /// "uni_v1/features (400 × 1024)".
  var words: String { "\(name) (\(shape.isEmpty ? "one value" : shape.map(String.init).joined(separator: " × ")))" }
}

/// Which parts of a file are the features, the places of their tiles, and numbers of tiles beside them: by their names,
/// else by their shapes where these leave no doubt.
struct BagParts {
  private(set) var features: BagPart?
  private(set) var places: BagPart?
  /// Each with the number of values that a tile has.
  private(set) var quantities: [(part: BagPart, count: Int)] = []
  /// What was not clear from the names alone, a sentence each.
  private(set) var remarks: [String] = []

  private static let placeNames = ["coords", "coordinates", "locations", "location", "positions", "coords_patching"]
  /// Numbers that only count.
  private static let counters: Set<String> = [
    "index", "indices", "idx", "id", "ids", "tile_id", "tile_index", "tile_idx", "patch_id", "patch_index", "x", "y",
  ]
  private static let mostScores = 16

  /// - Parameters:
  ///   - known: names that features have, the likeliest first.
  /// - Throws: `noPart`, `severalFeatures`, `patchFile`, `noFeatures`; `noScores` where numbers of tiles were asked for.
  init(_ parts: [BagPart], of path: String, _ request: BagRequest, known: [String]) throws(BagError) {
    var candidates = parts
    if let key = request.key {
      if let named = try Self.part(key, among: parts, path: path) {
        features = named
      } else {
        candidates = parts.filter { $0.name.hasPrefix(key + "/") }
      }
    }
    guard request.contents == .features else {
      places = candidates.first { Self.placeNames.contains($0.leaf) }
      guard let rows = places?.extent?.rows else {
        throw .noScores(path: path, what: "it has no places of tiles, only \(Self.list(parts))")
      }
      quantities = Self.quantities(candidates.filter { $0.name != places?.name }, rows: rows)
      guard !quantities.isEmpty else { throw .noScores(path: path, what: "it has \(Self.list(parts))") }
      return
    }
    if features == nil { try find(known, among: candidates, of: path) }
    guard let features, let (rows, columns) = features.extent else { return }
    if features.shape.count > 2, features.shape.first != 1 {
      remarks.append("\(features.words) is taken as \(rows) tiles × \(columns) features.")
    }
    let others = parts.filter { $0.name != features.name }
    if places == nil { findPlaces(of: features, rows: rows, among: others) }
    guard rows > 1 else { return }
    let near = others.filter { ($0.group == features.group || $0.group.isEmpty) && $0.name != places?.name }
    quantities = Self.quantities(near, rows: rows)
  }

  // MARK: Features

  private static func part(_ key: String, among parts: [BagPart], path: String) throws(BagError) -> BagPart? {
    if let named = parts.first(where: { $0.name == key }) { return named }
    if parts.contains(where: { $0.name.hasPrefix(key + "/") }) { return nil }
    let ending = parts.filter { $0.name.hasSuffix("/" + key) }
    if ending.count == 1 { return ending[0] }
    if ending.count > 1 { throw .severalFeatures(path: path, parts: ending.map(\.name)) }
    throw .noPart(path: path, name: key, parts: likeliestFirst(parts).map(\.name))
  }

  private mutating func find(_ known: [String], among parts: [BagPart], of path: String) throws(BagError) {
    let named = parts.filter { known.contains($0.leaf) }
    let groups = Set(named.map(\.group))
    if let group = groups.contains("") ? "" : groups.count == 1 ? groups.first : nil {
      let own = named.filter { $0.group == group }
      features = known.lazy.compactMap { name in own.first { $0.leaf == name } }.first
      if let features {
        if !group.isEmpty { remarks.append("Features are read from \(features.name).") }
        let rest = own.filter { $0.name != features.name && $0.isMatrix && $0.extent?.rows == features.extent?.rows }
        if !rest.isEmpty {
          remarks.append(
            "Features are read from \(features.name); it also has \(Self.list(rest)), and key=\(rest[0].name) reads these."
          )
        }
      }
      return
    }
    guard named.isEmpty else { throw .severalFeatures(path: path, parts: named.map(\.name)) }
    if try pair(parts, path: path) { return }
    try findByShape(parts, of: path)
  }

  /// Features and places side by side in a list without names.
  private mutating func pair(_ parts: [BagPart], path: String) throws(BagError) -> Bool {
    let arrays = parts.filter { $0.isMatrix && !$0.isNamed }
    guard arrays.count == 2, arrays.count == parts.count(where: { !$0.significantShape.isEmpty }),
      let one = arrays[0].extent, let two = arrays[1].extent, one.rows == two.rows
    else { return false }
    let (isOne, isTwo) = ((2...4).contains(one.columns), (2...4).contains(two.columns))
    guard isOne != isTwo else { return false }
    (features, places) = isOne ? (arrays[1], arrays[0]) : (arrays[0], arrays[1])
    remarks.append(
      "Of its two arrays the \(isOne ? "second" : "first") is taken as the features (\(one.rows) × "
        + "\(max(one.columns, two.columns))), the \(isOne ? "first" : "second") as the places of the tiles.")
    return true
  }

  private mutating func findByShape(_ parts: [BagPart], of path: String) throws(BagError) {
    let numbers = parts.filter { $0.isNumber && !$0.significantShape.isEmpty }
    let floats = numbers.filter { part in
      part.isFloat && part.extent != nil && !Self.placeNames.contains(part.leaf) && !Self.isScore(part.leaf)
    }
    guard let placed = parts.first(where: { Self.placeNames.contains($0.leaf) }) else {
      let matrices = floats.filter { $0.significantShape.count == 2 }
      let found = matrices.count == 1 ? matrices : floats
      guard found.count == 1, matrices.count <= 1 else { throw Self.unknown(parts, path) }
      features = found[0]
      if numbers.count > 1 {
        remarks.append("Features are read from \(found[0].words), the only floating-point numbers.")
      }
      return
    }
    let rows = placed.extent?.rows
    let fitting = floats.filter { $0.significantShape.count == 2 && $0.extent?.rows == rows && $0.extent?.columns != 1 }
    guard let only = fitting.first else {
      if floats.isEmpty { throw .patchFile(path: path) }
      throw .unsupported(
        path: path, what: "it has \(rows ?? 0) coordinates, and no part with as many rows: \(Self.list(floats))")
    }
    guard fitting.count == 1 else { throw .severalFeatures(path: path, parts: fitting.map(\.name)) }
    features = only
    remarks.append("Features are read from \(only.words), which alone has a row for each of the coordinates.")
  }

  /// No part is known: those that could be asked for come first.
  private static func unknown(_ parts: [BagPart], _ path: String) -> BagError {
    let matrices = parts.filter(\.isMatrix)
    guard !matrices.isEmpty || parts.isEmpty else {
      return .unsupported(path: path, what: "it has no rows of numbers, only \(list(parts))")
    }
    return .noFeatures(path: path, parts: likeliestFirst(parts).map(\.name))
  }

  private static func likeliestFirst(_ parts: [BagPart]) -> [BagPart] {
    func isLikely(_ part: BagPart) -> Bool { part.isMatrix && part.isFloat && !placeNames.contains(part.leaf) }
    return parts.filter(isLikely) + parts.filter { !isLikely($0) }
  }

  // MARK: Places and numbers

  private mutating func findPlaces(of features: BagPart, rows: Int, among parts: [BagPart]) {
    let named = parts.filter { Self.placeNames.contains($0.leaf) }
    let inGroup = named.filter { $0.group == features.group }
    if let known = (inGroup.isEmpty ? named.filter { $0.group.isEmpty } : inGroup).first {
      places = known
      return
    }
    let pairs = parts.filter { part in
      part.isNumber && !part.isFloat && part.group == features.group && part.significantShape == [rows, 2]
    }
    guard pairs.count == 1, rows != 2 else { return }
    places = pairs[0]
    remarks.append("Places of the tiles are read from \(pairs[0].words), the only pairs of whole numbers.")
  }

  private static func isScore(_ leaf: String) -> Bool {
    ["attention", "attn", "score", "prob"].contains { leaf.contains($0) }
  }

  private static func quantities(_ parts: [BagPart], rows: Int) -> [(part: BagPart, count: Int)] {
    parts.compactMap { part in
      guard part.isNumber, part.isNamed, !counters.contains(part.leaf), !placeNames.contains(part.leaf) else {
        return nil
      }
      // Ones say nothing anywhere here.
      let shape = part.shape.filter { $0 != 1 }
      if shape == [rows] || (rows == 1 && shape.isEmpty) { return (part, 1) }
      guard isScore(part.leaf), shape.count == 2, shape.contains(rows) else { return nil }
      let count = shape[0] == rows ? shape[1] : shape[0]
      return count <= mostScores ? (part, count) : nil
    }
  }

  private static func list(_ parts: [BagPart]) -> String {
    parts.isEmpty
      ? "nothing" : parts.prefix(6).map(\.words).joined(separator: ", ") + (parts.count > 6 ? ", …" : "")
  }
}

extension BagParts {
  /// The numbers of a part, tile by tile, by names: several of a tile are numbered.
  static func quantities(
    _ part: BagPart, count: Int, rows: Int, _ values: [Float]
  ) -> [(name: String, values: [Float])] {
    let leaf = part.name.split(separator: "/").last.map(String.init) ?? part.name
    guard count > 1 else { return [(leaf, values)] }
    let areRows = part.shape.filter { $0 != 1 }.first == rows
    return (0..<count).map { column in
      ("\(leaf)/\(column)", (0..<rows).map { values[areRows ? $0 * count + column : column * rows + $0] })
    }
  }
}
