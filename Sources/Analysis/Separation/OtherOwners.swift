package import FeatureData

extension NeighbourGraph {
  /// That a search finds for a row.
  private static let mostNeighbours = 2000

  /// The nearest rows of other owners: tiles of other patients, since those of a patient resemble each other whatever they
  /// show.
  ///
  /// - Parameters:
  ///   - owners: n numbers, from 0.
  ///   - count: Neighbours of each row; fewer if the rows of other owners are fewer for any row, or if with the rows of the
  ///     largest owner they would be more than 2,000.
  /// - Throws: As `found`.
  package static func found(
    amongOtherOwners owners: [Int], in features: FeatureRows, metric: DistanceMetric, count: Int, seed: UInt64 = 42,
    threads: Int? = nil, monitor: any WorkMonitor = SilentMonitor()
  ) throws -> NeighbourGraph {
    var sizes: [Int: Int] = [:]
    for owner in owners { sizes[owner, default: 0] += 1 }
    let largest = sizes.values.max() ?? 0
    // As many as may be the row's own come before them.
    let own = max(0, largest - 1)
    let kept = max(0, min(count, owners.count - largest, mostNeighbours - own))
    let graph = try found(
      in: features, metric: metric, count: kept + own, seed: seed, threads: threads, monitor: monitor
    ).graph
    var indices: [Int32] = []
    var distances: [Float] = []
    indices.reserveCapacity(owners.count * kept)
    distances.reserveCapacity(owners.count * kept)
    for row in owners.indices {
      let start = row * graph.neighbourCount
      let others = (start..<start + graph.neighbourCount).filter { owners[Int(graph.indices[$0])] != owners[row] }
      for place in others.prefix(kept) {
        indices.append(graph.indices[place])
        distances.append(graph.distances[place])
      }
    }
    return NeighbourGraph(rowCount: owners.count, neighbourCount: kept, indices: indices, distances: distances)
  }
}
