import Analysis
import CommandLanguage
import Workflows

extension MapRequest {
  static let declarations = [
    ParameterDeclaration(
      "method", .choice(EmbeddingParameters.Method.allCases.map(\.rawValue)), default: "umap", effects: ofMapping,
      "How tiles become points: UMAP, PaCMAP, or the first principal components."),
    ParameterDeclaration(
      "n_neighbors", .integer(2...2000), default: "50", effects: ofNeighbours,
      "Neighbours of each tile that shape the map; PaCMAP takes 11 if left out."),
    ParameterDeclaration(
      "min_dist", .number(0...10), default: "0.1", effects: ofUMAP, "How close points may come on the map."),
    ParameterDeclaration(
      "spread", .number(0.01...100), default: "1", effects: ofUMAP, "The scale of the map that min_dist is measured on."
    ),
    ParameterDeclaration(
      "metric", .choice(DistanceMetric.allCases.map(\.rawValue)), default: "cosine", effects: ofNeighbours,
      "Distance of activations; with more than 2,048 tiles and 96 columns, what sets tiles apart most counts most: later "
        + "principal components, and what they leave out, count less."),
    ParameterDeclaration(
      "dim", .integer(2...3), default: "2", effects: ofMapping, "Dimensions of the map; pictures show the first two."),
    ParameterDeclaration(
      "n_epochs", .integer(0...100_000), effects: ofNeighbours,
      "Passes over the neighbours; left out, 500 up to 10,000 tiles and 200 above, and 450 for PaCMAP."),
    ParameterDeclaration(
      "init", .choice(EmbeddingParameters.Initialisation.allCases.map(\.rawValue)), default: "pca",
      effects: ofNeighbours, "Where points start: on principal components, on the graph's eigenvectors, or at random."),
    ParameterDeclaration(
      "negative_sample_rate", .integer(1...64), default: "5", effects: ofUMAP,
      "Points that repel for each that attracts."),
    ParameterDeclaration(
      "repulsion_strength", .number(0...100), default: "1", effects: ofUMAP, "How strongly they do."),
    ParameterDeclaration(
      "densmap", .boolean, default: "false", effects: ofUMAP, "Keeps how dense tiles lie, too (densMAP)."),
    ParameterDeclaration(
      "target", .valueOrName([.labels], .column), effects: ofUMAP,
      "Labels by which the map is to part tiles as well (supervised UMAP)."),
    ParameterDeclaration(
      "target_weight", .number(0...1), default: "0.5", effects: [.with("target", values: [])],
      "How much the target counts: at 0 an edge between categories counts for a twelfth, at 1 for nothing."),
    ParameterDeclaration(
      "seed", .integer(0...Int.max), default: "42", effects: ofNeighbours,
      "The same seed gives the same map, bit for bit."),
    ParameterDeclaration(
      "low_memory", .boolean, default: "false", effects: ofMapping,
      "Reads activations from the store's files instead of holding them in memory; the map is the same."),
    ParameterDeclaration(
      "umap_cache", .path(.output(extensions: [])), effects: ofMapping,
      "A file in which the map is kept: written if it is not there, answered from if it is of the same features."),
    ParameterDeclaration(
      "on", .value([.map]), effects: [.on([.features]), .without("predict_on_axes")], acrossProjects: true,
      "A UMAP of other features, made by the same layers: tiles are placed on it, and it stays as it is, in grey below."
    ),
    ParameterDeclaration(
      "map_slide", .optional(.choice(["centroid", "average"])), default: "none", effects: ofMapping,
      "One point for each slide: its centroid tile, placed by its own activations or by the slide's average."),
    ParameterDeclaration(
      "predict_on_axes", .list(.indexOrName(.outcome)), effects: [.on([.features])],
      "Two outcomes: maps tiles by their predicted probabilities instead of UMAP."),
    ParameterDeclaration(
      "max_tiles", .integer(0...100_000_000), default: "0", effects: [.on([.features])],
      "The first tiles of each slide; 0 takes all."),
  ]

  /// A map that is there is not made anew, and predictions need no mapping.
  private static let ofMapping: [ParameterEffect] = [.on([.features]), .without("predict_on_axes"), .without("on")]
  private static let ofNeighbours = ofMapping + [.with("method", values: ["umap", "pacmap"])]
  private static let ofUMAP = ofMapping + [.with("method", values: ["umap"])]

  init(_ arguments: BoundArguments) {
    self.init()
    parameters = EmbeddingParameters(arguments)
    target = LabelChoice("target", of: arguments)
    readsFromFiles = arguments.boolean("low_memory") ?? false
    cachePath = arguments.text("umap_cache")
    base = arguments.value("on") as? FeatureMap
    slidePoint = arguments.text("map_slide").flatMap(SlidePoint.init(rawValue:))
    axes = arguments["predict_on_axes"]?.items.map { $0.text ?? $0.integer.map(String.init) ?? "" }
    maxTiles = arguments.integer("max_tiles") ?? 0
  }
}

extension EmbeddingParameters {
  fileprivate init(_ arguments: BoundArguments) {
    self.init()
    method = arguments.text("method").flatMap(Method.init(rawValue:)) ?? .umap
    let isPaCMAP = method == .pacmap
    neighbours = isPaCMAP && !arguments.has("n_neighbors") ? 11 : arguments.integer("n_neighbors") ?? neighbours
    minDist = arguments.number("min_dist") ?? minDist
    spread = arguments.number("spread") ?? spread
    metric = arguments.text("metric").flatMap(DistanceMetric.init(rawValue:)) ?? metric
    dimensions = arguments.integer("dim") ?? dimensions
    epochs = arguments.integer("n_epochs")
    initialisation = arguments.text("init").flatMap(Initialisation.init(rawValue:)) ?? initialisation
    negativeSampleRate = arguments.integer("negative_sample_rate") ?? negativeSampleRate
    repulsionStrength = arguments.number("repulsion_strength") ?? repulsionStrength
    preservesDensity = arguments.boolean("densmap") ?? preservesDensity
    targetWeight = arguments.number("target_weight") ?? targetWeight
    seed = arguments.integer("seed").map { UInt64($0) } ?? seed
  }
}
