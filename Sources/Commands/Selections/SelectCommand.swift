import Analysis
import CommandLanguage
import Slides
import Workflows

/// `select`: some of the tiles, by rules.
struct SelectCommand: TypedCommand {
  /// What tiles are selected of.
  enum Ground: SubjectValue {
    case tiles(SelectionGround)
    /// The tiles that its groups are of.
    case clusters(TileClusters)
    /// Tiles of features on a slide, by its name.
    case slide(String)

    static let subjectTypes = [
      FeatureMap.type, FeatureSet.type, TileClusters.type, SelectedTiles.type, StudySlide.type, FeatureGrid.type,
    ]
    init?(subjects: [any SessionValue], path: String?) {
      switch subjects.first {
      case let map as FeatureMap: self = .tiles(.map(map))
      case let features as FeatureSet: self = .tiles(.features(features))
      case let clusters as TileClusters: self = .clusters(clusters)
      case let selection as SelectedTiles: self = .tiles(.selection(selection))
      case let slide as StudySlide: self = .slide(slide.slide.name)
      case let grid as FeatureGrid: self = .slide(grid.slide.name)
      default: return nil
      }
    }
  }

  static let page = CommandPage(
    "select", topic: "Maps", summary: "Selects tiles by rules, and shows whose they are and what they look like.",
    discussion: """
      All rules that are given must hold; tiles of other selections are then added (`or`), and taken away (`without`). On a \
      map only the tiles that stand on it are selected, and a polygon and an area are of its coordinates; on features, on a \
      slide and on a selection that was not made on a map they are of the slides' pixels. A selection can be selected from \
      again. The inside of a polygon whose edges cross is told by the even-odd rule, and its edges belong to it.

      A selection is a value: `tiles s1`, `mosaic s1` and `slide S show=s1` show it, `label u by=s1` colours a map by it, \
      `stats between=[s1, s2]` compares it with another or with the rest, `save s1 regions.geojson` writes its tiles as \
      regions that QuPath opens. Where features are asked for it stands for the features of its tiles, which then have numbers \
      of their own: `slide_map s1`, `stats s1 outcomes=site`; where a dataset is asked for, for the records of its tiles: \
      `features MODEL dataset=s1`. Tiles of another size are cut where it lies once it is saved into the project's folder of regions: \
      `extract_tiles roi_class=[s1]`. Its composition is given beside that of all tiles that were there \
      to choose from.
      """,
    synonyms: ["selection", "lasso", "gate", "subset", "pick", "choose", "brush", "restrict"],
    examples: [
      "s1 = select u area=[0, 0, 0.5, 0.5]", "s2 = select df feature:0>0.5 prediction=positive",
      "s3 = select df by={site: siteA} without=s1", "s4 = select df near=DEMO-01:3 n=12",
      "s5 = select df slide=DEMO-01 polygon=[0, 0, 6000, 0, 0, 6000]",
    ])

  @Subject(
    "A map, features, clusters or another selection; of a slide or a grid the tiles of features on that slide are meant, by the "
      + "numbers that these have.")
  var of: Ground
  @Parameter(
    "Numbers of the tiles, in a word: `feature:497>1.2`, `logit:positive<0`, `probability:positive>=0.9`, `age>60`; or a list "
      + "of them.", as: .list(.comparison), positional: true)
  var conditions: QuantityConditions?
  @Parameter(
    "What is asked of columns, labels, clusters, `prediction`, `region`, `slide`, `feature:497` or a number that came with "
      + "the tiles: `{site: [A, B]}`, `{\"feature:497\": >1.2, site: !=A}`.",
    referenceNames: ["where", "filters", "filter", "query"])
  var by: QuantityConditions?
  @Parameter("Classes that are predicted, by name or number.", as: .list(.indexOrName(.outcome)))
  var prediction: [PredictedClass]?
  @Parameter(
    "[x0, y0, x1, y1, x2, y2, …]: the corners of a polygon in which tiles stand; on a map in its coordinates, elsewhere in "
      + "pixels of level 0 from the corner of the whole slide, by the tiles' centres.", as: .list(.number(-1e9...1e9)),
    referenceNames: ["lasso", "vertices", "points"])
  var polygon: [Double]?
  @Parameter(
    "The same in pixels of level 0, also where tiles of a map are selected; `slide=` names the slide.",
    as: .list(.number(-1e9...1e9)))
  var slidePolygon: [Double]?
  @Group var choice: TileChoiceParameters
  @Parameter(
    "A file of regions, as QuPath's GeoJSON, in which the tiles' centres lie, or a folder with a file for each slide.",
    as: .path(.existing), referenceNames: ["roi", "rois", "regions", "annotations"])
  var geojson: String?
  @Parameter(
    "Of these regions only those of some classes; a tile in several regions counts in each of them.", name: "class",
    only: [.with(\SelectCommand.$geojson)])
  var classes: [String]?
  @Parameter("Clusters, by name or number.") var cluster: [String]?
  @Parameter(
    "Whose clusters.", only: [.with(\SelectCommand.$cluster)],
    implies: ImpliedParameter(TileClusters.type, broughtAlong: "those that it works on", otherwise: nil))
  var clusters: TileClusters?
  @Parameter("A tile, and the `n` nearest to it of those that the other rules choose.") var near: TileName?
  @Parameter("How many tiles besides it.", in: 1...10_000_000, only: [.with(\SelectCommand.$near)]) var n = 50
  @Parameter("The distance between the activations of tiles.", only: [.with(\SelectCommand.$near)])
  var metric = DistanceMetric.cosine
  @Parameter("Only tiles that are in these selections, too.") var and: [NamedSelection]?
  @Parameter("Tiles of these selections as well.") var or: [NamedSelection]?
  @Parameter("No tile of these selections.", referenceNames: ["not", "exclude", "minus"]) var without: [NamedSelection]?
  @Parameter(
    "Features, whose tiles on the slide are selected.", only: [.on(StudySlide.type, FeatureGrid.type)],
    implies: ImpliedParameter(FeatureSet.type, otherwise: nil))
  var features: FeatureSet?

