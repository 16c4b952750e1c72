import CommandLanguage
import Foundation
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
      A list draws a panel for each, with the same axes; so does a list of maps, `label [u1, u2] by=site`, and `split` for \
      each class. Panels by the same thing have one scale of colours. `region` is the class of the region of interest that \
      a tile's centre lies in, of several the innermost; of a region without a class its name. `uncertainty` is the \
      entropy of the predicted probabilities, as a share of the greatest there can be: 0 where one class is certain, 1 \
      where all are equally likely; or the numbers of that name that came with the features. A grid of activations is \
      shown over its slide, by a feature, a logit or the prediction. Features are shown over one of their slides, by \
      whatever is known of their tiles, such as an attention that came with them. Colours of classes are those that \
      `labels COLUMN colours={…} keep=true` keeps with the project, where there are any.
      """,
    reference: [
      "SlideMap.label_by_slide", "SlideMap.label_by_logits", "SlideMap.label_by_meta", "SlideMap.label_by_preds",
      "SlideMap.label", "SlideMap.label_by_uncertainty", "SlideMap.plot", "SlideMap.save_plot",
      "SlideMap.save_2d_plot", "DatasetFeatures.uncertainty", "DatasetFeatures.uq",
    ],
    synonyms: [
      "color", "colour", "recolor", "recolour", "colorize", "plot", "visualize", "visualise", "paint", "annotate",
    ],
    examples: [
      "label by=HPV_status", "v = label u by=[HPV_status, site, feature:12, prediction]",
      "label u by=prediction split=site", "label u by=HPV_status highlight=[positive] names=true",
      "label u by=feature:12 on_top=high palette=heat vmax=p99",
      "label u by=site palette={siteA: crimson, siteB: \"#4477AA\"}", "label df by=prediction slide=DEMO-01",
    ])

  @Subject("The map, a mosaic, which gives its map, a grid, or features; or a list of maps.") var maps: [Drawn]
  @Parameter(
    "A column of the annotations, labels, `feature:497`, `logit:1`, `probability:positive`, `prediction` (of a model with "
      + "several heads `prediction:msi`), `uncertainty`, clusters, a selection, a number that came with the features, "
      + "`slide` or `region`; or a list of them.",
    positional: true,
    referenceNames: ["color", "colour", "hue", "outcomes", "outcome", "column", "label"])
  var by: [AspectParameter]
  @Parameter(
    "\(PredictionColourParameters.restrictionDocumentation) Acts on `by=prediction`.",
    as: .list(.indexOrName(.outcome)), referenceNames: ["prediction_filter"])
  var restrictPred: [NumberOrName]?
  @Parameter("The slide over which features are shown.", as: .name(.slide), only: [.on(FeatureSet.type)])
  var slide: String?
  @Group(only: [.on(FeatureMap.type)]) var points: PointParameters
  @Group(only: [.on(FeatureMap.type)]) var emphasis: EmphasisParameters
  @Group var colours: ColourParameters
  @Group var look: StyleParameters

  func run(_ invocation: Invocation) throws -> PictureValue {
    let value: PictureValue
    switch maps.first {
    case .grid(let grid)? where maps.count == 1: value = try picture(of: grid, invocation)
    case .features(let features)? where maps.count == 1: value = try picture(of: features, invocation)
    default: value = try picture(ofMaps: invocation)
    }
    value.show(in: invocation.output)
    return value
  }

  /// What is asked for, with the classes that can be predicted.
  private func aspects(_ missing: (String) -> WorkflowFailure) throws -> [TileAspect] {
    let aspects = try by.map { try $0.aspect(for: $by.name, missing: missing) }
    guard let restrictPred else { return aspects }
    var isUsed = false
    let restricted = aspects.map { aspect -> TileAspect in
      guard case .prediction(let head, _) = aspect else { return aspect }
      isUsed = true
      return .prediction(head: head, among: restrictPred.map(\.outputName))
    }
    guard isUsed else {
      throw CommandFailure(
        "`restrict_pred` chooses among classes, and nothing is coloured by the prediction.", remedy: "by=prediction",
        parameter: $by.name)
    }
    return restricted
  }

  private func picture(of features: FeatureSet, _ invocation: Invocation) throws -> PictureValue {
    let aspects = try aspects { WorkflowFailure("These features have no \($0).", parameter: "by") }
    let palette = try colours.choice()
    return try Reporting.run {
      let figure = try features.heat(
        by: aspects, scale: colours.scale, palette: palette, slide: slide, title: colours.title,
        showsLegend: colours.legend, basis: invocation.basis, monitor: invocation.work)
      let written = aspects.map(\.written).joined(separator: ", ")
      return try PictureValue(
        figure, in: look.style, text: "Slide \(figure.title ?? "") by \(written): \(figure.footer ?? "")",
        names: features.knownNames)
    }
  }

  private func picture(of grid: FeatureGrid, _ invocation: Invocation) throws -> PictureValue {
    let aspects = try aspects { _ in FeatureGrid.isOfOneSlide }
    let palette = try colours.choice()
    return try Reporting.run(parameter: $by.name) {
      let figure = try grid.figure(
        by: aspects, scale: colours.scale, palette: palette, title: colours.title, showsLegend: colours.legend)
      let written = aspects.map(\.written).joined(separator: ", ")
      return try PictureValue(
        figure, in: look.style,
        text: (["Grid of slide \(grid.slide.name) by \(written):"]
          + [figure.footer, invocation.basisSentence].compactMap(\.self)).joined(separator: " "),
        names: grid.knownNames)
    }
  }

  private func picture(ofMaps invocation: Invocation) throws -> PictureValue {
    let found = maps.compactMap { drawn -> FeatureMap? in if case .map(let map) = drawn { map } else { nil } }
    guard found.count == maps.count, let first = found.first else {
      throw CommandFailure("Side by side are maps; a grid, and features over a slide, are drawn one at a time.")
    }
    let names = invocation.subjectName?.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) } ?? []
    let aspects = try aspects { word in
      WorkflowFailure("There are no \(word)s on this map.", remedy: "by=slide", parameter: "by")
    }
    var request = FeatureMap.ViewRequest()
    points.fill(&request)
    try emphasis.fill(&request)
    try colours.fill(&request)
    let subjects = found.enumerated().map {
      MapView.Subject($1, name: names.indices.contains($0) ? names[$0] : "map \($0 + 1)")
    }
    let (figure, text) = try MapView(subjects, by: aspects, request).figure(basis: invocation.basis)
    return try PictureValue(figure, in: look.style, text: text, names: first.knownNames)
  }
}
