import FeatureData

/// A picture of premultiplied ARGB pixels, clear at first, that points are stamped on.
struct PixelLayer: Sendable {
  let width: Int
  let height: Int
  /// `0xAARRGGBB`, row-major, row 0 at the top.
  var pixels: [UInt32]

  init(width: Int, height: Int) {
    self.width = width
    self.height = height
    pixels = [UInt32](repeating: 0, count: width * height)
  }

  init(_ image: RGBImage) {
    self.init(width: image.width, height: image.height)
    for index in pixels.indices {
      pixels[index] =
        0xFF00_0000 | UInt32(image.pixels[index * 3]) << 16 | UInt32(image.pixels[index * 3 + 1]) << 8
        | UInt32(image.pixels[index * 3 + 2])
    }
  }
}

extension PixelLayer {
  /// With each pixel as a block of so many, that the layer has at least as many as asked for on each axis.
  func enlarged(toWidth wantedWidth: Int, height wantedHeight: Int) -> PixelLayer {
    let across = max(1, (wantedWidth + width - 1) / max(width, 1))
    let down = max(1, (wantedHeight + height - 1) / max(height, 1))
    var result = PixelLayer(width: width * across, height: height * down)
    for row in 0..<result.height {
      let from = row / down * width
      for column in 0..<width {
        let start = row * result.width + column * across
        for place in start..<start + across { result.pixels[place] = pixels[from + column] }
      }
    }
    return result
  }
}
