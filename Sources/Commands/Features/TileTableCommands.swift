import CommandLanguage
import Rendering
import Workflows

/// Which tiles a table of them has rows for.
struct TileTableParameters: ParameterGroup {
  @Parameter("Only this slide.", as: .name(.slide)) var slide: String?
  @Parameter("Rows of each slide: a range or a list.", in: 0...1_000_000_000) var tiles: RangeOrList<Int>?
  @Group var rows: TableRowParameters

  fileprivate static func page(
    _ name: String, summary: String, reference: [String]
  ) -> CommandPage {
    CommandPage(
      name, topic: "Features", summary: summary,
      discussion:
        "A notebook shows the first rows, and the first columns or those that are asked for; `save` writes the whole table. "
        + TableRowParameters.discussion,
      reference: reference,
      examples: [name, "\(name) slide=DEMO-01 tiles=0..<5"])
  }

  fileprivate func known(_ input: PeekInput, columns: [String]?) -> KnownNames {
    TableRowParameters.known(input, columns: columns.map { ["slide", "tile"] + $0 }, isJoined: true)
  }

  fileprivate func table(
    _ kind: TileTable.Kind, of features: FeatureSet, columns: RangeOrList<Int>? = nil, _ invocation: Invocation
  ) throws -> TableValue {
    let asked = TileTable.Asked(slide: slide, tiles: tiles?.tileNumbers, columns: columns?.tileNumbers)
    let table = try TileTable(kind, of: features, asked, basis: invocation.fullBasis)
    let excerpt = table.excerpt
    let value = try TableValue(
      whole: { table.table }, shown: excerpt, shownRows: excerpt.rows.count, shape: table.shape,
      names: features.knownNames, study: features.study
    ).choosing(rows)
    value.show(in: invocation.output)
    invocation.output.add(table.remarks)
    return value
  }
}

/// `activations`: the layer activations of each tile.
struct ActivationsCommand: TypedCommand {
  static let page = TileTableParameters.page(
    "activations", summary: "Shows the layer activations of tiles: for each slide num_tiles × num_features.",
    reference: ["DatasetFeatures.activations"])

  @Subject("The features.") var features: FeatureSet
  @Group var rows: TileTableParameters
  @Parameter("Features, by number.", in: 0...1_000_000) var columns: RangeOrList<Int>?

  func peek(_ input: PeekInput) -> KnownNames? {
    // Of several layers the columns bear their names.
    let layers = input.subjectNames?.names(of: .layer)
    let width = layers?.count == 1 ? input.subjectNames?.widths["features"] : nil
    return rows.known(input, columns: width.map { (0..<$0).map(String.init) })
  }

  func run(_ invocation: Invocation) throws -> TableValue {
    try rows.table(.activations, of: features, columns: columns, invocation)
  }
}

/// `logits`: what the model gives for each tile.
struct LogitsCommand: TypedCommand {
  static let page = TileTableParameters.page(
    "logits",
    summary: "Shows the logits of tiles, or what the model gives instead: for each slide num_tiles × num_logits.",
    reference: ["DatasetFeatures.logits", "DatasetFeatures.predictions"])

  @Subject("The features.") var features: FeatureSet
  @Group var rows: TileTableParameters
  @Parameter("Logits, by number.", in: 0...1_000_000) var columns: RangeOrList<Int>?

  func peek(_ input: PeekInput) -> KnownNames? {
    rows.known(input, columns: input.subjectNames?.names(of: .outcome)?.enumerated().map { "\($0) \($1)" })
  }

  func run(_ invocation: Invocation) throws -> TableValue {
    try rows.table(.logits, of: features, columns: columns, invocation)
  }
}

/// `locations`: where each tile was taken from.
struct LocationsCommand: TypedCommand {
  static let page = TileTableParameters.page(
    "locations", summary: "Shows where tiles were taken from: the tile's centre (x, y), as read.",
    reference: ["DatasetFeatures.locations"])

  @Subject("The features.") var features: FeatureSet
  @Group var rows: TileTableParameters

  func peek(_ input: PeekInput) -> KnownNames? { rows.known(input, columns: ["x", "y"]) }

  func run(_ invocation: Invocation) throws -> TableValue {
    let value = try rows.table(.locations, of: features, invocation)
    invocation.output.note(features.locationRemark)
    return value
  }
}
