import FeatureData
import Files

/// Features in a table: slideflow's export, this program's own, and simple ones of slide, x, y and numbered columns.
enum CSVBag: ForeignBagReader {
  static let endings = [".csv"]
  static let kinds: [BagKind] = [.csv]
  static let rank = 2

  /// What each column is.
  private struct Columns {
    var slide: Int?
    var patient: Int?
    var x: Int?
    var y: Int?
    var logits: [Int] = []
    /// What each of these is.
    var outputs: [OutputColumn] = []
    var features: [Int] = []
    /// Those of other names; where they hold numbers, these are numbers of tiles.
    var others: [Int] = []
    /// Features that only their numbers tell to be such.
    var numbered: NumberedColumns?
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
    /// Of the columns of other names.
    var others: [Float] = []
    var count = 0
  }

  /// More columns of other names are not looked at.
  private static let mostOthers = 64

  static func read(_ path: String, _ request: BagRequest) throws(BagError) -> [ForeignBag] {
    guard request.key == nil else {
      throw .unsupported(path: path, what: "it is a table, and key names a part of an HDF5, PyTorch or NumPy file")
    }
    var table = try FeatureTable(path: path)
    guard try table.next() else { throw .noFeatures(path: path, parts: []) }
    var header: [String] = []
    for column in 0..<table.rows.fieldCount { header.append(try table.string(column).withoutOuterBlanks) }
    // A separator at the end of each line makes a column of nothing.
    while header.count > 1, header.last == "" { header.removeLast() }
    let columns = try columns(header, path: path, request.contents)
    // Of each column of another name, whether it has held nothing but numbers and blanks.
    var areNumbers = [Bool](repeating: true, count: columns.others.count)
    var order: [String] = []
    var slides: [String: Rows] = [:]
    let single = ForeignBag.slide(ofFile: path)
    var elementCount = 0
    while try table.next() {
      guard table.rows.hasFields(columns.count) else {
        throw .damaged(
          path: path, what: "line \(table.line) has \(table.rows.fieldCount) fields, and its header \(columns.count)")
      }
      elementCount += columns.features.count + columns.logits.count
      guard elementCount <= ForeignBag.maximumElementCount else {
        throw .tooLarge(path: path, what: "more numbers", limit: "at most \(ForeignBag.maximumElementCount)")
      }
      let name =
        try (columns.slide ?? columns.patient).map { column throws(BagError) in
          try table.string(column).withoutOuterBlanks
        } ?? single
      guard columns.slide ?? columns.patient == nil || !name.isBlankCell else {
        throw .damaged(path: path, what: "line \(table.line) names no \(columns.slide == nil ? "patient" : "slide")")
      }
      if slides[name] == nil { order.append(name) }
      try add(&slides[name, default: Rows()], table, columns, header, &areNumbers)
    }
    guard !order.isEmpty else { throw .noRows(path: path) }
    let hasPlaces = columns.x != nil
    let isSlideLevel = !hasPlaces && !header.contains("Tile") && order.allSatisfy { slides[$0]?.count == 1 }
    let width = min(columns.others.count, mostOthers)
    let numbers = (0..<width).filter { place in
      areNumbers[place] && !isSlideLevel
        && slides.values.contains { rows in (0..<rows.count).contains { !rows.others[$0 * width + place].isNaN } }
    }
    if request.contents == .scores, numbers.isEmpty || !hasPlaces {
      throw .noScores(path: path, what: "it has the columns \(header.prefix(8).joined(separator: ", "))")
    }
    return order.compactMap { name in
      slides.removeValue(forKey: name).map {
        bag(name, $0, columns, header, numbers: numbers, request, isSlideLevel: isSlideLevel)
      }
    }
  }

  private static func columns(
    _ header: [String], path: String, _ contents: BagRequest.Contents
  ) throws(BagError) -> Columns {
    var columns = Columns()
    columns.count = header.count
    var numbered: [Int] = []
    let isOfExport = ["Slide", "Tile", "Location_x", "Location_y"].allSatisfy(header.contains)
    for (index, name) in header.enumerated() {
      switch name.lowercased() {
      case "slide", "slide_id", "slide_name": columns.slide = columns.slide ?? index
      case "patient", "patient_id", "case_id": columns.patient = columns.patient ?? index
      case "location_x", "loc_x": (columns.x, columns.placesAreCentres) = (index, true)
      case "location_y", "loc_y": columns.y = index
      case "x", "coord_x", "x_coord": columns.x = columns.x ?? index
      case "y", "coord_y", "y_coord": columns.y = columns.y ?? index
      case "tile", "index", "": break
      case _ where contents == .scores: columns.others.append(index)
      case let name where name.hasPrefix("feature_") || name.hasPrefix("feat_"): columns.features.append(index)
      case _ where OutputColumn(name, isOfExport: isOfExport) != nil:
        columns.logits.append(index)
        columns.outputs += [OutputColumn(name, isOfExport: isOfExport)].compactMap(\.self)
      case let name where !name.isEmpty && name.utf8.count < 8 && name.utf8.allSatisfy({ (0x30...0x39).contains($0) }):
        numbered.append(index)
      default: columns.others.append(index)
      }
    }
    if columns.features.isEmpty { columns.features = numbered }
    if columns.features.isEmpty, contents != .scores,
      let run = NumberedColumns(columns.others.map { header[$0] }, in: header)
    {
      columns.features = run.indices
      columns.numbered = run
      columns.others.removeAll { run.indices.contains($0) }
    }
    if columns.x == nil || columns.y == nil { (columns.x, columns.y) = (nil, nil) }
    let used = (columns.features + columns.logits).map { header[$0] }
    columns.repeated = Dictionary(used.map { ($0, 1) }, uniquingKeysWith: +).filter { $0.value > 1 }.keys.sorted()
    guard !columns.features.isEmpty || contents == .scores else { throw .noFeatureColumns(path: path, columns: header) }
    return columns
  }

