import CommandLanguage
import FeatureData
import FeatureStore
import Rendering

/// `activations`, `logits` and `locations`: the numbers of each tile.
enum TileTableCommands {
  static let commands = [activations, logits, locations]

  private static let shownRows = 10
  private static let shownColumns = 8

  private static let activations = command(
    "activations", referenceNames: ["DatasetFeatures.activations"],
    summary: "Shows the layer activations of tiles: for each slide num_tiles × num_features.",
    columnsDocumentation: "Features, by number.")
  private static let logits = command(
    "logits", referenceNames: ["DatasetFeatures.logits", "DatasetFeatures.predictions"],
    summary: "Shows the logits of tiles, or what the model gives instead: for each slide num_tiles × num_logits.",
    columnsDocumentation: "Logits, by number.")
  private static let locations = command(
    "locations", referenceNames: ["DatasetFeatures.locations"],
    summary: "Shows where tiles were taken from: the tile's centre (x, y), as read.",
    columnsDocumentation: nil)

  private static func command(
    _ name: String, referenceNames: [String], summary: String, columnsDocumentation: String?
  ) -> Command {
    var parameters = [
      ParameterDeclaration("slide", .name(.slide), "Only this slide."),
      ParameterDeclaration(
        "tiles", .either([.range, .list(.integer(0...1_000_000_000))]), "Rows of each slide: a range or a list."),
    ]
    if let columnsDocumentation {
      parameters.append(
        ParameterDeclaration(
          "columns", .either([.range, .list(.integer(0...1_000_000))]), columnsDocumentation))
    }
    let declaration = CommandDeclaration(
      name: name, referenceNames: referenceNames, topic: "Features", summary: summary,
      discussion: "A notebook shows the first rows and columns; `save` writes the whole table.",
      subject: SubjectDeclaration(name: "features", types: [.features], documentation: "The features."),
      parameters: parameters, result: .table,
      examples: [name, "\(name) slide=DEMO-01 tiles=0..<5", "t = \(name); save t \(name).csv"].filter {
        !$0.contains(";")
      })
    return Command(
      declaration,
      run: { invocation in
        guard let features = invocation.subjects.first as? FeatureSet else { return nil }
        let value = try table(name, features, invocation)
        value.show(in: invocation.output)
        if name == "locations" {
          invocation.output.note("x and y are tiles' centres in \(PlaceFrame.ofLocations(in: features)).")
        }
        return value
      })
  }

  private static func table(_ name: String, _ features: FeatureSet, _ invocation: Invocation) throws -> TableValue {
    let arguments = invocation.arguments
    let slides = try arguments.text("slide").map { [try features.slide(named: $0)] } ?? features.slides
    let width: Int
    let names: [String]
    switch name {
    case "logits":
      guard features.logitCount > 0 else {
        throw CommandFailure("These features have no logits: the model gives none, or they were left out.")
      }
      width = features.logitCount
      names = features.classNames.enumerated().map { "\($0.offset) \($0.element)" }
    case "locations":
      guard slides.contains(where: { $0.stored.locations != nil }) else {
        throw CommandFailure("The tile records of these slides carry no locations.")
      }
      width = 2
      names = ["x", "y"]
    default:
      width = features.featureCount
      names = features.columnNames
    }
    let columns = try indices("columns", arguments, count: width, noun: name) ?? Array(0..<width)
    var tiles: [(slide: FeatureSet.Slide, row: Int)] = []
    for slide in slides {
      let chosen = try indices("tiles", arguments, count: slide.tileCount, noun: "tiles of \(slide.name)")
      tiles += (chosen ?? Array(0..<slide.tileCount)).map { (slide, $0) }
    }
    let kind: DataTable.Kind = name == "locations" ? .integer : .number(significantDigits: 5)
    let head = [DataTable.Column("slide"), DataTable.Column("tile", .integer)]
    let chosen = arguments.text("slide").map { name in
      features.slides.indices.filter { features.slides[$0].name == name }
    }
    let notFinite =
      name == "locations" ? nil : features.notFinite(of: chosen, name == "logits" ? .logits : .activations)
    let caption =
      self.caption(
        name, slides, width: width, basis: invocation.fullBasis,
        what: name == "logits" ? features.outputs.caption(StudyModel.inShort) : nil)
      + (notFinite.map { "; " + $0 } ?? "")
    @Sendable func rows(_ tiles: ArraySlice<(slide: FeatureSet.Slide, row: Int)>, _ columns: [Int])
      -> [[DataTable.Cell]]
    {
      tiles.map { slide, row in
        [.text(slide.name), .integer(slide.records[row])] + cells(name, slide, row: row, columns: columns)
      }
    }
    let first = tiles.count <= shownRows + 1 ? tiles[...] : tiles.prefix(shownRows)
    var shownHead = head + columns.prefix(shownColumns).map { DataTable.Column(names[$0], kind) }
    var shown = rows(first, Array(columns.prefix(shownColumns)))
    if columns.count > shownColumns {
      shownHead.append(DataTable.Column("… \(columns.count - shownColumns) more"))
      shown = shown.map { $0 + [.text("…")] }
    }
    return TableValue(
      table: { [tiles] in
        DataTable(
          columns: head + columns.map { DataTable.Column(names[$0], kind) }, rows: rows(tiles[...], columns),
          caption: caption)
      },
      shown: DataTable(
        columns: shownHead, rows: shown, caption: caption, omittedRowCount: tiles.count - first.count),
      shownRows: first.count, shape: "\(tiles.count) × \(columns.count)", names: features.knownNames)
  }

  private static func caption(
    _ name: String, _ slides: [FeatureSet.Slide], width: Int, basis: String?, what: String?
  )
    -> String
  {
    let shape =
      slides.count == 1
      ? "\(slides[0].name): (\(slides[0].tileCount), \(width))"
      : "\(slides.count.counted("slide")), \(slides.reduce(0) { $0 + $1.tileCount }) tiles × \(width)"
    return "\(name) \(shape)".followed(by: basis) + (what.map { "; \($0)" } ?? "")
  }

  private static func cells(
    _ name: String, _ slide: FeatureSet.Slide, row: Int, columns: [Int]
  ) -> [DataTable.Cell] {
    switch name {
    case "locations":
      guard let location = slide.stored.locations?[row] else { return columns.map { _ in .missing } }
      return columns.map { .integer($0 == 0 ? location.x : location.y) }
    case "logits":
      let values = slide.stored.logits?.row(row) ?? []
      return columns.map { $0 < values.count ? .number(Double(values[$0])) : .missing }
    default:
      let values = slide.stored.features.row(row)
      return columns.map { .number(Double(values[$0])) }
    }
  }

  /// The numbers given as a range or a list, checked against how many there are.
  private static func indices(
    _ parameter: String, _ arguments: BoundArguments, count: Int, noun: String
  ) throws(CommandFailure) -> [Int]? {
    func outside(_ index: Int) -> CommandFailure {
      CommandFailure(
        "There is no \(index) among the \(noun), which are numbered 0 to \(count - 1).",
        remedy: "\(parameter)=0..<\(count)", parameter: parameter)
    }
    let given: [Int]
    switch arguments[parameter] {
    case nil: return nil
    case .range(let range)?:
      // Looked at before it is written out: a range can be far longer than any table.
      guard range.lowerBound >= 0, range.upperBound <= count else { throw outside(range.upperBound - 1) }
      given = Array(range)
    case let value?: given = value.items.compactMap(\.integer)
    }
    if let wrong = given.first(where: { !(0..<count).contains($0) }) { throw outside(wrong) }
    return given
  }
}
