import CommandLanguage
import Rendering
import Slides
import Workflows

/// `label`: a map in other colours, without mapping again.
struct LabelCommand: TypedCommand {
  /// A map, the activations over a slide, or features over one of their slides.
  enum Drawn: SubjectValue {
    case map(FeatureMap)
    case grid(FeatureGrid)
    case features(FeatureSet)

    static let subjectTypes = [FeatureMap.type, FeatureGrid.type, FeatureSet.type]
    init?(subjects: [any SessionValue], path: String?) {
      switch subjects.first {
      case let map as FeatureMap: self = .map(map)
      case let grid as FeatureGrid: self = .grid(grid)
      case let features as FeatureSet: self = .features(features)
      default: return nil
      }
    }
  }

  static let page = CommandPage(
    "label", topic: "Maps",
    summary: "Shows a map coloured by a column, a feature, a logit, the prediction or the slide.",
    discussion: """
      A list draws a panel for each, with the same axes. `region` is the class of the region of interest that a tile's \
      centre lies in, of several the innermost; of a region without a class its name. A grid of activations is shown over \
      its slide, by a feature, a logit or the prediction. Features are shown over one of their slides, by whatever is known \
      of their tiles, such as an attention that came with them.
      """,
    reference: [
      "SlideMap.label_by_slide", "SlideMap.label_by_logits", "SlideMap.label_by_meta", "SlideMap.label_by_preds",
    ],
    synonyms: [
      "color", "colour", "recolor", "recolour", "colorize", "plot", "visualize", "visualise", "paint", "annotate",
    ],
    examples: [
      "label by=HPV_status", "v = label u by=[HPV_status, site, feature:12, prediction]",
      "label df by=prediction slide=DEMO-01",
    ])

  @Subject("The map, a mosaic, which gives its map, a grid, or features.") var map: Drawn
  @Parameter(
    "A column of the annotations, labels, `feature:497`, `logit:1`, `prediction` (of a model with several heads "
      + "`prediction:msi`), a number that came with the features, `slide` or `region`; or a list of them.",
    positional: true,
    referenceNames: ["color", "colour", "hue", "outcomes", "outcome", "column", "label"])
  var by: [AspectParameter]
  @Parameter("The slide over which features are shown.", as: .name(.slide), only: [.on(FeatureSet.type)])
  var slide: String?
  @Parameter("Diameter of a point.", in: 0.1...100, unit: "px") var pointSize: Double?
  @Parameter("Draws the legend.") var legend = true
  @Parameter("A title above the picture.") var title: String?
  @Parameter(
    "The value at the lower end of the colours, or a percentile of all (`p1`). Left out, the least, or the 1st percentile "
      + "where a few values would flatten the rest.",
    referenceNames: ["clim", "vcenter"])
  var vmin: ScaleEnd?
  @Parameter("The value at their upper end, or a percentile (`p99`).") var vmax: ScaleEnd?
  @Group var look: StyleParameters

  func run(_ invocation: Invocation) throws -> PictureValue {
    let value: PictureValue
    switch map {
    case .grid(let grid): value = try picture(of: grid, invocation)
    case .map(let map): value = try picture(of: map, invocation)
    case .features(let features): value = try picture(of: features, invocation)
    }
    value.show(in: invocation.output)
    return value
  }

  private var scale: ValueScale { ValueScale(low: vmin?.end, high: vmax?.end) }

  private func picture(of features: FeatureSet, _ invocation: Invocation) throws -> PictureValue {
    if pointSize != nil { throw CommandFailure("Over a slide there are no points.", parameter: $pointSize.name) }
    let aspects = try by.map { aspect in
      try aspect.aspect(for: $by.name) { WorkflowFailure("These features have no \($0).", parameter: "by") }
    }
    guard aspects.count == 1, let aspect = aspects.first else {
      throw CommandFailure("A slide is drawn by one quantity at a time.", remedy: "by=feature:0", parameter: $by.name)
    }
    return try Reporting.run {
      let figure = try features.heat(
        by: aspect, scale: scale, slide: slide, title: title, showsLegend: legend, basis: invocation.basis,
        monitor: invocation.work)
      return try PictureValue(
        figure, in: look.style,
        text: "Slide \(figure.title ?? "") by \(aspect.written): \(figure.footer ?? "")", names: features.knownNames)
    }
  }

  private func picture(of grid: FeatureGrid, _ invocation: Invocation) throws -> PictureValue {
    if pointSize != nil { throw CommandFailure("A grid has cells, and no points.", parameter: $pointSize.name) }
    let aspects = try by.map { try $0.aspect(for: $by.name) { _ in FeatureGrid.isOfOneSlide } }
    guard aspects.count == 1, let aspect = aspects.first else {
      throw CommandFailure("A grid is drawn by one quantity at a time.", remedy: "by=feature:0", parameter: $by.name)
    }
    return try Reporting.run(parameter: $by.name) {
      let figure = try grid.figure(by: aspect, scale: scale, title: title, showsLegend: legend)
      return try PictureValue(
        figure, in: look.style,
        text: (["Grid of slide \(grid.slide.name) by \(aspect.written):"]
          + [figure.footer, invocation.basisSentence].compactMap(\.self)).joined(separator: " "),
        names: grid.knownNames)
    }
  }

  private func picture(of map: FeatureMap, _ invocation: Invocation) throws -> PictureValue {
    let aspects = try by.map { aspect in
      try aspect.aspect(for: $by.name) { word in
        WorkflowFailure("There are no \(word)s on this map.", remedy: "by=slide", parameter: "by")
      }
    }
    var request = FeatureMap.ViewRequest()
    request.title = title
    request.pointSize = pointSize
    request.showsLegend = legend
    request.scale = scale
    let (figure, text) = try map.view(by: aspects, request, basis: invocation.basis)
    return try PictureValue(figure, in: look.style, text: text, names: map.knownNames)
  }
}
