import FeatureData

/// Places of tiles as files give them, turned into corners and centres in level-0 pixels.
struct TilePlaces {
  var corners: [TileLocation]?
  var centres: [TileLocation]?
  var extent: Int?
  /// True where the microns per pixel of the slide decide them, whether they were known or not.
  var needMicronsPerPixel = false

  static let none = TilePlaces()

  init() {}

  /// From top-left corners.
  init(corners: [TileLocation], extent: Int?) {
    self.corners = corners
    self.extent = extent
    centres = extent.map { extent in corners.map { TileLocation(x: $0.x + extent / 2, y: $0.y + extent / 2) } }
  }

  /// From centres.
  init(centres: [TileLocation], extent: Int?) {
    self.centres = centres
    self.extent = extent
    corners = extent.map { extent in centres.map { TileLocation(x: $0.x - extent / 2, y: $0.y - extent / 2) } }
  }

  /// A whole number of pixels; nil for what no slide has.
  static func pixels(_ value: Double) -> Int? {
    abs(value) < 1e9 ? Int(value.rounded()) : nil
  }

  /// Pairs of numbers, each divided by a scale, as places; nil if one is not a place.
  static func locations(_ values: [Double], dividedBy scale: Double = 1, plus shift: Double = 0) -> [TileLocation]? {
    var locations: [TileLocation] = []
    locations.reserveCapacity(values.count / 2)
    for index in stride(from: 0, to: values.count - 1, by: 2) {
      guard let x = pixels((values[index] + shift) / scale), let y = pixels((values[index + 1] + shift) / scale) else {
        return nil
      }
      locations.append(TileLocation(x: x, y: y))
    }
    return locations
  }

  /// The commonest distance between neighbours in one row or column of tiles; nil where no two share one.
  ///
  /// - Complexity: O(n log n).
  static func latticeStep(_ values: [Double]) -> Double? {
    let points = stride(from: 0, to: values.count - 1, by: 2).map { (values[$0], values[$0 + 1]) }
    guard points.allSatisfy({ $0.0.isFinite && $0.1.isFinite }) else { return nil }
    var counts: [Double: Int] = [:]
    func count(_ points: [(Double, Double)]) {
      for (one, next) in zip(points, points.dropFirst()) where one.0 == next.0 && next.1 > one.1 {
        counts[((next.1 - one.1) * 8).rounded() / 8, default: 0] += 1
      }
    }
    count(points.sorted { ($0.0, $0.1) < ($1.0, $1.1) })
    count(points.map { ($0.1, $0.0) }.sorted { ($0.0, $0.1) < ($1.0, $1.1) })
    return counts.max { ($0.value, -$0.key) < ($1.value, -$1.key) }?.key
  }
}