  private static func add(
    _ rows: inout Rows, _ table: borrowing FeatureTable, _ columns: Columns, _ header: [String],
    _ areNumbers: inout [Bool]
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
    for (place, column) in columns.others.prefix(mostOthers).enumerated() {
      let value = areNumbers[place] ? table.number(column) : nil
      if value == nil { areNumbers[place] = false }
      rows.others.append(Float(value ?? .nan))
    }
    rows.count += 1
  }

  /// A head for each run of columns of one kind.
  private static func outputs(_ columns: [OutputColumn]) -> ModelOutputs {
    var heads: [[OutputColumn]] = []
    for column in columns {
      if heads.last?.first?.isOfHead(of: column) ?? false {
        heads[heads.count - 1].append(column)
      } else {
        heads.append([column])
      }
    }
    return ModelOutputs(
      heads.map { outputs in
        OutputHead(
          name: outputs[0].head, meaning: outputs[0].meaning, areProbabilities: outputs[0].areProbabilities,
          outputNames: outputs.map(\.output), isAssumed: outputs[0].meaning == .classes)
      })
  }

  /// - Parameter numbers: of the columns of other names, those that are numbers of tiles.
  private static func bag(
    _ name: String, _ rows: Rows, _ columns: Columns, _ header: [String], numbers: [Int], _ request: BagRequest,
    isSlideLevel: Bool
  ) -> ForeignBag {
    var assumptions: [String] = []
    if let numbered = columns.numbered { assumptions.append(numbered.sentence) }
    let width = min(columns.others.count, mostOthers)
    let quantities = numbers.map { place in
      TileQuantity(
        name: header[columns.others[place]], values: (0..<rows.count).map { rows.others[$0 * width + place] })
    }
    let ignored = columns.others.indices.filter { !numbers.contains($0) }.map {
      header[columns.others[$0]]
    }
    if !ignored.isEmpty {
      let names = ignored.prefix(5).joined(separator: ", ")
      assumptions.append("Columns that are not known were left out: \(names)\(ignored.count > 5 ? " …" : "").")
    }
    if !columns.repeated.isEmpty {
      assumptions.append(
        "Columns of one name are taken as they stand, side by side: \(columns.repeated.prefix(5).joined(separator: ", "))."
      )
    }
    if isSlideLevel {
      assumptions.append(
        columns.slide == nil && columns.patient != nil
          ? "One row a patient, without places: taken as features of patients."
          : "One row a slide, without places: taken as features of whole slides.")
    }
    var places = TilePlaces.none
    if columns.x != nil {
      if columns.placesAreCentres, let locations = TilePlaces.locations(rows.places) {
        places = TilePlaces(centres: locations, extent: request.sidePixels)
        places.needMicronsPerPixel = request.needsMicronsPerPixel
      } else if request.contents == .scores, let locations = TilePlaces.locations(rows.places) {
        places.corners = locations
      } else if let found = TilePlaces(corners: rows.places, stated: nil, request, &assumptions) {
        places = found
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
      outputs: outputs(columns.outputs), isSlideLevel: isSlideLevel,
      isPatientLevel: columns.slide == nil && columns.patient != nil,
      needsMicronsPerPixel: places.needMicronsPerPixel, quantities: quantities, assumptions: assumptions)
  }
}

extension BagKind {
  package static let csv = BagKind("csv", displayName: "CSV table")
}

/// The rows of a table of features, with errors that name its file.
private struct FeatureTable: ~Copyable {
  let path: String
  private(set) var rows: CSVRowReader

  init(path: String) throws(BagError) {
    rows = try Self.opened(path)
    self.path = path
  }

  private static func opened(_ path: String) throws(BagError) -> CSVRowReader {
    do throws(CSVRowReader.Fault) { return try CSVRowReader(path: path) } catch { throw BagError(error, path: path) }
  }

  var line: Int { rows.line }

  mutating func next() throws(BagError) -> Bool {
    do throws(CSVRowReader.Fault) { return try rows.next() } catch { throw BagError(error, path: path) }
  }

  /// - Throws: `unsupported` for a text of another encoding: as it stands it would be another name.
  func string(_ column: Int) throws(BagError) -> String {
    if let text = rows.string(column) { return text }
    throw .unsupported(
      path: path,
      what:
        "line \(line) is not text in UTF-8 (\"\(String(decoding: rows.field(column).prefix(40), as: UTF8.self))\"); "
        + "save it as CSV UTF-8")
  }

  /// A field as it can be shown.
  func shown(_ column: Int) -> String { String(decoding: rows.field(column).prefix(160), as: UTF8.self) }

  func number(_ column: Int) -> Double? {
    FeatureNumber.value(rows.field(column), mayHaveDecimalComma: rows.mayHaveDecimalCommas)
  }
}
