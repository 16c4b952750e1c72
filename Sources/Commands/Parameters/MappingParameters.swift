import Analysis
import CommandLanguage
import Workflows

/// How tiles, or slides, are laid out.
struct MappingParameters: ParameterGroup {
  /// A map that is there is not made anew, and predictions need no mapping.
  @Group(only: [
    .on(FeatureSet.type), .without(\MappingParameters.placing.$predictOnAxes), .without(\MappingParameters.placing.$on),
  ])
  var embedding: EmbeddingGroup
  @Group(only: [.on(FeatureSet.type)]) var placing: PlacingGroup

  var request: MapRequest {
    var request = MapRequest()
    request.parameters = embedding.parameters
    // Densities that densMAP keeps are those of many.
    request.choosesNeighbours =
      embedding.method == .umap && !embedding.umap.densmap && embedding.neighbours.nNeighbors == nil
    request.fitTiles = embedding.umap.fitTiles
    request.target = embedding.umap.target
    request.readsFromFiles = embedding.lowMemory
    request.cachePath = embedding.umapCache
    request.slidePoint = embedding.mapSlide
    request.base = placing.on
    request.axes = placing.predictOnAxes?.map(\.written)
    request.maxTiles = placing.maxTiles
    return request
  }
}

/// The embedding of activations, by any method.
struct EmbeddingGroup: ParameterGroup {
  @Parameter("How tiles become points: UMAP, PaCMAP, or the first principal components.")
  var method = EmbeddingParameters.Method.umap
  @Parameter("Dimensions of the map; pictures show the first two.", in: 2...3) var dim = 2
  @Parameter(
    "One point for each slide: its centroid tile, placed by its own activations or by the slide's average.",
    as: .optional(MapRequest.SlidePoint.parameterType), shown: "none")
  var mapSlide: MapRequest.SlidePoint?
  @Parameter("Reads activations from the store's files instead of holding them in memory; the map is the same.")
  var lowMemory = false
  @Parameter(
    "A file in which the map is kept: written if it is not there, answered from if it is of the same features.",
    as: .path(.output(extensions: [])))
  var umapCache: String?
  @Group(only: [.with(\EmbeddingGroup.$method, .umap, .pacmap)]) var neighbours: NeighbourGroup
  @Group(only: [.with(\EmbeddingGroup.$method, .umap)]) var umap: UMAPGroup

  var parameters: EmbeddingParameters {
    var parameters = EmbeddingParameters()
    parameters.method = method
    parameters.dimensions = dim
    if let count = neighbours.nNeighbors ?? (method == .pacmap ? 11 : nil) { parameters.neighbours = count }
    parameters.metric = neighbours.metric
    parameters.componentCount = neighbours.nPcs
    parameters.initialisation = neighbours.initialisation
    parameters.epochs = neighbours.nEpochs
    parameters.seed = UInt64(neighbours.seed)
    parameters.minDist = umap.minDist
    parameters.spread = umap.spread
    parameters.negativeSampleRate = umap.negativeSampleRate
    parameters.repulsionStrength = umap.repulsionStrength
    parameters.preservesDensity = umap.densmap
    parameters.targetWeight = umap.targetWeight
    return parameters
  }
}

/// The graph of neighbours, and how points are moved along it.
struct NeighbourGroup: ParameterGroup {
  @Parameter(
    "Neighbours of each tile that shape the map; left out, 50, in UMAP less for fewer than 2000 points (8 up to 1000), and "
      + "11 for PaCMAP.",
    in: 2...2000)
  var nNeighbors: Int?
  @Parameter("Distance of activations: of all of them as they are, or of principal components with n_pcs.")
  var metric = DistanceMetric.cosine
  @Parameter(
    "Takes distances on so many of the first principal components of the activations; with none, on the activations.",
    as: .optional(.integer(2...100_000)), shown: "none")
  var nPcs: Int?
  @Parameter(
    "Where points start: on principal components, on the graph's eigenvectors, or at random.", name: "init")
  var initialisation = EmbeddingParameters.Initialisation.pca
  @Parameter(
    "Passes over the neighbours; left out, 500 up to 10,000 tiles and 200 above, and 450 for PaCMAP.", in: 0...100_000)
  var nEpochs: Int?
  @Parameter("The same seed gives the same map, bit for bit.", in: 0...Int.max) var seed = 42
}

/// What is UMAP's own.
struct UMAPGroup: ParameterGroup {
  @Parameter("How close points may come on the map.", in: 0...10) var minDist = 0.1
  @Parameter("The scale of the map that min_dist is measured on.", in: 0.01...100) var spread = 1.0
  @Parameter("Points that repel for each that attracts.", in: 1...64) var negativeSampleRate = 5
  @Parameter("How strongly they do.", in: 0...100) var repulsionStrength = 1.0
  @Parameter("Keeps how dense tiles lie, too (densMAP).") var densmap = false
  @Parameter(
    "Fits the map to so many tiles, drawn by the seed from each slide in proportion, and places the others on it; left "
      + "out, it is fitted to all.",
    in: 10...100_000_000, only: [.without(\UMAPGroup.$densmap)])
  var fitTiles: Int?
  @Parameter("Labels by which the map is to part tiles as well (supervised UMAP).") var target: LabelChoice?
  @Parameter(
    "How much the target counts: at 0 an edge between categories counts for a twelfth, at 1 for nothing.", in: 0...1,
    only: [.with(\UMAPGroup.$target)])
  var targetWeight = 0.5
}

/// Where tiles are placed instead, and how many.
struct PlacingGroup: ParameterGroup {
  @Parameter(
    "A UMAP of other features, made by the same layers: tiles are placed on it, and it stays as it is, in grey below.",
    only: [.without(\PlacingGroup.$predictOnAxes)], acrossProjects: true)
  var on: FeatureMap?
  @Parameter(
    "Two outcomes: maps tiles by their predicted probabilities instead of UMAP.",
    as: .list(.indexOrName(.outcome)))
  var predictOnAxes: [NumberOrName]?
  @Parameter("The first tiles of each slide; 0 takes all.", in: 0...100_000_000) var maxTiles = 0
}

extension NumberOrName {
  var written: String {
    switch self {
    case .number(let number): String(number)
    case .name(let name): name
    }
  }
}
