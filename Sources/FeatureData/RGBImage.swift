/// An upright RGB picture: `height × width × 3` bytes, row 0 at the top, no padding.
package struct RGBImage: Sendable, Equatable {
  package let width: Int
  package let height: Int
  package var pixels: [UInt8]

  /// - Precondition: `pixels.count == width * height * 3`.
  package init(width: Int, height: Int, pixels: [UInt8]) {
    precondition(pixels.count == width * height * 3, "an RGB image holds width × height × 3 bytes")
    self.width = width
    self.height = height
    self.pixels = pixels
  }
}
