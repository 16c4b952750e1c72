import Glibc

/// Points too many to be told apart: each pixel has the mean colour of its points, the fuller the more they are.
struct DensityLayer {
  private let width: Int
  private let height: Int
  /// Sums of light by channel, and the number of points, a pixel each.
  private var sums: [SIMD4<Float>]

  private static let light: [Float] = (0..<256).map { Float(OKLab.linear(UInt8($0))) }
  /// A pixel with one point is not lost.
  private static let leastOpacity: Float = 0.30
  private static let gammaSteps = 4095
  private static let gamma: [UInt8] = (0...gammaSteps).map { OKLab.gamma(Double($0) / Double(gammaSteps)) }

  init(width: Int, height: Int) {
    self.width = width
    self.height = height
    sums = [SIMD4<Float>](repeating: .zero, count: width * height)
  }

  /// Points outside are left out.
  mutating func add(_ colour: Colour, _ column: Int, _ row: Int) {
    guard column >= 0, column < width, row >= 0, row < height else { return }
    sums[row * width + column] += Self.light(of: colour)
  }

  @inline(__always)
  mutating func addAll(_ count: Int, _ point: (Int) -> (colour: Colour, column: Int, row: Int)) {
    sums.withUnsafeMutableBufferPointer { sums in
      Self.light.withUnsafeBufferPointer { light in
        for index in 0..<count {
          let (colour, column, row) = point(index)
          guard column >= 0, column < width, row >= 0, row < height else { continue }
          sums[row * width + column] += SIMD4(
            light[Int(colour.red)], light[Int(colour.green)], light[Int(colour.blue)], 1)
        }
      }
    }
  }

  private static func light(of colour: Colour) -> SIMD4<Float> {
    SIMD4(light[Int(colour.red)], light[Int(colour.green)], light[Int(colour.blue)], 1)
  }

  /// Blends the pixels over what lies there. A point covers the pixel that it falls into and its right and lower neighbours,
  /// as a disc of about two pixels would.
  ///
  /// - Parameter strength: 0 to 1, of what is opaque otherwise.
  func draw(into layer: inout PixelLayer, strength: Double = 1) {
    let spread = spread()
    // Nearly all pixels have fewer points than the fullest hundredth.
    var counts = spread.compactMap { $0.w > 0 ? $0.w : nil }
    guard !counts.isEmpty else { return }
    counts.sort()
    let full = log(1 + counts[Int(Double(counts.count - 1) * 0.99)])
    for place in spread.indices {
      let sum = spread[place]
      guard sum.w > 0 else { continue }
      let opacity =
        min(Self.leastOpacity + (1 - Self.leastOpacity) * log(1 + sum.w) / max(full, 0.7), 1) * Float(strength)
      let mean = sum / sum.w
      func channel(_ light: Float) -> Float {
        Float(Self.gamma[Int((min(max(light, 0), 1) * Float(Self.gammaSteps)).rounded())])
      }
      let below = layer.pixels[place]
      func mixed(_ above: Float, _ shift: UInt32) -> UInt32 {
        UInt32((above * opacity + Float(below >> shift & 0xFF) * (1 - opacity)).rounded())
      }
      layer.pixels[place] =
        mixed(255, 24) << 24 | mixed(channel(mean.x), 16) << 16 | mixed(channel(mean.y), 8) << 8
        | mixed(channel(mean.z), 0)
    }
  }

  private func spread() -> [SIMD4<Float>] {
    var result = sums
    result.withUnsafeMutableBufferPointer { result in
      for row in 0..<height {
        let start = row * width
        for column in 0..<width {
          let sum = sums[start + column]
          guard sum.w > 0 else { continue }
          if column + 1 < width { result[start + column + 1] += sum }
          if row + 1 < height {
            result[start + width + column] += sum
            if column + 1 < width { result[start + width + column + 1] += sum }
          }
        }
      }
    }
    return result
  }
}
