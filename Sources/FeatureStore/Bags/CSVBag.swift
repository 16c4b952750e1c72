import FeatureData

/// Features in a table: slideflow's export, this program's own, and simple ones of slide, x, y and numbered columns.
enum CSVBag {
  /// What each column is.
  private struct Columns {
    var slide: Int?
    var x: Int?
    var y: Int?
    var logits: [Int] = []
    /// What each of these is.
    var outputs: [OutputColumn] = []
    var features: [Int] = []
    var ignored: [String] = []
    /// Whether places are centres, as in the tables of this program.
    var placesAreCentres = false
    /// Names that two columns of numbers have.
    var repeated: [String] = []
    var count = 0
  }

  /// The rows of one slide.
  private struct Rows {
    var features: [Float] = []
    var logits: [Float] = []
    var places: [Double] = []
    var count = 0
  }

  static func read(_ path: String) throws(BagError) -> [ForeignBag] {
    var table = try NumberTable(path: path)
    guard try table.next() else { throw .noFeatures(path: path, parts: []) }
    var header: [String] = []
    for column in table.ends.indices { header.append(try table.string(column).withoutOuterBlanks) }
    // A separator at the end of each line makes a column of nothing.
    while header.count > 1, header.last == "" { header.removeLast() }
    let columns = try columns(header, path: path)
    var order: [String] = []
    var slides: [String: Rows] = [:]
    let single = ForeignBag.slide(ofFile: path)
    var elementCount = 0
    while try table.next() {
      guard table.hasFields(columns.count) else {
        throw .damaged(
          path: path, what: "line \(table.line) has \(table.ends.count) fields, and its header \(columns.count)")
      }
      elementCount += columns.features.count + columns.logits.count
      guard elementCount <= ForeignBag.maximumElementCount else {
        throw .tooLarge(path: path, what: "more numbers", limit: "at most \(ForeignBag.maximumElementCount)")
      }
      let name =
        try columns.slide.map { column throws(BagError) in try table.string(column).withoutOuterBlanks } ?? single
      guard columns.slide == nil || !name.isBlankCell else {
        throw .damaged(path: path, what: "line \(table.line) names no slide")
      }
      if slides[name] == nil { order.append(name) }
      try add(&slides[name, default: Rows()], table, columns, header)
    }
    guard !order.isEmpty else { throw .noFeatures(path: path, parts: ["a header and no rows"]) }
    let hasPlaces = columns.x != nil
    let isSlideLevel = !hasPlaces && !header.contains("Tile") && order.allSatisfy { slides[$0]?.count == 1 }
    return order.compactMap { name in
      slides.removeValue(forKey: name).map { bag(name, $0, columns, isSlideLevel: isSlideLevel) }
    }
  }

  private static func columns(_ header: [String], path: String) throws(BagError) -> Columns {
    var columns = Columns()
    columns.count = header.count
    var numbered: [Int] = []
    for (index, name) in header.enumerated() {
      switch name.lowercased() {
      case "slide", "slide_id", "slide_name": columns.slide = columns.slide ?? index
      case "location_x", "loc_x": (columns.x, columns.placesAreCentres) = (index, true)
      case "location_y", "loc_y": columns.y = index
      case "x", "coord_x", "x_coord": columns.x = columns.x ?? index
      case "y", "coord_y", "y_coord": columns.y = columns.y ?? index
      case "tile": break
      case let name where name.hasPrefix("feature_") || name.hasPrefix("feat_"): columns.features.append(index)
      case _ where OutputColumn(name) != nil:
        columns.logits.append(index)
        columns.outputs += [OutputColumn(name)].compactMap(\.self)
      case let name where !name.isEmpty && name.utf8.count < 8 && name.utf8.allSatisfy({ (0x30...0x39).contains($0) }):
        numbered.append(index)
      case "": break
      default: columns.ignored.append(name)
      }
    }
    if columns.features.isEmpty { columns.features = numbered }
    if columns.x == nil || columns.y == nil { (columns.x, columns.y) = (nil, nil) }
    let used = (columns.features + columns.logits).map { header[$0] }
    columns.repeated = Dictionary(used.map { ($0, 1) }, uniquingKeysWith: +).filter { $0.value > 1 }.keys.sorted()
    guard !columns.features.isEmpty else { throw .noFeatures(path: path, parts: header.map { "column \($0)" }) }
    return columns
  }

  private static func add(
    _ rows: inout Rows, _ table: borrowing NumberTable, _ columns: Columns, _ header: [String]
  ) throws(BagError) {
    func number(_ column: Int) throws(BagError) -> Double {
      guard let value = table.number(column) else {
        throw .notANumber(
          path: table.path, line: table.line, column: header[column], text: String(table.shown(column).prefix(40)))
      }
      return value
    }
    for column in columns.features { rows.features.append(Float(try number(column))) }
    for column in columns.logits { rows.logits.append(Float(try number(column))) }
    if let x = columns.x, let y = columns.y {
      rows.places.append(try number(x))
      rows.places.append(try number(y))
    }
    rows.count += 1
  }

  /// A head for each run of columns of one kind.
  private static func outputs(_ columns: [OutputColumn]) -> ModelOutputs {
    var heads: [(column: OutputColumn, count: Int)] = []
    for column in columns {
      if heads.last?.column == column { heads[heads.count - 1].count += 1 } else { heads.append((column, 1)) }
    }
    return ModelOutputs(
      heads.map { column, count in
        OutputHead(
          name: column.head, meaning: column.meaning, areProbabilities: column.areProbabilities,
          outputNames: (0..<count).map(String.init), isAssumed: column.meaning == .classes)
      })
  }

  private static func bag(_ name: String, _ rows: Rows, _ columns: Columns, isSlideLevel: Bool) -> ForeignBag {
    var assumptions: [String] = []
    if !columns.ignored.isEmpty {
      let names = columns.ignored.prefix(5).joined(separator: ", ")
      assumptions.append("Columns that are not known were left out: \(names)\(columns.ignored.count > 5 ? " …" : "").")
    }
    if !columns.repeated.isEmpty {
      assumptions.append(
        "Columns of one name are taken as they stand, side by side: \(columns.repeated.prefix(5).joined(separator: ", "))."
      )
    }
    if isSlideLevel { assumptions.append("One row a slide, without places: taken as features of whole slides.") }
    var places = TilePlaces.none
    if columns.x != nil {
      if let locations = TilePlaces.locations(rows.places) {
        places =
          columns.placesAreCentres
          ? TilePlaces(centres: locations, extent: nil)
          : TorchBag.guess(corners: locations, rows.places, &assumptions)
      } else {
        assumptions.append("Not every tile has a place: its tiles have none.")
      }
    }
    return ForeignBag(
      slide: name, kind: .csv,
      features: Matrix(rowCount: rows.count, columnCount: columns.features.count, elements: rows.features),
      corners: places.corners, centres: places.centres, tileExtent: places.extent,
      logits: columns.logits.isEmpty
        ? nil : Matrix(rowCount: rows.count, columnCount: columns.logits.count, elements: rows.logits),
      outputs: outputs(columns.outputs), isSlideLevel: isSlideLevel, assumptions: assumptions)
  }
}
