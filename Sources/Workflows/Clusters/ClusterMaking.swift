import Analysis
package import FeatureData
import FeatureStore

extension FeatureSet {
  /// Clusters of the tiles by their activations.
  package func clusters(_ request: ClusterRequest, monitor: any WorkMonitor) throws -> TileClusters {
    try Reporting.run {
      if let map = request.map, !map.isMade(of: self) {
        throw WorkflowFailure(
          "The map is of other features than those that are clustered.", remedy: "map=none", parameter: "map")
      }
      let points = slides.indices.flatMap { slide in
        usableRows(of: slide).map { FeatureMap.Point(slide: slide, row: $0) }
      }
      if points.isEmpty, notFinite() != nil { throw nothingFinite() }
      let rows = try rows(points, areCopied: false, monitor: monitor)
      defer { for slide in slides { slide.stored.features.giveBackPages() } }
      return try ClusterMaking(
        features: self, points: points, rows: rows, map: request.map, isOfMap: false, leftOut: leftOut(),
        request: request, monitor: monitor
      ).run()
    }
  }
}

extension FeatureMap {
  /// Clusters of the points by where they stand.
  package func clusters(_ request: ClusterRequest, monitor: any WorkMonitor) throws -> TileClusters {
    try Reporting.run {
      let unmapped = features.tileCount - points.count
      return try ClusterMaking(
        features: features, points: points, rows: FeatureRows(coordinates), map: self, isOfMap: true,
        leftOut: unmapped > 0
          ? "\(unmapped.counted("tile")) of the features are not on the map, and in no cluster." : nil,
        request: request, monitor: monitor
      ).run()
    }
  }
}

private struct ClusterMaking {
  let features: FeatureSet
  let points: [FeatureMap.Point]
  let rows: FeatureRows
  let map: FeatureMap?
  let isOfMap: Bool
  /// A sentence.
  let leftOut: String?
  let request: ClusterRequest
  let monitor: any WorkMonitor

  /// Tiles of a cluster that are shown.
  private static let exemplarCount = 6

  func run() throws -> TileClusters {
    guard points.count > 1 else {
      throw WorkflowFailure(
        "Clusters need at least two tiles, and there is \(points.count)." + (leftOut.map { " " + $0 } ?? ""))
    }
    if let count = request.count, count > points.count {
      throw WorkflowFailure(
        "\(count) clusters are more than the \(points.count.counted("tile")) there are.",
        remedy: "k=\(min(5, points.count))",
        parameter: "k")
    }
    let method = try ClusterMethod(request, isOfMap: isOfMap, tileCount: points.count)
    let outcome = try method.run(rows, seed: request.seed, monitor: monitor)
    guard outcome.count > 0 else {
      throw WorkflowFailure(
        "No place is dense enough for a cluster of \(method.minClusterSize) tiles.",
        remedy: "min_cluster_size=\(max(2, method.minClusterSize / 2))", parameter: "min_cluster_size")
    }
    let stability =
      request.measuresStability
      ? try ClusterStability(method, rows: rows, outcome: outcome, seed: request.seed, monitor: monitor) : nil
    var numbers = features.slides.map { [Int32](repeating: -1, count: $0.tileCount) }
    for (place, point) in points.enumerated() { numbers[point.slide][point.row] = outcome.labels[place] }
    let groups = TileGroups(
      features: features, label: "cluster", names: (0..<outcome.count).map(String.init), numbers: numbers)
    let exemplars = try ClusterExemplars(
      rows, slides: points.map(\.slide), labels: outcome.labels, clusterCount: outcome.count,
      count: Self.exemplarCount, monitor: monitor)
    return TileClusters(
      groups: groups, map: map,
      composition: try ClusterComposition(
        groups, by: ClusterComposition.Choice(outcomes: request.outcomes, useFloat: request.useFloat), monitor: monitor),
      exemplars: exemplars.places.map { $0.map { points[$0] } },
      remarks: [method.sentence(outcome, rows: rows), stability?.sentence, leftOut].compactMap(\.self),
      warnings: [stability?.warning].compactMap(\.self))
  }
}
