import CommandLanguage
import Slides
import Workflows

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
      guard let study = invocation.subjects.first as? Study, let extent = try TileSize.Extent(invocation.arguments)
      else { return nil }
      let arguments = invocation.arguments
      var request = TileImportRequest(folder: arguments.text("folder") ?? "", extent: extent)
      request.pixels = arguments.integer("tile_px")
      request.manifest = arguments.text("manifest")
      request.source = arguments.text("source")
      request.replaces = arguments.boolean("replace") ?? false
      let report = try study.importTiles(
        request, basis: invocation.basis, remarks: invocation.remarks, monitor: invocation.work)
      invocation.output.show(table: report.table, maximumRows: 40)
      invocation.output.add(report.remarks)
      let (dataset, remarks) = try report.dataset()
      invocation.output.add(remarks)
      return dataset
    })
}
