import CommandLanguage
import Slides
import Workflows

/// `import_tiles`: loose pictures of tiles to TFRecords.
struct ImportTilesCommand: TypedCommand {
  static let page = CommandPage(
    "import_tiles", topic: "Data", summary: "Puts loose PNG, JPEG or TIFF tiles into TFRecords of the project.",
    discussion: """
      Each folder inside the one given is a slide and holds its tiles, or is a class and holds folders of slides; a folder \
      of tiles alone is one slide, or as many as the files' names begin with. Or a manifest says which file belongs to which \
      slide: a CSV with the columns file and slide and, where places are known, x and y, the tile's centre in pixels of \
      level 0, or corner_x and corner_y, its upper left corner, with its side on the slide where that is known. The \
      files are stored as they are, TIFF as PNG with the same pixels; what is no picture, not square, or of another size than \
      the others, is left out and reported. `tile_um` says how much tissue a tile covers.

      Places are also read from the names of files: QuPath's `S1 [x=512,y=0,w=256,h=256].png`, which are corners and sides, \
      and `S1_x512_y0.png`, `S1 (512, 0).png` and `S1_512_0.png`, which are taken for upper left corners unless `places` says \
      otherwise. Numbers without letters are places only if the tiles then lie on a grid. What was read, and as what, is \
      said.

      The pixels of a tile are those that Pillow's `convert("RGB")` gives, byte for byte: of 16 bits the high byte, \
      transparency dropped and not blended, CMYK turned to RGB without a profile. Gamma, a colour profile and an EXIF \
      orientation are not applied.
      """, examples: ["import_tiles ./loose-tiles tile_um=302"], writesFiles: true)

  @Subject("The project.") var project: Study
  @Parameter("The folder that holds the tiles.", as: .path(.existingDirectory), positional: true) var folder: String
  @Parameter("Side of the tiles on the slide, or a magnification (20x).", unit: "µm") var tileUm: TileLength
  @Parameter("Side of the tiles; left out, that of most of them.", in: 1...8192, unit: "px") var tilePx: Int?
  @Parameter(
    "A CSV with the columns file and slide, and x and y or corner_x and corner_y.",
    as: .path(.existingFile(extensions: ["csv"])))
  var manifest: String?
  @Parameter("What x and y in the files' names are; QuPath's are always corners.", shown: "corners")
  var places: TileImportRequest.Places?
  @Parameter("The source of the project that gets them; left out, its first.") var source: String?
  @Parameter("Writes the tile files of slides anew that have one already.") var replace = false

  func run(_ invocation: Invocation) throws -> StudyDataset {
    var request = TileImportRequest(folder: folder, extent: try tileUm.extent)
    request.pixels = tilePx
    request.manifest = manifest
    request.places = places
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
