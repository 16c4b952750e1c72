import CommandLanguage
import Workflows

/// `mosaic`: tile images laid over a map.
enum MosaicCommand {
  static let declaration = CommandDeclaration(
    name: "mosaic", referenceNames: ["Project.generate_mosaic", "Mosaic"], topic: "Maps",
    summary: "Lays tile images over a map, one for each cell of a grid.",
    discussion: """
      On features it maps first, and `dataset` and `filters` choose the slides that are mapped. On a map it lays tiles \
      over that map, and they choose only what is shown. The notebook shows a picture of at most 1,200 pixels width; \
      `save` writes it in full: as PNG the tiles alone, as PDF or SVG with title and caption.
      """,
    subject: SubjectDeclaration(
      name: "features", types: [.features, .map], documentation: "Features, or a map of them."),
    parameters: [
      ParameterDeclaration("num_tiles_x", .integer(1...1000), default: "50", "Columns of the grid."),
      ParameterDeclaration(
        "resolution", .choice(["low", "medium", "high"]), default: "medium",
        "Pixels of a tile in the full picture: 32, 96, or its own size."),
      ParameterDeclaration(
        "expanded", .boolean, default: "false", "Fills empty cells with spare tiles of cells nearby."),
      ParameterDeclaration(
        "leniency", .number(0...100), default: "1.5", effects: [.with("expanded", values: ["true"])],
        "How far such a tile may lie, in cells."),
      ParameterDeclaration(
        "tile_select", .choice(["nearest", "first"]), default: "nearest", effects: [.without("expanded")],
        "Which tile of a cell is shown: the nearest to its middle, or the first."),
      ParameterDeclaration("title", .text, "A title above the picture."),
    ] + MapRequest.declarations + SlideMapCommand.selectionParameters(outcomes), result: .mosaic,
    examples: [
      "m = mosaic df", "m = mosaic df num_tiles_x=30 filters={HPV_status: [positive]}", "mosaic u expanded=true",
    ])

  private static let outcomes = ParameterDeclaration(
    "outcomes", .valueOrName([.labels], .column),
    "Labels to frame tiles by, a column or a labels value; left out, tiles have no frames.")

  static let command = Command(
    declaration,
    run: { invocation in
      let arguments = invocation.arguments
      let selection = SlideSelection(arguments)
      let request = request(arguments)
      let value: TileMosaic
      if let features = invocation.subjects.first as? FeatureSet {
        value = try features.mosaic(
          request, map: MapRequest(arguments), of: selection, basis: invocation.basis, remarks: invocation.remarks,
          monitor: invocation.work)
      } else if let map = invocation.subjects.first as? FeatureMap {
        try refuseMapping(arguments)
        value = try map.mosaic(
          request, of: selection, basis: invocation.basis, remarks: invocation.remarks, monitor: invocation.work)
      } else {
        return nil
      }
      value.show(in: invocation.output)
      return value
    })

  private static func request(_ arguments: BoundArguments) -> MosaicRequest {
    var request = MosaicRequest()
    request.columnCount = arguments.integer("num_tiles_x") ?? request.columnCount
    request.resolution =
      arguments.text("resolution").flatMap(MosaicRequest.Resolution.init(rawValue:)) ?? request.resolution
    request.selection =
      arguments.text("tile_select").flatMap(MosaicRequest.Selection.init(rawValue:)) ?? request.selection
    if arguments.boolean("expanded") ?? false { request.expandedLeniency = arguments.number("leniency") ?? 1.5 }
    request.outcomes = LabelChoice("outcomes", of: arguments)
    request.useFloat = arguments.boolean("use_float")
    request.title = arguments.text("title")
    return request
  }

  /// On a map nothing is mapped again, so what belongs to mapping is refused instead of being ignored.
  private static func refuseMapping(_ arguments: BoundArguments) throws(CommandFailure) {
    guard let given = MapRequest.declarations.first(where: { arguments.has($0.name) }) else { return }
    throw CommandFailure(
      "`mosaic` on a map does not map again, so \(given.name) has nothing to act on.",
      remedy: "mosaic FEATURES \(given.name)=…", parameter: given.name)
  }
}
