import CommandLanguage
import Rendering
import Slides
import Workflows

/// `label`: a map in other colours, without mapping again.
enum LabelCommand {
  static let declaration = CommandDeclaration(
    name: "label",
    referenceNames: [
      "SlideMap.label_by_slide", "SlideMap.label_by_logits", "SlideMap.label_by_meta", "SlideMap.label_by_preds",
    ],
    topic: "Maps", summary: "Shows a map coloured by a column, a feature, a logit, the prediction or the slide.",
    discussion: """
      A list draws a panel for each, with the same axes. A grid of activations is shown over its slide, by a feature, a \
      logit or the prediction.
      """,
    subject: SubjectDeclaration(
      name: "map", types: [.map, .grid], documentation: "The map, a mosaic, which gives its map, or a grid."),
    parameters: [
      ParameterDeclaration(
        "by", .list(.quantity), positional: true, required: true,
        "A column of the annotations, labels, `feature:497`, `logit:1`, `prediction` (of a model with several heads "
          + "`prediction:msi`) or `slide`; or a list of them."),
      ParameterDeclaration("point_size", .number(0.1...100), unit: "px", "Diameter of a point."),
      ParameterDeclaration("legend", .boolean, default: "true", "Draws the legend."),
      ParameterDeclaration("title", .text, "A title above the picture."),
    ], result: .picture, examples: ["label by=HPV_status", "v = label u by=[HPV_status, site, feature:12, prediction]"])

  static let command = Command(
    declaration,
    run: { invocation in
      let value: PictureValue
      if let grid = invocation.subjects.first as? FeatureGrid {
        value = try make(grid, invocation)
      } else if let map = invocation.subjects.first as? FeatureMap ?? (invocation.subjects.first as? TileMosaic)?.map {
        value = try make(map, invocation)
      } else {
        return nil
      }
      value.show(in: invocation.output)
      return value
    })

  private static func make(_ grid: FeatureGrid, _ invocation: Invocation) throws -> PictureValue {
    let arguments = invocation.arguments
    if arguments.has("point_size") {
      throw CommandFailure("A grid has cells, and no points.", parameter: "point_size")
    }
    let aspects = try TileAspect.all("by", of: arguments) { _ in FeatureGrid.isOfOneSlide }
    guard aspects.count == 1, let aspect = aspects.first else {
      throw CommandFailure("A grid is drawn by one quantity at a time.", remedy: "by=feature:0", parameter: "by")
    }
    return try Reporting.run(parameter: "by") {
      let figure = try grid.figure(
        by: aspect, title: arguments.text("title"), showsLegend: arguments.boolean("legend") ?? true)
      return try PictureValue(
        photograph: figure,
        text: (["Grid of slide \(grid.slide.name) by \(aspect.written):"]
          + [figure.footer, invocation.basisSentence].compactMap(\.self)).joined(separator: " "),
        names: grid.knownNames)
    }
  }

  private static func make(_ map: FeatureMap, _ invocation: Invocation) throws -> PictureValue {
    let arguments = invocation.arguments
    let aspects = try TileAspect.all("by", of: arguments) { word in
      word == "cluster"
        ? WorkflowFailure("There are no clusters on this map.", remedy: "by=slide", parameter: "by")
        : WorkflowFailure("This model gives no uncertainty.", remedy: "by=prediction", parameter: "by")
    }
    var request = FeatureMap.ViewRequest()
    request.title = arguments.text("title")
    request.pointSize = arguments.number("point_size")
    request.showsLegend = arguments.boolean("legend") ?? true
    let (figure, text) = try map.view(by: aspects, request, basis: invocation.basis)
    return try PictureValue(figure, text: text, names: map.knownNames)
  }
}
