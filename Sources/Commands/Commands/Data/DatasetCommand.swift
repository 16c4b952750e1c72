import CommandLanguage
import Slides

/// `dataset`: chooses slides of a project, with their tiles at one size.
enum DatasetCommand {
  /// The parameters that choose slides, which other commands share.
  static let filterParameters = [
    ParameterDeclaration(
      "filters", .categoriesByColumn,
      "Only slides whose column holds one of the values; all columns must match, `{column: [a, b]}`."),
    ParameterDeclaration("filter_blank", .list(.name(.column)), "Leaves out slides that are blank in these columns."),
  ]

  static let declaration = CommandDeclaration(
    name: "dataset", referenceNames: ["Project.dataset", "Dataset"], topic: "Data",
    summary: "Chooses slides of the project, with their tiles at one size.",
    discussion: """
      A slide belongs to the dataset when it has a row in the annotations and a file of tiles. Without `size`, `tile_px` \
      and `tile_um` the only size there is is taken; with several, they are listed. `by=patient` shows a row for each \
      patient, with the number of slides and tiles. What is wrong with tile files is said below the table: extractions \
      that were interrupted, files that are cut off, indexes and manifests that do not fit, and locations that are \
      tenths of pixels, as slideflow wrote them until version 1.4.
      """,
    subject: SubjectDeclaration(name: "project", types: [.project], documentation: "The project."),
    parameters: [
      ParameterDeclaration("tile_px", .integer(1...16384), unit: "px", "Side of the tiles in pixels."),
      ParameterDeclaration(
        "tile_um", .microns, unit: "µm", "Side of the tiles on the slide, or a magnification (20x)."),
      ParameterDeclaration(
        "size", .text, effects: [.without("tile_px"), .without("tile_um")],
        "Both, as the folder of the tiles is named: 299px_302um, 299px_10x."),
    ] + filterParameters + [
      ParameterDeclaration("min_tiles", .integer(0...100_000_000), default: "0", "Leaves out slides with fewer tiles."),
      ParameterDeclaration(
        "max_tiles", .integer(0...100_000_000), default: "0", "Takes the first tiles of each slide; 0 takes all."),
      ParameterDeclaration("sources", .list(.text), "Only these sources of datasets.json."),
      ParameterDeclaration("by", .choice(["slide", "patient"]), default: "slide", "What the table has a row for."),
    ], result: .dataset,
    examples: [
      "dataset tile_px=299 tile_um=302", "dataset size=299px_302um by=patient",
      "dataset tile_px=299 tile_um=302 filters={HPV_status: [positive]}",
    ])

  static let command = Command(
    declaration, identify: { $0.statement },
    run: { invocation in
      guard let project = invocation.subjects.first as? Study else { return nil }
      let arguments = invocation.arguments
      var selection = DatasetCommand.selection(arguments)
      selection.minTiles = arguments.integer("min_tiles") ?? 0
      selection.maxTiles = arguments.integer("max_tiles") ?? 0
      selection.sources = arguments.texts("sources")
      let size = try tileSize(arguments, project: study.project)
      let dataset = try Reporting.run { try Dataset(study.project, tileSize: size, selection: selection) }
      let value = StudyDataset(
        project: project, dataset: dataset, isByPatient: arguments.text("by") == "patient",
        basis: invocation.basis)
      value.show(in: invocation.output)
      return value
    })

  /// The filters that were given.
  static func selection(_ arguments: BoundArguments) -> Dataset.Selection {
    var selection = Dataset.Selection()
    selection.filters = (arguments.categoriesByColumn("filters") ?? []).map {
      Dataset.Filter(column: $0.column, values: $0.categories)
    }
    selection.filterBlank = arguments.texts("filter_blank") ?? []
    return selection
  }

  /// The size that was given; what is left out is filled in when only one size of the project fits.
  private static func tileSize(_ arguments: BoundArguments, project: Project) throws -> TileSize? {
    if let label = arguments.text("size") {
      if let size = TileSize(label: label) { return size }
      throw CommandFailure(
        "\(label) is no tile size, such as 299px_302um or 299px_10x.",
        remedy: project.tileSizes.first.map { "size=\($0.label)" }, parameter: "size")
    }
    let pixels = arguments.integer("tile_px")
    let extent = try extent(arguments)
    if let pixels, let extent { return TileSize(pixels: pixels, extent: extent) }
    guard pixels != nil || extent != nil else { return nil }
    let fitting = project.tileSizes.filter { $0.pixels == pixels ?? $0.pixels && $0.extent == extent ?? $0.extent }
    guard fitting.count == 1 else {
      let labels = project.tileSizes.map(\.label)
      throw CommandFailure(
        "\(fitting.isEmpty ? "No" : "More than one") tile size fits; the project has \(labels.joined(separator: ", ")).",
        remedy: project.tileSizes.first.map { "tile_px=\($0.pixels) tile_um=\($0.extentText)" },
        parameter: pixels == nil ? "tile_um" : "tile_px")
    }
    return fitting[0]
  }

  /// Whole microns, as folders of tiles are named, or a magnification; nil if it was left out.
  static func extent(_ arguments: BoundArguments) throws(CommandFailure) -> TileSize.Extent? {
    switch arguments["tile_um"] {
    case nil: return nil
    case .integer(let microns)?: return .microns(microns)
    case .magnification(let power)?: return .magnification(power.shortText)
    case let value?:
      if let microns = value.number.flatMap({ Int(exactly: $0) }) { return .microns(microns) }
      throw CommandFailure("tile_um is a whole number of microns here.", remedy: "tile_um=302", parameter: "tile_um")
    }
  }
}
