import FeatureData

/// Brings a tile to the size of its cell.
enum TileScaling {
  /// - Returns: the image at `side × side`, upright; a longer side is fitted and the rest is `background`.
  static func fitted(_ image: RGBImage, side: Int, background: Colour) -> RGBImage {
    guard image.width > 0, image.height > 0 else {
      return RGBImage(width: side, height: side, pixels: background.repeated(side * side))
    }
    if image.width == side, image.height == side { return image }
    let longest = max(image.width, image.height)
    let width = max(1, image.width * side / longest)
    let height = max(1, image.height * side / longest)
    let scaling = ImageScaling(
      fromWidth: image.width, fromHeight: image.height, toWidth: width, toHeight: height)
    let scaled = scaling.scaled(image)
    if width == side, height == side { return scaled }
    var framed = RGBImage(width: side, height: side, pixels: background.repeated(side * side))
    let left = (side - width) / 2
    let top = (side - height) / 2
    for row in 0..<height {
      let place = ((top + row) * side + left) * 3
      framed.pixels.replaceSubrange(
        place..<place + width * 3, with: scaled.pixels[row * width * 3..<(row + 1) * width * 3])
    }
    return framed
  }
}

extension Colour {
  /// So many pixels of RGB.
  func repeated(_ count: Int) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: count * 3) { target, written in
      for index in 0..<count {
        target[index * 3] = red
        target[index * 3 + 1] = green
        target[index * 3 + 2] = blue
      }
      written = count * 3
    }
  }
}
