/// Tells in which region places lie.
package struct RegionLocator: Sendable {
  private struct Box {
    let x: ClosedRange<Double>
    let y: ClosedRange<Double>
    /// Of the outline, in square pixels.
    let area: Double
  }

  package let regions: RegionsOfInterest
  private let boxes: [Box]

  package init(_ regions: RegionsOfInterest) {
    self.regions = regions
    boxes = regions.regions.map { region in
      let (x, y) = (region.vertices.map(\.x), region.vertices.map(\.y))
      return Box(
        x: (x.min() ?? 0)...(x.max() ?? 0), y: (y.min() ?? 0)...(y.max() ?? 0), area: region.area)
    }
  }

  /// The innermost region that a place lies in, and not in a hole of it.
  ///
  /// - Complexity: O(regions), and O(vertices) of those whose boxes are around the place.
  package func region(at point: RegionsOfInterest.Vertex) -> RegionsOfInterest.Region? {
    let around = boxes.indices.filter {
      boxes[$0].x.contains(point.x) && boxes[$0].y.contains(point.y) && regions.regions[$0].contains(point)
    }
    let inside = around.filter { index in
      guard regions.isOutline(index) else { return false }
      return !around.contains { other in
        regions.isNested
          ? regions.parents[other] == index : regions.areas[other] == regions.areas[index] && regions.depths[other] == 1
      }
    }
    return inside.min { boxes[$0].area < boxes[$1].area }.map { regions.regions[$0] }
  }
}
