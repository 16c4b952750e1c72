import CommandLanguage
import Rendering
import Workflows

/// `plot_3d`: a map in three dimensions.
struct Plot3DCommand: TypedCommand {
  static let page = CommandPage(
    "plot_3d", topic: "Maps",
    summary: "Shows a map in three dimensions: with a feature, or any other number, as its height.",
    discussion: """
      The tiles' shadow on the floor is the map itself. What is farther away is smaller and paler. A map that was made \
      with `dim=3` is shown by its own three axes, all in one scale, unless a height is asked for. Colours are those of \
      the height, unless `by` says otherwise.
      """, reference: ["SlideMap.save_3d_plot", "SlideMap.plot_3d", "SlideMap.save_3d"],
    synonyms: ["plot3d", "scatter3d", "scatter_3d", "save_3d_plot", "umap_3d", "umap3d", "3d"],
    examples: [
      "plot_3d feature=12", "plot_3d u z=probability:positive by=HPV_status azimuth=30",
      "u3 = slide_map df dim=3\nplot_3d u3 by=site",
    ])

  @Subject("The map, or a mosaic, which gives its map.") var map: FeatureMap
  @Parameter(
    "The feature whose activation is the height, by its number; with several layers as layer/number.",
    as: .either([.integer(0...1_000_000_000), .text]))
  var feature: FeatureName?
  @Parameter(
    "Another number as the height: `logit:1`, `probability:positive`, `uncertainty`, a column of numbers.",
    only: [.without(\Plot3DCommand.$feature)])
  var z: AspectParameter?
  @Parameter(
    "What colours show; left out, the height. As `by` of `label`.",
    referenceNames: ["color", "colour", "hue", "label"])
  var by: AspectParameter?
  @Parameter(
    "Where it is seen from: degrees around the vertical axis, counterclockwise, from the end of the horizontal axis.",
    in: -360...360, unit: "°", referenceNames: ["azim", "rotation"])
  var azimuth = -60.0
  @Parameter("Degrees above the floor.", in: -90...90, unit: "°", referenceNames: ["elev"]) var elevation = 25.0
  @Group var points: PointParameters
  @Group var colours: ColourParameters
  @Group var look: StyleParameters

  func run(_ invocation: Invocation) throws -> PictureValue {
    var request = FeatureMap.ViewRequest()
    points.fill(&request)
    try colours.fill(&request)
    var view = Scatter3DFigure.View()
    view.azimuth = azimuth
    view.elevation = elevation
    func aspect(_ given: AspectParameter?, _ parameter: String) throws -> TileAspect? {
      try given?.aspect(for: parameter) { word in
        WorkflowFailure("There are no \(word)s on this map.", remedy: "\(parameter)=feature:0", parameter: parameter)
      }
    }
    let height = try feature?.aspect(for: $feature.name) ?? aspect(z, $z.name)
    let (figure, text) = try SolidView(
      map, height: height, givenBy: feature == nil ? $z.name : $feature.name, by: try aspect(by, $by.name), request,
      from: view
    ).figure(basis: invocation.basis)
    let value = try PictureValue(figure, in: look.style, text: text, names: map.knownNames)
    value.show(in: invocation.output)
    return value
  }
}

/// A feature by its number, with the layer where there are several: `497`, `layer3/497`.
enum FeatureName: ParameterValue {
  case index(Int)
  case written(String)

  static let parameterType = ParameterType.text

  init?(argument: BoundValue) {
    if let index = argument.integer {
      self = .index(index)
    } else if let text = argument.text {
      self = .written(text)
    } else {
      return nil
    }
  }

  func aspect(for parameter: String) throws -> TileAspect {
    switch self {
    case .index(let index): return .feature(layer: nil, index: index)
    case .written(let text):
      guard let slash = text.lastIndex(of: "/"), slash != text.startIndex,
        let index = Int(text[text.index(after: slash)...]), index >= 0
      else {
        throw CommandFailure(
          "A feature is given by its number, or as layer/number.", remedy: "\(parameter)=0", parameter: parameter)
      }
      return .feature(layer: String(text[..<slash]), index: index)
    }
  }
}
