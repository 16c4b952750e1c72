/// Which regions of interest lie in which.
struct RegionNesting {
  /// The smallest region around each one; nil for those that lie in none.
  private(set) var parents: [Int?]
  /// How many regions each one lies in.
  private(set) var depths: [Int]

  /// - Parameter check: called again and again, and may end the work.
  /// - Complexity: O(regions² + vertices · regions whose boxes nest).
  init<Stop: Error>(_ regions: [RegionsOfInterest.Region], check: () throws(Stop) -> Void) throws(Stop) {
    let outlines = regions.map(Outline.init)
    // From the largest to the smallest, so that a region's parents come before it.
    let order = outlines.indices.sorted { outlines[$0].area > outlines[$1].area }
    parents = [Int?](repeating: nil, count: regions.count)
    depths = [Int](repeating: 0, count: regions.count)
    for (place, inner) in order.enumerated() {
      try check()
      // The last one that holds it is the smallest.
      for outer in order[..<place].reversed()
      where outlines[outer].area > outlines[inner].area && outlines[outer].isAround(outlines[inner]) {
        try check()
        guard outlines[outer].holds(outlines[inner]) else { continue }
        parents[inner] = outer
        depths[inner] = depths[outer] + 1
        break
      }
    }
  }
}

/// What is needed to tell whether one region lies in another.
private struct Outline {
  let vertices: [RegionsOfInterest.Vertex]
  let area: Double
  private let left: Double
  private let right: Double
  private let top: Double
  private let bottom: Double

  init(_ region: RegionsOfInterest.Region) {
    vertices = region.vertices
    left = vertices.map(\.x).min() ?? 0
    right = vertices.map(\.x).max() ?? 0
    top = vertices.map(\.y).min() ?? 0
    bottom = vertices.map(\.y).max() ?? 0
    // The shoelace formula, about the first vertex so that large coordinates lose no digits.
    let origin = vertices.first ?? RegionsOfInterest.Vertex(x: 0, y: 0)
    var doubled = 0.0
    for (index, vertex) in vertices.enumerated() {
      let next = vertices[(index + 1) % vertices.count]
      doubled += (vertex.x - origin.x) * (next.y - origin.y) - (next.x - origin.x) * (vertex.y - origin.y)
    }
    area = abs(doubled) / 2
  }

  /// True if its box holds the box of the other.
  func isAround(_ other: Outline) -> Bool {
    left <= other.left && right >= other.right && top <= other.top && bottom >= other.bottom
  }

  /// True if all vertices of the other lie inside or on this one; outlines drawn by hand do not weave in and out.
  func holds(_ other: Outline) -> Bool {
    // Outlines can have many thousand vertices; a hundred of them tell as well.
    let step = max(other.vertices.count / 100, 1)
    return stride(from: 0, to: other.vertices.count, by: step).allSatisfy { contains(other.vertices[$0]) }
  }

  private func contains(_ point: RegionsOfInterest.Vertex) -> Bool {
    var isInside = false
    for (index, a) in vertices.enumerated() {
      let b = vertices[index + 1 < vertices.count ? index + 1 : 0]
      guard (a.y > point.y) != (b.y > point.y) else { continue }
      if point.x < a.x + (point.y - a.y) / (b.y - a.y) * (b.x - a.x) { isInside.toggle() }
    }
    return isInside
  }
}
