import FeatureData

extension RGBImage {
  /// Its left upper part.
  func cropped(width newWidth: Int, height newHeight: Int) -> RGBImage {
    let (newWidth, newHeight) = (max(1, min(newWidth, width)), max(1, min(newHeight, height)))
    guard newWidth < width || newHeight < height else { return self }
    var rows: [UInt8] = []
    rows.reserveCapacity(newWidth * newHeight * 3)
    for row in 0..<newHeight { rows += pixels[row * width * 3..<(row * width + newWidth) * 3] }
    return RGBImage(width: newWidth, height: newHeight, pixels: rows)
  }

  /// A square of it, which may be made larger; white where it reaches beyond.
  func square(left: Double, top: Double, side: Double, pictureSide: Int) -> RGBImage {
    var result = [UInt8](repeating: 255, count: pictureSide * pictureSide * 3)
    for row in 0..<pictureSide {
      let y = Int(top + (Double(row) + 0.5) * side / Double(pictureSide))
      guard (0..<height).contains(y) else { continue }
      for column in 0..<pictureSide {
        let x = Int(left + (Double(column) + 0.5) * side / Double(pictureSide))
        guard (0..<width).contains(x) else { continue }
        for channel in 0..<3 {
          result[(row * pictureSide + column) * 3 + channel] = pixels[(y * width + x) * 3 + channel]
        }
      }
    }
    return RGBImage(width: pictureSide, height: pictureSide, pixels: result)
  }

  /// Lays another over it, as far as that lies inside.
  mutating func lay(_ other: RGBImage, left: Int, top: Int) {
    let columns = max(0, -left)..<max(max(0, -left), min(other.width, width - left))
    guard !columns.isEmpty else { return }
    for row in max(0, -top)..<max(max(0, -top), min(other.height, height - top)) {
      let from = (row * other.width + columns.lowerBound) * 3
      let to = ((top + row) * width + left + columns.lowerBound) * 3
      pixels.replaceSubrange(
        to..<to + columns.count * 3, with: other.pixels[from..<from + columns.count * 3])
    }
  }
}
