package import FeatureData

/// k-means: rows in a given number of clusters, each row with the centre it is nearest to (Euclidean).
///
/// The same matrix, parameters and seed give the same clusters, bit for bit, whatever the number of threads, on one
/// machine type. Defined outcomes for unusual data:
/// - No row gives no cluster.
/// - Fewer distinct rows than clusters asked for: one cluster for each distinct row. Rows that differ by less than
///   single precision of the range of the data count as equal.
/// - A NaN or infinity is an error that names the row.
///
/// Sources: Lloyd, "Least squares quantization in PCM", 1982, doi:10.1109/TIT.1982.1056489; of the first centres, see
/// `KMeansSeeding`.
package struct KMeans: Sendable {
  /// Clusters asked for, 1 or more.
  package let clusterCount: Int
  /// From how many sets of first centres, 1 or more; the best outcome is kept.
  package let restarts: Int
  /// Of one start, 1 or more.
  package let maxIterations: Int
  package let seed: UInt64
  private let threads: WorkerThreads

  /// The clusters of n rows, numbered by size, the largest first, equally large ones by their first row.
  package struct Clusters: Sendable, Equatable {
    /// n cluster numbers, from 0.
    package let labels: [Int32]
    /// clusters × d, the mean of each cluster's rows.
    package let centres: Matrix
    /// Rows by cluster.
    package let sizes: [Int]
    /// The sum over rows of the squared distance from the cluster's centre.
    package let inertia: Double
    /// Of the start that was kept.
    package let iterations: Int
    /// False if that start was stopped by `maxIterations`.
    package let isConverged: Bool

    /// At most as many as asked for.
    package var clusterCount: Int { sizes.count }
  }

  /// - Parameter threads: nil stands for one a core.
  package init(
    clusterCount: Int, restarts: Int = 3, maxIterations: Int = 300, seed: UInt64 = 42, threads: Int? = nil
  ) {
    self.clusterCount = clusterCount
    self.restarts = restarts
    self.maxIterations = maxIterations
    self.seed = seed
    self.threads = WorkerThreads(threads)
  }

  /// - Parameter matrix: n × d.
  /// - Throws: `AnalysisError.notFinite`, `.noColumns`, `.invalidParameter`, or `WorkInterrupted`.
  package func cluster(_ matrix: Matrix, monitor: any WorkMonitor = SilentMonitor()) throws -> Clusters {
    try cluster(FeatureRows(matrix), monitor: monitor)
  }

  /// - Parameter features: n × d, wherever they lie.
  /// - Throws: `AnalysisError.notFinite`, `.noColumns`, `.invalidParameter`, or `WorkInterrupted`.
  /// - Complexity: O(restarts × iterations × n d k).
  package func cluster(_ features: FeatureRows, monitor: any WorkMonitor = SilentMonitor()) throws -> Clusters {
    for (name, value) in [("k", clusterCount), ("restarts", restarts), ("max_iterations", maxIterations)] {
      guard value >= 1 else {
        throw AnalysisError.invalidParameter(name: name, value: "\(value)", allowed: "1 or more")
      }
    }
    let rows = try ScaledRows(features, threads: threads, monitor: monitor)
    guard rows.rowCount > 0 else {
      let none = Matrix(rowCount: 0, columnCount: features.columnCount)
      return Clusters(labels: [], centres: none, sizes: [], inertia: 0, iterations: 0, isConverged: true)
    }
    var done = 0
    func start(_ number: Int) throws(WorkInterrupted) -> Outcome {
      let seed = SplitMix64.mix(seed &+ UInt64(number) &* 0x9E37_79B9_7F4A_7C15)
      return try outcome(rows, seed: seed, monitor: monitor, done: &done)
    }
    var best = try start(0)
    for number in stride(from: 1, to: restarts, by: 1) {
      let other = try start(number)
      if other.inertia < best.inertia { best = other }
    }
    let d = features.columnCount
    let numbering = ClusterNumbering(best.labels, count: best.means.count / d)
    return Clusters(
      labels: numbering.labels,
      centres: Matrix(
        rowCount: numbering.order.count, columnCount: d,
        elements: numbering.order.flatMap { rows.place(best.means[$0 * d..<($0 + 1) * d]) }),
      sizes: numbering.sizes, inertia: best.inertia, iterations: best.iterations, isConverged: best.isConverged)
  }

  private struct Outcome {
    var labels: [Int32]
    /// k × d, as the rows are read.
    var means: [Double]
    var inertia: Double
    var iterations: Int
    var isConverged: Bool
  }

  /// - Parameter done: Iterations of all starts so far.
  private func outcome(
    _ rows: ScaledRows, seed: UInt64, monitor: any WorkMonitor, done: inout Int
  ) throws(WorkInterrupted) -> Outcome {
    monitor.report(phase: "k-means", unit: "iterations", done: done, total: 0)
    let d = rows.columnCount
    var seeding = KMeansSeeding(rows, seed: seed, threads: threads, monitor: monitor)
    let seeds = try seeding.centreRows(min(clusterCount, rows.rowCount))
    var centres = [Float](repeating: 0, count: seeds.count * d)
    centres.withUnsafeMutableBufferPointer { centres in
      for (c, row) in seeds.enumerated() {
        rows.read(row: row, into: UnsafeMutableBufferPointer(rebasing: centres[c * d..<(c + 1) * d]))
      }
    }
    let step = KMeansStep(rows: rows, clusterCount: seeds.count, threads: threads, monitor: monitor)
    var result = Outcome(labels: [], means: [], inertia: 0, iterations: 0, isConverged: false)
    var fit = -Double.infinity
    while result.iterations < maxIterations && !result.isConverged {
      let labels = try step.labels(centres)
      result.iterations += 1
      done += 1
      monitor.report(phase: "k-means", unit: "iterations", done: done, total: 0)
      if labels == result.labels {
        result.isConverged = true
        break
      }
      let update = try step.means(labels)
      // Rounding could make rows go to and fro for ever between places that are equally good.
      if update.fit <= fit {
        result.isConverged = true
        break
      }
      (fit, result.labels, result.means) = (update.fit, labels, update.means)
      centres = update.means.map { Float($0) }
    }
    result.inertia = rows.squaredDistance(try step.inertia(result.labels, means: result.means))
    return result
  }
}
