/// Goes over regions of interest line by line, from the top of a slide to its bottom.
///
/// The edges are sorted by where they begin, so that a line meets only those that cross it.
/// - Complexity: O(edges · log edges) to make; a line costs the edges that cross it.
struct RegionScanner {
  private struct Edge {
    let region: Int
    let top: Double
    let bottom: Double
    /// x at the top, and how far it is from there to x at the bottom.
    let x: Double
    let width: Double

    /// A slope would be infinite, and 0 times it no number, for an edge of hardly any height.
    func x(atY y: Double) -> Double { x + (y - top) / (bottom - top) * width }
  }

  private let regions: RegionsOfInterest
  private let edges: [Edge]
  private var next = 0
  private var active: [Edge] = []
  private var lastY = -Double.infinity

  init(_ regions: RegionsOfInterest) {
    self.regions = regions
    edges = regions.regions.enumerated().flatMap { index, region in
      Self.edges(of: region.vertices, region: index)
    }.sorted { $0.top < $1.top }
  }

  /// The intervals of x in which a region lies at a height; heights must not fall from call to call.
  mutating func spans(atY y: Double) -> [Range<Double>] {
    precondition(y >= lastY, "lines are asked for from top to bottom")
    lastY = y
    while next < edges.count, edges[next].top <= y {
      active.append(edges[next])
      next += 1
    }
    active.removeAll { $0.bottom <= y }
    if active.isEmpty { return [] }
    // An outline crosses a line an even number of times.
    let crossings = active.map { (region: $0.region, x: $0.x(atY: y)) }.sorted {
      $0.region == $1.region ? $0.x < $1.x : $0.region < $1.region
    }
    return regions.covered(
      by: stride(from: 0, to: crossings.count - 1, by: 2).map { index in
        (crossings[index].region, crossings[index].x..<crossings[index + 1].x)
      })
  }

  /// The intervals of one outline at one height, by the even-odd rule.
  static func spans(of vertices: [RegionsOfInterest.Vertex], atY y: Double) -> [Range<Double>] {
    spans(between: edges(of: vertices, region: 0).filter { $0.top <= y && y < $0.bottom }.map { $0.x(atY: y) })
  }

  private static func spans(between crossings: [Double]) -> [Range<Double>] {
    let sorted = crossings.sorted()
    return stride(from: 0, to: sorted.count - 1, by: 2).map { sorted[$0]..<sorted[$0 + 1] }
  }

  /// Horizontal edges bound nothing; an edge holds its upper end and not its lower one.
  private static func edges(of vertices: [RegionsOfInterest.Vertex], region: Int) -> [Edge] {
    vertices.indices.compactMap { index in
      let a = vertices[index]
      let b = vertices[(index + 1) % vertices.count]
      guard a.y != b.y else { return nil }
      let (upper, lower) = a.y < b.y ? (a, b) : (b, a)
      return Edge(region: region, top: upper.y, bottom: lower.y, x: upper.x, width: lower.x - upper.x)
    }
  }
}
