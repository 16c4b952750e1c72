import CommandLanguage
import Slides
import Workflows

/// `dataset`: chooses slides of a project, with their tiles at one size.
struct DatasetCommand: TypedCommand {
  static let page = CommandPage(
    "dataset", topic: "Data", summary: "Chooses slides of the project, with their tiles at one size.",
    discussion: """
      A slide belongs to the dataset when it has a row in the annotations and a file of tiles. Without `size`, `tile_px` \
      and `tile_um` the only size there is is taken; with several, they are listed. `by=patient` shows a row for each \
      patient, with the number of slides and tiles. What is wrong with tile files is said below the table: extractions \
      that were interrupted, files that are cut off, indexes and manifests that do not fit, and locations that are \
      tenths of pixels, as slideflow wrote them until version 1.4.
      """, reference: ["Project.dataset", "Dataset", "SlideMap.filter", "DatasetFeatures.remove_slide"],
    synonyms: ["cohort", "data", "slides"],
    examples: [
      "dataset tile_px=299 tile_um=302", "dataset size=299px_302um by=patient",
      "dataset tile_px=299 tile_um=302 filters={HPV_status: [positive]}",
    ])

  @Subject("The project.") var project: Study
  @Parameter("Side of the tiles in pixels.", in: 1...16384, unit: "px") var tilePx: Int?
  @Parameter("Side of the tiles on the slide, or a magnification (20x).", unit: "µm") var tileUm: TileLength?
  @Parameter(
    "Both, as the folder of the tiles is named: 299px_302um, 299px_10x.",
    only: [.without(\DatasetCommand.$tilePx), .without(\DatasetCommand.$tileUm)])
  var size: String?
  @Group var slides: SlideFilterParameters
  @Parameter("Leaves out slides with fewer tiles.", in: 0...100_000_000) var minTiles = 0
  @Parameter("Takes the first tiles of each slide; 0 takes all.", in: 0...100_000_000) var maxTiles = 0
  @Parameter("Only these sources of datasets.json.") var sources: [String]?
  @Parameter("What the table has a row for.") var by = TableRows.slide

  func identify(_ input: PeekInput) -> String? { input.statement }

  func run(_ invocation: Invocation) throws -> StudyDataset {
    var selection = Dataset.Selection()
    selection.filters = slides.datasetFilters
    selection.filterBlank = slides.filterBlank ?? []
    selection.minTiles = minTiles
    selection.maxTiles = maxTiles
    selection.sources = sources
    let request = TileSizeRequest(label: size, pixels: tilePx, extent: try tileUm?.extent)
    let value = try StudyDataset(
      project, size: try request.size(in: project.project), selection: selection, isByPatient: by == .patient,
      basis: invocation.basis)
    value.show(in: invocation.output)
    return value
  }
}
