/// A polygon on a map or a slide, whose inside is what the even-odd rule says: where its edges cross each other, a part that
/// they go around twice is outside. Its edges and corners belong to it.
struct PlanePolygon: Sendable {
  private struct Edge {
    let ax: Double
    let ay: Double
    let bx: Double
    let by: Double

    /// Exactly on the line, and between its ends.
    func holds(_ x: Double, _ y: Double) -> Bool {
      (bx - ax) * (y - ay) == (by - ay) * (x - ax) && min(ax, bx) <= x && x <= max(ax, bx) && min(ay, by) <= y
        && y <= max(ay, by)
    }
  }

  let x: ClosedRange<Double>
  let y: ClosedRange<Double>
  let cornerCount: Int
  /// Edges by the horizontal band that they meet, band after band, so that a point is held against those of its band alone.
  private let edges: [Edge]
  private let bandStarts: [Int]

  /// - Parameter coordinates: x and y of one corner after the other; the last is joined to the first.
  /// - Throws: `WorkflowFailure` for what bounds no area, with the parameter.
  init(_ coordinates: [Double], parameter: String = "polygon") throws(WorkflowFailure) {
    var corners = stride(from: 0, to: coordinates.count - 1, by: 2).map { SIMD2(coordinates[$0], coordinates[$0 + 1]) }
    guard coordinates.count.isMultiple(of: 2) else {
      throw WorkflowFailure(
        "A corner of a polygon is two numbers, x and y, and \(coordinates.count) are given.", parameter: parameter)
    }
    if corners.count > 1, corners.first == corners.last { corners.removeLast() }
    guard Set(corners).count >= 3 else {
      let sides = corners.count == 2 && corners[0] != corners[1]
      let area =
        sides
        ? [
          min(corners[0].x, corners[1].x), min(corners[0].y, corners[1].y),
          max(corners[0].x, corners[1].x), max(corners[0].y, corners[1].y),
        ] : []
      throw WorkflowFailure(
        "A polygon has three corners or more, and this one has \(Set(corners).count)."
          + (sides ? " Left, top, right and bottom of a rectangle are an `area`." : ""),
        remedy: sides ? "area=[\(area.map(\.shortText).joined(separator: ", "))]" : nil, parameter: parameter)
    }
    let sides = corners.indices.map { (corners[$0], corners[($0 + 1) % corners.count]) }.filter { $0 != $1 }
    let (xs, ys) = (corners.map(\.x), corners.map(\.y))
    let (left, right) = (xs.min() ?? 0, xs.max() ?? 0)
    let (top, bottom) = (ys.min() ?? 0, ys.max() ?? 0)
    let across = corners[0]
    let isFlat = sides.allSatisfy { side in
      let along = (corners.first { $0 != across } ?? across) - across
      return along.x * (side.1.y - across.y) == along.y * (side.1.x - across.x)
    }
    guard !isFlat else {
      throw WorkflowFailure("The corners of the polygon lie on one line, and bound no area.", parameter: parameter)
    }
    x = left...right
    y = top...bottom
    cornerCount = corners.count
    let bandCount = min(max(sides.count, 1), 4096)
    let height = bottom - top
    func band(_ y: Double) -> Int { min(max(Int((y - top) / height * Double(bandCount)), 0), bandCount - 1) }
    var bands = [[Edge]](repeating: [], count: bandCount)
    for (a, b) in sides {
      for place in band(min(a.y, b.y))...band(max(a.y, b.y)) {
        bands[place].append(Edge(ax: a.x, ay: a.y, bx: b.x, by: b.y))
      }
    }
    edges = bands.flatMap(\.self)
    bandStarts = bands.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1.count) }
  }

  /// - Complexity: O(edges at the height of the point).
  func contains(_ px: Double, _ py: Double) -> Bool {
    guard x.contains(px), y.contains(py) else { return false }
    let bandCount = bandStarts.count - 1
    let place = (py - y.lowerBound) / (y.upperBound - y.lowerBound) * Double(bandCount)
    let band = min(max(Int(place), 0), bandCount - 1)
    var isInside = false
    for index in bandStarts[band]..<bandStarts[band + 1] {
      let edge = edges[index]
      if edge.holds(px, py) { return true }
      guard (edge.ay > py) != (edge.by > py) else { continue }
      if px < edge.ax + (py - edge.ay) / (edge.by - edge.ay) * (edge.bx - edge.ax) { isInside.toggle() }
    }
    return isInside
  }
}
