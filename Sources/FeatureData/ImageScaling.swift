import Glibc

/// Brings pictures to another size.
///
/// Separable interpolation whose reach grows with the reduction, so that fine structure is averaged and not picked at
/// random. In whole numbers: the same bytes on every machine.
package struct ImageScaling: Sendable {
  /// How neighbouring pixels are weighed.
  package enum Kernel: Sendable {
    /// A triangle: quick, a little soft.
    case linear
    /// Lanczos's windowed sinc with three lobes: sharper, as slideflow's tiles are.
    ///
    /// Source: Duchon, "Lanczos filtering in one and two dimensions", J. Appl. Meteor. 18 (1979),
    /// doi:10.1175/1520-0450(1979)018<1016:LFIOAT>2.0.CO;2.
    case lanczos
    /// A cubic through the pixels, for enlarging.
    ///
    /// Source: Catmull, Rom, "A class of local interpolating splines", 1974, doi:10.1016/B978-0-12-079050-0.50020-5.
    case cubic

    var reach: Double {
      switch self {
      case .linear: 1
      case .cubic: 2
      case .lanczos: 3
      }
    }

    func weight(_ place: Double) -> Double {
      let x = abs(place)
      guard x < reach else { return 0 }
      switch self {
      case .linear: return 1 - x
      case .cubic:
        return x < 1 ? (1.5 * x - 2.5) * x * x + 1 : ((-0.5 * x + 2.5) * x - 4) * x + 2
      case .lanczos:
        if x == 0 { return 1 }
        let angle = Double.pi * x
        return 3 * sin(angle) * sin(angle / 3) / (angle * angle)
      }
    }
  }

  /// For each pixel of the result the same number of neighbouring source pixels, one after another from `first`.
  private struct Taps: Sendable {
    let count: Int
    let first: [Int]
    /// `count` for each pixel; those of a pixel add up to `unit`.
    let weights: [Int32]

    init(from: Int, to: Int, kernel: Kernel, step: Double) {
      let spread = max(step, 1)
      let reach = kernel.reach * spread
      count = min(from, Int((2 * reach).rounded(.up)) + 1)
      var starts: [Int] = []
      var weights: [Int32] = []
      for index in 0..<to {
        let centre = (Double(index) + 0.5) * step
        let first = min(max(0, Int((centre - reach).rounded(.down))), from - count)
        let raw = (first..<first + count).map { kernel.weight((Double($0) + 0.5 - centre) / spread) }
        let total = raw.reduce(0, +)
        var scaled = raw.map { Int32(($0 / total * Double(ImageScaling.unit)).rounded()) }
        // What rounding left over goes to the heaviest, so that a plain colour stays what it is.
        let heaviest = scaled.indices.max { scaled[$0] < scaled[$1] } ?? 0
        scaled[heaviest] += ImageScaling.unit - scaled.reduce(0, +)
        starts.append(first)
        weights += scaled
      }
      first = starts
      self.weights = weights
    }
  }

  /// Fourteen bits: with the eight of a channel and six kept between the two passes, sums stay within 32 bits.
  private static let unit: Int32 = 1 << 14

  package let sourceWidth: Int
  package let sourceHeight: Int
  package let width: Int
  package let height: Int
  private let down: Taps
  private let across: Taps

  /// Prepares the weights, which serve any number of pictures of that size.
  /// - Parameter step: source pixels to one of the result, both ways, where the source is a fraction of a pixel larger
  ///   than what is to be seen; nil: the sides are brought to the sides.
  /// - Precondition: no side is zero.
  package init(
    fromWidth: Int, fromHeight: Int, toWidth: Int, toHeight: Int, kernel: Kernel = .linear, step: Double? = nil
  ) {
    precondition(min(fromWidth, fromHeight, toWidth, toHeight) > 0, "a picture has sides")
    sourceWidth = fromWidth
    sourceHeight = fromHeight
    width = toWidth
    height = toHeight
    down = Taps(
      from: fromHeight, to: toHeight, kernel: kernel, step: step ?? Double(fromHeight) / Double(toHeight))
    across = Taps(from: fromWidth, to: toWidth, kernel: kernel, step: step ?? Double(fromWidth) / Double(toWidth))
  }

  /// - Precondition: the picture has the size that this was made for.
  package func scaled(_ image: RGBImage) -> RGBImage {
    precondition(image.width == sourceWidth && image.height == sourceHeight, "the picture has the size foreseen")
    let result = [UInt8](unsafeUninitializedCapacity: width * height * 3) { target, written in
      image.pixels.withUnsafeBufferPointer { scale($0, into: target) }
      written = width * height * 3
    }
    return RGBImage(width: width, height: height, pixels: result)
  }

  /// RGB bytes without padding, both ways.
  package func scale(_ source: UnsafeBufferPointer<UInt8>, into target: UnsafeMutableBufferPointer<UInt8>) {
    precondition(source.count >= sourceWidth * sourceHeight * 3, "the source must hold the picture")
    precondition(target.count >= width * height * 3, "the target must hold the picture")
    let sourceRow = sourceWidth * 3
    var sums = [Int32](repeating: 0, count: sourceRow)
    var colours = [SIMD4<Int32>](repeating: SIMD4(), count: sourceWidth)
    sums.withUnsafeMutableBufferPointer { line in
      colours.withUnsafeMutableBufferPointer { colours in
        for row in 0..<height {
          line.update(repeating: 0)
          for tap in 0..<down.count {
            let weight = down.weights[row * down.count + tap]
            if weight == 0 { continue }
            let start = (down.first[row] + tap) * sourceRow
            let input = UnsafeBufferPointer(rebasing: source[start..<start + sourceRow])
            for place in 0..<sourceRow { line[place] &+= weight &* Int32(input[place]) }
          }
          // Six bits stay below the point; the channels of a pixel are weighed together.
          for pixel in 0..<sourceWidth {
            colours[pixel] = SIMD4(line[pixel * 3], line[pixel * 3 + 1], line[pixel * 3 + 2], 0) &>> 8
          }
          write(
            UnsafeBufferPointer(colours), to: UnsafeMutableBufferPointer(rebasing: target[(row * width * 3)...]))
        }
      }
    }
  }

  /// The second pass, along one row of values that carry six bits below the point.
  private func write(_ line: UnsafeBufferPointer<SIMD4<Int32>>, to target: UnsafeMutableBufferPointer<UInt8>) {
    across.weights.withUnsafeBufferPointer { weights in
      across.first.withUnsafeBufferPointer { first in
        for column in 0..<width {
          var sum = SIMD4<Int32>(repeating: 1 << 19)
          let start = first[column]
          for tap in 0..<across.count { sum &+= weights[column * across.count + tap] &* line[start + tap] }
          let colour = (sum &>> 20).clamped(lowerBound: SIMD4(repeating: 0), upperBound: SIMD4(repeating: 255))
          target[column * 3] = UInt8(truncatingIfNeeded: colour[0])
          target[column * 3 + 1] = UInt8(truncatingIfNeeded: colour[1])
          target[column * 3 + 2] = UInt8(truncatingIfNeeded: colour[2])
        }
      }
    }
  }
}
