import Analysis
import CommandLanguage
import Workflows

extension ClusterRequest.Method: ParameterChoice {}

/// `cluster`: tiles in clusters, by their activations or on a map.
struct ClusterCommand: TypedCommand {
  /// Features, or a map.
  enum Ground: SubjectValue {
    case features(FeatureSet)
    case map(FeatureMap)

    static let subjectTypes = [FeatureSet.type, FeatureMap.type]
    init?(subjects: [any SessionValue], path: String?) {
      switch subjects.first {
      case let features as FeatureSet: self = .features(features)
      case let map as FeatureMap: self = .map(map)
      default: return nil
      }
    }
  }

  static let page = CommandPage(
    "cluster", topic: "Maps",
    summary:
      "Puts tiles into clusters, by their activations or by where they stand on a map, and says whose tiles these are.",
    discussion: """
      On features the activations are clustered, all of their columns; on a map its points, which are easier to see and \
      less true: a map tears some groups and joins others. Clusters are numbered by size, from 0. The table says how many \
      slides and patients each has tiles of, how much of it is the largest patient's, and whether the share of a patient's \
      tiles in it differs between outcomes, by a test of patients. How far the clusters would be others with another seed or \
      with fewer tiles is said, too. `label by=cluster` shows them, `select` takes tiles of some, `.composition` counts tiles \
      by category, patient and slide, and `rename` gives them names.
      """, reference: ["SlideMap.cluster"],
    synonyms: [
      "clusters", "clustering", "kmeans", "k_means", "leiden", "louvain", "hdbscan", "dbscan", "communities",
      "phenograph",
      "mixture", "gmm", "agglomerative",
    ],
    examples: [
      "c = cluster df k=5", "c = cluster df method=leiden resolution=0.5", "c = cluster u method=hdbscan",
      "c = cluster df k=4 outcomes=HPV_status;\nlabel u by=c", "c = cluster df k=4;\ntable c.composition",
    ])

  @Subject("The features, or a map of them.") var features: Ground
  @Parameter(
    "How many clusters, of k-means.", in: 1...1000, positional: true,
    referenceNames: ["n_clusters", "n", "clusters"])
  var k: Int?
  @Parameter(
    "k-means as in slideflow, communities of the graph of neighbours, or places that are dense; left out, k-means with k "
      + "and Leiden without.")
  var method: ClusterRequest.Method?
  @Parameter(
    "Starts of k-means, of which the best is kept.", in: 1...1000, only: [.with(\ClusterCommand.$k)])
  var nInit = 3
  @Parameter(
    "Of Leiden: more for more and smaller clusters.", in: 0.0001...1000, only: [.without(\ClusterCommand.$k)])
  var resolution = 1.0
  @Parameter(
    "Of Leiden: neighbours of a tile, itself among them.", in: 2...2000, only: [.without(\ClusterCommand.$k)])
  var nNeighbors = 15
  @Parameter(
    "Of HDBSCAN: the least tiles of a cluster; left out, a hundredth of all, at least 5.", in: 2...100_000_000,
    only: [.with(\ClusterCommand.$method, .hdbscan)])
  var minClusterSize: Int?
  @Parameter(
    "Of HDBSCAN: how many tiles make a place dense; left out, `min_cluster_size`, but at most 100.", in: 1...100_000,
    only: [.with(\ClusterCommand.$method, .hdbscan)])
  var minSamples: Int?
  @Parameter(
    "The distance of activations; k-means is Euclidean.", only: [.on(FeatureSet.type), .without(\ClusterCommand.$k)])
  var metric = DistanceMetric.cosine
  @Parameter("The same seed gives the same clusters.", in: 0...Int.max) var seed = 42
  @Parameter("Measures how far the clusters depend on the seed and on which tiles there are.") var stability = true
  @Parameter("Shows tiles of each cluster.") var exemplars = true
  @Parameter(
    "Labels that patients are compared by: a column, or a labels value.",
    implies: ImpliedParameter(
      LabelSet.type, broughtAlong: "those that the features were made with", otherwise: "none"))
  var outcomes: LabelChoice?
  @Parameter(
    "Reads the labels as numbers; left out, a column of many different numbers is.",
    only: [.with(\ClusterCommand.$outcomes)])
  var useFloat: Bool?
  @Parameter(
    "A map of the features, on which clusters are shown.", only: [.on(FeatureSet.type)],
    implies: ImpliedParameter(FeatureMap.type, otherwise: "no map"))
  var map: FeatureMap?
  @Group var look: StyleParameters

  func run(_ invocation: Invocation) throws -> TileClusters {
    var request = request
    var basis = invocation.basisSentence
    var value: TileClusters
    switch features {
    case .features(let features):
      // A map that nobody named may be of other features.
      if let map, let implied = invocation.implied.first(where: { $0.parameter == $map.name }),
        !map.isMade(of: features)
      {
        request.map = nil
        basis = basis?.replacing(", " + implied.phrase, with: "")
      }
      value = try features.clusters(request, monitor: invocation.work)
    case .map(let map): value = try map.clusters(request, monitor: invocation.work)
    }
    value.style = look.style
    value.show(in: invocation.output)
    if let basis { invocation.output.note(basis) }
    if exemplars { try value.showExemplars(in: invocation.output, monitor: invocation.work) }
    return value
  }

  private var request: ClusterRequest {
    var request = ClusterRequest()
    request.method = method
    request.count = k
    request.restarts = nInit
    request.resolution = resolution
    request.neighbourCount = nNeighbors
    request.metric = metric
    request.minClusterSize = minClusterSize
    request.minSamples = minSamples
    request.seed = UInt64(seed)
    request.measuresStability = stability
    request.outcomes = $outcomes.choice
    request.useFloat = useFloat
    request.map = map
    return request
  }
}
