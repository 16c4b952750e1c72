import CommandLanguage
import Rendering
import Slides
import Workflows

/// `extract_tiles`: cuts the slides of a project into tiles.
struct ExtractTilesCommand: TypedCommand {
  static let page = CommandPage(
    "extract_tiles", topic: "Data",
    summary: "Cuts the slides of a project into tiles, as TFRecords in slideflow's layout.",
    discussion: """
      The slides are those of the annotations that have a file in the slide folders of the project. Each becomes one file, \
      written whole: an interruption or a kill loses the slide in progress, and the same statement goes on from there. \
      Tiles of slides that were extracted before are kept (`skip_extracted`). A region of a slide that cannot be read \
      costs that region, and a slide that cannot be opened costs that slide; both are reported. Regions of interest are \
      those of the project's folder of them, under the slides' names as CSV, GeoJSON or XML. Records are shuffled, so \
      that the first N of a file are a sample of the slide.
      """, reference: ["Project.extract_tiles", "Dataset.extract_tiles", "WSI.extract_tiles"],
    synonyms: [
      "extract", "tile", "tessellate", "tessellation", "patch", "patches", "create_patches", "segment", "tiling", "cut",
    ], examples: ["extract_tiles tile_px=299 tile_um=151 slides=[DEMO-01, DEMO-02]"], writesFiles: true)

  @Subject("The project.") var project: Study
  @Parameter("Side of the tiles in pixels.", in: 1...8192, unit: "px") var tilePx: Int
  @Parameter("Side of the tiles on the slide, or a magnification (20x).", unit: "µm") var tileUm: TileLength
  @Parameter("Only these slides.", as: .list(.name(.slide))) var slides: [String]?
  @Group var choice: SlideFilterParameters
  @Parameter("Only these sources.") var sources: [String]?
  @Group var cutting: CuttingParameters
  @Parameter("How tiles are stored.") var imgFormat = TileExtraction.Format.Picture.jpg
  @Parameter("Quality of the JPEGs.", in: 1...100, only: [.with(\ExtractTilesCommand.$imgFormat, .jpg)])
  var quality = 95
  @Parameter("Stain normalisation of the tiles; one without two stains is left out as background.")
  var normalizer: StainNormalizer.Method?
  // No tile can be named before there are any.
  @Parameter(
    "What the tiles are made to look like: a standard (v3 is slideflow's of today, v1 that of 1.x), or a picture.",
    as: .either([StainTarget.standards, StainTarget.pictures]), only: [.with(\ExtractTilesCommand.$normalizer)])
  var normalizerSource = StainTarget.standard(.v3)
  @Parameter("Shuffles the records of each slide.") var shuffle = true
  @Parameter("Keeps the tile files that are there; false makes them anew.") var skipExtracted = true

  func run(_ invocation: Invocation) throws -> StudyDataset {
    let output = invocation.output
    let report = try project.extractTiles(
      try request(), basis: invocation.basis, remarks: invocation.remarks, monitor: invocation.work)
    output.show(table: report.table, maximumRows: 40)
    output.add(report.remarks)
    let dataset = try report.dataset()
    let sample = report.sample(of: dataset)
    if let picture = try? sample.sheet.inlinePNG(byteLimit: PictureValue.photographByteLimit) {
      output.show(picture: picture, text: sample.text)
    }
    return dataset
  }

  private func request() throws -> ExtractionRequest {
    var request = ExtractionRequest(
      TilePlan(
        size: TileSize(pixels: tilePx, extent: try tileUm.extent), scale: try cutting.mpp?.scale(in: project) ?? .none,
        cutting: cutting.cutting))
    request.slides = slides
    request.filters = choice.datasetFilters
    request.filterBlank = choice.filterBlank ?? []
    request.sources = sources
    request.format.picture = imgFormat
    request.format.quality = quality
    if !shuffle { request.format.shuffleSeed = nil }
    request.normalizer = try normalizer.map { try normalizerSource.normalizer($0) }
    request.skipsExtracted = skipExtracted
    return request
  }
}
