import CommandLanguage
import Rendering
import Workflows

/// `activations`, `logits` and `locations`: the numbers of each tile.
enum TileTableCommands {
  static let commands = [activations, logits, locations]

  private static let activations = command(
    .activations, referenceNames: ["DatasetFeatures.activations"],
    summary: "Shows the layer activations of tiles: for each slide num_tiles × num_features.",
    columnsDocumentation: "Features, by number.")
  private static let logits = command(
    .logits, referenceNames: ["DatasetFeatures.logits", "DatasetFeatures.predictions"],
    summary: "Shows the logits of tiles, or what the model gives instead: for each slide num_tiles × num_logits.",
    columnsDocumentation: "Logits, by number.")
  private static let locations = command(
    .locations, referenceNames: ["DatasetFeatures.locations"],
    summary: "Shows where tiles were taken from: the tile's centre (x, y), as read.",
    columnsDocumentation: nil)

  private static func command(
    _ kind: TileTable.Kind, referenceNames: [String], summary: String, columnsDocumentation: String?
  ) -> Command {
    let name = kind.rawValue
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
        let arguments = invocation.arguments
        let asked = TileTable.Asked(
          slide: arguments.text("slide"), tiles: TileChoice.Numbers(arguments["tiles"]),
          columns: TileChoice.Numbers(arguments["columns"]))
        let table = try TileTable(kind, of: features, asked, basis: invocation.fullBasis)
        let excerpt = table.excerpt
        let value = TableValue(
          whole: { table.table }, shown: excerpt, shownRows: excerpt.rows.count, shape: table.shape,
          names: features.knownNames)
        value.show(in: invocation.output)
        if kind == .locations { invocation.output.note(features.locationRemark) }
        return value
      })
  }
}
