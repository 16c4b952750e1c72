package import Analysis
import FeatureData

/// By which rules tiles are selected. All rules must hold; tiles of other selections are added, and then taken away.
package struct SelectionRequest: Sendable {
  /// What is asked of a quantity of each tile.
  package struct Condition: Sendable {
    package let aspect: TileAspect
    /// Behind the quantity: "A or B", "> 1.2".
    package let phrase: String
    /// Of a value as text, "" for none, and as a number where it is one.
    package let holds: @Sendable (_ text: String, _ number: Double?) -> Bool

    package init(
      aspect: TileAspect, phrase: String,
      holds: @escaping @Sendable (_ text: String, _ number: Double?) -> Bool
    ) {
      self.aspect = aspect
      self.phrase = phrase
      self.holds = holds
    }
  }

  /// Tiles near to one of them.
  package struct Near: Sendable {
    package let slide: String
    package let index: Int
    /// How many besides that tile.
    package let count: Int
    package let metric: DistanceMetric

    package init(slide: String, index: Int, count: Int, metric: DistanceMetric) {
      self.slide = slide
      self.index = index
      self.count = count
      self.metric = metric
    }
  }

  /// Tiles of clusters, by their names.
  package struct Clusters: Sendable {
    package let clusters: TileClusters
    package let names: [String]

    package init(_ clusters: TileClusters, names: [String]) {
      self.clusters = clusters
      self.names = names
    }
  }

  /// Another selection, under its name.
  package struct Other: Sendable {
    package let name: String
    package let selection: SelectedTiles

    package init(name: String, selection: SelectedTiles) {
      self.name = name
      self.selection = selection
    }
  }

  /// A slide, numbers of tiles, an area, classes of regions.
  package var choice = TileChoice.Asked()
  /// x and y of one corner after the other: on a map in its coordinates, elsewhere in pixels of level 0.
  package var polygon: [Double]?
  /// The same in pixels of level 0, also where tiles of a map are selected.
  package var slidePolygon: [Double]?
  /// A file or a folder of regions of interest.
  package var regionsPath: String?
  /// Of these regions only those of some classes.
  package var regionClasses: [String]?
  /// Those of `by`.
  package var conditions: [Condition] = []
  /// Those that stand by themselves.
  package var comparisons: [Condition] = []
  /// Classes that are predicted, by name or number.
  package var predictions: [String]?
  package var clusters: Clusters?
  package var near: Near?
  package var and: [Other] = []
  package var or: [Other] = []
  package var without: [Other] = []

  package init() {}

  /// True where a rule chooses tiles, instead of adding or taking away.
  var hasRules: Bool {
    choice.slide != nil || choice.numbers != nil || choice.area != nil || choice.regions != nil || polygon != nil
      || slidePolygon != nil || regionsPath != nil || !conditions.isEmpty || !comparisons.isEmpty || predictions != nil
      || clusters != nil
      || near != nil || !and.isEmpty
  }
}

/// What tiles are selected of.
package enum SelectionGround: Sendable {
  case features(FeatureSet)
  /// The tiles that stand on it.
  case map(FeatureMap)
  /// Some tiles, from which fewer are selected.
  case selection(SelectedTiles)

  var features: FeatureSet {
    switch self {
    case .features(let features): features
    case .map(let map): map.features
    case .selection(let selection): selection.features
    }
  }

  var map: FeatureMap? {
    switch self {
    case .features: nil
    case .map(let map): map
    case .selection(let selection): selection.map
    }
  }
}
