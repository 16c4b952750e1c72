import CSIMDKernels
package import FeatureData

/// How the neighbours of a map were found.
package struct NeighbourMethod: Sendable, Equatable {
  package enum Kind: String, Sendable, Hashable, CaseIterable {
    /// All rows compared with all.
    case exact
    /// Random trees and neighbours of neighbours; nearly all are found.
    case descent
  }

  package let kind: Kind
  /// Principal components used in comparing rows; nil for full width alone.
  package let components: Int?
  package var use = ComponentUse.alone
}

/// Finds neighbours in the way that the number of rows and their width suggest.
struct NeighbourSearch {
  /// Wider rows are compared on this many principal components first.
  static let components = 96
  /// Where the components hold a smaller share of the variance, they do not stand for the rows.
  private static let leastExplained: Float = 0.8
  /// More numbers than these are not copied: half a gigabyte, and as much again while they are put into order.
  private static let mostCopied = 1 << 27
  /// How many more than are wanted of the nearest are kept in the search.
  private static let margin = 4
  /// Below this share of the true neighbours of some rows the search is made again with a larger margin.
  private static let leastRecall = 0.95
  private static let rowsForRecall = 128
  /// Up to here, comparing all in full width costs no more than finding the components.
  static let fullWidthRowLimit = 2048
  /// Up to here all are compared with all.
  static let exactRowLimit = 12_000
  /// More rows than this need not be looked at for the directions in which they vary.
  static let rowsForComponents = 16_384

  let rows: MetricRows
  let seed: UInt64
  let threads: WorkerThreads
  let monitor: any WorkMonitor
  var settings = NeighbourDescent.Settings()
  /// nil chooses by size.
  var kind: NeighbourMethod.Kind?
  /// Of the rows; nil to look for them.
  var copies: RowCopies?

  /// What a search leaves.
  struct Outcome {
    var neighbours: PlacedNeighbours
    let method: NeighbourMethod
    /// The rows that have a direction as they were compared, by place.
    var space: SearchSpace?
  }

  /// The neighbours in full width.
  /// - Parameter count: Neighbours of each row; fewer if there are fewer other rows.
  /// - Throws: `WorkInterrupted` or `AnalysisError.linearAlgebraFailed`.
  func found(_ count: Int) throws -> Outcome {
    let components = try summary()
    let k = min(count, max(0, rows.rowsWithDirection.count - 1))
    // Long lists end where distances grow slowly, and order is lost most easily.
    var margin = components == nil ? Self.margin : max(20, k)
    let widest = components == nil ? margin : 4 * margin
    while true {
      let (candidates, found) = try candidates(
        count, components, .alone, margin: margin, exactMargin: components == nil ? max(8, k / 4) : k + 16)
      let ranked = try candidates.inFullWidth(MetricRows.Scattered(rows, order: found.space.order))
      // Where near rows differ by what the components leave out, the nearest are among more candidates.
      if try found.method.kind == .exact || margin >= widest
        || recallInFullWidth(of: ranked, order: found.space.order) >= Self.leastRecall
      {
        return try placed(ranked, count, found)
      }
      margin *= 2
    }
  }

  /// The neighbours that a map is made from, where there are components by distances to which these contribute more than
  /// the rest: see `ComponentUse`.
  /// - Returns: Also the share of the true neighbours among them, of some rows; nil if there are none.
  /// - Throws: As above.
  func foundForMap(_ count: Int) throws -> (outcome: Outcome, recall: Double?) {
    let components = try components()
    let use: ComponentUse = components.map { standForRows($0) ? .weighted : .besideRows } ?? .alone
    let (candidates, found) = try candidates(
      count, components, use, margin: Self.margin, exactMargin: max(8, count / 4))
    let ranked = try candidates.inSpace(found.space)
    return (try placed(ranked, count, found), try recall(of: ranked, in: found.space))
  }

  private typealias Found = (space: SearchSpace, method: NeighbourMethod)

  /// Of the nearest in a space more than are wanted, by one margin or the other.
  private func candidates(
    _ count: Int, _ components: PrincipalComponents?, _ use: ComponentUse, margin: Int, exactMargin: Int
  ) throws -> (CandidateRanking, Found) {
    let chosen = rows.rowsWithDirection
    let n = chosen.count
    var space = try SearchSpace(
      rows, chosen: chosen, components: components, use: use, threads: threads, monitor: monitor)
    let k = min(count, max(0, n - 1))
    let kind = k == 0 ? .exact : kind ?? (n > Self.exactRowLimit ? .descent : .exact)
    let copies = try copies ?? RowCopies(of: rows, threads: threads, monitor: monitor)
    let lists: KeyLists
    switch kind {
    case .exact:
      lists = try BlockedSearch(space: space, threads: threads)
        .candidates(k == 0 ? 0 : k + exactMargin, monitor: monitor)
    case .descent:
      let wanted = min(n - 1, Int(SIMD_LONGEST_LIST), k + margin)
      lists = try NeighbourDescent(settings: settings, seed: seed, threads: threads)
        .lists(&space, count: wanted, monitor: monitor)
    }
    return (
      CandidateRanking(
        candidates: lists, count: k, threads: threads, monitor: monitor,
        ties: EvenTies(copies, order: space.order, seed: seed)),
      (space, NeighbourMethod(kind: kind, components: components.map { $0.axes.rowCount }, use: use))
    )
  }

