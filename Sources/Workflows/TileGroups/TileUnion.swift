import FeatureData

/// The union of squares of one side, as polygons whose corners are whole pixels.
///
/// No ring meets itself: where two squares of the union touch at a corner alone they are two polygons, or the hole between
/// them ends there. Outer rings go counterclockwise where y is counted upwards, holes clockwise, as RFC 7946 asks.
struct TileUnion: Sendable {
  struct Polygon: Sendable, Equatable {
    var outer: [TileLocation]
    var holes: [[TileLocation]]
  }

  let polygons: [Polygon]

  /// - Parameters:
  ///   - corners: top left of each square; of equal ones one counts.
  ///   - side: greater than 0.
  /// - Complexity: O(n log n + heights · squares at a height).
  init(corners: [TileLocation], side: Int) {
    var edges = BoundaryEdges()
    for band in Self.bands(corners, side: side) { edges.add(band) }
    polygons = Self.polygons(edges.rings())
  }

  /// The covered intervals of x between two heights.
  struct Band {
    let top: Int
    let bottom: Int
    /// Disjoint and in order; empty where nothing is covered.
    let spans: [Range<Int>]
  }

  // MARK: Bands

  private static func bands(_ corners: [TileLocation], side: Int) -> [Band] {
    let squares = Set(corners)
    var begins: [Int: [Int]] = [:]
    for square in squares { begins[square.y, default: []].append(square.x) }
    let heights = Set(begins.keys.flatMap { [$0, $0 + side] }).sorted()
    // How many squares of each left edge there are at a height, and the edges in order.
    var counts: [Int: Int] = [:]
    var lefts: [Int] = []
    func place(_ x: Int) -> Int {
      var (low, high) = (0, lefts.count)
      while low < high {
        let middle = (low + high) / 2
        if lefts[middle] < x { low = middle + 1 } else { high = middle }
      }
      return low
    }
    return zip(heights, heights.dropFirst()).map { top, bottom in
      for x in begins[top - side] ?? [] {
        counts[x, default: 0] -= 1
        if counts[x] == 0 { lefts.remove(at: place(x)) }
      }
      for x in begins[top] ?? [] {
        counts[x, default: 0] += 1
        if counts[x] == 1 { lefts.insert(x, at: place(x)) }
      }
      var spans: [Range<Int>] = []
      for left in lefts {
        if let last = spans.last, left <= last.upperBound {
          spans[spans.count - 1] = last.lowerBound..<left + side
        } else {
          spans.append(left..<left + side)
        }
      }
      return Band(top: top, bottom: bottom, spans: spans)
    }
  }

  // MARK: Polygons

  private static func polygons(_ rings: [[TileLocation]]) -> [Polygon] {
    let areas = rings.map(doubledArea)
    let outer = rings.indices.filter { areas[$0] > 0 }
    var polygons = outer.map { Polygon(outer: rings[$0], holes: []) }
    let boxes = outer.map { ring -> (x: ClosedRange<Int>, y: ClosedRange<Int>) in
      let (xs, ys) = (rings[ring].map(\.x), rings[ring].map(\.y))
      return ((xs.min() ?? 0)...(xs.max() ?? 0), (ys.min() ?? 0)...(ys.max() ?? 0))
    }
    for hole in rings.indices where areas[hole] < 0 {
      // A place in the polygon beside the hole: on the left of its first edge.
      let (a, b) = (rings[hole][0], rings[hole][1])
      let (dx, dy) = ((b.x - a.x).signum(), (b.y - a.y).signum())
      let x = Double(a.x + b.x) / 2 - Double(dy) / 4
      let y = Double(a.y + b.y) / 2 + Double(dx) / 4
      let owner = outer.indices.filter { place in
        boxes[place].x.contains(a.x) && boxes[place].y.contains(a.y) && contains(rings[outer[place]], x, y)
      }.min { areas[outer[$0]] < areas[outer[$1]] }
      if let owner { polygons[owner].holes.append(rings[hole]) }
    }
    return polygons
  }

  private static func doubledArea(_ ring: [TileLocation]) -> Int {
    let origin = ring[0]
    return ring.indices.reduce(0) { sum, index in
      let (a, b) = (ring[index], ring[(index + 1) % ring.count])
      return sum + (a.x - origin.x) * (b.y - origin.y) - (b.x - origin.x) * (a.y - origin.y)
    }
  }

