import Analysis
import FeatureData
import FeatureStore

/// Places tiles on a map, reading them from the store's files as they are needed.
struct TilePlacement {
  let features: FeatureSet
  let transform: MapTransform
  let monitor: any WorkMonitor

  /// Placed tiles by which the quality of their places is measured.
  private static let measured = 500

  /// - Parameter indices: Which of the points are placed.
  /// - Returns: A row for each of these.
  /// - Throws: `WorkflowFailure` for activations that cannot be compared with those of the map; what `MapTransform` throws.
  func places(of points: [FeatureMap.Point], at indices: [Int]) throws -> Matrix {
    var elements: [Float] = []
    var columnCount = 0
    monitor.report(phase: "placing", unit: "tiles", done: 0, total: indices.count)
    for first in stride(from: 0, to: indices.count, by: MapTransform.rowsInBatch) {
      let end = min(indices.count, first + MapTransform.rowsInBatch)
      let batch = indices[first..<end].map { points[$0] }
      let places = try placed(batch)
      columnCount = places.columnCount
      if first == 0 { elements.reserveCapacity(indices.count * columnCount) }
      elements += places.elements
      for slide in Set(batch.map(\.slide)) { features.slides[slide].stored.features.giveBackPages() }
      monitor.report(phase: "placing", unit: "tiles", done: end, total: indices.count)
    }
    return Matrix(rowCount: indices.count, columnCount: columnCount, elements: elements)
  }

  private func placed(_ points: [FeatureMap.Point]) throws -> Matrix {
    let rows = try features.rows(points, areCopied: false, monitor: monitor)
    do { return try transform.places(of: rows, monitor: monitor) } catch AnalysisError.notComparable(let row) {
      throw WorkflowFailure(
        "The activations of \(features.name(of: points[row])) are larger by far than those of the tiles on the map: they "
          + "cannot be compared.")
    }
  }

  /// How far the places can be trusted, a sentence each.
  ///
  /// - Parameter points: What was placed.
  func quality(of points: [FeatureMap.Point], metric: DistanceMetric) throws -> [String] {
    let count = min(Self.measured, points.count)
    let some = (0..<count).map { points[$0 * points.count / count] }
    let (recall, quality) = try transform.quality(
      of: try features.rows(some, areCopied: true, monitor: monitor), metric: metric, monitor: monitor)
    var sentences: [String] = []
    if let text = quality.text { sentences.append("Of the placed tiles, among the map's own: \(text).") }
    if let recall {
      let share = "\((recall * 100).shortText) %"
      sentences.append("\(FeatureMap.searchHeading)for placing, \(share) of the true ones found.")
      if recall < 0.9 {
        sentences.append(FeatureMap.doubtHeading + "tiles were placed by \(share) of theirs.")
      }
    }
    return sentences
  }
}

extension MapQuality {
  /// "trustworthiness 0.97, …"; nil where there were too few rows to measure it.
  var text: String? {
    guard let trustworthiness, let continuity, let neighbourPreservation else { return nil }
    return "trustworthiness \(trustworthiness.shortText), continuity \(continuity.shortText), "
      + "\(Int((neighbourPreservation * 100).rounded())) % of neighbours kept"
  }
}
