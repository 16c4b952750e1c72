package import FeatureData

extension WholeSlideImage {
  /// The longest side of a square that is read, in pixels of the level that it is read from.
  private static let longestSide = 4096

  /// A square of the slide as a picture, over white where it reaches beyond the slide.
  ///
  /// It is read from the coarsest level that has the detail wanted. Any thread may call this.
  ///
  /// - Parameters:
  ///   - corner: top left, in pixels of level 0.
  ///   - side: of the square, in pixels of level 0.
  ///   - pictureSide: of the picture; it gets smaller where the slide has no more pixels.
  /// - Throws: `SlideError.unreadableRegion`, also for a square of more pixels than are read at once.
  package func picture(
    ofSquareAt corner: TileLocation, side: Int, pictureSide: Int
  ) throws(SlideError) -> RGBImage {
    let wanted = max(1, min(pictureSide, side))
    let level = level(forDownsample: Double(side) / Double(wanted))
    let downsample = levels[level].downsample
    let length = max(1, Int((Double(side) / downsample).rounded()))
    guard length <= Self.longestSide else {
      throw .unreadableRegion(
        path: path, x: corner.x, y: corner.y, level: level,
        reason: "it has \(length) pixels along a side there, and at most \(Self.longestSide) are read")
    }
    let pixels = try SlidePixels(width: length, height: length) { buffer throws(SlideError) in
      var reader = RegionReader(self)
      try reader.read(
        region: buffer, x: Int((Double(corner.x) / downsample).rounded()),
        y: Int((Double(corner.y) / downsample).rounded()), level: level, width: length, height: length)
    }
    let image = pixels.image()
    guard length > wanted else { return image }
    return ImageScaling(fromWidth: length, fromHeight: length, toWidth: wanted, toHeight: wanted).scaled(image)
  }
}