  private func placed(_ lists: KeyLists, _ count: Int, _ found: Found) throws(WorkInterrupted) -> Outcome {
    Outcome(
      neighbours: try PlacedNeighbours(
        lists, rows: rows, order: found.space.order, count: min(count, max(0, rows.rowCount - 1)), monitor: monitor),
      method: found.method, space: found.space)
  }

  /// The share of found neighbours that are no farther than the last of the true ones, in the space of the search.
  private func recall(of lists: KeyLists, in space: SearchSpace) throws(WorkInterrupted) -> Double? {
    let k = lists.capacity
    if k == 0 || lists.count == 0 { return nil }
    let sample = MapQuality.sample(of: space.count).map(Int32.init)
    // One more than in the search of all, for rows find themselves.
    let candidates = try BlockedSearch(
      space: space, queries: space.reordered(sample, threads: threads, monitor: monitor), threads: threads
    ).candidates(k + max(8, k / 4) + 1, phase: "recall", monitor: monitor)
    let truth = try CandidateRanking(candidates: candidates, count: k, threads: threads, monitor: monitor)
      .inSpace(space, queries: sample)
    return Self.share(
      of: lists, at: sample.map(Int.init), within: sample.indices.map { simd_score_of_key(truth.list($0)[k - 1]) })
  }

  /// The share of found neighbours that are no farther than the last of the true ones; `lists` are of distances in full
  /// width.
  private func recallInFullWidth(of lists: KeyLists, order: [Int32]) throws(WorkInterrupted) -> Double {
    let places = MapQuality.sample(of: order.count, count: Self.rowsForRecall)
    let truth = try SampledSearch(rows: rows, threads: threads, monitor: monitor).nearest(
      lists.capacity, to: places.map { Int(order[$0]) }, ranking: places.map { _ in [] })
    return Self.share(of: lists, at: places, within: truth.map { $0.nearest.last?.squared ?? 0 })
  }

  /// Of the entries of some lists, those that are no farther than the last true neighbour.
  private static func share(of lists: KeyLists, at places: [Int], within limits: [Float]) -> Double {
    let right = zip(places, limits).reduce(0) { sum, entry in
      sum + (0..<lists.capacity).count { simd_score_of_key(lists.list(entry.0)[$0]) <= entry.1 * (1 + 1e-5) }
    }
    return Double(right) / Double(max(1, places.count * lists.capacity))
  }

  /// What stands for rows that are ranked in full width afterwards; nil if that is the rows themselves.
  func summary() throws -> PrincipalComponents? {
    try components().flatMap { standForRows($0) ? $0 : nil }
  }

  /// Whether components hold most of the variance; and there is no other way where copies of all rows would fill memory.
  private func standForRows(_ components: PrincipalComponents) -> Bool {
    components.variances.reduce(0, +) >= Self.leastExplained * components.totalVariance
      || rows.rowCount * (rows.columnCount + Self.components) > Self.mostCopied
  }

  /// nil for rows that are narrow, or few.
  private func components() throws -> PrincipalComponents? {
    let chosen = rows.rowsWithDirection
    guard rows.columnCount > Self.components && chosen.count > Self.fullWidthRowLimit else { return nil }
    return try PrincipalComponents(
      of: rows, chosen: sampled(chosen), count: Self.components, tolerance: 1e-3, threads: threads, monitor: monitor)
  }

  /// Some rows of many, spread evenly.
  private func sampled(_ chosen: [Int]) -> [Int] {
    let wanted = Self.rowsForComponents
    if chosen.count <= wanted { return chosen }
    return (0..<wanted).map { part in
      let (first, end) = (part * chosen.count / wanted, (part + 1) * chosen.count / wanted)
      return chosen[first + Int(SplitMix64.mix(UInt64(part)) % UInt64(end - first))]
    }
  }
}

extension NeighbourGraph {
  /// The neighbours of rows in full width, found in the way that their number and width suggest.
  ///
  /// - Parameters:
  ///   - features: n × d, wherever they lie.
  ///   - count: Neighbours of each row; at most n − 1 are found.
  ///   - threads: nil stands for one a core.
  /// - Throws: `AnalysisError.notFinite`, `.noColumns`, `.invalidParameter`, `.linearAlgebraFailed`, or
  ///   `WorkInterrupted`.
  package static func found(
    in features: FeatureRows, metric: DistanceMetric, count: Int, seed: UInt64 = 42, threads: Int? = nil,
    monitor: any WorkMonitor = SilentMonitor()
  ) throws -> (graph: NeighbourGraph, method: NeighbourMethod) {
    guard (0...2000).contains(count) else {
      throw AnalysisError.invalidParameter(name: "count", value: "\(count)", allowed: "0 to 2,000")
    }
    let threads = WorkerThreads(threads)
    let rows = try MetricRows(features, metric: metric, threads: threads, monitor: monitor)
    let outcome = try NeighbourSearch(rows: rows, seed: seed, threads: threads, monitor: monitor).found(count)
    return (outcome.neighbours.byRow(), outcome.method)
  }
}
