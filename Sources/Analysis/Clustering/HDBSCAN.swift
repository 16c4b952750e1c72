package import FeatureData

/// Clusters of density: groups of rows that stay together while the density that counts as dense is raised. Rows in thin
/// places belong to none.
///
/// The same matrix and parameters give the same clusters, whatever the number of threads. Defined outcomes for unusual
/// data:
/// - Fewer rows than twice the least size have no cluster, for one cluster of everything is none.
/// - Equal rows lie at distance 0, where density counts as twice that of the nearest two rows that differ.
/// - A NaN or infinity is an error that names the row.
///
/// Sources: Campello, Moulavi, Sander, "Density-based clustering based on hierarchical density estimates", 2013,
/// doi:10.1007/978-3-642-37456-2_14; clusters by excess of mass. Names of parameters are those of scikit-learn, in which
/// `min_samples` counts the row itself.
package struct HDBSCAN: Sendable {
  /// The least rows of a cluster, 2 or more.
  package let minClusterSize: Int
  /// A row's density is that of its nearest so many rows, itself among them; 1 or more.
  package let minSamples: Int
  private let threads: WorkerThreads

  /// - Parameters:
  ///   - minSamples: nil for `minClusterSize`.
  ///   - threads: nil stands for one a core.
  package init(minClusterSize: Int, minSamples: Int? = nil, threads: Int? = nil) {
    self.minClusterSize = minClusterSize
    self.minSamples = minSamples ?? minClusterSize
    self.threads = WorkerThreads(threads)
  }

  /// The clusters of n rows, numbered by size, the largest first, equally large ones by their first row.
  package struct Clusters: Sendable, Equatable {
    /// n cluster numbers, from 0; −1 for a row in none.
    package let labels: [Int32]
    /// Rows by cluster.
    package let sizes: [Int]

    package var clusterCount: Int { sizes.count }
    package var outsideCount: Int { labels.count - sizes.reduce(0, +) }
  }

  /// Wide rows on their first principal components, for in hundreds of columns everything is about equally dense.
  ///
  /// - Parameters:
  ///   - features: n × d, wherever they lie.
  ///   - components: How many; rows without a direction are in no cluster.
  /// - Throws: As below, or `AnalysisError.linearAlgebraFailed`.
  package func cluster(
    _ features: FeatureRows, metric: DistanceMetric, components: Int, monitor: any WorkMonitor = SilentMonitor()
  ) throws -> Clusters {
    let rows = try MetricRows(features, metric: metric, threads: threads, monitor: monitor)
    let chosen = rows.rowsWithDirection
    guard !chosen.isEmpty else {
      return Clusters(labels: [Int32](repeating: -1, count: features.rowCount), sizes: [])
    }
    let axes = try PrincipalComponents(
      of: rows, chosen: chosen, count: min(components, features.columnCount), threads: threads, monitor: monitor)
    let space = try SearchSpace(rows, chosen: chosen, components: axes, threads: threads, monitor: monitor)
    let found = try cluster(space.leading(axes.axes.rowCount), monitor: monitor)
    var labels = [Int32](repeating: -1, count: features.rowCount)
    for (place, row) in chosen.enumerated() { labels[row] = found.labels[place] }
    return Clusters(labels: labels, sizes: found.sizes)
  }

  /// - Parameter matrix: n × d; distances are Euclidean.
  /// - Throws: `AnalysisError.notFinite`, `.noColumns`, `.invalidParameter`, or `WorkInterrupted`.
  /// - Complexity: about O(n log² n) for few columns; towards O(n² d) for many.
  package func cluster(_ matrix: Matrix, monitor: any WorkMonitor = SilentMonitor()) throws -> Clusters {
    guard minClusterSize >= 2 else {
      throw AnalysisError.invalidParameter(name: "min_cluster_size", value: "\(minClusterSize)", allowed: "2 or more")
    }
    guard minSamples >= 1 else {
      throw AnalysisError.invalidParameter(name: "min_samples", value: "\(minSamples)", allowed: "1 or more")
    }
    // Looks for what is no number, and for columns.
    _ = try ScaledRows(FeatureRows(matrix), threads: threads, monitor: monitor)
    let n = matrix.rowCount
    guard n >= 2 * minClusterSize else { return Clusters(labels: [Int32](repeating: -1, count: n), sizes: []) }
    let tree = try ReachabilityTree(
      BoxTree(matrix, monitor: monitor), minSamples: min(minSamples, n), threads: threads, monitor: monitor)
    let labels = try CondensedTree(tree, minClusterSize: minClusterSize, monitor: monitor).labels()
    let count = Int(labels.max() ?? -1) + 1
    let rows = labels.indices.filter { labels[$0] >= 0 }
    let numbering = ClusterNumbering(rows.map { labels[$0] }, count: count)
    var result = [Int32](repeating: -1, count: n)
    for (place, row) in rows.enumerated() { result[row] = numbering.labels[place] }
    return Clusters(labels: result, sizes: numbering.sizes)
  }
}
