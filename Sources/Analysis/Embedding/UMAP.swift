package import FeatureData

/// Uniform manifold approximation and projection: a map on which rows that are neighbours stay together.
///
/// The same matrix, parameters and seed give the same map, bit for bit, whatever the number of threads, on one machine
/// type. Defined outcomes for unusual data:
/// - No row gives an empty map; one row stands at the origin; from two rows on the method runs as usual.
/// - More neighbours than rows: as many as there are, and a note.
/// - Equal rows are neighbours at distance 0 and come to lie close together; if all rows are equal, a note.
/// - Constant columns have no influence under Euclidean distance.
/// - Under cosine a row of zeros is at 1 from all others (0 from other rows of zeros), and a note.
/// - A NaN or infinity is an error that names the row.
///
/// Source: McInnes, Healy, Melville, 2018, doi:10.48550/arXiv.1802.03426. Neighbours and initialisation use principal
/// components where rows are wide.
package struct UMAP: Sendable {
  /// Where points stand before the layout is optimised.
  package enum Initialisation: String, Sendable, Hashable, CaseIterable {
    /// On the first principal components.
    case pca
    /// At random, evenly.
    case random
  }

  /// The names and defaults are those of the reference.
  package struct Parameters: Sendable, Hashable {
    /// Neighbours of a row that shape the map, the row itself among them; 2 or more.
    package var neighbours = 50
    /// The least distance of points on the map, in its units; 0 to 3 × `spread`.
    package var minDist = 0.1
    /// The scale of the map; above 0.
    package var spread = 1.0
    package var metric = DistanceMetric.cosine
    /// Passes over the graph; nil for 500 up to 10,000 rows and 200 above.
    package var epochs: Int?
    /// 2 or 3.
    package var dimensions = 2
    package var seed: UInt64 = 42
    /// Points that repel for each that attracts; 1 to 64.
    package var negativeSampleRate = 5
    package var initialisation = Initialisation.pca

    package init() {}
  }

  package let parameters: Parameters
  private let threads: WorkerThreads

  /// - Parameter threads: nil stands for one a core.
  package init(_ parameters: Parameters = Parameters(), threads: Int? = nil) {
    self.parameters = parameters
    self.threads = WorkerThreads(threads)
  }

  /// - Parameter matrix: n × d.
  /// - Throws: `AnalysisError.notFinite`, `.noColumns`, `.invalidParameter`, `.linearAlgebraFailed`, or
  ///   `WorkInterrupted`.
  /// - Complexity: O(n² min(d, 100)) for the neighbours.
  package func embed(_ matrix: Matrix, monitor: any WorkMonitor = SilentMonitor()) throws -> Embedding {
    try parameters.validate()
    let n = matrix.rowCount
    let space = try MetricSpace(matrix, metric: parameters.metric, threads: threads, monitor: monitor)
    let epochs = parameters.epochs ?? (n <= 10_000 ? 500 : 200)
    let neighbours = min(parameters.neighbours, n)
    var notes: [Embedding.Note] = []
    if neighbours < parameters.neighbours {
      notes.append(.neighboursTruncated(asked: parameters.neighbours, used: neighbours))
    }
    if let first = space.zeroRows.first { notes.append(.zeroVectors(count: space.zeroRows.count, firstRow: first)) }
    if n > 1 && space.hasNoSpread { notes.append(.noSpread) }
    func result(_ coordinates: Matrix) -> Embedding {
      Embedding(
        coordinates: coordinates, parameters: parameters, neighboursUsed: neighbours, epochsUsed: epochs, notes: notes)
    }
    if n <= 1 { return result(Matrix(rowCount: n, columnCount: parameters.dimensions)) }

    let isReduced = space.rows.columnCount > ReducedSearch.components && n > Self.exactRowLimit
    let centred = CentredRows(alreadyCentred: space.rows)
    let needsAxes = isReduced || parameters.initialisation == .pca
    let components =
      needsAxes
      ? try PrincipalComponents(
        of: centred, count: isReduced ? ReducedSearch.components : parameters.dimensions, threads: threads,
        monitor: monitor
      ).project(centred: centred, threads: threads) : Matrix(rowCount: n, columnCount: 0)
    let graph =
      isReduced
      ? try ReducedSearch(threads: threads)
        .neighbours(in: space, components: components, count: neighbours - 1, monitor: monitor)
      : try ExactSearch(metric: parameters.metric, threads: threads.count)
        .neighbours(in: space, count: neighbours - 1, monitor: monitor)
    let fuzzy = try FuzzyGraph(graph, threads: threads, monitor: monitor)
    let optimizer = LayoutOptimizer(
      curve: LayoutCurve(minDist: parameters.minDist, spread: parameters.spread), epochs: epochs,
      negativeSampleRate: parameters.negativeSampleRate, seed: parameters.seed, threads: threads)
    let start = InitialLayout(parameters).places(rowCount: n, components: components)
    return result(try optimizer.optimised(start, graph: fuzzy, monitor: monitor))
  }

  /// Up to here the exact search costs no more than the axes of the reduced one.
  private static let exactRowLimit = 4096
}

extension UMAP.Parameters {
  /// - Throws: `AnalysisError.invalidParameter`.
  package func validate() throws(AnalysisError) {
    func check(_ isValid: Bool, _ name: String, _ value: Any, _ allowed: String) throws(AnalysisError) {
      if !isValid { throw .invalidParameter(name: name, value: "\(value)", allowed: allowed) }
    }
    try check(neighbours >= 2, "n_neighbors", neighbours, "2 or more")
    try check(spread > 0 && spread.isFinite, "spread", spread, "above 0")
    try check(minDist >= 0 && minDist <= 3 * spread, "min_dist", minDist, "0 to 3 × spread")
    try check((epochs ?? 0) >= 0 && (epochs ?? 0) <= 1_000_000, "epochs", epochs ?? 0, "0 to 1,000,000")
    try check((2...3).contains(dimensions), "dim", dimensions, "2 or 3")
    try check((1...64).contains(negativeSampleRate), "negative_sample_rate", negativeSampleRate, "1 to 64")
  }
}
