import CSIMDKernels
package import FeatureData
import Synchronization

/// Places new rows on a map that is there.
///
/// A row stands first at the mean of its nearest mapped rows, by the weights that UMAP gives these, and is then moved by
/// the forces of the layout, while the map stands still. What comes out for a row depends on this row and the map alone,
/// not on the rows it comes with, bit for bit. A row that equals mapped ones stands where these stand in the mean.
///
/// The nearest are those by the map's metric. Candidates are looked for in some cells of the mapped rows; in how many, is
/// measured on mapped rows.
package struct MapTransform: Sendable {
  private let features: FeatureRows
  private let compared: ComparedRows
  private let cells: SearchCells
  /// Cells that are looked through for a row.
  private let probes: Int
  /// Candidates of a row.
  private let candidateCount: Int
  private let components: PrincipalComponents?
  private let coordinates: Matrix
  private let parameters: EmbeddingParameters
  private let threads: WorkerThreads
  private let force: LayoutForce

  private var trained: MetricRows { compared.rows }
  private var neighbourCount: Int { min(parameters.neighbours - 1, cells.space.count) }

  /// Epochs in which new points move, up to 10,000 mapped rows and above.
  private static let epochs = (few: 100, many: 30)
  /// The first step, as a share of that of a whole layout: a point stands near its place already.
  private static let firstStep: Float = 0.25
  /// Rows worked on together.
  package static let rowsInBatch = 65_536
  private static let leastProbes = 4
  /// The share of the true neighbours of mapped rows that are to be found.
  private static let wantedRecall = 0.97

  /// - Parameters:
  ///   - trained: n × d, what was mapped.
  ///   - coordinates: n × 2 or 3, the layout as it came out.
  ///   - parameters: Those of the map.
  /// - Throws: `AnalysisError.countMismatch`, `.notFinite`, `.noColumns`, `.invalidParameter`, or `WorkInterrupted`.
  /// - Complexity: O(n c √n) for c components.
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
    let threads = WorkerThreads(threads)
    self.threads = threads
    self.parameters = parameters
    self.coordinates = coordinates
    force = LayoutForce(parameters)
    features = trained
    compared = try ComparedRows(trained, parameters: parameters, threads: threads, monitor: monitor)
    let rows = compared.rows
    let chosen = rows.rowsWithDirection
    let k = min(parameters.neighbours - 1, chosen.count)
    let known = min(k, max(0, chosen.count - 1))
    let sample = try RecallSample(of: rows, among: chosen, count: known, threads: threads, monitor: monitor)
    let search = NeighbourSearch(rows: rows, seed: parameters.seed, threads: threads, monitor: monitor)
    let found = try search.candidateSpace(chosen, known, sample)
    components = found.components
    // A mapped row finds itself, too.
    candidateCount = min(chosen.count, k + 1 + max(16, found.margin))
    cells = try SearchCells(of: found.space, seed: parameters.seed, threads: threads, monitor: monitor)
    probes = try Self.probes(
      cells, rows: rows, sample: sample, candidateCount: candidateCount, threads: threads, monitor: monitor)
  }

  /// The key of no row.
  private static let infinitelyFar: UInt64 = 0xFF80_0000 << 32

  /// In how many cells enough of the true neighbours of mapped rows are found.
  private static func probes(
    _ cells: SearchCells, rows: MetricRows, sample: RecallSample, candidateCount: Int, threads: WorkerThreads,
    monitor: any WorkMonitor
  ) throws(WorkInterrupted) -> Int {
    if cells.count == 1 || sample.chosen.isEmpty { return 1 }
    let places = sample.places(in: cells.space.order)
    let queries = try cells.space.reordered(places, threads: threads, monitor: monitor)
    let scattered = MetricRows.Scattered(rows, order: cells.space.order)
    var probes = leastProbes
    while probes < cells.count {
      let own = try cells.cells(probes, nearestTo: queries, threads: threads, monitor: monitor)
      let lists = KeyLists(count: places.count, capacity: sample.count)
      cells.space.withKernelSpace { space in
        scattered.withKernelRows { kernelRows in
          threads.forEachBlock(of: places.count, size: 8) { block in
            if monitor.isInterrupted { return }
            var found = [UInt64](repeating: 0, count: candidateCount)
            for query in block {
              let count = cells.nearest(
                to: queries.values.start + query * queries.width, bias: queries.biases[query],
                in: own[query * probes..<(query + 1) * probes], space: space, list: &found, capacity: candidateCount)
              let others = found.prefix(count).map { UInt32(KeyLists.row($0)) }.filter { $0 != places[query] }
              // What is not found is infinitely far.
              for entry in 0..<sample.count { lists.list(query)[entry] = Self.infinitelyFar }
              withUnsafePointer(to: kernelRows) {
                simd_nearest_scattered(
                  $0, UInt32(places[query]), others, Int64(others.count), lists.list(query),
                  Int64(min(sample.count, others.count)))
              }
            }
          }
        }
      }
      try monitor.checkInterrupted()
      if (sample.share(of: lists) ?? 1) >= wantedRecall { break }
      probes *= 2
    }
    return min(probes, cells.count)
  }

  /// - Parameter features: m × d.
  /// - Returns: m × 2 or 3, in the units of the map.
  /// - Throws: `AnalysisError.countMismatch` for rows of another width, `.notFinite`, `.notComparable`, or
  ///   `WorkInterrupted`.
  /// - Complexity: About O(m c √n) for c components.
  package func places(of features: FeatureRows, monitor: any WorkMonitor = SilentMonitor()) throws -> Matrix {
    var result = Matrix(rowCount: features.rowCount, columnCount: coordinates.columnCount)
    let lost = placesWithoutDirection()
    let k = neighbourCount
    for first in stride(from: 0, to: features.rowCount, by: Self.rowsInBatch) {
      let batch = first..<min(features.rowCount, first + Self.rowsInBatch)
      try result.elements.withUnsafeMutableBufferPointer { places in
        nonisolated(unsafe) let start = places.baseAddress! + batch.lowerBound * coordinates.columnCount
        let dims = coordinates.columnCount
        try forEachNearest(of: features.part(batch), from: first, monitor: monitor) { row, list, settling in
          settling.settle(list, count: k, at: start + row * dims)
        } withoutDirection: { row in
          for axis in 0..<dims { start[row * dims + axis] = lost[axis] }
        }
      }
    }
    return result
  }

  /// The share of the true neighbours among those by which rows are placed, of these rows, and how far the map can be
  /// trusted there: mapped rows and points are what these rows and their places are compared with.
  ///
  /// - Parameters:
  ///   - features: m × d, some hundreds.
  ///   - metric: That of the trustworthiness, which is of the rows as they are.
  /// - Throws: As above.
  /// - Complexity: O(m n d).
  package func quality(
    of features: FeatureRows, metric: DistanceMetric, monitor: any WorkMonitor = SilentMonitor()
  ) throws -> (recall: Double?, quality: MapQuality) {
    let (n, m, k) = (trained.rowCount, features.rowCount, neighbourCount)
    let rows = try compared.together(with: features, monitor: monitor)
    let without = Set(rows.rowsWithoutDirection)
    let chosen = (n..<n + m).filter { !without.contains($0) }
    // As many more as may be others of the sample.
    let truth = try SampledSearch(rows: rows, threads: threads, monitor: monitor)
      .nearest(k + m, to: chosen, ranking: chosen.map { _ in [] })
    var limits = [Float](repeating: -.infinity, count: m)
    for (row, outcome) in zip(chosen, truth) where k > 0 {
      limits[row - n] = outcome.nearest.filter { $0.row < n }.prefix(k).last?.squared ?? -.infinity
    }
    let right = Atomic<Int>(0)
    try forEachNearest(of: features, from: 0, monitor: monitor) { row, list, _ in
      let found = (0..<k).count { simd_score_of_key(list[$0]) <= limits[row] * (1 + 1e-5) }
      right.wrappingAdd(found, ordering: .relaxed)
    } withoutDirection: { _ in
    }
    let places = try places(of: features, monitor: monitor)
    let quality = try MapQuality.measure(
      original: self.features.part(0..<n, followedBy: features), metric: metric,
      map: Matrix(
        rowCount: n + m, columnCount: coordinates.columnCount, elements: coordinates.elements + places.elements),
      rows: Array(n..<n + m), threads: threads.count, monitor: monitor)
    let asked = chosen.count * k
    return (asked > 0 ? Double(right.load(ordering: .relaxed)) / Double(asked) : nil, quality)
  }

  /// Calls `body` with each row that has a direction and the keys of its nearest mapped rows, by place in the cells; as
  /// squared distances in full width, ascending.
  ///
  /// - Parameter first: What errors count rows from.
  private func forEachNearest(
    of features: FeatureRows, from first: Int, monitor: any WorkMonitor,
    _ body: (_ row: Int, _ list: UnsafePointer<UInt64>, _ settling: PointSettling) -> Void,
    withoutDirection: (_ row: Int) -> Void
  ) throws {
    let (m, k) = (features.rowCount, neighbourCount)
    guard features.columnCount == self.features.columnCount || m == 0 else {
      throw AnalysisError.countMismatch(what: "columns", expected: self.features.columnCount, got: features.columnCount)
    }
    if m == 0 { return }
    let rows: MetricRows
    do { rows = try compared.others(features, monitor: monitor) } catch AnalysisError.notFinite(let row, let column) {
      throw AnalysisError.notFinite(row: first + row, column: column)
    } catch AnalysisError.notComparable(let row) {
      throw AnalysisError.notComparable(row: first + row)
    }
    // Where no mapped row has a direction either, all are lost.
    (k == 0 ? Array(0..<m) : rows.rowsWithoutDirection).forEach(withoutDirection)
    let chosen = k == 0 ? [] : rows.rowsWithDirection
    let space = cells.space
    let queries = try SearchSpace(
      rows, chosen: chosen, components: components, mean: space.mean, threads: threads, monitor: monitor)
    let own = try cells.cells(probes, nearestTo: queries, threads: threads, monitor: monitor)
    // Rows beside each other have most of their cells in common, which are then at hand.
    let order = chosen.indices.sorted { (own[$0 * probes], $0) < (own[$1 * probes], $1) }
    let scattered = MetricRows.Scattered(trained, order: space.order, other: (rows: rows, order: queries.order))
    space.withKernelSpace { kernelSpace in
      scattered.withKernelRows { kernelRows in
        nonisolated(unsafe) let (kernelSpace, kernelRows, body) = (kernelSpace, kernelRows, body)
        threads.forEachBlock(of: order.count, size: 256) { block in
          var found = [UInt64](repeating: 0, count: candidateCount)
          var candidates = [UInt32](repeating: 0, count: candidateCount)
          var ranked = [UInt64](repeating: 0, count: candidateCount)
          let settling = PointSettling(
            mapped: coordinates, order: space.order, rows: trained, count: k, force: force, seed: parameters.seed,
            epochs: trained.rowCount <= 10_000 ? Self.epochs.few : Self.epochs.many, firstStep: Self.firstStep)
          for query in order[block] {
            if monitor.isInterrupted { return }
            func look(in cells: ArraySlice<Int32>) -> Int {
              self.cells.nearest(
                to: queries.values.start + query * queries.width, bias: queries.biases[query], in: cells,
                space: kernelSpace, list: &found, capacity: candidateCount)
            }
            var count = look(in: own[query * probes..<(query + 1) * probes])
            // A few cells may hold fewer rows than are wanted.
            if count < k { count = look(in: (0..<Int32(cells.count)).map { $0 }[...]) }
            for entry in 0..<count { candidates[entry] = UInt32(KeyLists.row(found[entry])) }
            withUnsafePointer(to: kernelRows) {
              simd_nearest_scattered(
                $0, UInt32(space.count + query), candidates, Int64(count), &ranked, Int64(k))
            }
            body(chosen[query], &ranked, settling)
          }
        }
      }
    }
    try monitor.checkInterrupted()
  }

  /// Where a row without a direction goes: to the mapped ones that have none either, or to the middle of the map.
  private func placesWithoutDirection() -> [Float] {
    let alike = trained.rowsWithoutDirection.isEmpty ? Array(0..<trained.rowCount) : trained.rowsWithoutDirection
    return (0..<coordinates.columnCount).map { axis in
      Float(alike.reduce(into: 0.0) { $0 += Double(coordinates[$1, axis]) } / Double(alike.count))
    }
  }
}
