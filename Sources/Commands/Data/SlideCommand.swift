import CommandLanguage
import Slides
import Workflows

/// `slide`: opens a whole-slide image and shows it with its tile grid.
struct SlideCommand: TypedCommand {
  static let page = CommandPage(
    "slide", topic: "Data",
    summary: "Opens a whole-slide image: its properties, and a thumbnail with the tile grid and regions of interest.",
    discussion: """
      A slide of the project by its name, or any file by its path. With `tile_px` and `tile_um`, or where a dataset or \
      the only size of the project's tiles tells them, the grid is laid and the background found as `extract_tiles` \
      would; `tiles` then shows tiles of it. The grid is given as (rows, columns). Regions of interest come from the \
      project, where they lie under the slide's name as CSV, GeoJSON or XML, or from `roi`. PNG, JPEG and TIFF in strips \
      are slides too, with `mpp`; they are unpacked into a temporary file first, three bytes a pixel.
      """, reference: ["WSI", "slideflow.WSI"],
    synonyms: ["wsi", "thumbnail", "whole_slide", "view_slide", "open_slide", "overview", "preview"],
    examples: [
      "slide DEMO-01", "s = slide DEMO-01 tile_px=299 tile_um=302 qc=otsu",
      "slide DEMO-01 tile_px=299 tile_um=302 qc=[otsu, pen, fold, blur]",
    ])

  @Subject("The project that has the slide.") var project: Study?
  @Parameter("A slide's name, a slide that is open, or a file.", positional: true) var slide: SlideOpening.Asked
  @Group var size: TileSizeParameters
  @Parameter(
    "The dataset whose tile size the grid has.", only: [.without(\SlideCommand.size.$tilePx)],
    implies: ImpliedParameter(
      StudyDataset.type, otherwise: "the only size of the project's tiles", where: \SlideCommand.isNoFile))
  var dataset: StudyDataset?
  @Parameter(
    "Selections or clusters whose tiles are painted on the picture.",
    as: .list(.value([SelectedTiles.type, TileClusters.type])))
  var show: [ShownGroups]?
  @Group var regions: RegionParameters
  @Group var cutting: CuttingParameters

  private var isNoFile: Bool { if case .file? = $slide.given { false } else { true } }

  func peek(_ input: PeekInput) -> KnownNames? {
    switch $slide.given {
    case .file(let path)?: return KnownNames(names: [NameKind.slide.key: [WholeSlideImage.name(ofFile: path)]])
    case .named(let name)?:
      var known = KnownNames(names: [NameKind.slide.key: [name]])
      for kind in [NameKind.folder, .project, .store] { known.names[kind.key] = input.subjectNames?.names(of: kind) }
      return known
    case .open?, nil: return $slide.names
    }
  }

  func identify(_ input: PeekInput) -> String? { input.statement }

  func run(_ invocation: Invocation) throws -> StudySlide {
    var request = SlideRequest(slide)
    request.size = try size.size
    request.datasetSize = dataset?.dataset.tileSize
    request.cutting = cutting.given
    request.cuttingParameter = cutting.firstGiven
    request.scale = try cutting.mpp?.scale(in: project)
    request.regionsPath = regions.roi
    var value = try StudySlide.open(
      request, study: project, basis: invocation.basis, remarks: invocation.remarks, monitor: invocation.work)
    if let show { value.shown = try ShownTiles(show.map(\.groups), on: value) }
    value.show(in: invocation.output)
    return value
  }
}

/// Tiles in groups that are painted on a slide.
struct ShownGroups: ParameterValue {
  let groups: TileGroups

  static let parameterType = ParameterType.value([SelectedTiles.type, TileClusters.type])
  init?(argument: BoundValue) {
    guard case .groups(let groups, _)? = AspectParameter(argument: argument) else { return nil }
    self.groups = groups
  }
}
