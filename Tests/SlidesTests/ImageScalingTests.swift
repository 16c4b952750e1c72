import Testing

@testable import FeatureData

@Suite struct ImageScalingTests {
  private func scaled(_ image: RGBImage, _ width: Int, _ height: Int, _ kernel: ImageScaling.Kernel) -> RGBImage {
    ImageScaling(
      fromWidth: image.width, fromHeight: image.height, toWidth: width, toHeight: height, kernel: kernel
    ).scaled(image)
  }

  @Test(arguments: [ImageScaling.Kernel.linear, .lanczos, .cubic])
  func `a plain colour stays what it is at any size`(_ kernel: ImageScaling.Kernel) {
    let plain = RGBImage(width: 37, height: 21, pixels: (0..<37 * 21).flatMap { _ in [200, 3, 255] as [UInt8] })
    for (width, height) in [(1, 1), (10, 9), (36, 20), (37, 21), (80, 64)] {
      let result = scaled(plain, width, height, kernel)
      #expect(result.pixels == (0..<width * height).flatMap { _ in [200, 3, 255] as [UInt8] })
    }
  }

  @Test(arguments: [ImageScaling.Kernel.linear, .lanczos])
  func `a slope stays a slope`(_ kernel: ImageScaling.Kernel) {
    let slope = RGBImage(
      width: 64, height: 64, pixels: (0..<64 * 64).flatMap { [UInt8](repeating: UInt8($0 % 64 * 4), count: 3) })
    let half = scaled(slope, 32, 32, kernel)
    for column in 4..<28 {
      // Two pixels of the slope make one: their mean.
      #expect(abs(Int(half.pixels[(16 * 32 + column) * 3]) - (column * 8 + 2)) <= 1)
    }
  }

  /// The same sums one after another: rows first, six bits kept below the point, then along the rows.
  private func plainlyScaled(_ image: RGBImage, _ width: Int, _ height: Int, _ kernel: ImageScaling.Kernel) -> [UInt8] {
    func taps(_ from: Int, _ to: Int) -> [[(place: Int, weight: Int)]] {
      let taps = ImageScaling.Taps(from: from, to: to, kernel: kernel, step: Double(from) / Double(to))
      return (0..<to).map { index in
        (0..<taps.pairCount * 2).map { tap in
          (Int(taps.first[index]) + tap, Int(taps.weights[(index * taps.pairCount + tap / 2) * 8 + tap % 2]))
        }.filter { $0.1 != 0 }
      }
    }
    let across = taps(image.width, width)
    return taps(image.height, height).flatMap { rows in
      let line = (0..<image.width * 3).map { place in
        rows.reduce(0) { $0 + $1.weight * Int(image.pixels[$1.place * image.width * 3 + place]) } >> 8
      }
      return across.flatMap { columns in
        (0..<3).map { channel in
          let sum = columns.reduce(1 << 19) { $0 + $1.weight * line[$1.place * 3 + channel] }
          return UInt8(min(max(sum >> 20, 0), 255))
        }
      }
    }
  }

  @Test(arguments: [ImageScaling.Kernel.linear, .lanczos, .cubic])
  func `the sums are exact, whatever the sizes`(_ kernel: ImageScaling.Kernel) {
    var random = SplitMix64(seed: 4)
    for (fromWidth, fromHeight, width, height) in [
      (1, 1, 3, 2), (2, 3, 1, 1), (3, 2, 5, 7), (5, 5, 2, 2), (7, 5, 1, 1), (16, 9, 16, 9), (17, 33, 5, 8),
      (37, 21, 80, 64), (61, 45, 30, 22),
    ] {
      // Black and white at their hardest, where sums overshoot most.
      let image = RGBImage(
        width: fromWidth, height: fromHeight,
        pixels: (0..<fromWidth * fromHeight * 3).map { _ in random.next() % 2 == 0 ? 0 : 255 })
      #expect(scaled(image, width, height, kernel).pixels == plainlyScaled(image, width, height, kernel))
    }
  }

  @Test(arguments: [ImageScaling.Kernel.linear, .lanczos, .cubic])
  func `weights stay within what the sums have room for`(_ kernel: ImageScaling.Kernel) {
    for from in Array(1...40) + [604, 1000, 2001] {
      for to in Array(1...40) + [224, 299] {
        let taps = ImageScaling.Taps(from: from, to: to, kernel: kernel, step: Double(from) / Double(to))
        for index in 0..<to {
          let weights = (0..<taps.pairCount * 2).map { tap in
            Int(taps.weights[(index * taps.pairCount + tap / 2) * 8 + tap % 2])
          }
          #expect(weights.reduce(0, +) == 1 << 14 && weights.reduce(0) { $0 + abs($1) } < 1 << 15)
        }
      }
    }
  }

  @Test func `Lanczos keeps an edge sharper than the triangle does`() {
    let edge = RGBImage(
      width: 60, height: 60, pixels: (0..<60 * 60).flatMap { [UInt8](repeating: $0 % 60 < 30 ? 40 : 210, count: 3) })
    func steepest(_ image: RGBImage) -> Int {
      (1..<image.width).map { abs(Int(image.pixels[$0 * 3]) - Int(image.pixels[($0 - 1) * 3])) }.max() ?? 0
    }
    #expect(steepest(scaled(edge, 25, 25, .lanczos)) > steepest(scaled(edge, 25, 25, .linear)))
  }
}
