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

  /// From top-left corners in pixels of level 0, with the tile's side as the file says, else as is asked, else as neighbours
  /// lie.
  ///
  /// - Parameters:
  ///   - values: x and y of each.
  ///   - stated: as the file says.
  ///   - assumptions: gets what was not said by the file.
  /// - Returns: nil for coordinates where no slide reaches.
  init?(corners values: [Double], stated: Int?, _ request: BagRequest, _ assumptions: inout [String]) {
    guard let corners = Self.locations(values) else { return nil }
    if stated == nil { assumptions.append("Coordinates are taken as top-left corners of tiles in level-0 pixels.") }
    guard request.tileSide == nil else {
      self.init(corners: corners, extent: Self.side(stated: stated, request, &assumptions))
      needMicronsPerPixel = request.needsMicronsPerPixel
      return
    }
    let extent = stated ?? Self.latticeStep(values).flatMap(Self.pixels)
    if stated == nil, let extent {
      assumptions.append("The tile's side is taken from the distance of neighbours: \(extent) level-0 pixels.")
    }
    self.init(corners: corners, extent: extent)
  }

  /// The tile's side where one is asked for: what the file says wins, and a difference is said.
  static func side(stated: Int?, _ request: BagRequest, _ assumptions: inout [String]) -> Int? {
    guard let stated else {
      if let asked = request.sidePixels {
        assumptions.append("The tile's side is \(asked) level-0 pixels, as asked for.")
      }
      return request.sidePixels
    }
    if let asked = request.sidePixels, asked != stated {
      assumptions.append("Its tiles are \(stated) level-0 pixels as it says, and not \(asked) as asked for.")
    }
    return stated
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
