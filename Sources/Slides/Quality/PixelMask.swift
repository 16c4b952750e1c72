/// Pixels of a small picture of a slide, and how much of a rectangle they cover.
struct PixelMask: Sendable {
  let width: Int
  let height: Int
  /// Level-0 pixels along a pixel of the mask.
  let downsample: Double
  /// Sums of pixels above and to the left: `(height + 1) × (width + 1)`.
  private let sums: [Int32]

  /// - Parameter isSet: asked for each pixel once, by rows.
  init(width: Int, height: Int, downsample: Double, isSet: (_ pixel: Int) -> Bool) {
    self.width = width
    self.height = height
    self.downsample = downsample
    var sums = [Int32](repeating: 0, count: (width + 1) * (height + 1))
    for row in 0..<height {
      var line: Int32 = 0
      for column in 0..<width {
        if isSet(row * width + column) { line += 1 }
        sums[(row + 1) * (width + 1) + column + 1] = sums[row * (width + 1) + column + 1] + line
      }
    }
    self.sums = sums
  }

  /// The share of a rectangle in level-0 pixels.
  func fraction(x: Int, y: Int, width: Int, height: Int) -> Double {
    func place(_ value: Int, _ limit: Int) -> Int { min(max(Int((Double(value) / downsample).rounded()), 0), limit) }
    let left = min(place(x, self.width), self.width - 1)
    let top = min(place(y, self.height), self.height - 1)
    let right = max(place(x + width, self.width), left + 1)
    let bottom = max(place(y + height, self.height), top + 1)
    return Double(count(left, top, right, bottom)) / Double((right - left) * (bottom - top))
  }

  /// The share of the whole picture.
  var fraction: Double { Double(sums[sums.count - 1]) / Double(max(width * height, 1)) }

  /// The pixels around which at least a share of the square of `2 · reach + 1` pixels is set: single ones go, and gaps close.
  func smoothed(reach: Int, leastShare: Double) -> PixelMask {
    PixelMask(width: width, height: height, downsample: downsample) { pixel in
      let (row, column) = (pixel / width, pixel % width)
      let (left, right) = (max(column - reach, 0), min(column + reach + 1, width))
      let (top, bottom) = (max(row - reach, 0), min(row + reach + 1, height))
      return Double(count(left, top, right, bottom)) >= leastShare * Double((right - left) * (bottom - top))
    }
  }

  private func count(_ left: Int, _ top: Int, _ right: Int, _ bottom: Int) -> Int32 {
    let line = width + 1
    return sums[bottom * line + right] - sums[top * line + right] - sums[bottom * line + left] + sums[top * line + left]
  }
}
