import FeatureData
import Synchronization
import Testing

@testable import Rendering

extension MosaicPicture {
  /// The full picture as one.
  fileprivate func whole(sidePixels: Int) throws -> (bytes: [UInt8], failures: [Failure]) {
    var bytes: [UInt8] = []
    let failures = try full(sidePixels: sidePixels, monitor: SilentMonitor()) { bytes += $0 }
    return (bytes, failures)
  }
}

@Suite struct MosaicPictureTests {
  private struct Undecodable: Error, CustomStringConvertible {
    let description = "The picture is broken."
  }

  /// Interrupts once it has heard of so many tiles.
  private final class Impatient: WorkMonitor {
    private let heard = Atomic<Int>(0)
    let patience: Int
    init(patience: Int) { self.patience = patience }
    var isInterrupted: Bool { heard.load(ordering: .relaxed) >= patience }
    var heardOf: Int { heard.load(ordering: .relaxed) }
    func report(phase: String, unit: String, done: Int, total: Int) { heard.add(1, ordering: .relaxed) }
  }

  /// Red in its top row, its green the number of the point, blue below.
  @Sendable private static func tile(_ point: Int, _ side: Int) -> RGBImage {
    var pixels: [UInt8] = []
    for row in 0..<side {
      for _ in 0..<side { pixels += [row == 0 ? 255 : 0, UInt8(point), row == 0 ? 0 : 200] }
    }
    return RGBImage(width: side, height: side, pixels: pixels)
  }

  /// Point 0 at the lower left, 1 at the upper right, 2 at the lower right.
  private static let grid = MosaicGrid(x: [0, 1, 1], y: [0, 1, 0], columnCount: 4)
  private static let background: [UInt8] = [0xE9, 0xEB, 0xEE]

  @Test func `tiles stand upright, in the places of the map, the first point among them`() throws {
    let result = try MosaicPicture(grid: Self.grid, tile: Self.tile).whole(sidePixels: 8)
    let decoded = try #require(DecodedPNG(result.bytes))
    #expect(decoded.width == 32 && decoded.height == 32 && result.failures.isEmpty)
    // The lower left cell begins at row 24.
    #expect(decoded[0, 24] == [255, 0, 0] && decoded[7, 24] == [255, 0, 0] && decoded[3, 31] == [0, 0, 200])
    #expect(decoded[31, 0] == [255, 1, 0] && decoded[24, 7] == [0, 1, 200])
    #expect(decoded[24, 24] == [255, 2, 0])
    #expect(decoded[0, 0] == Self.background && decoded[15, 15] == Self.background)
  }

  @Test func `tiles of another size are brought to the cell's, plain colours unchanged`() throws {
    for size in [1, 3, 10, 37, 224] {
      let mosaic = MosaicPicture(grid: Self.grid) { _, _ in
        RGBImage(
          width: size, height: size, pixels: Array(repeating: [10, 200, 77], count: size * size).flatMap(\.self))
      }
      let decoded = try #require(DecodedPNG(try mosaic.whole(sidePixels: 10).bytes))
      #expect(decoded.count(of: [10, 200, 77]) == 300)
    }
  }

  @Test func `an oblong tile keeps its shape`() throws {
    let mosaic = MosaicPicture(grid: MosaicGrid(x: [0], y: [0])) { _, _ in
      RGBImage(width: 20, height: 10, pixels: [UInt8](repeating: 9, count: 600))
    }
    let decoded = try #require(DecodedPNG(try mosaic.whole(sidePixels: 8).bytes))
    #expect(decoded.count(of: [9, 9, 9]) == 32 && decoded[4, 0] == Self.background && decoded[4, 4] == [9, 9, 9])
  }

  @Test func `a tile that cannot be had is hatched and reported`() throws {
    let mosaic = MosaicPicture(grid: Self.grid) { point, side in
      if point == 1 { throw Undecodable() }
      return Self.tile(point, side)
    }
    let result = try mosaic.whole(sidePixels: 24)
    #expect(result.failures.map(\.point) == [1] && result.failures[0].reason == "The picture is broken.")
    let decoded = try #require(DecodedPNG(result.bytes))
    #expect(decoded.count(of: [0x9A, 0x9A, 0x9A]) > 50)
    #expect(try mosaic.inline(monitor: SilentMonitor()).failures.count == 1)
  }

