import CommandLanguage
import FeatureData
import Rendering
import Slides

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
      if let grid = invocation.subjects.first as? FeatureGrid {
        let value = try make(grid, invocation)
        value.show(in: invocation.output)
        return value
      }
      let map = (invocation.subjects.first as? FeatureMap) ?? (invocation.subjects.first as? TileMosaic)?.map
      guard let map else { return nil }
      let value = try make(map, invocation)
      value.show(in: invocation.output)
      return value
    })

  private static func make(_ grid: FeatureGrid, _ invocation: Invocation) throws -> PictureValue {
    let arguments = invocation.arguments
    if arguments.has("point_size") {
      throw CommandFailure("A grid has cells, and no points.", parameter: "point_size")
    }
    let aspects = try TileAspect.all("by", of: arguments)
    guard aspects.count == 1, let aspect = aspects.first else {
      throw CommandFailure("A grid is drawn by one quantity at a time.", remedy: "by=feature:0", parameter: "by")
    }
    return try Reporting.run(parameter: "by") {
      let figure = try grid.figure(
        by: aspect, title: arguments.text("title"), showsLegend: arguments.boolean("legend") ?? true)
      return PictureValue(
        figure: figure, inline: try figure.inlinePNG(byteLimit: PictureValue.photographByteLimit),
        text: (["Grid of slide \(grid.slide.name) by \(aspect.written):"]
          + [figure.footer, invocation.basisSentence].compactMap(\.self)).joined(separator: " "),
        names: grid.knownNames)
    }
  }

  private static func make(_ map: FeatureMap, _ invocation: Invocation) throws -> PictureValue {
    let arguments = invocation.arguments
    let aspects = try TileAspect.all("by", of: arguments)
    let remarks = map.remarks + [invocation.basisSentence].compactMap(\.self)
    let panels = try aspects.map { aspect in
      let colouring = try Reporting.run(parameter: "by") { try PointColouring(map: map).colouring(by: aspect) }
      return map.plot(colouring, title: aspects.count > 1 ? aspect.written : nil)
    }
    return try Reporting.run {
      let figure = try ScatterFigure(
        panels: panels, title: arguments.text("title"), footer: remarks.joined(separator: " "),
        xLabel: map.axisNames[0], yLabel: map.axisNames[1], pointSize: arguments.number("point_size"),
        showsLegend: arguments.boolean("legend") ?? true)
      let names = aspects.map(\.written).joined(separator: ", ")
      let sentences = ["Map of \(map.points.count) tiles by \(names)."] + [invocation.basisSentence].compactMap(\.self)
      return PictureValue(
        figure: figure, inline: try figure.inlinePNG(), text: (sentences + figure.notes).joined(separator: " "),
        names: map.knownNames)
    }
  }
}

extension Quantity {
  /// As it is written in the language.
  var written: String {
    switch self {
    case .column(let name): name
    case .feature(let layer, let index): "feature:" + (layer.map { $0 + "/" } ?? "") + String(index)
    case .logit(let name): "logit:" + name
    case .prediction(let head): "prediction" + (head.map { ":" + $0 } ?? "")
    case .cluster: "cluster"
    case .uncertainty: "uncertainty"
    case .slide: "slide"
    }
  }
}
