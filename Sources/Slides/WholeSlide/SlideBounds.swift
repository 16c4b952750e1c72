/// The part of a slide that was scanned, in pixels of level 0: `openslide.bounds-…` of MIRAX, Leica SCN and some others.
///
/// OpenSlide counts from the corner of the whole slide, and so do tiles, regions and all that is kept here. QuPath shows
/// the scanned part alone, and counts from its corner.
package struct SlideBounds: Sendable, Equatable {
  package let x: Int
  package let y: Int
  package let width: Int
  package let height: Int
}

extension WholeSlideImage {
  /// Nil for a slide without bounds, with such as begin at its own corner, where all count alike, and with impossible ones.
  package var scannedPart: SlideBounds? {
    func length(_ name: String) -> Int? {
      number("openslide.bounds-" + name).flatMap { (0...1e7).contains($0) ? Int($0) : nil }
    }
    guard let x = length("x"), let y = length("y"), let width = length("width"), let height = length("height"),
      width > 0, height > 0, x < self.width, y < self.height, x > 0 || y > 0
    else { return nil }
    return SlideBounds(x: x, y: y, width: width, height: height)
  }
}

extension RegionsOfInterest {
  /// Refuses regions that all lie off the slide, and so were drawn on another slide or counted from another corner.
  ///
  /// - Throws: `roiOutside`, `roiOfScannedPart`.
  package func check(on slide: WholeSlideImage) throws(SlideError) {
    guard !regions.isEmpty else { return }
    let whole = Box(x: 0, y: 0, width: slide.width, height: slide.height)
    let boxes = regions.map { Box($0.vertices) }
    let names = regions.map(\.name)
    if let bounds = slide.scannedPart {
      let scanned = Box(x: bounds.x, y: bounds.y, width: bounds.width, height: bounds.height)
      let own = Box(x: 0, y: 0, width: bounds.width, height: bounds.height)
      if !boxes.contains(where: { $0.meets(scanned) }), boxes.allSatisfy({ own.holds($0) }) {
        throw .roiOfScannedPart(slide: slide.name, names: names, x: bounds.x, y: bounds.y)
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
    return regions.filter { !Box($0.vertices).meets(whole) }.map(\.name)
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
