import CommandLanguage
import Workflows

/// `mosaic`: tile images laid over a map.
struct MosaicCommand: TypedCommand {
  /// Features, which are mapped first, or a map that is there.
  enum Ground: SubjectValue {
    case features(FeatureSet)
    case map(FeatureMap)

    var features: FeatureSet {
      switch self {
      case .features(let features): features
      case .map(let map): map.features
      }
    }

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
      over that map, and they choose only what is shown. With `layout=grid` every cell has a tile: the tiles, or so many of \
      them as there are cells, move as little as possible from their places on the map, and the output says how many \
      neighbours are kept. The notebook shows a picture of at most 1,200 pixels width; \
      `save` writes it in full: as PNG the tiles alone, as PDF or SVG with title and caption, as HTML to zoom into in a \
      browser, as CSV which tile stands where.
      """,
    reference: [
      "Project.generate_mosaic", "Mosaic", "SlideMap.build_mosaic", "Mosaic.plot", "Mosaic.generate_grid",
      "Mosaic.place_tiles", "Mosaic.focus",
    ],
    synonyms: ["montage", "tile_map", "mosaic_map", "collage"],
    examples: [
      "m = mosaic df", "m = mosaic df num_tiles_x=30 filters={HPV_status: [positive]}", "mosaic u expanded=true",
      "mosaic u layout=grid outcomes=HPV_status", "mosaic u relative_size=true show_prediction=positive",
    ])

  @Subject("Features, or a map of them.") var features: Ground
  @Parameter(
    "Where tiles stand: `map`, in the cell of a grid over the map that they lie in; `grid`, on a grid of which every cell is "
      + "filled.")
  var layout = MosaicRequest.Layout.map
  @Parameter("Columns of the grid; left out, fewer where there are few tiles.", in: 1...1000) var numTilesX = 50
  @Parameter("Pixels of a tile in the full picture: 32, 96, or its own size.")
  var resolution = MosaicRequest.Resolution.medium
  @Group(only: [.with(\MosaicCommand.$layout, .map)]) var cells: MosaicCellParameters
  @Group var look: MosaicLookParameters
  @Parameter("A title above the picture.") var title: String?
  @Group var mapping: MappingParameters
  @Group var selection: SlideSelectionParameters
  @Parameter("Labels to frame tiles by, a column or a labels value; left out, tiles have no frames.")
  var outcomes: LabelChoice?
  @Parameter(
    "Reads the labels as numbers; left out, a column of many different numbers is.",
    only: [.with(\MosaicCommand.$outcomes)])
  var useFloat: Bool?
  @Group(only: [.without(\MosaicCommand.$outcomes)]) var prediction: PredictionColourParameters

  func run(_ invocation: Invocation) throws -> TileMosaic {
    let request = try request()
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

  private func request() throws -> MosaicRequest {
    var request = MosaicRequest()
    request.layout = layout
    request.columnCount = $numTilesX.isGiven ? numTilesX : nil
    request.resolution = resolution
    cells.apply(to: &request)
    try look.apply(to: &request)
    request.outcomes = $outcomes.choice
    request.useFloat = useFloat
    request.prediction = try prediction.colour(of: features.features)
    request.title = title
    return request
  }
}

/// Which tile of a cell is shown, and how large.
struct MosaicCellParameters: ParameterGroup {
  @Parameter("Fills empty cells with spare tiles of cells nearby.") var expanded = false
  @Parameter(
    "How far such a tile may lie, in cells.", in: 0...100, only: [.with(\MosaicCellParameters.$expanded, true)])
  var leniency = 1.5
  @Parameter(
    "Which tile of a cell is shown: the nearest to its middle, the one whose activations are nearest to the mean of the cell's "
      + "tiles, or the first.",
    only: [.without(\MosaicCellParameters.$expanded)])
  var tileSelect = MosaicRequest.Selection.nearest
  @Parameter(
    "In cells: where the chosen tile lies as far from the middle of its cell, or farther, the cell stays empty.",
    in: 0.001...100, only: [.without(\MosaicCellParameters.$expanded)])
  var maxDist: Double?
  @Parameter(
    "Draws each tile with an area in proportion to the number of tiles in its cell.",
    only: [.without(\MosaicCellParameters.$expanded)])
  var relativeSize = false

  func apply(to request: inout MosaicRequest) {
    request.selection = tileSelect
    request.maximumDistance = maxDist
    request.isRelative = relativeSize
    if expanded { request.expandedLeniency = leniency }
  }
}
