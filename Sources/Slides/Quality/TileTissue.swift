/// Whether a tile that is cut already shows tissue.
package enum TileTissue {
  /// Of the background filter, by which tiles are cut, the standard bounds.
  private static let bounds = BackgroundFilter()
  /// Below it glass is uniform but for the grain of its JPEG; bytes.
  private static let leastDeviation = 3.0

  /// True where few enough pixels are white or grey, and brightness varies from pixel to pixel.
  ///
  /// - Parameter pixels: RGB.
  package static func isShown(in pixels: UnsafeBufferPointer<UInt8>) -> Bool {
    let count = pixels.count / 3
    guard count > 0 else { return false }
    let saturationLimit = Int((bounds.grayspaceThreshold * 255).rounded(.up))
    var (blank, sum, squares) = (0, 0, 0)
    for pixel in 0..<count {
      let (red, green, blue) = (Int(pixels[pixel * 3]), Int(pixels[pixel * 3 + 1]), Int(pixels[pixel * 3 + 2]))
      let (most, least, total) = (max(red, green, blue), min(red, green, blue), red + green + blue)
      let isGrey = (most - least) * 255 < saturationLimit * most || most == 0
      if isGrey || Double(total) > 3 * bounds.whitespaceThreshold { blank += 1 }
      sum += total
      squares += total * total
    }
    let mean = Double(sum) / Double(count)
    let deviation = max(Double(squares) / Double(count) - mean * mean, 0).squareRoot() / 3
    return Double(blank) <= bounds.grayspaceFraction * Double(count) && deviation >= leastDeviation
  }
}
