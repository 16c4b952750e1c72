/// Outlines that a pathologist drew on a slide.
///
/// A region inside another one is a hole in it, one inside the hole is tissue again, and so on; regions that merely
/// overlap are joined.
package struct RegionsOfInterest: Sendable, Equatable {
  package struct Vertex: Sendable, Equatable {
    /// Level-0 pixels.
    package let x: Double
    package let y: Double

    package init(x: Double, y: Double) {
      self.x = x
      self.y = y
    }
  }

  /// One closed outline.
  package struct Region: Sendable, Equatable {
    package let name: String
    package let label: String?
    /// Three or more; the last is joined to the first.
    package let vertices: [Vertex]

    package init(name: String, label: String? = nil, vertices: [Vertex]) {
      self.name = name
      self.label = label
      self.vertices = vertices
    }
  }

  package let regions: [Region]
  /// Which region each one is a hole or an island of; nil for those that lie in none.
  let parents: [Int?]
  /// How many regions each one lies in.
  let depths: [Int]

  package init(_ regions: [Region]) {
    self.regions = regions
    (parents, depths) = Self.nesting(regions)
  }

  package var holeCount: Int { depths.count { $0 % 2 == 1 } }

  /// The smallest region around each one.
  /// - Complexity: O(regions² + vertices · regions whose boxes nest).
  private static func nesting(_ regions: [Region]) -> (parents: [Int?], depths: [Int]) {
    let outlines = regions.map(Outline.init)
    // From the largest to the smallest, so that a region's parents come before it.
    let order = outlines.indices.sorted { outlines[$0].area > outlines[$1].area }
    var parents = [Int?](repeating: nil, count: regions.count)
    var depths = [Int](repeating: 0, count: regions.count)
    for (place, inner) in order.enumerated() {
      // The last one that holds it is the smallest.
      for outer in order[..<place].reversed()
      where outlines[outer].area > outlines[inner].area && outlines[outer].holds(outlines[inner]) {
        parents[inner] = outer
        depths[inner] = depths[outer] + 1
        break
      }
    }
    return (parents, depths)
  }

  /// Where the regions lie along a horizontal line: disjoint intervals of x, in order.
  ///
  /// - Complexity: O(vertices); `RegionScanner` answers many lines faster.
  package func spans(atY y: Double) -> [Range<Double>] {
    Self.union(of: regions.indices.map { RegionScanner.spans(of: regions[$0].vertices, atY: y) }, depths: depths)
  }

  /// Joins the spans of nested and overlapping regions: what lies in a region and not in a hole of it.
  ///
  /// - Parameter spans: of each region, in the regions' order.
  static func union(of spans: [[Range<Double>]], depths: [Int]) -> [Range<Double>] {
    var result: [Range<Double>] = []
    // From the outermost inwards: islands are added after the holes around them were taken out.
    for depth in Set(depths).sorted() {
      let layer = joined(depths.indices.filter { depths[$0] == depth }.flatMap { spans[$0] })
      result = depth % 2 == 0 ? joined(result + layer) : subtracting(layer, from: result)
    }
    return result
  }

  static func joined(_ spans: [Range<Double>]) -> [Range<Double>] {
    var result: [Range<Double>] = []
    for span in spans.sorted(by: { $0.lowerBound < $1.lowerBound }) {
      if let last = result.last, span.lowerBound <= last.upperBound {
        result[result.count - 1] = last.lowerBound..<max(last.upperBound, span.upperBound)
      } else {
        result.append(span)
      }
    }
    return result
  }

  private static func subtracting(_ holes: [Range<Double>], from spans: [Range<Double>]) -> [Range<Double>] {
    spans.flatMap { span -> [Range<Double>] in
      var rest: [Range<Double>] = []
      var start = span.lowerBound
      for hole in holes where hole.upperBound > span.lowerBound && hole.lowerBound < span.upperBound {
        if hole.lowerBound > start { rest.append(start..<hole.lowerBound) }
        start = max(start, hole.upperBound)
      }
      if start < span.upperBound { rest.append(start..<span.upperBound) }
      return rest
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

  /// True if all vertices of the other lie inside or on this one; outlines drawn by hand do not weave in and out.
  func holds(_ other: Outline) -> Bool {
    guard left <= other.left, right >= other.right, top <= other.top, bottom >= other.bottom else { return false }
    // Outlines can have many thousand vertices; a hundred of them tell as well.
    let step = max(other.vertices.count / 100, 1)
    return stride(from: 0, to: other.vertices.count, by: step).allSatisfy { contains(other.vertices[$0]) }
  }

  private func contains(_ point: RegionsOfInterest.Vertex) -> Bool {
    var isInside = false
    for (index, a) in vertices.enumerated() {
      let b = vertices[(index + 1) % vertices.count]
      guard (a.y > point.y) != (b.y > point.y) else { continue }
      if point.x < a.x + (point.y - a.y) / (b.y - a.y) * (b.x - a.x) { isInside.toggle() }
    }
    return isInside
  }
}
