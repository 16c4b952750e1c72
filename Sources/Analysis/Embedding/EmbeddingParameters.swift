/// What a map is made by. Names and defaults are those of the reference, and of umap-learn where it has none.
package struct EmbeddingParameters: Sendable, Hashable, Codable {
  /// How rows become points.
  package enum Method: String, Sendable, Hashable, CaseIterable, Codable {
    /// Uniform manifold approximation and projection.
    case umap
    /// Pairwise controlled manifold approximation projection; see `PairwiseLayout`.
    case pacmap
    /// The first principal components of the rows as they are.
    case pca
  }

  /// Where points stand before the layout is optimised.
  package enum Initialisation: String, Sendable, Hashable, CaseIterable, Codable {
    /// On the first principal components.
    case pca
    /// On the first eigenvectors of the neighbour graph's Laplacian; on principal components if the graph is not in one
    /// piece.
    case spectral
    /// At random, evenly.
    case random
  }

  package var method = Method.umap
  /// Neighbours of a row that shape the map, the row itself among them; 2 or more.
  package var neighbours = 50
  /// The least distance of points on the map, in its units; 0 to 3 × `spread`.
  package var minDist = 0.1
  /// The scale of the map; above 0.
  package var spread = 1.0
  package var metric = DistanceMetric.cosine
  /// Distances are taken on so many of the first principal components of the rows; nil for the rows as they are.
  package var componentCount: Int?
  /// Passes over the graph; nil for 500 up to 10,000 rows and 200 above; with `pacmap` 450.
  package var epochs: Int?
  /// 2 or 3.
  package var dimensions = 2
  package var seed: UInt64 = 42
  /// Points that repel for each that attracts; 1 to 64.
  package var negativeSampleRate = 5
  /// How strongly they do; 0 or more.
  package var repulsionStrength = 1.0
  package var initialisation = Initialisation.pca
  /// Whether distances on the map follow how dense the rows lie; see `DensityPreservation`.
  package var preservesDensity = false
  /// How much the labels of a target count beside the rows: 0 to 1.
  package var targetWeight = 0.5

  package init() {}

  /// From so many rows on, a map takes 50 neighbours where nobody says how many.
  package static let fewestRowsForAllNeighbours = 2000

  /// The neighbours that a map takes where nobody says how many: 50, as slideflow's, and fewer of fewer rows, but eight.
  ///
  /// Fifty are a large part of a small set and blur what lies beside each other: of 1,000 rows of two hardly different
  /// tissues, the ten nearest on the map told .69 right with 50 and .74 with 8, and .79 as they are. Above 2,000 rows that
  /// matters little, and fifty keep together what belongs together.
  package static func neighbours(ofRows count: Int) -> Int {
    if count >= fewestRowsForAllNeighbours { return 50 }
    let share = Double(count) / Double(fewestRowsForAllNeighbours)
    return min(max(8, Int(50 * share * share * share)), max(count, 2))
  }

  /// - Throws: `AnalysisError.invalidParameter`.
  package func validate() throws(AnalysisError) {
    func check(_ isValid: Bool, _ name: String, _ value: Any, _ allowed: String) throws(AnalysisError) {
      if !isValid { throw .invalidParameter(name: name, value: "\(value)", allowed: allowed) }
    }
    try check((2...2000).contains(neighbours), "n_neighbors", neighbours, "2 to 2,000")
    try check((componentCount ?? 2) >= 2, "n_pcs", componentCount ?? 2, "2 or more, or none")
    try check(spread > 0 && spread.isFinite, "spread", spread, "above 0")
    try check(minDist >= 0 && minDist <= 3 * spread, "min_dist", minDist, "0 to 3 × spread")
    try check((epochs ?? 0) >= 0 && (epochs ?? 0) <= 1_000_000, "n_epochs", epochs ?? 0, "0 to 1,000,000")
    try check((2...3).contains(dimensions), "dim", dimensions, "2 or 3")
    try check((1...64).contains(negativeSampleRate), "negative_sample_rate", negativeSampleRate, "1 to 64")
    try check(
      repulsionStrength >= 0 && repulsionStrength.isFinite, "repulsion_strength", repulsionStrength, "0 or more")
    try check(targetWeight >= 0 && targetWeight <= 1, "target_weight", targetWeight, "0 to 1")
  }
}
