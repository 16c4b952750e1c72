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
