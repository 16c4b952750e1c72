/// What is asked of a file of features, and known of its slide.
package struct BagRequest: Sendable, Hashable, Codable {
  /// How large the tiles are on the slide, where their file does not say.
  package enum TileSide: Sendable, Hashable, Codable {
    /// Of level 0.
    case pixels(Int)
    case microns(Double)
    /// So many pixels at a magnification, of which a pixel of 1 µm is that of 10.
    case magnification(Double, pixels: Int)
  }

  package enum Contents: String, Sendable, Codable {
    case features
    /// Numbers of tiles with their places, and no features.
    case scores
  }

  /// Of level 0 of the slide, where known.
  package var micronsPerPixel: Double?
  /// The part of each file that holds the features; nil for the one that is known by its name or its shape.
  package var key: String?
  package var tileSide: TileSide?
  package var contents = Contents.features

  package init(
    micronsPerPixel: Double? = nil, key: String? = nil, tileSide: TileSide? = nil, contents: Contents = .features
  ) {
    self.micronsPerPixel = micronsPerPixel
    self.key = key
    self.tileSide = tileSide
    self.contents = contents
  }

  var needsMicronsPerPixel: Bool {
    switch tileSide {
    case .microns, .magnification: true
    case .pixels, nil: false
    }
  }

  /// Pixels of level 0; nil where none was said, or the microns per pixel that it needs are not known.
  var sidePixels: Int? {
    guard let tileSide else { return nil }
    switch tileSide {
    case .pixels(let pixels): return pixels
    // As slideflow cuts them.
    case .microns(let microns): return micronsPerPixel.flatMap { TilePlaces.pixels((microns / $0).rounded(.down)) }
    case .magnification(let power, let pixels):
      return micronsPerPixel.flatMap { TilePlaces.pixels(Double(pixels) * 10 / (power * $0)) }
    }
  }
}
