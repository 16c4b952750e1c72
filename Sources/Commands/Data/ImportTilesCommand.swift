import CommandLanguage
import Slides
import Workflows

/// `import_tiles`: loose pictures of tiles to TFRecords.
struct ImportTilesCommand: TypedCommand {
  static let page = CommandPage(
    "import_tiles", topic: "Data", summary: "Puts loose PNG or JPEG tiles into TFRecords of the project.",
    discussion: """
      Each folder inside the one given is a slide and holds its tiles; a folder of tiles alone is one slide. Or a manifest \
      says which file belongs to which slide: a CSV with the columns file and slide and, where they are known, x and y, the \
      tile's centre in pixels of level 0. The files are stored as they are; what is no picture, or of another size than \
      the others, is left out and reported. `tile_um` says how much tissue a tile covers.

      The pixels of a tile are those that Pillow's `convert("RGB")` gives, byte for byte: of 16 bits the high byte, \
      transparency dropped and not blended, CMYK turned to RGB without a profile. Gamma, a colour profile and an EXIF \
      orientation are not applied.
      """, examples: ["import_tiles ./loose-tiles tile_um=302"], writesFiles: true)

  @Subject("The project.") var project: Study
  @Parameter("The folder that holds the tiles.", as: .path(.existingDirectory), positional: true) var folder: String
  @Parameter("Side of the tiles on the slide, or a magnification (20x).", unit: "µm") var tileUm: TileLength
  @Parameter("Side of the tiles; left out, that of most of them.", in: 1...8192, unit: "px") var tilePx: Int?
  @Parameter("A CSV with the columns file, slide, x and y.", as: .path(.existingFile(extensions: ["csv"])))
  var manifest: String?
  @Parameter("The source of the project that gets them; left out, its first.") var source: String?
  @Parameter("Writes the tile files of slides anew that have one already.") var replace = false

  func run(_ invocation: Invocation) throws -> StudyDataset {
    var request = TileImportRequest(folder: folder, extent: try tileUm.extent)
    request.pixels = tilePx
    request.manifest = manifest
    request.source = source
    request.replaces = replace
    let report = try project.importTiles(
      request, basis: invocation.basis, remarks: invocation.remarks, monitor: invocation.work)
    invocation.output.show(table: report.table, maximumRows: 40)
    invocation.output.add(report.remarks)
    let (dataset, remarks) = try report.dataset()
    invocation.output.add(remarks)
    return dataset
  }
}
