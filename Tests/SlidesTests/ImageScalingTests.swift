import FeatureData
import Testing

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

  @Test func `Lanczos keeps an edge sharper than the triangle does`() {
    let edge = RGBImage(
      width: 60, height: 60, pixels: (0..<60 * 60).flatMap { [UInt8](repeating: $0 % 60 < 30 ? 40 : 210, count: 3) })
    func steepest(_ image: RGBImage) -> Int {
      (1..<image.width).map { abs(Int(image.pixels[$0 * 3]) - Int(image.pixels[($0 - 1) * 3])) }.max() ?? 0
    }
    #expect(steepest(scaled(edge, 25, 25, .lanczos)) > steepest(scaled(edge, 25, 25, .linear)))
  }
}
