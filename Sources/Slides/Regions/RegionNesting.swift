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
  private let region: RegionsOfInterest.Region
  let area: Double
  private let left: Double
  private let right: Double
  private let top: Double
  private let bottom: Double

  init(_ region: RegionsOfInterest.Region) {
    self.region = region
    let vertices = region.vertices
    left = vertices.map(\.x).min() ?? 0
    right = vertices.map(\.x).max() ?? 0
    top = vertices.map(\.y).min() ?? 0
    bottom = vertices.map(\.y).max() ?? 0
    area = region.area
  }

  /// True if its box holds the box of the other.
  func isAround(_ other: Outline) -> Bool {
    left <= other.left && right >= other.right && top <= other.top && bottom >= other.bottom
  }

  /// True if all vertices of the other lie inside or on this one; outlines drawn by hand do not weave in and out.
  func holds(_ other: Outline) -> Bool {
    // Outlines can have many thousand vertices; a hundred of them tell as well.
    let vertices = other.region.vertices
    let step = max(vertices.count / 100, 1)
    return stride(from: 0, to: vertices.count, by: step).allSatisfy { region.contains(vertices[$0]) }
  }
}
