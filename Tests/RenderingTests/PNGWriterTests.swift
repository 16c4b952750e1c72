import FeatureData
import Rendering
import Testing

@Suite struct PNGWriterTests {
  static func noise(width: Int, height: Int, seed: UInt64 = 1) -> RGBImage {
    var generator = SplitMix64(seed: seed)
    return RGBImage(
      width: width, height: height,
      pixels: (0..<width * height * 3).map { _ in UInt8(truncatingIfNeeded: generator.next()) })
  }

  @Test(arguments: [(1, 1), (3, 1), (1, 5), (17, 40), (700, 900)])
  func `libpng reads back the pixels that were written`(width: Int, height: Int) throws {
    let image = Self.noise(width: width, height: height)
    let decoded = try #require(DecodedPNG(try PNGWriter.png(of: image)))
    #expect(decoded.width == width && decoded.height == height)
    #expect(decoded.pixels == image.pixels)
  }

  @Test func `a picture made of many bands reads back, whatever the height of the last`() throws {
    let image = Self.noise(width: 64, height: 101)
    for rowsPerBand in [1, 7, 100, 101, 500] {
      let bytes = try PNGWriter.png(width: 64, height: 101, rowsPerBand: rowsPerBand) { rows in
        Array(image.pixels[rows.lowerBound * 192..<rows.upperBound * 192])
      }
      #expect(DecodedPNG(bytes)?.pixels == image.pixels)
    }
  }

  @Test func `smooth and repeated rows read back as well`() throws {
    let pixels = (0..<100 * 100 * 3).map { UInt8(truncatingIfNeeded: $0 / 300 + ($0 % 300) / 7) }
    let image = RGBImage(width: 100, height: 100, pixels: pixels)
    let bytes = try PNGWriter.png(of: image, content: .drawing)
    #expect(DecodedPNG(bytes)?.pixels == pixels)
    #expect(bytes.count < 3000)
  }

  @Test func `the file carries its resolution and its texts`() throws {
    let metadata = PictureMetadata(title: "Karte ü", description: "seed=42\0!", software: "Tessera")
    let bytes = try PNGWriter.png(of: Self.noise(width: 4, height: 4), pixelsPerCSSPixel: 2, metadata: metadata)
    let chunks = try #require(DecodedPNG(bytes)).chunks
    #expect(chunks.map(\.name) == ["IHDR", "sRGB", "pHYs", "iTXt", "iTXt", "iTXt", "IDAT", "IEND"])
    // 192 dots an inch are 7,559 a metre.
    #expect(chunks[2].data == [0, 0, 0x1D, 0x87, 0, 0, 0x1D, 0x87, 1])
    let texts = chunks.filter { $0.name == "iTXt" }.map { String(decoding: $0.data, as: UTF8.self) }
    #expect(texts == ["Title\0\0\0\0\0Karte ü", "Description\0\0\0\0\0seed=42!", "Software\0\0\0\0\0Tessera"])
  }

  @Test func `the failure of a band reaches the caller`() {
    struct Broken: Error, Equatable {}
    #expect(throws: Broken()) {
      try PNGWriter.png(width: 2, height: 100, rowsPerBand: 10) { rows in
        if rows.lowerBound == 50 { throw Broken() }
        return [UInt8](repeating: 0, count: rows.count * 6)
      }
    }
  }

  @Test func `a picture without pixels is refused`() {
    #expect(throws: RenderingError.tooLarge(width: 0, height: 3)) {
      try PNGWriter.png(of: RGBImage(width: 0, height: 3, pixels: []))
    }
  }
}
