import FeatureData
import Testing

@testable import Rendering

@Suite struct ColourQuantizerTests {
  /// Purple nuclei in pink stroma beside white glass, all with noise.
  static func tissue(side: Int) -> RGBImage {
    var generator = SplitMix64(seed: 3)
    let stains: [[Double]] = [[236, 190, 214], [205, 130, 178], [96, 60, 130], [244, 241, 246]]
    var pixels: [UInt8] = []
    for row in 0..<side {
      for column in 0..<side {
        let stain = stains[(row / 6 * 5 + column / 7 * 3) % 4]
        let shade = generator.nextNormal() * 9
        for channel in 0..<3 {
          pixels.append(UInt8(min(max(stain[channel] + shade + generator.nextNormal() * 3, 0), 255)))
        }
      }
    }
    return RGBImage(width: side, height: side, pixels: pixels)
  }

  private static func error(_ image: RGBImage, _ indexed: IndexedImage) -> (rootMeanSquare: Double, greatest: Int) {
    var sum = 0
    var greatest = 0
    for (pixel, index) in indexed.indices.enumerated() {
      let shown = indexed.palette[Int(index)]
      for (channel, level) in [shown.red, shown.green, shown.blue].enumerated() {
        let difference = abs(Int(level) - Int(image.pixels[pixel * 3 + channel]))
        sum += difference * difference
        greatest = max(greatest, difference)
      }
    }
    return ((Double(sum) / Double(image.pixels.count)).squareRoot(), greatest)
  }

  @Test(arguments: [2.0, 4.2, 8.0])
  func `the error stays within the tolerance, and a looser one takes fewer entries`(tolerance: Double) {
    let image = Self.tissue(side: 120)
    let indexed = ColourQuantizer(tolerance: tolerance, exactColours: []).indexed(image)
    #expect(Self.error(image, indexed).rootMeanSquare <= tolerance)

    let fewer = ColourQuantizer(tolerance: tolerance * 2, exactColours: []).indexed(image)
    #expect(fewer.palette.count < indexed.palette.count && indexed.palette.count < 256)
  }

  @Test func `refined boxes are better than an even lattice with as many colours`() {
    let image = Self.tissue(side: 120)
    let indexed = ColourQuantizer(tolerance: 0, exactColours: []).indexed(image)
    #expect(indexed.palette.count == 256)
    // 6 × 7 × 6 levels: the root mean square error of a step of s levels is s / √12.
    #expect(Self.error(image, indexed).rootMeanSquare < 0.25 * 255 / 6 / 12.0.squareRoot())
  }

  @Test func `exact colours stay exact in the midst of similar ones`() {
    var image = Self.tissue(side: 60)
    let exact = [Colour(hex: 0xECBED6), Colour(hex: 0xECBED7), Colour(hex: 0x603C82), .white, .white]
    for (pixel, colour) in exact.enumerated() {
      image.pixels.replaceSubrange(pixel * 300..<pixel * 300 + 3, with: [colour.red, colour.green, colour.blue])
    }
    let indexed = ColourQuantizer(tolerance: 6, exactColours: exact).indexed(image)
    #expect(Array(indexed.palette[..<4]) == Array(exact[..<4]))
    for (pixel, colour) in exact.enumerated() { #expect(indexed.palette[Int(indexed.indices[pixel * 100])] == colour) }
  }

  @Test func `a rare stain keeps its hue`() {
    var image = Self.tissue(side: 200)
    // Forty pixels of green ink in forty thousand.
    for pixel in 0..<40 {
      let green = [UInt8(20), UInt8(120 + pixel % 5), UInt8(60)]
      image.pixels.replaceSubrange(pixel * 600..<pixel * 600 + 3, with: green)
    }
    let indexed = ColourQuantizer(tolerance: 4.2, exactColours: []).indexed(image)
    for pixel in 0..<40 {
      let shown = indexed.palette[Int(indexed.indices[pixel * 200])]
      #expect(abs(Int(shown.red) - 20) <= 12 && abs(Int(shown.green) - 122) <= 12 && abs(Int(shown.blue) - 60) <= 12)
    }
  }

  @Test func `few colours are kept as they are, and one colour is enough for a plain picture`() {
    let colours: [[UInt8]] = [[1, 2, 3], [200, 100, 50], [255, 255, 255]]
    let image = RGBImage(width: 30, height: 2, pixels: (0..<60).flatMap { colours[$0 % 3] })
    let indexed = ColourQuantizer(tolerance: 0.75, exactColours: []).indexed(image)
    #expect(indexed.palette.count == 3 && Self.error(image, indexed).greatest == 0)
    let plain = RGBImage(width: 5, height: 5, pixels: [UInt8](repeating: 77, count: 75))
    #expect(
      ColourQuantizer(tolerance: 1, exactColours: []).indexed(plain).palette == [Colour(red: 77, green: 77, blue: 77)])
    #expect(ColourQuantizer(tolerance: 1, exactColours: [.white]).indexed(plain).palette.count == 2)
  }

  @Test func `more exact colours than there is room for leave room for the picture's own`() {
    let many = (0..<400).map { Colour(hex: UInt32($0 * 40_001)) }
    let indexed = ColourQuantizer(tolerance: 0, exactColours: many).indexed(Self.tissue(side: 80))
    #expect(indexed.palette.count == 256 && Array(indexed.palette[..<192]) == Array(many[..<192]))
  }

  @Test func `the same picture gives the same palette every time`() {
    let image = Self.tissue(side: 100)
    let quantizer = ColourQuantizer(tolerance: 3, exactColours: [.white])
    #expect(quantizer.indexed(image) == quantizer.indexed(image))
  }
}
