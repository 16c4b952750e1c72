/// How large a demo project is. Everything else follows from the seed.
package struct DemoPlan: Sendable, Equatable {
  package var slideCount: Int
  /// The number of tiles of a slide lies in this range.
  package var tileCounts: ClosedRange<Int>
  /// Pixels along a side of a tile.
  package var tileSidePixels: Int
  /// Micrometres along a side of a tile.
  package var tileSideMicrons: Int
  /// How many of the slides, from the first on, are also written as images that a slide viewer opens.
  package var slideImageCount: Int

  package init(
    slideCount: Int = 12, tileCounts: ClosedRange<Int> = 160...240, tileSidePixels: Int = 299,
    tileSideMicrons: Int = 302, slideImageCount: Int = 2
  ) {
    self.slideCount = slideCount
    self.tileCounts = tileCounts
    self.tileSidePixels = tileSidePixels
    self.tileSideMicrons = tileSideMicrons
    self.slideImageCount = slideImageCount
  }

  /// The project that `demo` writes.
  package static let standard = DemoPlan()

  static let micronsPerPixel = 0.5
  /// A tile's side in pixels of the slide's full resolution.
  var fullExtractPixels: Int { Int(Double(tileSideMicrons) / Self.micronsPerPixel) }
  /// Slideflow's name for the folder of tiles of this size.
  var tileLabel: String { "\(tileSidePixels)px_\(tileSideMicrons)um" }
}
