import CSIMDKernels
package import FeatureData

/// Places new rows on a map that is there.
///
/// A row stands first at the mean of its nearest mapped rows, by the weights that UMAP gives these, and is then moved by
/// the forces of the layout, while the map stands still. What comes out for a row depends on this row and the map alone,
/// not on the rows it comes with, bit for bit. A row that equals mapped ones stands where these stand in the mean.
package struct MapTransform: Sendable {
  private let trained: MetricRows
  private let space: SearchSpace
  private let components: PrincipalComponents?
  private let mean: [Float]
  private let coordinates: Matrix
  private let parameters: EmbeddingParameters
  private let threads: WorkerThreads

  /// Epochs in which new points move, up to 10,000 mapped rows and above.
  private static let epochs = (few: 100, many: 30)
  /// The first step, as a share of that of a whole layout: a point stands near its place already.
  private static let firstStep: Float = 0.25

  /// - Parameters:
  ///   - trained: n × d, what was mapped.
  ///   - coordinates: n × 2 or 3, the layout as it came out.
  ///   - parameters: Those of the map.
  /// - Throws: `AnalysisError.countMismatch`, `.notFinite`, `.noColumns`, `.invalidParameter`, or `WorkInterrupted`.
  package init(
    of trained: FeatureRows, coordinates: Matrix, parameters: EmbeddingParameters, threads: Int? = nil,
    monitor: any WorkMonitor = SilentMonitor()
  ) throws {
    try parameters.validate()
    guard coordinates.rowCount == trained.rowCount else {
      throw AnalysisError.countMismatch(
        what: "rows of the map", expected: trained.rowCount, got: coordinates.rowCount)
    }
    guard trained.rowCount > 0 else {
      throw AnalysisError.invalidParameter(name: "map", value: "no rows", allowed: "1 or more rows")
    }
    self.threads = WorkerThreads(threads)
    self.parameters = parameters
    self.coordinates = coordinates
    let rows = try MetricRows(trained, metric: parameters.metric, threads: self.threads, monitor: monitor)
    self.trained = rows
    components = try NeighbourSearch(rows: rows, seed: parameters.seed, threads: self.threads, monitor: monitor)
      .summary()
    let chosen = rows.rowsWithDirection
    if let components {
      mean = components.mean
    } else {
      mean = try rows.mean(of: chosen, threads: self.threads, monitor: monitor)
    }
    space = try SearchSpace(
      rows, chosen: chosen, components: components, mean: mean, threads: self.threads, monitor: monitor)
  }

  /// - Parameter features: m × d.
  /// - Returns: m × 2 or 3, in the units of the map.
  /// - Throws: `AnalysisError.countMismatch` for rows of another width, `.notFinite`, or `WorkInterrupted`.
  /// - Complexity: O(m n c) for c components.
  package func places(of features: FeatureRows, monitor: any WorkMonitor = SilentMonitor()) throws -> Matrix {
    let (m, dims) = (features.rowCount, coordinates.columnCount)
    guard features.columnCount == trained.columnCount || m == 0 else {
      throw AnalysisError.countMismatch(what: "columns", expected: trained.columnCount, got: features.columnCount)
    }
    var result = Matrix(rowCount: m, columnCount: dims)
    if m == 0 { return result }
    let rows = try MetricRows(
      features, metric: parameters.metric, scale: trained.uniformScale, threads: threads, monitor: monitor)
    let chosen = rows.rowsWithDirection
    let k = min(parameters.neighbours - 1, space.count)
    let queries = try SearchSpace(
      rows, chosen: chosen, components: components, mean: mean, threads: threads, monitor: monitor)
    let candidates = try BlockedSearch(space: space, queries: queries, threads: threads)
      .candidates(k == 0 ? 0 : 2 * k + 16, monitor: monitor)
    let lists = try CandidateRanking(candidates: candidates, count: k, threads: threads, monitor: monitor).inFullWidth(
      MetricRows.Scattered(trained, order: space.order, other: (rows: rows, order: queries.order)),
      firstQuery: space.count)
    let force = LayoutForce(parameters)
    let lost = placesWithoutDirection()
    result.elements.withUnsafeMutableBufferPointer { places in
      nonisolated(unsafe) let places = places
      // Where no mapped row has a direction either, all go to the middle.
      for row in k == 0 ? Array(0..<m) : rows.rowsWithoutDirection {
        for axis in 0..<dims { places[row * dims + axis] = lost[axis] }
      }
      threads.forEachBlock(of: k == 0 ? 0 : chosen.count, size: 64) { block in
        if monitor.isInterrupted { return }
        for query in block {
          guard let place = places.baseAddress else { return }
          settle(lists.list(query), count: k, force: force, at: place + chosen[query] * dims)
        }
      }
    }
    try monitor.checkInterrupted()
    return result
  }

  /// Where a row without a direction goes: to the mapped ones that have none either, or to the middle of the map.
  private func placesWithoutDirection() -> [Float] {
    let alike = trained.rowsWithoutDirection.isEmpty ? Array(0..<trained.rowCount) : trained.rowsWithoutDirection
    return (0..<coordinates.columnCount).map { axis in
      Float(alike.reduce(into: 0.0) { $0 += Double(coordinates[$1, axis]) } / Double(alike.count))
    }
  }

  private func settle(
    _ list: UnsafePointer<UInt64>, count k: Int, force: LayoutForce, at place: UnsafeMutablePointer<Float>
  ) {
    let dims = coordinates.columnCount
    let near = (0..<k).map { Int32(space.order[KeyLists.row(list[$0])]) }
    let distances = (0..<k).map { trained.distance(fromSquared: simd_score_of_key(list[$0])) }
    let twins = distances.prefix { $0 == 0 }.count
    var weights = [Float](repeating: 1, count: k)
    if twins == 0 {
      let mean = distances.reduce(0, +) / Float(max(1, k))
      simd_smooth_weights(distances, Int64(k), mean, &weights)
    }
    let used = twins > 0 ? twins : k
    let total = weights.prefix(used).reduce(0, +)
    for axis in 0..<dims {
      place[axis] = (0..<used).reduce(into: Float(0)) { $0 += weights[$1] * coordinates[Int(near[$1]), axis] } / total
    }
    if twins > 0 { return }
    let epochs = trained.rowCount <= 10_000 ? Self.epochs.few : Self.epochs.many
    let heaviest = weights.max() ?? 1
    let periods = weights.map { heaviest / max($0, heaviest / Float(10 * epochs)) }
    let seed = SplitMix64.mix(parameters.seed ^ UInt64(near[0]))
    var next = periods.indices.map {
      1 + periods[$0] * Float(SplitMix64.mix(seed &+ UInt64($0)) >> 40) * 0x1p-24
    }
    let heads = [Int32](repeating: 0, count: k)
    heads.withUnsafeBufferPointer { heads in
      near.withUnsafeBufferPointer { near in
        periods.withUnsafeBufferPointer { periods in
          next.withUnsafeMutableBufferPointer { next in
            coordinates.elements.withUnsafeBufferPointer { mapped in
              var layout = simd_layout(
                heads: heads.baseAddress, tails: near.baseAddress, periods: periods.baseAddress,
                next_epochs: next.baseAddress, vertex_count: Int32(trained.rowCount), dimensions: Int32(dims),
                a: Float(force.curve.a), b: Float(force.curve.b), negatives: Int32(force.negativeSampleRate),
                repulsion: Float(force.repulsionStrength), seed: seed, moves_tails: 0, densities: nil)
              // Tails stand still: nothing is written there.
              let tails = UnsafeMutablePointer(mutating: mapped.baseAddress)
              for epoch in 1...epochs {
                let step = Self.firstStep * (1 - Float(epoch - 1) / Float(epochs))
                simd_move_along_edges(&layout, Int32(epoch), step, 0, Int64(k), place, tails, mapped.baseAddress)
              }
            }
          }
        }
      }
    }
  }
}