  @Test func `an interruption stops the picture soon`() {
    let many = MosaicGrid(x: (0..<2500).map { Float($0 % 50) }, y: (0..<2500).map { Float($0 / 50) })
    for isInline in [true, false] {
      let monitor = Impatient(patience: 10)
      let mosaic = MosaicPicture(grid: many) { point, _ in
        RGBImage(width: 4, height: 4, pixels: [UInt8](repeating: 1, count: 48))
      }
      #expect(throws: WorkInterrupted()) {
        if isInline {
          _ = try mosaic.inline(monitor: monitor)
        } else {
          _ = try mosaic.full(sidePixels: 4, monitor: monitor) { _ in }
        }
      }
      #expect(monitor.heardOf < 20)
    }
    let source = MosaicPicture(grid: Self.grid) { _, _ in throw WorkInterrupted() }
    #expect(throws: WorkInterrupted()) { try source.whole(sidePixels: 4) }
  }

  @Test func `frames have the colours of the classes`() throws {
    let frames = MosaicPicture.Frames(names: ["a", "b"], indices: [1, 0, -1], label: "class")
    let mosaic = MosaicPicture(grid: Self.grid, frames: frames, tile: Self.tile)
    let decoded = try #require(DecodedPNG(try mosaic.whole(sidePixels: 28).bytes))
    #expect(decoded[0, 84] == [0xD5, 0x5E, 0x00] && decoded[111, 0] == [0x00, 0x72, 0xB2])
    #expect(decoded[111, 111] == [0xBD, 0xBD, 0xBD] && decoded[2, 100] == [0, 0, 200])
  }

  @Test func `the inline picture fits a notebook and is the same every time`() throws {
    let shapes: [MosaicGrid] = [
      Self.grid, MosaicGrid(x: [], y: []), MosaicGrid(x: [0], y: [0]),
      MosaicGrid(x: [0, 1e-9], y: [0, 1]), MosaicGrid(x: [0, 100], y: [0, 1], columnCount: 300),
    ]
    for grid in shapes {
      let frames = MosaicPicture.Frames(names: ["a", "b"], indices: [1, 0, -1], label: "class")
      let mosaic = MosaicPicture(
        grid: grid, frames: frames, title: "A mosaic", subtitle: "of tiles", footer: "seed=42", tile: Self.tile)
      let first = try mosaic.inline(monitor: SilentMonitor()).picture
      #expect(first.cssWidth <= 1200 && first.widthPixels == 2 * first.cssWidth && DecodedPNG(first.bytes) != nil)
      #expect(try mosaic.inline(monitor: SilentMonitor()).picture == first)
      #expect(try mosaic.whole(sidePixels: 5).bytes == mosaic.whole(sidePixels: 5).bytes)
    }
  }

  /// Nine cells of tissue with frames, a title and a legend.
  private static let tissueMosaic = MosaicPicture(
    grid: MosaicGrid(x: (0..<9).map { Float($0 % 3) }, y: (0..<9).map { Float($0 / 3) }, columnCount: 3),
    frames: MosaicPicture.Frames(names: ["normal", "tumour"], indices: (0..<9).map { $0 % 2 }, label: "class"),
    title: "A mosaic", subtitle: "of tissue", footer: "seed=42"
  ) { point, _ in
    var tile = ColourQuantizerTests.tissue(side: 48)
    tile.pixels = tile.pixels.map { $0 > 40 ? $0 - UInt8(point * 4) : $0 }
    return tile
  }

  @Test func `the inline picture has few colours that look like all of them, those of text and frames exactly`() throws
  {
    let mosaic = Self.tissueMosaic
    let room = MosaicFigure.Room(grid: mosaic.grid, legend: mosaic.legend)
    let side = room.sidePixels
    let figure = try mosaic.composed(side: side, room: room, monitor: SilentMonitor()).figure
    let full = try figure.png()
    let small = try figure.inlinePNG()
    let expected = try #require(DecodedPNG(full.bytes))
    let decoded = try #require(DecodedPNG(small.bytes))
    #expect(decoded.chunks[0].data[9] == 3 && decoded.chunks.contains { $0.name == "PLTE" })
    #expect(small.bytes.count < full.bytes.count / 2)
    #expect(small.widthPixels == full.widthPixels && small.cssHeight == full.cssHeight)
    let exact = Set(figure.exactColours(in: .light) + FigureTheme.light.exactColours)
    var sum = 0
    for place in stride(from: 0, to: expected.pixels.count, by: 3) {
      let before = Colour(
        red: expected.pixels[place], green: expected.pixels[place + 1], blue: expected.pixels[place + 2])
      let after = Colour(
        red: decoded.pixels[place], green: decoded.pixels[place + 1], blue: decoded.pixels[place + 2])
      if exact.contains(before) && before != after { Issue.record("\(before) became \(after)") }
      for (one, other) in [(before.red, after.red), (before.green, after.green), (before.blue, after.blue)] {
        sum += (Int(one) - Int(other)) * (Int(one) - Int(other))
      }
    }
    #expect((Double(sum) / Double(expected.pixels.count)).squareRoot() < 4.2)
  }

  @Test func `the edges of letters stay grey`() throws {
    let picture = try Self.tissueMosaic.inline(monitor: SilentMonitor()).picture
    let decoded = try #require(DecodedPNG(picture.bytes))
    // Titles stand above the first tile.
    var darkest = 255
    for y in 0..<40 {
      for x in 0..<decoded.width {
        let levels = decoded[x, y].map(Int.init)
        darkest = min(darkest, levels[0])
        let spread = (levels.max() ?? 0) - (levels.min() ?? 0)
        if spread > 20 { Issue.record("\(levels) at \(x), \(y)") }
      }
    }
    #expect(darkest == 0x1F)
  }

  @Test func `a picture too large for a notebook gets fewer pixels at the same size, never less than one to one`()
    throws
  {
    let mosaic = Self.tissueMosaic
    let asked = Atomic<Int>(0)
    let counted = MosaicPicture(grid: mosaic.grid, frames: mosaic.frames, title: mosaic.title) { point, _ in
      asked.add(1, ordering: .relaxed)
      if point == 7 { throw Undecodable() }
      return ColourQuantizerTests.tissue(side: 48)
    }
    let usual = try counted.inline(monitor: SilentMonitor()).picture
    #expect(usual.widthPixels == 2 * usual.cssWidth)
    asked.store(0, ordering: .relaxed)
    var widths = [usual.widthPixels]
    for limit in [usual.bytes.count - 1, usual.bytes.count * 9 / 20, 1] {
      let result = try counted.inline(byteLimit: limit, monitor: SilentMonitor())
      let picture = result.picture
      #expect(picture.cssWidth == usual.cssWidth && picture.cssHeight == usual.cssHeight)
      #expect(picture.widthPixels <= widths[widths.count - 1] && picture.widthPixels >= picture.cssWidth)
      #expect(result.drawnTileCount == 8 && result.failures.map(\.point) == [7])
      widths.append(picture.widthPixels)
      // The frame's colour, exact and sharp: no pixel of it is blended with its neighbours.
      let frame = Palette.categorical(0)
      #expect(try #require(DecodedPNG(picture.bytes)).count(of: [frame.red, frame.green, frame.blue]) > 5000)
    }
    #expect(Set(widths).count >= 3 && widths[3] == usual.cssWidth)
    // Once a tile and picture, however often the size was lowered.
    #expect(asked.load(ordering: .relaxed) == 27)
  }

  @Test func `tiles are sharp in the inline picture and present in SVG and PDF`() throws {
    let mosaic = MosaicPicture(grid: Self.grid, title: "A mosaic", tile: Self.tile)
    let decoded = try #require(DecodedPNG(try mosaic.inline(monitor: SilentMonitor()).picture.bytes))
    // Four columns of 192 device pixels: each tile has one red row.
    let red = stride(from: 0, to: decoded.pixels.count, by: 3).count {
      decoded.pixels[$0] > 250 && decoded.pixels[$0 + 1] < 5 && decoded.pixels[$0 + 2] < 5
    }
    #expect(red == 3 * 192)
    let svg = try mosaic.document(as: .svg, sidePixels: 16, monitor: SilentMonitor()).picture
    #expect(String(decoding: svg.bytes, as: UTF8.self).contains("<image"))
    let pdf = try mosaic.document(as: .pdf, sidePixels: 16, monitor: SilentMonitor()).picture
    #expect(pdf.bytes.starts(with: Array("%PDF-".utf8)))
  }
}
