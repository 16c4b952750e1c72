package import FeatureData

/// Makes maps, on which rows that are neighbours stay together.
///
/// The same rows, parameters and seed give the same map, bit for bit, whatever the number of threads, on one machine
/// type. Defined outcomes for unusual data:
/// - No row gives an empty map; one row stands at the origin; from two rows on the method runs as usual.
/// - More neighbours than rows: as many as there are, and a note.
/// - Equal rows are neighbours at distance 0 and come to lie close together, and a note counts them; where there are more
///   of them than neighbours, which are taken is drawn evenly. If all rows are equal, a note.
/// - Constant columns have no influence under Euclidean distance.
/// - Under cosine a row of zeros is at 1 from all others (0 from other rows of zeros), and a note; so is a row of one
///   value under correlation.
/// - A NaN or infinity is an error that names the row.
///
/// Neighbours are those by the metric in full width, or on as many principal components as are asked for; components
/// serve the search for candidates only.
///
/// Source of the default method: McInnes, Healy, Melville, 2018, doi:10.48550/arXiv.1802.03426.
package struct Embedder: Sendable {
  package let parameters: EmbeddingParameters
  private let threads: WorkerThreads

  /// - Parameter threads: nil stands for one a core.
  package init(_ parameters: EmbeddingParameters = EmbeddingParameters(), threads: Int? = nil) {
    self.parameters = parameters
    self.threads = WorkerThreads(threads)
  }

  /// - Parameters:
  ///   - matrix: n × d.
  ///   - target: As below.
  /// - Throws: As below.
  package func embed(
    _ matrix: Matrix, target: [Int]? = nil, monitor: any WorkMonitor = SilentMonitor()
  ) throws -> Embedding {
    try embed(FeatureRows(matrix), target: target, monitor: monitor)
  }

  /// - Parameters:
  ///   - features: n × d, wherever they lie.
  ///   - target: n numbers of categories by which the map is to part rows as well, negative where unknown; for UMAP.
  /// - Throws: `AnalysisError.notFinite`, `.noColumns`, `.invalidParameter`, `.countMismatch`, `.linearAlgebraFailed`,
  ///   or `WorkInterrupted`.
  /// - Complexity: O(n d c) for c components and about O(n log n) for the neighbours.
  package func embed(
    _ features: FeatureRows, target: [Int]? = nil, monitor: any WorkMonitor = SilentMonitor()
  ) throws -> Embedding {
    try parameters.validate()
    let n = features.rowCount
    if let target, target.count != n {
      throw AnalysisError.countMismatch(what: "target", expected: n, got: target.count)
    }
    let compared = try ComparedRows(features, parameters: parameters, threads: threads, monitor: monitor)
    let rows = compared.rows
    var result = Embedding(coordinates: Matrix(rowCount: n, columnCount: parameters.dimensions), parameters: parameters)
    if let first = rows.rowsWithoutDirection.first {
      result.notes.append(.rowsWithoutDirection(count: rows.rowsWithoutDirection.count, firstRow: first))
    }
    let copies = try RowCopies(of: rows, threads: threads, monitor: monitor)
    if n > 1 && rows.haveNoSpread {
      result.notes.append(.noSpread)
    } else if copies.equalCount > 0 {
      result.notes.append(.copies(count: copies.equalCount))
    }
    if parameters.method == .pca {
      result.coordinates = try components(of: rows, order: (0..<Int32(n)).map { $0 }, monitor: monitor)
      return result
    }

    result.componentsUsed = compared.componentCount
    result.neighboursUsed = min(parameters.neighbours, n)
    if result.neighboursUsed < parameters.neighbours {
      result.notes.insert(.neighboursTruncated(asked: parameters.neighbours, used: result.neighboursUsed), at: 0)
    }
    result.epochsUsed = parameters.epochs ?? (parameters.method == .pacmap ? 450 : n <= 10_000 ? 500 : 200)
    if n <= 1 { return result }
    let layout = PairwiseLayout(
      neighbours: result.neighboursUsed - 1, epochs: result.epochsUsed, seed: parameters.seed, threads: threads)
    let wanted =
      parameters.method == .pacmap ? min(n - 1, layout.neighboursToFind) : result.neighboursUsed - 1
    var found = try NeighbourSearch(
      rows: rows, seed: parameters.seed, threads: threads, monitor: monitor, copies: copies
    ).found(wanted)
    result.neighbourMethod = found.method
    result.neighbourRecall = found.recall
    let order = found.neighbours.order
    let placed: Matrix
    if parameters.method == .pacmap {
      let start = try start(rows, found, graph: nil, notes: &result.notes, monitor: monitor)
      let components = found.space.map { padded($0.rows, rowCount: n) }
      found.space = nil
      placed = try layout.optimised(
        start, graph: found.neighbours.graph, rows: components ?? start, monitor: monitor)
    } else {
      placed = try umap(rows, &found, target: target, result: &result, monitor: monitor)
    }
    for (place, row) in order.enumerated() {
      for axis in 0..<parameters.dimensions { result.coordinates[Int(row), axis] = placed[place, axis] }
    }
    return result
  }

  private func umap(
    _ rows: MetricRows, _ found: inout NeighbourSearch.Outcome, target: [Int]?, result: inout Embedding,
    monitor: any WorkMonitor
  ) throws -> Matrix {
    // The graph and what it was made from are needed no more then: with many rows all would not fit into memory together.
    var parts = try prepared(rows, &found, target: target, result: &result, monitor: monitor)
    return try LayoutOptimizer(
      force: LayoutForce(parameters), epochs: result.epochsUsed, seed: parameters.seed, threads: threads
    ).optimised(parts.start, schedule: &parts.schedule, density: parts.density, monitor: monitor)
  }

  private func prepared(
    _ rows: MetricRows, _ found: inout NeighbourSearch.Outcome, target: [Int]?, result: inout Embedding,
    monitor: any WorkMonitor
  ) throws -> (schedule: EdgeSchedule, start: Matrix, density: DensityPreservation?) {
    var graph = try FuzzyGraph(found.neighbours.graph, threads: threads, monitor: monitor)
    if let target {
      graph = try graph.parted(
        by: found.neighbours.order.map { target[Int($0)] }, weight: parameters.targetWeight, threads: threads,
        monitor: monitor)
    }
    let start = try start(rows, found, graph: graph, notes: &result.notes, monitor: monitor)
    found.space = nil
    try monitor.checkInterrupted()
    let density =
      parameters.preservesDensity
      ? try DensityPreservation(graph, neighbours: found.neighbours.graph, threads: threads, monitor: monitor) : nil
    found.neighbours.graph = .empty
    let schedule = try EdgeSchedule(
      graph, vertexCount: rows.rowCount, epochs: result.epochsUsed, seed: parameters.seed, monitor: monitor)
    return (schedule, start, density)
  }

  /// Where points stand first, by place.
  private func start(
    _ rows: MetricRows, _ found: NeighbourSearch.Outcome, graph: FuzzyGraph?, notes: inout [Embedding.Note],
    monitor: any WorkMonitor
  ) throws -> Matrix {
    var axes = Matrix(rowCount: 0, columnCount: 0)
    var kind = parameters.initialisation
    if kind == .spectral, let graph, graph.rowCount > parameters.dimensions + 1 {
      let layout = SpectralLayout(
        graph, dimensions: parameters.dimensions, seed: parameters.seed, threads: threads, monitor: monitor)
      if let vectors = try layout.eigenvectors() {
        axes = vectors
      } else {
        notes.append(.graphInPieces)
        kind = .pca
      }
    } else if kind == .spectral {
      kind = .pca
    }
    if kind == .pca {
      if found.method.components != nil, let space = found.space {
        axes = space.leading(parameters.dimensions)
      } else {
        axes = try components(of: rows, order: found.neighbours.order, monitor: monitor)
      }
    }
    return InitialLayout(parameters).places(rowCount: rows.rowCount, components: axes)
  }

  /// The rows that have a direction on their first principal components, in the given order.
  private func components(of rows: MetricRows, order: [Int32], monitor: any WorkMonitor) throws -> Matrix {
    let chosen = rows.rowsWithDirection
    if chosen.isEmpty { return Matrix(rowCount: rows.rowCount, columnCount: parameters.dimensions) }
    let axes = try PrincipalComponents(
      of: rows, chosen: chosen, count: parameters.dimensions, threads: threads, monitor: monitor)
    let scores = try SearchSpace(
      rows, chosen: order.prefix(chosen.count).map(Int.init), components: axes, threads: threads, monitor: monitor
    ).leading(parameters.dimensions)
    // There may be fewer components than dimensions.
    var result = Matrix(rowCount: scores.rowCount, columnCount: parameters.dimensions)
    for row in 0..<scores.rowCount {
      for axis in 0..<scores.columnCount { result[row, axis] = scores[row, axis] / (rows.uniformScale ?? 1) }
    }
    return result
  }

  /// With rows of zeros for those without a direction, which come last.
  private func padded(_ matrix: Matrix, rowCount: Int) -> Matrix {
    if matrix.rowCount == rowCount { return matrix }
    return Matrix(
      rowCount: rowCount, columnCount: matrix.columnCount,
      elements: matrix.elements
        + [Float](repeating: 0, count: (rowCount - matrix.rowCount) * matrix.columnCount))
  }
}

extension LayoutForce {
  init(_ parameters: EmbeddingParameters) {
    self.init(
      curve: LayoutCurve(minDist: parameters.minDist, spread: parameters.spread),
      negativeSampleRate: parameters.negativeSampleRate, repulsionStrength: parameters.repulsionStrength)
  }
}
