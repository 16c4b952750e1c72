import CommandLanguage
import Rendering
import Workflows

/// How the points of a map are drawn.
struct PointParameters: ParameterGroup {
  @Parameter("Diameter of a point.", in: 0.1...100, unit: "px") var pointSize: Double?
  @Parameter(
    "How opaque a point is, 0 to 1; left out, the less the more there are.", in: 0...1, referenceNames: ["opacity"])
  var alpha: Double?
  @Parameter(
    "How many points are drawn at most: by chance, always the same ones, each slide with its share.",
    in: 1...1_000_000_000, referenceNames: ["n_points", "sample"])
  var subsample: Int?

  func fill(_ request: inout FeatureMap.ViewRequest) {
    request.pointSize = pointSize
    request.opacity = alpha
    request.sampleCount = subsample
  }
}

/// The colours of what is shown, and the words around it.
struct ColourParameters: ParameterGroup {
  @Parameter(
    "Colours: of numbers \(Self.names(FigurePalette.Numbers.self)); of classes \(Self.names(FigurePalette.Classes.self)), "
      + "`{A: red, B: \"#1F77B4\"}`, or a list in their order.",
    referenceNames: ["cmap", "colors", "colours"])
  var palette: PaletteParameter?
  @Parameter("Draws the legend.") var legend = true
  @Parameter("A title above the picture.") var title: String?
  @Parameter(
    "The value at the lower end of the colours, or a percentile of all (`p1`). Left out, the least, or the 1st percentile "
      + "where a few values would flatten the rest.",
    referenceNames: ["clim", "vcenter"])
  var vmin: ScaleEnd?
  @Parameter("The value at their upper end, or a percentile (`p99`).") var vmax: ScaleEnd?

  private static func names<Choice: RawRepresentable & CaseIterable>(_: Choice.Type) -> String
  where Choice.RawValue == String {
    Choice.allCases.map(\.rawValue).joined(separator: ", ")
  }

  var scale: ValueScale { ValueScale(low: vmin?.end, high: vmax?.end) }

  func choice() throws -> PaletteChoice { try palette?.choice(for: $palette.name) ?? PaletteChoice() }

  func fill(_ request: inout FeatureMap.ViewRequest) throws {
    request.title = title
    request.showsLegend = legend
    request.scale = scale
    request.palette = try choice()
  }
}

extension ScatterPlot.Order: ParameterChoice {}

/// What of a map is brought out.
struct EmphasisParameters: ParameterGroup {
  @Parameter(
    "Draws a panel for each class of this, the others in grey below: a column, labels, `prediction`, clusters or `slide`."
  )
  var split: AspectParameter?
  @Parameter(
    "What has colours, the rest lying below in grey: a selection, or classes of what the map is coloured by, `[A, B]`.",
    as: .list(.valueOrName([SelectedTiles.type], .classOfView)), referenceNames: ["groups"])
  var highlight: HighlightParameter?
  @Parameter(
    "What lies on top: the `high` or the `low` values, the points of `rare` classes; left out, any.",
    shown: "shuffled", referenceNames: ["sort_order", "order"])
  var onTop: ScatterPlot.Order?
  @Parameter("Writes the names of classes on the map, where their points are densest.", referenceNames: ["legend_loc"])
  var names = false
  @Parameter("The ends of the horizontal axis, `[0.2, 0.5]`.") var xlim: [Double]?
  @Parameter("The ends of the vertical axis.") var ylim: [Double]?

  func fill(_ request: inout FeatureMap.ViewRequest) throws {
    request.split = try split.map { try $0.aspect(for: $split.name) { _ in Self.noClusters } }
    request.highlight = try highlight?.highlight(for: $highlight.name)
    request.order = onTop ?? .shuffled
    request.namesClasses = names
    request.limits = MapExtent.Limits(
      x: try Self.limits(xlim, $xlim.name), y: try Self.limits(ylim, $ylim.name))
  }

  private static var noClusters: WorkflowFailure {
    WorkflowFailure("There are no clusters on this map.", remedy: "split=slide", parameter: "split")
  }

  private static func limits(_ ends: [Double]?, _ parameter: String) throws -> ClosedRange<Double>? {
    guard let ends else { return nil }
    guard ends.count == 2, ends[0] < ends[1] else {
      let sorted = ends.sorted()
      throw CommandFailure(
        "An axis has two ends, the lower first.",
        remedy: ends.count == 2 && ends[0] > ends[1] ? "\(parameter)=[\(sorted[0]), \(sorted[1])]" : nil,
        parameter: parameter)
    }
    return ends[0]...ends[1]
  }
}

extension NameKind {
  /// Of whatever a map is coloured by.
  fileprivate static let classOfView = NameKind(key: "class of view", noun: "class")
}

/// What is highlighted on a map.
enum HighlightParameter: ParameterValue {
  case selection(SelectedTiles, name: String)
  case classes([String])
  case both

  static let parameterType = ParameterType.list(.text)

  init?(argument: BoundValue) {
    var classes: [String] = []
    var selections: [(SelectedTiles, String)] = []
    for item in argument.items {
      if case .value(let name, let selection as SelectedTiles) = item {
        selections.append((selection, name))
      } else if let name = item.text {
        classes.append(name)
      } else {
        return nil
      }
    }
    if selections.count == 1, classes.isEmpty {
      self = .selection(selections[0].0, name: selections[0].1)
    } else if selections.isEmpty {
      self = .classes(classes)
    } else {
      self = .both
    }
  }

  func highlight(for parameter: String) throws -> FeatureMap.ViewRequest.Highlight {
    switch self {
    case .selection(let tiles, let name): .groups(tiles.groups(name: name), name: name)
    case .classes(let names): .classes(names)
    case .both:
      throw CommandFailure("One selection is highlighted, or classes.", parameter: parameter)
    }
  }
}
