/// The size of extracted tiles: pixels, and how much tissue they cover.
///
/// Slideflow names the folder of such tiles after it: `299px_302um`, or `299px_10x` for a magnification.
package struct TileSize: Sendable, Hashable, Codable {
  package enum Extent: Sendable, Hashable, Codable {
    /// Side of the tile on the slide, in micrometres.
    case microns(Int)
    /// Magnification, such as 20 for "20x".
    case magnification(String)
  }

  /// Side in pixels.
  package let pixels: Int
  package let extent: Extent

  package init(pixels: Int, extent: Extent) {
    self.pixels = pixels
    self.extent = extent
  }

  /// Reads a folder's name; nil if it is not of this form.
  package init?(label: String) {
    let parts = label.split(separator: "_", omittingEmptySubsequences: false)
    guard parts.count == 2, parts[0].hasSuffix("px"), let pixels = Int(parts[0].dropLast(2)), pixels > 0 else {
      return nil
    }
    self.pixels = pixels
    if parts[1].hasSuffix("um"), let microns = Int(parts[1].dropLast(2)), microns > 0 {
      extent = .microns(microns)
    } else if parts[1].hasSuffix("x"), Double(parts[1].dropLast()) != nil {
      extent = .magnification(String(parts[1].dropLast()))
    } else {
      return nil
    }
  }

  /// As the folder is named.
  package var label: String {
    switch extent {
    case .microns(let microns): "\(pixels)px_\(microns)um"
    case .magnification(let power): "\(pixels)px_\(power)x"
    }
  }

  /// As `tile_um` is written: `302` or `20x`.
  package var extentText: String {
    switch extent {
    case .microns(let microns): String(microns)
    case .magnification(let power): power + "x"
    }
  }
}
