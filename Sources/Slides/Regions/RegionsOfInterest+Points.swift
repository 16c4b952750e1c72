extension RegionsOfInterest {
  /// Whether places lie in a region and not in a hole of it; on an outline, one on its left or upper side lies inside.
  ///
  /// - Complexity: O(vertices · log vertices + places · log places), and the edges at the height of each place.
  package func contain(_ places: [Vertex]) -> [Bool] {
    var isInside = [Bool](repeating: false, count: places.count)
    var scanner = RegionScanner(self)
    var spans: [Range<Double>] = []
    var height = -Double.infinity
    for index in places.indices.sorted(by: { places[$0].y < places[$1].y }) {
      let place = places[index]
      if place.y != height {
        height = place.y
        spans = scanner.spans(atY: height)
      }
      // The first that ends behind the place.
      var (low, high) = (0, spans.count)
      while low < high {
        let middle = (low + high) / 2
        if spans[middle].upperBound > place.x { high = middle } else { low = middle + 1 }
      }
      isInside[index] = low < spans.count && spans[low].lowerBound <= place.x
    }
    return isInside
  }
}
