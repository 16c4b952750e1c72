import CommandLanguage
import Workflows

/// `mosaic`: tile images laid over a map.
struct MosaicCommand: TypedCommand {
  /// Features, which are mapped first, or a map that is there.
  enum Ground: SubjectValue {
    case features(FeatureSet)
    case map(FeatureMap)

    static let subjectTypes = [FeatureSet.type, FeatureMap.type]
    init?(subjects: [any SessionValue], path: String?) {
      switch subjects.first {
      case let features as FeatureSet: self = .features(features)
      case let map as FeatureMap: self = .map(map)
      default: return nil
      }
    }
  }

  static let page = CommandPage(
    "mosaic", topic: "Maps", summary: "Lays tile images over a map, one for each cell of a grid.",
    discussion: """
      On features it maps first, and `dataset` and `filters` choose the slides that are mapped. On a map it lays tiles \
      over that map, and they choose only what is shown. The notebook shows a picture of at most 1,200 pixels width; \
      `save` writes it in full: as PNG the tiles alone, as PDF or SVG with title and caption.
      """, reference: ["Project.generate_mosaic", "Mosaic"],
    synonyms: ["montage", "tile_map", "mosaic_map", "collage"],
    examples: [
      "m = mosaic df", "m = mosaic df num_tiles_x=30 filters={HPV_status: [positive]}", "mosaic u expanded=true",
    ])

  @Subject("Features, or a map of them.") var features: Ground
  @Parameter("Columns of the grid; left out, fewer for fewer than 50 tiles.", in: 1...1000) var numTilesX = 50
  @Parameter("Pixels of a tile in the full picture: 32, 96, or its own size.")
  var resolution = MosaicRequest.Resolution.medium
  @Parameter("Fills empty cells with spare tiles of cells nearby.") var expanded = false
  @Parameter("How far such a tile may lie, in cells.", in: 0...100, only: [.with(\MosaicCommand.$expanded, true)])
  var leniency = 1.5
  @Parameter(
    "Which tile of a cell is shown: the nearest to its middle, or the first.",
    only: [.without(\MosaicCommand.$expanded)])
  var tileSelect = MosaicRequest.Selection.nearest
  @Parameter("A title above the picture.") var title: String?
  @Group var mapping: MappingParameters
  @Group var selection: SlideSelectionParameters
  @Parameter("Labels to frame tiles by, a column or a labels value; left out, tiles have no frames.")
  var outcomes: LabelChoice?
  @Parameter(
    "Reads the labels as numbers; left out, a column of many different numbers is.",
    only: [.with(\MosaicCommand.$outcomes)])
  var useFloat: Bool?

  func run(_ invocation: Invocation) throws -> TileMosaic {
    let value =
      switch features {
      case .features(let features):
        try features.mosaic(
          request, map: mapping.request, of: selection.selection, basis: invocation.basis,
          remarks: invocation.remarks, monitor: invocation.work)
      case .map(let map):
        try map.mosaic(
          request, of: selection.selection, basis: invocation.basis, remarks: invocation.remarks,
          monitor: invocation.work)
      }
    value.show(in: invocation.output)
    return value
  }

  private var request: MosaicRequest {
    var request = MosaicRequest()
    request.columnCount = $numTilesX.isGiven ? numTilesX : nil
    request.resolution = resolution
    request.selection = tileSelect
    if expanded { request.expandedLeniency = leniency }
    request.outcomes = $outcomes.choice
    request.useFloat = useFloat
    request.title = title
    return request
  }
}
