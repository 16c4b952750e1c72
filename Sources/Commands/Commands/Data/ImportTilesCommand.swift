import CommandLanguage
import FeatureData
import Foundation
import Rendering
import Slides

/// `import_tiles`: loose pictures of tiles to TFRecords.
enum ImportTilesCommand {
  static let declaration = CommandDeclaration(
    name: "import_tiles", topic: "Data", summary: "Puts loose PNG or JPEG tiles into TFRecords of the project.",
    discussion: """
      Each folder inside the one given is a slide and holds its tiles; a folder of tiles alone is one slide. Or a manifest \
      says which file belongs to which slide: a CSV with the columns file and slide and, where they are known, x and y, the \
      tile's centre in pixels of level 0. The files are stored as they are; what is no picture, or of another size than \
      the others, is left out and reported. `tile_um` says how much tissue a tile covers.

      The pixels of a tile are those that Pillow's `convert("RGB")` gives, byte for byte: of 16 bits the high byte, \
      transparency dropped and not blended, CMYK turned to RGB without a profile. Gamma, a colour profile and an EXIF \
      orientation are not applied.
      """,
    subject: SubjectDeclaration(name: "project", types: [.project], documentation: "The project."),
    parameters: [
      ParameterDeclaration(
        "folder", .path(.existingDirectory), positional: true, required: true, "The folder that holds the tiles."),
      ParameterDeclaration(
        "tile_um", .microns, required: true, unit: "µm", "Side of the tiles on the slide, or a magnification (20x)."),
      ParameterDeclaration(
        "tile_px", .integer(1...8192), unit: "px", "Side of the tiles; left out, that of most of them."),
      ParameterDeclaration(
        "manifest", .path(.existingFile(extensions: ["csv"])), "A CSV with the columns file, slide, x and y."),
      ParameterDeclaration("source", .text, "The source of the project that gets them; left out, its first."),
      ParameterDeclaration(
        "replace", .boolean, default: "false", "Writes the tile files of slides anew that have one already."),
    ], result: .dataset, examples: ["import_tiles ./loose-tiles tile_um=302"], writesFiles: true)

  static let command = Command(
    declaration,
    run: { invocation in
      guard let project = invocation.subjects.first as? Study else { return nil }
      let arguments = invocation.arguments
      let folder = try target(project, arguments)
      let listing = try Reporting.run(parameter: arguments.has("manifest") ? "manifest" : "folder") {
        try LooseTiles(folder: arguments.text("folder") ?? "", manifest: arguments.text("manifest"))
      }
      for note in listing.notes {
        invocation.output.note("\((arguments.text("manifest") ?? "").withShortPaths): \(note.sentence)")
      }
      guard let extent = try DatasetCommand.extent(arguments) else { return nil }
      let monitor = StatementMonitor(monitor: invocation.monitor)
      let pixels = try Reporting.run { try arguments.integer("tile_px") ?? listing.commonSide(monitor: monitor) }
      let size = TileSize(pixels: pixels, extent: extent)
      let importing = TileImport(
        tiles: listing, size: size, folder: folder + "/" + size.label,
        replaces: arguments.boolean("replace") ?? false)
      try PathResolution.makeFolder(importing.folder)
      let outcomes = try Reporting.run { try importing.run(monitor: monitor) }
      show(outcomes, size: size, basis: invocation.basis, in: invocation.output)
      let dataset = try Reporting.run { try Dataset(study.project, tileSize: size, selection: .init()) }
      let unknown = outcomes.map(\.slide).filter { !study.project.annotations.contains(slide: $0) }
      if !unknown.isEmpty {
        invocation.output.note(
          "Without a row in the annotations, and so in no dataset: \(unknown.count) "
            + "(\(unknown.prefix(5).joined(separator: ", "))\(unknown.count > 5 ? ", …" : "")).")
      }
      if !dataset.nearNames.isEmpty { invocation.output.warn(Dataset.Remark.nearNames(dataset.nearNames).sentence) }
      return StudyDataset(project: project, dataset: dataset, basis: invocation.basis)
    })

  /// The folder of TFRecords of the source that gets the tiles.
  private static func target(_ study: Study, _ arguments: BoundArguments) throws(CommandFailure) -> String {
    let sources = study.project.sources
    let name = arguments.text("source")
    guard let source = name == nil ? sources.first : sources.first(where: { $0.name == name }) else {
      throw CommandFailure(
        name == nil ? "The project has no source." : "The project has no source \(name ?? "").",
        remedy: sources.first.map { "source=\($0.name)" }, parameter: "source")
    }
    guard let folder = source.tfrecords else {
      throw CommandFailure(
        "The source \(source.name) names no folder for TFRecords in datasets.json.",
        remedy: "\"tfrecords\": \"./tfrecords\" in the source \(source.name)")
    }
    return folder
  }

  private static func show(
    _ outcomes: [TileImport.Outcome], size: TileSize, basis: String?, in output: any OutputSink
  ) {
    let total = outcomes.reduce(0) { $0 + $1.written }
    let table = DataTable(
      columns: [
        DataTable.Column("slide"), DataTable.Column("tiles", .integer), DataTable.Column("left out", .integer),
      ],
      rows: outcomes.map { [.text($0.slide), .integer($0.written), .integer($0.faults.count)] },
      caption: "Imported tiles of \(size.label): \(outcomes.count.counted("slide")), \(total.counted("tile"))"
        .followed(by: basis))
    output.show(table: table, maximumRows: 40)
    for outcome in outcomes {
      if outcome.wasThere {
        output.warn(
          "\(outcome.slide): its tile file was there and is left as it is; replace=true writes it anew.")
      }
      if !outcome.faults.isEmpty {
        let shown = outcome.faults.prefix(3).map { "\($0.file.withShortPaths): \($0.reason)" }.joined(separator: "; ")
        output.warn(
          "\(outcome.slide): \(outcome.faults.count.counted("file")) left out: \(shown)\(outcome.faults.count > 3 ? "; …" : ".")"
        )
      }
    }
  }
}
