package import Analysis
import FeatureData

/// How tiles are put into clusters.
package struct ClusterRequest: Sendable {
  package enum Method: String, Sendable, Hashable, CaseIterable { case kmeans, leiden, hdbscan }

  /// Nil for k-means where `count` is given, else Leiden.
  package var method: Method?
  /// Of k-means.
  package var count: Int?
  /// Sets of first centres of k-means, of which the best outcome is kept.
  package var restarts = 3
  /// Of Leiden: higher for more and smaller clusters.
  package var resolution = 1.0
  /// Of Leiden: neighbours of a tile, itself among them.
  package var neighbourCount = 15
  /// The distance of activations, of Leiden and HDBSCAN.
  package var metric = DistanceMetric.cosine
  /// Of HDBSCAN; nil for a hundredth of the tiles, at least 5.
  package var minClusterSize: Int?
  /// Of HDBSCAN; nil for `minClusterSize`, but no more than 100.
  package var minSamples: Int?
  package var seed: UInt64 = 42
  /// Whether it is measured how far the clusters depend on the seed and on the tiles.
  package var measuresStability = true
  /// Labels that the clusters are compared by; nil for those that the features were made with.
  package var outcomes: LabelChoice?
  package var useFloat: Bool?
  /// Of features: a map on which the clusters are shown.
  package var map: FeatureMap?

  package init() {}
}

/// The method with all that it needs, for so many tiles.
struct ClusterMethod: Sendable {
  /// Principal components of activations on which density is looked at.
  static let densityComponents = 50
  /// Wide rows are compared all with all, again and again.
  static let mostDenseActivations = 30_000

  /// More tiles do not make a place denser where nobody says how many do: each tile looks for as many.
  private static let mostSamples = 100

  let kind: ClusterRequest.Method
  let request: ClusterRequest
  /// Distances on a map are Euclidean.
  let isOfMap: Bool
  let minClusterSize: Int
  private let minSamples: Int

  init(_ request: ClusterRequest, isOfMap: Bool, tileCount: Int) throws {
    kind = request.method ?? (request.count == nil ? .leiden : .kmeans)
    self.request = request
    self.isOfMap = isOfMap
    minClusterSize = request.minClusterSize ?? max(5, tileCount / 100)
    minSamples = request.minSamples ?? min(minClusterSize, Self.mostSamples)
    if kind == .kmeans, request.count == nil {
      throw WorkflowFailure("k-means is told how many clusters there are.", remedy: "k=5", parameter: "method")
    }
    if kind == .hdbscan, !isOfMap, tileCount > Self.mostDenseActivations {
      throw WorkflowFailure(
        "HDBSCAN compares activations all with all, which is too much for \(tileCount) tiles; on a map of them it is quick.",
        remedy: "cluster MAP method=hdbscan", parameter: "method")
    }
  }

  struct Outcome {
    /// By row; −1 for none.
    let labels: [Int32]
    let count: Int
    var modularity: Double?
  }

  /// - Parameter share: of all tiles, the rows that are here; sizes are taken in proportion.
  func run(_ rows: FeatureRows, seed: UInt64, share: Double = 1, monitor: any WorkMonitor) throws -> Outcome {
    let metric: DistanceMetric = isOfMap ? .euclidean : request.metric
    switch kind {
    case .kmeans:
      let found = try KMeans(clusterCount: request.count ?? 1, restarts: request.restarts, seed: seed)
        .cluster(rows, monitor: monitor)
      return Outcome(labels: found.labels, count: found.clusterCount)
    case .leiden:
      let graph = try NeighbourGraph.found(
        in: rows, metric: metric, count: min(request.neighbourCount, rows.rowCount) - 1, seed: seed, monitor: monitor
      ).graph
      let found = try Leiden(resolution: request.resolution, seed: seed).communities(of: graph, monitor: monitor)
      return Outcome(labels: found.labels, count: found.communityCount, modularity: found.modularity)
    case .hdbscan:
      let least = max(2, Int((Double(minClusterSize) * share).rounded()))
      // Of a small part, five stand for what a hundred are of all: one alone would be noise.
      let samples = share == 1 ? minSamples : max(min(minSamples, 5), Int((Double(minSamples) * share).rounded()))
      let method = HDBSCAN(minClusterSize: least, minSamples: samples)
      let found =
        isOfMap
        ? try method.cluster(rows.matrix, monitor: monitor)
        : try method.cluster(rows, metric: metric, components: Self.densityComponents, monitor: monitor)
      return Outcome(labels: found.labels, count: found.clusterCount)
    }
  }

  /// With what they are told apart, for captions.
  func sentence(_ outcome: Outcome, rows: FeatureRows) -> String {
    let total = rows.rowCount
    let ground = isOfMap ? "the map" : "the activations"
    let metric = isOfMap ? "" : ", \(request.metric.rawValue)"
    var text: String
    switch kind {
    case .kmeans:
      text =
        "k-means on \(ground) of \(total.counted("tile")): k \(outcome.count), the best of "
        + "\(request.restarts.counted("start")), Euclidean, seed \(request.seed)"
      if let asked = request.count, asked > outcome.count {
        text += "; there are no more than \(outcome.count) different tiles, so that \(asked) clusters were not found"
      }
    case .leiden:
      text =
        "Leiden on \(ground) of \(total.counted("tile")): \(outcome.count.counted("cluster")), resolution "
        + "\(request.resolution.shortText), \(min(request.neighbourCount, total)) neighbours\(metric), seed \(request.seed)"
      if let modularity = outcome.modularity { text += "; modularity \(modularity.shortText)" }
    case .hdbscan:
      let outside = outcome.labels.count { $0 < 0 }
      text =
        "HDBSCAN on \(isOfMap ? ground : "\(min(Self.densityComponents, rows.columnCount)) principal components of \(ground)") "
        + "of \(total.counted("tile")): \(outcome.count.counted("cluster")), min_cluster_size \(minClusterSize), min_samples "
        + "\(minSamples)\(metric); \(outside.counted("tile")) (\((100 * Double(outside) / Double(max(1, total))).text(decimals: 0)) %) "
        + "in no cluster"
    }
    return text + "."
  }
}

extension FeatureRows {
  fileprivate var matrix: Matrix {
    var elements: [Float] = []
    elements.reserveCapacity(rowCount * columnCount)
    for row in 0..<rowCount { withRow(row) { elements += $0 } }
    return Matrix(rowCount: rowCount, columnCount: columnCount, elements: elements)
  }
}
