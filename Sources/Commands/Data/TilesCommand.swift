import Analysis
import CommandLanguage
import Workflows

/// `tiles`: a contact sheet.
enum TilesCommand {
  static let declaration = CommandDeclaration(
    name: "tiles", topic: "Data", summary: "Shows tiles side by side, with their slide, number and place.",
    discussion: """
      Of a dataset or of features by the number of their record, of a slide by their number on its grid, of a map by what \
      lies in an area of it. Where more tiles are chosen than `n`, some of them are shown, spaced evenly.

      With `extremes` the tiles with the highest and the lowest values of an activation or a logit are shown, half of `n` \
      of each; of many tiles with the same value some from all over. With `near` a tile is shown, and those whose \
      activations are nearest to its. Both look through all tiles that `slide`, `tiles` and `area` choose.
      """,
    subject: SubjectDeclaration(
      name: "of", types: [.dataset, .features, .map, .slide],
      documentation: "A dataset, features, a map or a slide with a grid."),
    parameters: TileChoice.parameters + [
      ParameterDeclaration(
        "extremes", .quantity, effects: [.on([.features, .map])],
        "The tiles at both ends of feature:INDEX, feature:LAYER/INDEX or logit:OUTCOME."),
      ParameterDeclaration(
        "near", .tile, effects: [.on([.features, .map]), .without("extremes")],
        "The tiles nearest to this one, of all slides."),
      ParameterDeclaration(
        "metric", .choice(DistanceMetric.allCases.map(\.rawValue)), default: "cosine",
        effects: [.with("near", values: [])], "The distance between the activations of tiles."),
      ParameterDeclaration("n", .integer(1...500), default: "25", "How many tiles are shown at most."),
      ParameterDeclaration(
        "values", .list(.quantity),
        "What is written under each tile: a column, labels, feature:INDEX, logit:CLASS, prediction."
      ),
      ParameterDeclaration("captions", .boolean, default: "true", "Slide, number and place under each tile."),
      ParameterDeclaration("title", .text, "A title above the picture."),
    ], result: .picture,
    examples: [
      "tiles", "tiles slide=DEMO-01 n=12", "tiles df tiles=0..<4 values=[prediction, feature:12]",
      "tiles df extremes=feature:12 n=20", "tiles df near=DEMO-01:3 n=12", "tiles u extremes=logit:positive",
    ])

  static let command = Command(
    declaration,
    run: { invocation in
      guard let subject = invocation.subjects.first else { return nil }
      let value = try Reporting.run {
        let sheet = try TileSheet(
          of: try subject.tileSource, try request(invocation.arguments), basis: invocation.basis,
          remarks: invocation.remarks, monitor: invocation.work)
        return try PictureValue(photograph: sheet.figure, text: sheet.text, names: subject.knownNames)
      }
      value.show(in: invocation.output)
      return value
    })

  private static func request(_ arguments: BoundArguments) throws -> TileSheet.Request {
    var request = TileSheet.Request()
    request.choice = TileChoice.Asked(arguments)
    request.count = arguments.integer("n") ?? request.count
    request.values = try TileAspect.all("values", of: arguments) { _ in
      WorkflowFailure("There is no such value for these tiles.", remedy: "values=slide", parameter: "values")
    }
    request.showsPlaces = arguments.boolean("captions") ?? request.showsPlaces
    request.title = arguments.text("title")
    switch arguments["extremes"] {
    case .quantity(let quantity)?: request.order = .extremes(of: TileAspect(quantity))
    case .some:
      throw WorkflowFailure(
        "The tiles at both ends are those of an activation or a logit, and labels have no ends.",
        remedy: "extremes=feature:0", parameter: "extremes")
    case nil:
      guard case .tile(let slide, let index)? = arguments["near"] else { break }
      request.order = .nearest(
        slide: slide, index: index,
        metric: arguments.text("metric").flatMap(DistanceMetric.init(rawValue:)) ?? .cosine)
    }
    return request
  }
}

extension SessionValue {
  /// The value as one whose tiles can be shown.
  var tileSource: any TileSource {
    get throws(WorkflowFailure) {
      guard let source = self as? any TileSource else { throw WorkflowFailure("There are no tiles in this.") }
      return source
    }
  }
}
