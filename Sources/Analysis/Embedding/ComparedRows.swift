import FeatureData

/// Rows as a map compares them: as they are, or on their principal components.
struct ComparedRows: Sendable {
  let rows: MetricRows
  /// On which others are compared with them; nil for rows as they are.
  private let components: PrincipalComponents?
  /// That of the rows from which the components were made.
  private let componentScale: Float
  private let threads: WorkerThreads

  /// How many components are used; nil for rows as they are.
  var componentCount: Int? { components?.axes.rowCount }

  /// - Throws: `AnalysisError.notFinite`, `.noColumns`, `.linearAlgebraFailed`, or `WorkInterrupted`.
  init(
    _ features: FeatureRows, parameters: EmbeddingParameters, threads: WorkerThreads, monitor: any WorkMonitor
  ) throws {
    self.threads = threads
    let metric = parameters.method == .pca ? .euclidean : parameters.metric
    guard let count = parameters.componentCount, parameters.method != .pca, features.rowCount > 0 else {
      components = nil
      componentScale = 1
      rows = try MetricRows(features, metric: metric, threads: threads, monitor: monitor)
      return
    }
    let plain = try MetricRows(features, metric: .euclidean, threads: threads, monitor: monitor)
    let found = try PrincipalComponents(
      of: plain, chosen: Array(0..<features.rowCount), count: count, threads: threads, monitor: monitor)
    components = found
    componentScale = plain.uniformScale ?? 1
    rows = try MetricRows(
      Self.scores(of: plain, on: found, threads: threads, monitor: monitor), metric: metric, threads: threads,
      monitor: monitor)
  }

  /// Other rows, to be compared with these.
  /// - Throws: `AnalysisError.notFinite`, `.notComparable` or `WorkInterrupted`.
  func others(_ features: FeatureRows, monitor: any WorkMonitor) throws -> MetricRows {
    guard let components else {
      return try MetricRows(
        features, metric: rows.metric, scale: rows.uniformScale, threads: threads, monitor: monitor)
    }
    let plain = try MetricRows(
      features, metric: .euclidean, scale: componentScale, threads: threads, monitor: monitor)
    return try MetricRows(
      Self.scores(of: plain, on: components, threads: threads, monitor: monitor), metric: rows.metric,
      scale: rows.uniformScale, threads: threads, monitor: monitor)
  }

  /// These rows, and others after them.
  /// - Throws: As above.
  func together(with features: FeatureRows, monitor: any WorkMonitor) throws -> MetricRows {
    let others = try others(features, monitor: monitor)
    return try MetricRows(
      rows.rows.part(0..<rows.rowCount, followedBy: others.rows), metric: rows.metric, scale: rows.uniformScale,
      threads: threads, monitor: monitor)
  }

  /// n × c, in the units of the rows.
  private static func scores(
    of plain: MetricRows, on components: PrincipalComponents, threads: WorkerThreads, monitor: any WorkMonitor
  ) throws(WorkInterrupted) -> FeatureRows {
    let space = try SearchSpace(
      plain, chosen: Array(0..<plain.rowCount), components: components, threads: threads, monitor: monitor)
    let width = components.axes.rowCount
    let factor = 1 / (plain.uniformScale ?? 1)
    return FeatureRows(rowCount: plain.rowCount, columnCount: width) { places in
      guard let start = places.baseAddress else { return }
      for row in 0..<plain.rowCount {
        let scores = space.values.start + row * space.width
        for column in 0..<width { start[row * width + column] = scores[column] * factor }
      }
    }
  }
}
