extension RegionsOfInterest.Region {
  /// By the even-odd rule.
  func contains(_ point: RegionsOfInterest.Vertex) -> Bool {
    var isInside = false
    for (index, a) in vertices.enumerated() {
      let b = vertices[index + 1 < vertices.count ? index + 1 : 0]
      guard (a.y > point.y) != (b.y > point.y) else { continue }
      if point.x < a.x + (point.y - a.y) / (b.y - a.y) * (b.x - a.x) { isInside.toggle() }
    }
    return isInside
  }

  /// In square pixels, by the shoelace formula about the first vertex, so that large coordinates lose no digits.
  var area: Double {
    let origin = vertices.first ?? RegionsOfInterest.Vertex(x: 0, y: 0)
    var doubled = 0.0
    for (index, vertex) in vertices.enumerated() {
      let next = vertices[(index + 1) % vertices.count]
      doubled += (vertex.x - origin.x) * (next.y - origin.y) - (next.x - origin.x) * (vertex.y - origin.y)
    }
    return abs(doubled) / 2
  }
}
