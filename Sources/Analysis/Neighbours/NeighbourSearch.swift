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
  /// Principal components on which candidates were looked for, to be ranked in full width; nil for full width alone.
  package let components: Int?
}

/// Finds the nearest rows by a metric in full width, in the way that the number of rows and their width suggest.
///
/// Candidates of wide rows are looked for on principal components, as many as a sample shows to be needed so that the
/// true neighbours are among them; where that cannot be, in full width. What comes out is measured against the true
/// neighbours of some rows, and looked for with more effort where too few of them were found.
struct NeighbourSearch {
  /// Candidates of wider rows are looked for on this many principal components.
  static let components = 96
  /// More numbers than these are not copied: half a gigabyte, and as much again while they are put into order.
  private static let mostCopied = 1 << 27
  /// How many more than are wanted of the nearest are kept in the search, at least.
  private static let margin = 4
  /// Candidates of all rows together: 0.7 gigabytes, and as much again while they are improved.
  private static let mostCandidates = 84_000_000
  /// The share of the true neighbours that are to be among the candidates.
  private static let candidateShare = 0.995
  /// Below this share of the true neighbours of some rows the search is made again with more effort.
  private static let leastRecall = 0.95
  /// Below this share all are compared with all, where that can be afforded.
  private static let leastAccepted = 0.9
  /// Up to here, comparing all in full width costs no more than finding the components.
  static let fullWidthRowLimit = 2048
  /// Up to here all are compared with all.
  static let exactRowLimit = 12_000
  /// Multiplications that are spent on comparing all with all where nothing else finds the neighbours.
  private static let mostProducts = 1.5e12
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
    /// The share of the true neighbours among those found, of some rows; nil if there are none.
    let recall: Double?
    /// The rows that have a direction as candidates were looked for, by place.
    var space: SearchSpace?
  }

  /// Where and how candidates are looked for.
  private struct Approach {
    var space: SearchSpace
    var components: Int?
    var kind: NeighbourMethod.Kind
    var margin: Int
    var settings: NeighbourDescent.Settings
  }

  /// - Parameter count: Neighbours of each row; fewer if there are fewer other rows.
  /// - Throws: `WorkInterrupted` or `AnalysisError.linearAlgebraFailed`.
  func found(_ count: Int) throws -> Outcome {
    let chosen = rows.rowsWithDirection
    let k = min(count, max(0, chosen.count - 1))
    let sample = try RecallSample(of: rows, among: chosen, count: k, threads: threads, monitor: monitor)
    let copies = try copies ?? RowCopies(of: rows, threads: threads, monitor: monitor)
    var approach = try first(chosen, k, sample)
    var isThorough = false
    while true {
      let lists = try ranked(&approach, k, copies)
      let recall = sample.share(of: lists, order: approach.space.order)
      if let recall, recall < Self.leastRecall {
        if approach.kind == .descent && !isThorough {
          isThorough = true
          approach.settings = settings.thorough
          approach.margin = min(2 * approach.margin + 8, max(approach.margin, mostMargin(k)))
          continue
        }
        if recall < Self.leastAccepted, let exact = try exactApproach(chosen, k, after: approach) {
          approach = exact
          continue
        }
      }
      return Outcome(
        neighbours: try PlacedNeighbours(
          lists, rows: rows, order: approach.space.order, count: min(count, max(0, rows.rowCount - 1)),
          monitor: monitor),
        method: NeighbourMethod(kind: approach.kind, components: approach.components), recall: recall,
        space: approach.space)
    }
  }

  private func first(_ chosen: [Int], _ k: Int, _ sample: RecallSample) throws -> Approach {
    let kind = k == 0 ? .exact : kind ?? (chosen.count > Self.exactRowLimit ? .descent : .exact)
    let found = try candidateSpace(chosen, k, sample)
    return Approach(
      space: found.space, components: found.components?.axes.rowCount, kind: kind,
      margin: found.components == nil ? Self.fullWidthMargin(k, kind) : found.margin, settings: settings)
  }

  /// In what space candidates are looked for, and how many more than `k`.
  func candidateSpace(
    _ chosen: [Int], _ k: Int, _ sample: RecallSample
  ) throws -> (space: SearchSpace, components: PrincipalComponents?, margin: Int) {
    if let components = try components() {
      let space = try SearchSpace(rows, chosen: chosen, components: components, threads: threads, monitor: monitor)
      let most = mostMargin(k)
      let margin = try sample.margin(in: space, for: Self.candidateShare, upTo: most)
      if margin != nil || !fitsIntoMemory { return (space, components, max(Self.margin, margin ?? most)) }
    }
    let space = try SearchSpace(rows, chosen: chosen, components: nil, threads: threads, monitor: monitor)
    return (space, nil, Self.margin)
  }

  private func mostMargin(_ k: Int) -> Int {
    max(Self.margin, min(4 * max(20, k), Self.mostCandidates / max(1, rows.rowCount) - k))
  }

  private static func fullWidthMargin(_ k: Int, _ kind: NeighbourMethod.Kind) -> Int {
    // Products round differently from the distances: rows within rounding of the last place must be among them.
    kind == .exact ? max(8, k / 4) : margin
  }

  /// All with all in full width, where that can be afforded and was not done.
  private func exactApproach(_ chosen: [Int], _ k: Int, after last: Approach) throws(WorkInterrupted) -> Approach? {
    let products = Double(chosen.count) * Double(chosen.count) * Double(rows.columnCount)
    guard kind != .descent, last.kind != .exact || last.components != nil, fitsIntoMemory,
      products <= Self.mostProducts
    else { return nil }
    return Approach(
      space: try SearchSpace(rows, chosen: chosen, components: nil, threads: threads, monitor: monitor),
      components: nil, kind: .exact, margin: Self.fullWidthMargin(k, .exact), settings: settings)
  }

  /// The nearest of the candidates, by their distances in full width.
  private func ranked(_ approach: inout Approach, _ k: Int, _ copies: RowCopies) throws -> KeyLists {
    let wanted = min(max(0, rows.rowsWithDirection.count - 1), Int(SIMD_LONGEST_LIST), k == 0 ? 0 : k + approach.margin)
    let candidates: KeyLists
    switch approach.kind {
    case .exact:
      candidates = try BlockedSearch(space: approach.space, threads: threads).candidates(wanted, monitor: monitor)
    case .descent:
      candidates = try NeighbourDescent(settings: approach.settings, seed: seed, threads: threads)
        .lists(&approach.space, count: wanted, monitor: monitor)
    }
    return try CandidateRanking(
      candidates: candidates, count: k, threads: threads, monitor: monitor,
      ties: EvenTies(copies, order: approach.space.order, seed: seed)
    ).inFullWidth(MetricRows.Scattered(rows, order: approach.space.order))
  }

  /// Whether a copy of all rows does not fill memory.
  private var fitsIntoMemory: Bool { rows.rowCount * (rows.columnCount + Self.components) <= Self.mostCopied }

  /// nil for rows that are narrow, or few.
  func components() throws -> PrincipalComponents? {
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
