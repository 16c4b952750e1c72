import Analysis
import CommandLanguage
import Workflows

/// `tiles`: a contact sheet.
struct TilesCommand: TypedCommand {
  /// A dataset, features, a map, a selection, or a slide.
  struct Tiles: TileSubject {
    let source: any TileSource & SessionValue

    static let subjectTypes = [
      StudyDataset.type, FeatureSet.type, FeatureMap.type, StudySlide.type, SelectedTiles.type,
    ]
  }

  static let page = CommandPage(
    "tiles", topic: "Data", summary: "Shows tiles side by side, with their slide, number and place.",
    discussion: """
      Of a dataset or of features by the number of their record, of a slide by their number on its grid, of a map by what \
      lies in an area of it. Where more tiles are chosen than `n`, some of them are shown, spaced evenly.

      With `extremes` the tiles with the highest and the lowest values of an activation, a logit or a number that came \
      with the features are shown, half of `n` of each; of many tiles with the same value some from all over. With `near` \
      a tile is shown, and the `n` others whose activations are nearest to its. Both look through all tiles that `slide`, \
      `tiles` and `area` choose.
      """,
    reference: [
      "SlideMap.get_tiles_in_area", "DatasetFeatures.save_example_tiles", "Mosaic.points_at_grid_index",
      "Mosaic.selected_points",
    ],
    synonyms: ["contact_sheet", "gallery", "thumbnails", "examples", "images", "show_tiles"],
    examples: [
      "tiles", "tiles slide=DEMO-01 n=12", "tiles df tiles=0..<4 values=[prediction, feature:12]",
      "tiles df extremes=feature:12 n=20", "tiles df near=DEMO-01:3 n=12",
      "tiles u extremes=logit:positive",
    ])

  @Subject("A dataset, features, a map, a selection or a slide with a grid.") var of: Tiles
  @Group var choice: TileChoiceParameters
  @Parameter(
    "The tiles at both ends of feature:INDEX, feature:LAYER/INDEX, logit:OUTCOME or a number that came with the features.",
    as: .measure, only: [.on(FeatureSet.type, FeatureMap.type, SelectedTiles.type)])
  var extremes: AspectParameter?
  @Parameter(
    "The tiles nearest to this one, of all slides.",
    only: [.on(FeatureSet.type, FeatureMap.type, SelectedTiles.type), .without(\TilesCommand.$extremes)])
  var near: TileName?
  @Parameter("The distance between the activations of tiles.", only: [.with(\TilesCommand.$near)])
  var metric = DistanceMetric.cosine
  @Parameter("How many tiles are shown at most.", in: 1...500) var n = 25
  @Parameter("What is written under each tile: a column, labels, feature:INDEX, logit:CLASS, prediction, region.")
  var values: [AspectParameter]?
  @Parameter("Slide, number and place under each tile.") var captions = true
  @Parameter("A title above the picture.") var title: String?

  func run(_ invocation: Invocation) throws -> PictureValue {
    let value = try Reporting.run {
      let sheet = try TileSheet(
        of: of.source, try request(), basis: invocation.basis, remarks: invocation.remarks, monitor: invocation.work)
      return try PictureValue(sheet.figure, text: sheet.text, names: of.source.knownNames)
    }
    value.show(in: invocation.output)
    return value
  }

  private func request() throws -> TileSheet.Request {
    var request = TileSheet.Request()
    request.choice = choice.asked
    request.count = n
    request.values = try (values ?? []).map {
      try $0.aspect(for: $values.name) { _ in
        WorkflowFailure("There is no such value for these tiles.", remedy: "values=slide", parameter: "values")
      }
    }
    request.showsPlaces = captions
    request.title = title
    request.order = try order()
    return request
  }

  private func order() throws(WorkflowFailure) -> TileSheet.Order {
    switch extremes {
    case .quantity(let quantity)?: return .extremes(of: TileAspect(quantity))
    case .labels?, .groups?:
      throw WorkflowFailure(
        "The tiles at both ends are those of an activation or a logit, and labels and clusters have no ends.",
        remedy: "extremes=feature:0", parameter: "extremes")
    case nil: return near.map { .nearest(slide: $0.slide, index: $0.index, metric: metric) } ?? .spaced
    }
  }
}
