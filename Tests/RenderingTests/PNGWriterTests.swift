import FeatureData
import Foundation
import Synchronization
import Testing

@testable import Rendering

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

  @Test(arguments: [1, 2, 5, 6, 11, 33, 170]) func `rows are predicted by the better of their neighbours`(width: Int) {
    for (seed, isSmooth) in [(3, false), (4, true)] {
      var pixels = Self.noise(width: width, height: 4, seed: UInt64(seed)).pixels
      // Of the third row on, each is nearly the one above it.
      if isSmooth { for i in width * 6..<pixels.count { pixels[i] = pixels[i - width * 3] &+ (i % 5 == 0 ? 255 : 1) } }
      let count = width * 3
      var expected: [UInt8] = []
      for row in 0..<4 {
        func value(_ i: Int) -> UInt8 { pixels[row * count + i] }
        let left = (0..<count).map { $0 < 3 ? value($0) : value($0) &- value($0 - 3) }
        let above = (0..<count).map { row == 0 ? value($0) : value($0) &- pixels[(row - 1) * count + $0] }
        func cost(_ bytes: ArraySlice<UInt8>) -> Int { bytes.reduce(0) { $0 + Int(Int8(bitPattern: $1).magnitude) } }
        expected += row > 0 && cost(above[...]) <= cost(left.dropFirst(3)) ? [2] + above : [1] + left
      }
      #expect(RowFilter.filtered(pixels, rowBytes: count) == expected)
      // The row above is nearer where it is nearly the same.
      #expect(!isSmooth || width < 11 || expected[3 * (count + 1)] == 2)
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

  @Test(arguments: [(1, 1, 1), (5, 3, 2), (300, 40, 256), (2000, 600, 200)])
  func `a picture of indices reads back in its palette's colours`(width: Int, height: Int, count: Int) throws {
    let palette = (0..<count).map { Colour(hex: UInt32($0 * 60_007)) }
    var generator = SplitMix64(seed: 5)
    let indices = (0..<width * height).map { _ in UInt8(generator.next() % UInt64(count)) }
    let bytes = try PNGWriter.png(of: IndexedImage(width: width, height: height, palette: palette, indices: indices))
    let decoded = try #require(DecodedPNG(bytes))
    #expect(decoded.width == width && decoded.height == height)
    #expect(
      decoded.pixels == indices.flatMap { [palette[Int($0)].red, palette[Int($0)].green, palette[Int($0)].blue] })
    let names = decoded.chunks.map(\.name)
    #expect(names.prefix(5) == ["IHDR", "sRGB", "PLTE", "pHYs", "iTXt"])
    #expect(names.dropFirst(5).dropLast().allSatisfy { $0 == "IDAT" } && names.last == "IEND")
    #expect(decoded.chunks[0].data.suffix(5) == [8, 3, 0, 0, 0] && decoded.chunks[2].data.count == count * 3)
  }

  @Test func `what libpng refuses becomes an error with its words`() {
    let empty = IndexedImage(width: 2, height: 1, palette: [], indices: [0, 0])
    #expect(throws: RenderingError.surface("libpng: a palette has 1 to 256 entries")) {
      try PNGWriter.png(of: empty)
    }
  }

  /// Pillow checks what libpng's simple reader does not: that nothing follows or is missing, with warnings as errors.
  @Test(.enabled(if: python != nil, "no Python with Pillow (TESSERA_PYTHON, or python3 on the PATH)"))
  func `Pillow reads both kinds without a warning`() throws {
    let python = try #require(Self.python)
    let image = ColourQuantizerTests.tissue(side: 90)
    let indexed = ColourQuantizer(tolerance: 4, exactColours: [.white]).indexed(image)
    let folder = FileManager.default.temporaryDirectory.appending(path: "PNGWriterTests-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let metadata = PictureMetadata(title: "Karte ü")
    for (mode, bytes) in [
      ("RGB", try PNGWriter.png(of: image, pixelsPerCSSPixel: 2, metadata: metadata)),
      ("P", try PNGWriter.png(of: indexed, pixelsPerCSSPixel: 2, metadata: metadata)),
    ] {
      let file = folder.appending(path: "\(mode).png")
      try Data(bytes).write(to: file)
      let read = Process()
      read.executableURL = URL(fileURLWithPath: python)
      read.arguments = [
        "-W", "error", "-c",
        """
        import sys
        from PIL import Image
        Image.open(sys.argv[1]).verify()
        picture = Image.open(sys.argv[1]); picture.load()
        assert (picture.mode, picture.size, picture.text["Title"]) == (sys.argv[2], (90, 90), "Karte ü")
        assert round(picture.info["dpi"][0]) == 192
        open(sys.argv[1] + ".rgb", "wb").write(picture.convert("RGB").tobytes())
        """, file.path, mode,
      ]
      try read.run()
      read.waitUntilExit()
      #expect(read.terminationStatus == 0)
      let pixels = [UInt8](try Data(contentsOf: folder.appending(path: "\(mode).png.rgb")))
      #expect(pixels == DecodedPNG(bytes)?.pixels)
    }
  }

  /// A Python that has Pillow.
  private static let python: String? = {
    let environment = ProcessInfo.processInfo.environment
    let onPath = (environment["PATH"] ?? "").split(separator: ":").map { "\($0)/python3" }
    return ([environment["TESSERA_PYTHON"]].compactMap(\.self) + onPath).first { candidate in
      let probe = Process()
      probe.executableURL = URL(fileURLWithPath: candidate)
      probe.arguments = ["-c", "import PIL"]
      probe.standardError = FileHandle.nullDevice
      guard (try? probe.run()) != nil else { return false }
      probe.waitUntilExit()
      return probe.terminationStatus == 0
    }
  }()

  @Test func `the failure of a band reaches the caller`() {
    struct Broken: Error, Equatable {}
    #expect(throws: Broken()) {
      try PNGWriter.png(width: 2, height: 100, rowsPerBand: 10) { rows in
        if rows.lowerBound == 50 { throw Broken() }
        return [UInt8](repeating: 0, count: rows.count * 6)
      }
    }
  }

  @Test func `a picture is handed on while it is made, a few bands at a time`() throws {
    let made = Atomic<Int>(0)
    var bytes: [UInt8] = []
    var furthest = 0
    var pieces = 0
    try PNGWriter.write(width: 50, height: 400, rowsPerBand: 4) { rows in
      made.add(1, ordering: .relaxed)
      return [UInt8](repeating: UInt8(rows.lowerBound / 2), count: rows.count * 150)
    } output: { piece in
      pieces += 1
      furthest = max(furthest, made.load(ordering: .relaxed) - pieces)
      bytes += piece
    }
    #expect(DecodedPNG(bytes)?.pixels == (0..<100).flatMap { [UInt8](repeating: UInt8($0 * 2), count: 600) })
    #expect(pieces == 101 && furthest <= 2 * ProcessInfo.processInfo.activeProcessorCount)
  }

  @Test func `what cannot be written ends the picture`() {
    struct Full: Error, Equatable {}
    var pieces = 0
    #expect(throws: Full()) {
      try PNGWriter.write(width: 50, height: 400, rowsPerBand: 4) { rows in
        [UInt8](repeating: 1, count: rows.count * 150)
      } output: { _ in
        pieces += 1
        if pieces == 3 { throw Full() }
      }
    }
    #expect(pieces == 3)
  }

  @Test func `a picture without pixels is refused`() {
    #expect(throws: RenderingError.tooLarge(width: 0, height: 3)) {
      try PNGWriter.png(of: RGBImage(width: 0, height: 3, pixels: []))
    }
  }
}