  func run(_ invocation: Invocation) throws -> SelectedTiles {
    let (ground, request) = try asked()
    let (value, remarks) = try ground.select(request, monitor: invocation.work)
    invocation.output.add(remarks + [invocation.basisSentence].compactMap(\.self).map { .note($0) })
    value.show(in: invocation.output)
    return value
  }

  private func asked() throws -> (SelectionGround, SelectionRequest) {
    var request = SelectionRequest()
    request.choice = choice.asked
    request.polygon = polygon
    request.slidePolygon = slidePolygon
    request.regionsPath = geojson
    request.regionClasses = classes
    request.conditions = try Self.conditions(by, for: "by")
    request.comparisons = try Self.conditions(conditions, for: "conditions")
    request.predictions = prediction?.map(\.name)
    request.near = near.map { .init(slide: $0.slide, index: $0.index, count: n, metric: metric) }
    request.and = (and ?? []).map(\.other)
    request.or = (or ?? []).map(\.other)
    request.without = (without ?? []).map(\.other)
    var clusters = clusters
    let ground: SelectionGround
    switch of {
    case .tiles(let tiles): ground = tiles
    case .clusters(let own):
      ground = own.map.map(SelectionGround.map) ?? .features(own.features)
      clusters = clusters ?? own
    case .slide(let slide):
      guard let features else {
        throw CommandFailure(
          "The tiles of a slide are selected by their features, and there are none.",
          remedy: "df = features MODEL", parameter: $features.name)
      }
      ground = .features(features)
      request.choice.slide = request.choice.slide ?? slide
    }
    if let names = cluster {
      guard let clusters else {
        throw CommandFailure(
          "There are no clusters to select from; `cluster` finds some.", parameter: $cluster.name)
      }
      request.clusters = .init(clusters, names: names)
    }
    return (ground, request)
  }

  private static func conditions(
    _ asked: QuantityConditions?, for parameter: String
  ) throws -> [SelectionRequest.Condition] {
    try (asked?.pairs ?? []).map { quantity, conditions in
      guard let aspect = AspectParameter(argument: quantity) else {
        throw CommandFailure("What is asked of tiles is a quantity of theirs.", parameter: parameter)
      }
      return SelectionRequest.Condition(
        aspect: try aspect.aspect(for: parameter) { word in
          word == "cluster"
            ? WorkflowFailure("There are no clusters; `cluster` finds some.", parameter: parameter)
            : WorkflowFailure("The features have no \(word).", parameter: parameter)
        }, phrase: ValueCondition.phrase(conditions)
      ) { ValueCondition.hold(conditions, text: $0, number: $1) }
    }
  }
}

/// A class that is predicted, by its name or its number.
struct PredictedClass: ParameterValue {
  let name: String

  static let parameterType = ParameterType.indexOrName(.outcome)
  init?(argument: BoundValue) {
    guard let name = argument.text ?? argument.integer.map(String.init) else { return nil }
    self.name = name
  }
}

/// A selection with the name that it was given by.
struct NamedSelection: ParameterValue {
  let other: SelectionRequest.Other

  static let parameterType = ParameterType.value([SelectedTiles.type])
  init?(argument: BoundValue) {
    guard case .value(let name, let value) = argument, let selection = value as? SelectedTiles else { return nil }
    other = SelectionRequest.Other(name: name, selection: selection)
  }
}
