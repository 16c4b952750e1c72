import CSIMDKernels
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

  /// For each pixel of the result the same number of neighbouring source pixels, in pairs, one after another.
  struct Taps: Sendable {
    let pairCount: Int
    let first: [Int32]
    /// `8 · pairCount` for each pixel: both weights of a pair, four times. Those of a pixel add up to `unit`.
    let weights: [Int16]

    init(from: Int, to: Int, kernel: Kernel, step: Double) {
      let spread = max(step, 1)
      let reach = kernel.reach * spread
      let count = min(from, Int((2 * reach).rounded(.up)) + 1)
      pairCount = (count + 1) / 2
      var starts: [Int32] = []
      var weights: [Int16] = []
      weights.reserveCapacity(to * pairCount * 8)
      for index in 0..<to {
        let centre = (Double(index) + 0.5) * step
        let first = min(max(0, Int((centre - reach).rounded(.down))), from - count)
        let raw = (first..<first + count).map { kernel.weight((Double($0) + 0.5 - centre) / spread) }
        let total = raw.reduce(0, +)
        var scaled = raw.map { Int16(($0 / total * Double(ImageScaling.unit)).rounded()) }
        // What rounding left over goes to the heaviest, so that a plain colour stays what it is.
        let heaviest = scaled.indices.max { scaled[$0] < scaled[$1] } ?? 0
        scaled[heaviest] += ImageScaling.unit - scaled.reduce(0, +)
        starts.append(Int32(first))
        for pair in 0..<pairCount {
          let second = pair * 2 + 1 < count ? scaled[pair * 2 + 1] : 0
          for _ in 0..<4 { weights += [scaled[pair * 2], second] }
        }
      }
      first = starts
      self.weights = weights
    }

    /// - Parameter body: gets the taps as the kernels take them; they are gone afterwards.
    func withKernelTaps(_ body: (UnsafePointer<simd_taps>) -> Void) {
      first.withUnsafeBufferPointer { first in
        weights.withUnsafeBufferPointer { weights in
          var taps = simd_taps(
            length: Int64(first.count), pair_count: Int64(pairCount), first: first.baseAddress,
            weights: weights.baseAddress)
          body(&taps)
        }
      }
    }
  }

  /// Fourteen bits: with the eight of a channel and six kept between the two passes, numbers stay within 16 bits and
  /// sums within 32.
  static let unit: Int16 = 1 << 14

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
    var line = [Int16](repeating: 0, count: sourceWidth * 3 + 8)
    down.withKernelTaps { down in
      across.withKernelTaps { across in
        simd_resample(
          source.baseAddress, Int64(sourceWidth), Int64(sourceHeight), down, across, &line, target.baseAddress)
      }
    }
  }
}
