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
  /// Principal components on which candidates were found, before these were ranked in full width; nil for full width.
  package let components: Int?
}

/// Finds neighbours in the way that the number of rows and their width suggest.
struct NeighbourSearch {
  /// Wider rows are compared on this many principal components first.
  static let components = 96
  /// Up to here, comparing all in full width costs no more than finding the components.
  static let fullWidthRowLimit = 2048
  /// Up to here all are compared with all.
  static let exactRowLimit = 12_000
  /// More rows than this need not be looked at for the directions in which they vary.
  static let rowsForComponents = 32_768

  let rows: MetricRows
  let seed: UInt64
  let threads: WorkerThreads
  let monitor: any WorkMonitor
  var settings = NeighbourDescent.Settings()
  /// nil chooses by size.
  var kind: NeighbourMethod.Kind?

  /// What a search leaves.
  struct Outcome {
    var neighbours: PlacedNeighbours
    let method: NeighbourMethod
    /// The rows that have a direction as they were compared, by place.
    var space: SearchSpace?
  }

  /// - Parameter count: Neighbours of each row; fewer if there are fewer other rows.
  /// - Throws: `WorkInterrupted` or `AnalysisError.linearAlgebraFailed`.
  func found(_ count: Int) throws -> Outcome {
    let chosen = rows.rowsWithDirection
    let n = chosen.count
    let components = try components()
    let isReduced = components != nil
    var space = try SearchSpace(rows, chosen: chosen, components: components, threads: threads, monitor: monitor)
    let k = min(count, max(0, n - 1))
    let kind = k == 0 ? .exact : kind ?? (n > Self.exactRowLimit ? .descent : .exact)
    let lists: KeyLists
    switch kind {
    case .exact:
      let candidates = isReduced ? 2 * k + 16 : k + max(8, k / 4)
      lists = try BlockedSearch(space: space, threads: threads)
        .nearest(k, candidates: candidates, rows: rows, monitor: monitor)
    case .descent:
      let candidates = min(n - 1, Int(SIMD_LONGEST_LIST), isReduced ? k + k / 2 + 8 : k + 4)
      let found = try NeighbourDescent(settings: settings, seed: seed, threads: threads)
        .lists(&space, count: candidates, monitor: monitor)
      lists = try ranked(found, k: k, space: space)
    }
    return Outcome(
      neighbours: try PlacedNeighbours(
        lists, rows: rows, order: space.order, count: min(count, max(0, rows.rowCount - 1)), monitor: monitor),
      method: NeighbourMethod(kind: kind, components: components.map { $0.axes.rowCount }),
      space: space)
  }

  /// On what rows are compared first; nil if that is in full width.
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

  /// Ranks candidates by their distance in full width.
  private func ranked(_ candidates: KeyLists, k: Int, space: SearchSpace) throws(WorkInterrupted) -> KeyLists {
    let result = KeyLists(count: candidates.count, capacity: k)
    MetricRows.Scattered(rows, order: space.order).withKernelRows { kernelRows in
      nonisolated(unsafe) let kernelRows = kernelRows
      threads.forEachBlock(of: candidates.count, size: 256) { block in
        if monitor.isInterrupted { return }
        withUnsafePointer(to: kernelRows) { kernelRows in
          var found = [UInt32](repeating: 0, count: candidates.capacity)
          for place in block {
            let list = candidates.list(place)
            for entry in found.indices { found[entry] = UInt32(KeyLists.row(list[entry])) }
            simd_nearest_scattered(
              kernelRows, UInt32(place), found, Int64(found.count), result.list(place), Int64(k))
          }
        }
      }
    }
    try monitor.checkInterrupted()
    return result
  }
}

extension NeighbourGraph {
  /// The neighbours of rows, found in the way that their number and width suggest, as maps find them.
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
