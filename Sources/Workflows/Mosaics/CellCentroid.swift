import FeatureStore

/// The middle of the tiles of a cell in feature space: the tile nearest to the mean of their activations.
enum CellCentroid {
  /// - Parameter points: of the map, ascending, at least one.
  /// - Returns: the point with the least Euclidean distance; of equals the first. Activations that are no numbers count for
  ///   nothing.
  static func nearest(of points: [Int], on map: FeatureMap) -> Int {
    guard points.count > 2 else { return points[0] }
    let width = map.features.featureCount
    var mean = [Double](repeating: 0, count: width)
    let rows = points.compactMap { point -> (point: Int, values: UnsafePointer<Float>)? in
      let place = map.points[point]
      return map.features.slides[place.slide].stored.features.start.map { (point, $0 + place.row * width) }
    }
    return withExtendedLifetime(map) {
      for (_, values) in rows { for column in 0..<width { mean[column] += Double(values[column]) } }
      for column in 0..<width { mean[column] /= Double(max(rows.count, 1)) }
      var best = (point: points[0], distance: Double.infinity)
      for (point, values) in rows {
        var distance = 0.0
        for column in 0..<width {
          let difference = Double(values[column]) - mean[column]
          distance += difference * difference
        }
        if distance < best.distance { best = (point, distance) }
      }
      return best.point
    }
  }
}
