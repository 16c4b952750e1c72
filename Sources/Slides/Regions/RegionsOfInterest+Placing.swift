extension RegionsOfInterest {
  /// From which corner the vertices are counted; always in pixels of level 0.
  package enum Frame: String, Sendable, Codable {
    /// As OpenSlide counts, and as ImageScope and slideflow's tables do.
    case wholeSlide
    /// As QuPath counts: from the corner of the part that was scanned, where a slide has one.
    case scannedPart
  }

  /// The same, counted from the corner of the whole slide.
  ///
  /// - Parameter bounds: the scanned part of the slide; nil where it has none of its own.
  package func placed(on bounds: SlideBounds?) -> RegionsOfInterest {
    guard frame == .scannedPart, let bounds else { return self }
    let (x, y) = (Double(bounds.x), Double(bounds.y))
    return RegionsOfInterest(self) { region in
      Region(
        name: region.name, label: region.label, vertices: region.vertices.map { Vertex(x: $0.x + x, y: $0.y + y) })
    }
  }
}

extension RegionsOfInterest {
  /// Refuses regions, counted from the corner of the whole slide, that all lie off it, and so were drawn on another slide
  /// or counted from another corner.
  ///
  /// - Throws: `roiOutside`, `roiOfScannedPart`, `roiOfWholeSlide`.
  package func check(on slide: WholeSlideImage) throws(SlideError) {
    guard !regions.isEmpty else { return }
    let whole = Box(x: 0, y: 0, width: slide.width, height: slide.height)
    let boxes = regions.map { Box($0.vertices) }
    let names = regions.map(\.name)
    if let bounds = slide.scannedPart {
      let scanned = Box(x: bounds.x, y: bounds.y, width: bounds.width, height: bounds.height)
      let own = Box(x: 0, y: 0, width: bounds.width, height: bounds.height)
      let isElsewhere = !boxes.contains { $0.meets(scanned) }
      if frame == .wholeSlide, isElsewhere, boxes.allSatisfy({ own.holds($0) }) {
        throw .roiOfScannedPart(slide: slide.name, names: names, x: bounds.x, y: bounds.y)
      }
      if frame == .scannedPart, isElsewhere,
        boxes.allSatisfy({ scanned.holds($0.moved(x: -Double(bounds.x), y: -Double(bounds.y))) })
      {
        throw .roiOfWholeSlide(slide: slide.name, names: names, x: bounds.x, y: bounds.y)
      }
    }
    guard !boxes.contains(where: { $0.meets(whole) }) else { return }
    throw .roiOutside(
      slide: slide.name, names: names, width: slide.width, height: slide.height,
      x: Int(boxes.map(\.left).min() ?? 0), y: Int(boxes.map(\.top).min() ?? 0))
  }

  /// Names of the regions of which no part lies on the slide.
  package func outside(_ slide: WholeSlideImage) -> [String] {
    let whole = Box(x: 0, y: 0, width: slide.width, height: slide.height)
    return regions.indices.filter { depths[$0] % 2 == 0 && !Box(regions[$0].vertices).meets(whole) }.map {
      regions[$0].name
    }
  }

  /// The smallest rectangle around an outline.
  private struct Box {
    let left: Double
    let top: Double
    let right: Double
    let bottom: Double

    init(x: Int, y: Int, width: Int, height: Int) {
      (left, top, right, bottom) = (Double(x), Double(y), Double(x + width), Double(y + height))
    }

    init(_ vertices: [Vertex]) {
      left = vertices.map(\.x).min() ?? 0
      top = vertices.map(\.y).min() ?? 0
      right = vertices.map(\.x).max() ?? 0
      bottom = vertices.map(\.y).max() ?? 0
    }

    private init(left: Double, top: Double, right: Double, bottom: Double) {
      (self.left, self.top, self.right, self.bottom) = (left, top, right, bottom)
    }

    func moved(x: Double, y: Double) -> Box { Box(left: left + x, top: top + y, right: right + x, bottom: bottom + y) }

    func meets(_ other: Box) -> Bool {
      left < other.right && right > other.left && top < other.bottom && bottom > other.top
    }

    /// True if it reaches around the other, but for what a hand draws past an edge.
    func holds(_ other: Box) -> Bool {
      let slack = 0.05
      let (width, height) = ((right - left) * slack, (bottom - top) * slack)
      return other.left >= left - width && other.right <= right + width && other.top >= top - height
        && other.bottom <= bottom + height
    }
  }
}
