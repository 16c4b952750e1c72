import FeatureData
import FeatureStore
package import Rendering

/// The numbers of each tile: activations, logits or locations.
package struct TileTable: Sendable {
  package enum Kind: String, Sendable, CaseIterable {
    case activations, logits, locations
  }

  /// What is shown; what is left out shows all.
  package struct Asked: Sendable {
    package var slide: String?
    /// Rows of each slide.
    package var tiles: TileChoice.Numbers?
    package var columns: TileChoice.Numbers?

    package init(slide: String? = nil, tiles: TileChoice.Numbers? = nil, columns: TileChoice.Numbers? = nil) {
      self.slide = slide
      self.tiles = tiles
      self.columns = columns
    }
  }

  private let kind: Kind
  private let names: [String]
  private let columns: [Int]
  private let tiles: [(slide: FeatureSet.Slide, row: Int)]
  private let caption: String
  private let shownColumns: Int
  /// Which slides have fewer tiles than were asked for.
  package let remarks: [Remark]

  private static let shownRows = 10

  package var shape: String { "\(tiles.count) × \(columns.count)" }

  /// - Parameter basis: what was worked on, named or not.
  package init(_ kind: Kind, of features: FeatureSet, _ asked: Asked = Asked(), basis: String? = nil) throws {
    let slides = try asked.slide.map { [try features.slide(named: $0)] } ?? features.slides
    let width: Int
    switch kind {
    case .logits:
      guard features.logitCount > 0 else {
        throw WorkflowFailure("These features have no logits: the model gives none, or they were left out.")
      }
      width = features.logitCount
      names = features.classNames.enumerated().map { "\($0.offset) \($0.element)" }
    case .locations:
      guard slides.contains(where: { $0.stored.locations != nil }) else {
        throw WorkflowFailure("The tile records of these slides carry no locations.")
      }
      width = 2
      names = ["x", "y"]
    case .activations:
      width = features.featureCount
      names = features.columnNames
    }
    self.kind = kind
    columns =
      try Self.indices(asked.columns, "columns", count: width, noun: kind.rawValue) ?? Array(0..<width)
    // A wide table scrolls; of thousands of activations only those that were asked for are shown.
    shownColumns = asked.columns != nil ? 200 : kind == .logits ? 40 : 8
    let largest = slides.max { $0.tileCount < $1.tileCount }
    let numbers = try Self.indices(
      asked.tiles, "tiles", count: largest?.tileCount ?? 0,
      noun: slides.count == 1 ? "tiles of \(slides[0].name)" : "tiles of \(largest?.name ?? ""), the largest slide")
    tiles = slides.flatMap { slide in
      (numbers?.filter { $0 < slide.tileCount } ?? Array(0..<slide.tileCount)).map { (slide, $0) }
    }
    let short = numbers.map { numbers in slides.filter { $0.tileCount <= numbers.max() ?? -1 } } ?? []
    let names = short.prefix(5).map { "\($0.name) (\($0.tileCount))" }.joined(separator: ", ")
    remarks =
      short.isEmpty
      ? []
      : [
        .note(
          "\(short.count.counted("slide")) \(short.count == 1 ? "has" : "have") fewer tiles than were asked for: \(names)"
            + (short.count > 5 ? ", …" : "."))
      ]
    let chosen = asked.slide.map { name in
      features.slides.indices.filter { features.slides[$0].name == name }
    }
    let notFinite =
      kind == .locations ? nil : features.notFinite(of: chosen, kind == .logits ? .logits : .activations)
    caption =
      Self.caption(
        kind, slides, width: width, basis: basis,
        what: kind == .logits ? features.outputs.caption(StudyModel.inShort) : nil)
      + (notFinite.map { "; " + $0 } ?? "")
  }

  /// All rows; it may be far larger than what is shown.
  package var table: DataTable {
    DataTable(
      columns: head + columns.map { DataTable.Column(names[$0], cellKind) }, rows: rows(tiles[...], columns),
      caption: caption)
  }

  /// The first rows and columns.
  package var excerpt: DataTable {
    let first = tiles.count <= Self.shownRows + 1 ? tiles[...] : tiles.prefix(Self.shownRows)
    var shownHead = head + columns.prefix(shownColumns).map { DataTable.Column(names[$0], cellKind) }
    var shown = rows(first, Array(columns.prefix(shownColumns)))
    if columns.count > shownColumns {
      shownHead.append(DataTable.Column("… \(columns.count - shownColumns) more"))
      shown = shown.map { $0 + [.text("…")] }
    }
    return DataTable(
      columns: shownHead, rows: shown, caption: caption, omittedRowCount: tiles.count - first.count)
  }

  private var head: [DataTable.Column] { [DataTable.Column("slide"), DataTable.Column("tile", .integer)] }
  private var cellKind: DataTable.Kind { kind == .locations ? .integer : .number(significantDigits: 5) }

  private func rows(_ tiles: ArraySlice<(slide: FeatureSet.Slide, row: Int)>, _ columns: [Int]) -> [[DataTable.Cell]] {
    tiles.map { slide, row in
      [.text(slide.name), .integer(slide.records[row])] + cells(slide, row: row, columns: columns)
    }
  }

  private static func caption(
    _ kind: Kind, _ slides: [FeatureSet.Slide], width: Int, basis: String?, what: String?
  ) -> String {
    let shape =
      slides.count == 1
      ? "\(slides[0].name): (\(slides[0].tileCount), \(width))"
      : "\(slides.count.counted("slide")), \(slides.reduce(0) { $0 + $1.tileCount }) tiles × \(width)"
    return "\(kind.rawValue) \(shape)".followed(by: basis) + (what.map { "; \($0)" } ?? "")
  }

  private func cells(_ slide: FeatureSet.Slide, row: Int, columns: [Int]) -> [DataTable.Cell] {
    switch kind {
    case .locations:
      guard let location = slide.stored.locations?[row] else { return columns.map { _ in .missing } }
      return columns.map { .integer($0 == 0 ? location.x : location.y) }
    case .logits:
      let values = slide.stored.logits?.row(row) ?? []
      return columns.map { $0 < values.count ? .number(Double(values[$0])) : .missing }
    case .activations:
      let values = slide.stored.features.row(row)
      return columns.map { .number(Double(values[$0])) }
    }
  }

  /// The numbers given as a range or a list, checked against how many there are.
  private static func indices(
    _ numbers: TileChoice.Numbers?, _ parameter: String, count: Int, noun: String
  ) throws(WorkflowFailure) -> [Int]? {
    func outside(_ index: Int) -> WorkflowFailure {
      guard count > 0 else { return WorkflowFailure("There are no \(noun).", parameter: parameter) }
      return WorkflowFailure(
        "There is no \(index) among the \(noun), which are numbered 0 to \(count - 1).",
        remedy: "\(parameter)=0..<\(count)", parameter: parameter)
    }
    let given: [Int]
    switch numbers {
    case nil: return nil
    case .range(let range)?:
      // Looked at before it is written out: a range can be far longer than any table.
      guard range.lowerBound >= 0, range.upperBound <= count else { throw outside(range.upperBound - 1) }
      given = Array(range)
    case .list(let list)?: given = list
    }
    if let wrong = given.first(where: { !(0..<count).contains($0) }) { throw outside(wrong) }
    return given
  }
}

extension FeatureSet {
  /// What the numbers of `locations` are.
  package var locationRemark: String { "x and y are tiles' centres in \(PlaceFrame.ofLocations(in: self))." }
}