  private static func contains(_ ring: [TileLocation], _ x: Double, _ y: Double) -> Bool {
    var isInside = false
    for index in ring.indices {
      let (a, b) = (ring[index], ring[(index + 1) % ring.count])
      // Edges are level or upright.
      guard (Double(a.y) > y) != (Double(b.y) > y) else { continue }
      if x < Double(a.x) { isInside.toggle() }
    }
    return isInside
  }
}

/// The edges between what is covered and what is not, each with the covered side on its left where y is counted upwards.
private struct BoundaryEdges {
  private var ends: [TileLocation: [TileLocation]] = [:]
  private var above = TileUnion.Band(top: 0, bottom: 0, spans: [])

  private mutating func add(_ from: TileLocation, _ to: TileLocation) { ends[from, default: []].append(to) }

  /// - Parameter band: bands come from the least y to the greatest.
  mutating func add(_ band: TileUnion.Band) {
    for span in band.spans {
      add(TileLocation(x: span.upperBound, y: band.top), TileLocation(x: span.upperBound, y: band.bottom))
      add(TileLocation(x: span.lowerBound, y: band.bottom), TileLocation(x: span.lowerBound, y: band.top))
    }
    let before = above.bottom == band.top ? above.spans : []
    addLevel(band.spans, without: before, y: band.top, forwards: true)
    addLevel(before, without: band.spans, y: band.top, forwards: false)
    if above.bottom != band.top { addLevel(above.spans, without: [], y: above.bottom, forwards: false) }
    above = band
  }

  private mutating func addLevel(_ spans: [Range<Int>], without others: [Range<Int>], y: Int, forwards: Bool) {
    var next = 0
    for span in spans {
      var left = span.lowerBound
      while next < others.count, others[next].upperBound <= left { next += 1 }
      var place = next
      while left < span.upperBound {
        let other = place < others.count && others[place].lowerBound < span.upperBound ? others[place] : nil
        let right = other.map { max($0.lowerBound, left) } ?? span.upperBound
        if left < right {
          let (a, b) = (TileLocation(x: left, y: y), TileLocation(x: right, y: y))
          if forwards { add(a, b) } else { add(b, a) }
        }
        left = other?.upperBound ?? span.upperBound
        place += 1
      }
    }
  }

  /// Closed rings without the corner at which nothing turns, none of which meets itself.
  func rings() -> [[TileLocation]] {
    var open = self
    open.addLevel(above.spans, without: [], y: above.bottom, forwards: false)
    var rings: [[TileLocation]] = []
    // In an order that is the same every time.
    for start in open.ends.keys.sorted(by: { ($0.y, $0.x) < ($1.y, $1.x) }) {
      while let first = open.ends[start]?.first {
        var path = [start]
        var places = [start: 0]
        var (from, to) = (start, first)
        open.ends[start]?.removeFirst()
        while true {
          if let place = places[to] {
            let ring = Array(path[place...])
            for corner in ring.dropFirst() { places[corner] = nil }
            path.removeSubrange((place + 1)...)
            rings.append(Self.turns(of: ring))
            if path.count == 1 { break }
          } else {
            places[to] = path.count
            path.append(to)
          }
          guard let next = open.leave(to, from: from) else { break }
          (from, to) = (to, next)
        }
      }
    }
    return rings
  }

  /// Takes the edge on from a corner: of two the one that turns left, along the same square.
  private mutating func leave(_ corner: TileLocation, from: TileLocation) -> TileLocation? {
    guard let others = ends[corner], let last = others.indices.last else { return nil }
    let (dx, dy) = ((corner.x - from.x).signum(), (corner.y - from.y).signum())
    let place =
      others.firstIndex { next in
        let (ex, ey) = ((next.x - corner.x).signum(), (next.y - corner.y).signum())
        return dx * ey - dy * ex > 0
      } ?? last
    return ends[corner]?.remove(at: place)
  }

  private static func turns(of ring: [TileLocation]) -> [TileLocation] {
    ring.indices.filter { index in
      let (before, own) = (ring[(index + ring.count - 1) % ring.count], ring[index])
      let after = ring[(index + 1) % ring.count]
      return (own.x == before.x) != (after.x == own.x)
    }.map { ring[$0] }
  }
}
