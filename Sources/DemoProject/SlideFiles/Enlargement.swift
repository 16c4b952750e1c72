import FeatureData

/// Makes square pictures larger, smoothly, in parts: cubic convolution with the edge repeated beyond it.
///
/// Source: Keys, "Cubic convolution interpolation for digital image processing", IEEE Trans. Acoust. Speech Signal
/// Process. 29 (1981), 1153–1160, doi:10.1109/TASSP.1981.1163711.
struct Enlargement: Sendable {
  /// Pixels along a side, before and after.
  let sourceSide: Int
  let side: Int
  /// For each pixel of the enlarged side, the four source pixels around it and how much each weighs.
  private let taps: [(places: SIMD4<Int32>, weights: SIMD4<Float>)]

  init(sourceSide: Int, side: Int) {
    self.sourceSide = sourceSide
    self.side = side
    taps = (0..<side).map { pixel in
      let position = (Double(pixel) + 0.5) * Double(sourceSide) / Double(side) - 0.5
      let first = Int(position.rounded(.down)) - 1
      var places = SIMD4<Int32>()
      var weights = SIMD4<Float>()
      for tap in 0..<4 {
        places[tap] = Int32(min(max(first + tap, 0), sourceSide - 1))
        weights[tap] = Float(Self.weight(position - Double(first + tap)))
      }
      return (places, weights)
    }
  }

  /// The slope at 1, which Keys calls a. Steeper than his -1/2, for the contrast that averaging the enlarged picture
  /// down again will cost.
  private static let slope = -0.75

  /// The kernel at a distance in source pixels.
  private static func weight(_ distance: Double) -> Double {
    let x = abs(distance)
    if x < 1 { return ((slope + 2) * x - (slope + 3)) * x * x + 1 }
    if x < 2 { return (((x - 5) * x + 8) * x - 4) * slope }
    return 0
  }

  /// Draws the part of the enlarged picture that lies in `columns` and `rows`.
  ///
  /// - Parameters:
  ///   - target: RGB pixels, `targetWidth` to a row.
  ///   - x: The column of the target that `columns.lowerBound` comes to; `y` is the row.
  /// - Complexity: O(number of pixels drawn).
  func draw(
    _ picture: RGBImage, columns: Range<Int>, rows: Range<Int>, into target: inout [UInt8], targetWidth: Int, x: Int,
    y: Int
  ) {
    precondition(picture.width == sourceSide && picture.height == sourceSide, "the picture has the source's side")
    guard !columns.isEmpty, !rows.isEmpty else { return }
    let top = Int(taps[rows.lowerBound].places[0])
    let bottom = Int(taps[rows.upperBound - 1].places[3])
    let length = columns.count * 3
    let sourceRows = widened(picture, rows: top...bottom, columns: columns)
    sourceRows.withUnsafeBufferPointer { source in
      target.withUnsafeMutableBufferPointer { target in
        for row in rows {
          let (places, weights) = taps[row]
          let starts = (places &- Int32(top)) &* Int32(length)
          let (a, b, c, d) = (Int(starts[0]), Int(starts[1]), Int(starts[2]), Int(starts[3]))
          let start = ((y + row - rows.lowerBound) * targetWidth + x) * 3
          for i in 0..<length {
            let upper = source[a &+ i] * weights[0] + source[b &+ i] * weights[1]
            let lower = source[c &+ i] * weights[2] + source[d &+ i] * weights[3]
            target[start &+ i] = Self.byte(upper + lower)
          }
        }
      }
    }
  }

  /// Rows of the source, enlarged in their width alone.
  private func widened(_ picture: RGBImage, rows: ClosedRange<Int>, columns: Range<Int>) -> [Float] {
    let length = columns.count * 3
    return [Float](unsafeUninitializedCapacity: rows.count * length) { buffer, count in
      picture.pixels.withUnsafeBufferPointer { pixels in
        for (line, row) in rows.enumerated() {
          let start = row * sourceSide
          for (offset, column) in columns.enumerated() {
            let (places, weights) = taps[column]
            var sum = SIMD4<Float>()
            for tap in 0..<4 {
              let pixel = (start &+ Int(places[tap])) &* 3
              let colour = SIMD4<Float>(Float(pixels[pixel]), Float(pixels[pixel &+ 1]), Float(pixels[pixel &+ 2]), 0)
              sum += colour * weights[tap]
            }
            let place = line &* length &+ offset &* 3
            buffer[place] = sum[0]
            buffer[place &+ 1] = sum[1]
            buffer[place &+ 2] = sum[2]
          }
        }
      }
      count = rows.count * length
    }
  }

  /// The nearest byte. Adding 1.5 · 2²³ moves a number's whole part into the last bits of its pattern, which compiles
  /// to vector instructions where a conversion with its checks does not.
  private static func byte(_ value: Float) -> UInt8 {
    let clamped = value < 0 ? 0 : value > 255 ? 255 : value
    return UInt8(truncatingIfNeeded: (clamped + 12_582_912).bitPattern)
  }
}
