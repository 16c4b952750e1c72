import FeatureData
import Foundation
import Testing

@testable import DemoProject
@testable import Slides

/// Slides with a stroke of a pen, a fold and a part out of focus, made here: stripes and specks of a stain, at 1 µm a pixel.
@Suite struct QualityTests {
  private static let side = 1536

  /// Eosin with dark specks, as they are once.
  private static func tissue() -> [SIMD3<Float>] {
    var random = SplitMix64(seed: 5)
    var pixels = (0..<side * side).map { _ in
      let grain = Float(random.nextUnit() * 24)
      return SIMD3<Float>(214, 158, 196) + grain - 12
    }
    for _ in 0..<6_000 {
      let (x, y) = (Int(random.next() % UInt64(side - 8)), Int(random.next() % UInt64(side - 8)))
      for row in 0..<6 { for column in 0..<6 { pixels[(y + row) * side + x + column] = SIMD3(105, 70, 150) } }
    }
    return pixels
  }

  private static func blurred(_ pixels: [SIMD3<Float>], rows: Range<Int>) -> [SIMD3<Float>] {
    var pixels = pixels
    for step in [1, side] {
      for _ in 0..<3 {
        let source = pixels
        for row in rows {
          for column in 0..<side {
            var sum = SIMD3<Float>.zero
            for offset in -4...4 {
              let place = min(max((step == 1 ? column : row) + offset, 0), side - 1)
              sum += source[step == 1 ? row * side + place : place * side + column]
            }
            pixels[row * side + column] = sum / 9
          }
        }
      }
    }
    return pixels
  }

  private func slide(_ pixels: [SIMD3<Float>], in scratch: ScratchFolder) throws -> WholeSlideImage {
    let path = scratch.path + "/quality.svs"
    var file = try TIFFFile(path: path)
    try file.begin(
      TIFFFile.Picture(
        width: Self.side, height: Self.side, tileSide: 256,
        description: "Aperio Image Library v1\r\nx|MPP = 1.0|AppMag = 10"))
    for row in 0..<Self.side / 256 {
      for column in 0..<Self.side / 256 {
        let bytes = (0..<256 * 256).flatMap { pixel -> [UInt8] in
          let colour = pixels[(row * 256 + pixel / 256) * Self.side + column * 256 + pixel % 256]
          return (0..<3).map { UInt8(min(max(colour[$0], 0), 255)) }
        }
        try file.append(TileEncoder().jpeg(RGBImage(width: 256, height: 256, pixels: bytes), quality: 92))
      }
    }
    try file.end()
    try file.finish()
    return try WholeSlideImage(path: path)
  }

  private func grid(_ slide: WholeSlideImage) throws -> TileGrid {
    try TileGrid(slide, size: TileSize(pixels: 128, extent: .microns(128)), micronsPerPixel: 1)
  }

  private func cells(_ verdict: CellVerdict, _ selection: TileSelection) -> Set<[Int]> {
    Set(
      selection.verdicts.indices.filter { selection.verdicts[$0] == verdict }.map {
        [$0 / selection.grid.columnCount, $0 % selection.grid.columnCount]
      })
  }

  @Test func `tiles under ink go, of whatever colour it is, and no others`() throws {
    let scratch = try ScratchFolder()
    for ink in [SIMD3<Float>(25, 60, 170), SIMD3(20, 120, 60), SIMD3(30, 30, 34), SIMD3(225, 25, 35)] {
      var pixels = Self.tissue()
      for row in 256..<384 { for column in 0..<Self.side { pixels[row * Self.side + column] = ink } }
      let slide = try slide(pixels, in: scratch)
      var selection = TileSelection(try grid(slide))
      let overview = try SlideOverview(slide, longestSide: 2048).coarsened(toMicrons: 4, micronsPerPixel: 1)
      #expect(overview.downsample == 4 && overview.image.width == Self.side / 4)
      selection.apply(PenMask(overview))
      #expect(Set(cells(.pen, selection).map { $0[0] }) == [2])
      #expect(cells(.pen, selection).count == selection.grid.columnCount)
      // Ink is no fold.
      selection.apply(FoldMask(overview, micronsPerPixel: 1))
      #expect(cells(.fold, selection).isEmpty)
    }
  }

  @Test func `stains are no ink`() {
    for (red, green, blue) in [
      (105, 70, 150), (70, 60, 130), (60, 40, 110), (214, 158, 196), (200, 110, 160), (180, 60, 70), (120, 80, 40),
      (90, 110, 170), (242, 242, 244), (150, 20, 60),
    ] { #expect(!PenMask.isInk(red: red, green: green, blue: blue), "\(red), \(green), \(blue)") }
  }

  @Test func `a band of tissue that lies double is a fold, and the tissue around is none`() throws {
    let scratch = try ScratchFolder()
    var pixels = Self.tissue()
    for row in 0..<Self.side {
      for column in 664..<744 {
        let once = pixels[row * Self.side + column]
        pixels[row * Self.side + column] = once * once / 255
      }
    }
    let slide = try slide(pixels, in: scratch)
    var selection = TileSelection(try grid(slide))
    let overview = try SlideOverview(slide, longestSide: 2048).coarsened(toMicrons: 4, micronsPerPixel: 1)
    selection.apply(FoldMask(overview, micronsPerPixel: 1))
    #expect(Set(cells(.fold, selection).map { $0[1] }) == [5])
    #expect(cells(.fold, selection).count == selection.grid.rowCount)
  }

  @Test func `tiles out of focus go, when they are looked at and when they are cut`() throws {
    let scratch = try ScratchFolder()
    let slide = try slide(Self.blurred(Self.tissue(), rows: 768..<Self.side), in: scratch)
    let extraction = TileExtraction(
      slide, selection: TileSelection(try grid(slide)), filter: SlideMaterial.noFilter, checksFocus: true)
    let judged = try extraction.judged()
    #expect(Set(cells(.blurred, judged).map { $0[0] }) == Set(6..<12))
    #expect(cells(.blurred, judged).count == 72 && cells(.kept, judged).count == 72)
    let written = try extraction.write(to: scratch.path)
    #expect(written.verdicts == judged.verdicts)
    #expect(
      try TFRecordFile(path: scratch.path + "/quality.tfrecords", indexes: TFRecordIndexes(folder: nil)).count == 72)
    let unasked = TileExtraction(
      slide, selection: TileSelection(try grid(slide)), filter: SlideMaterial.noFilter)
    #expect(try unasked.judged().candidateCount == 144)
  }

  @Test func `what has no structure cannot be out of focus, and a sharp edge is in it`() throws {
    #expect(FocusMeasure.blur([Float](repeating: 240, count: 64 * 64), width: 64, height: 64) == nil)
    let sharp = (0..<64 * 64).map { (place: Int) -> Float in place / 8 % 2 == 0 ? 0 : 100 }
    #expect(try #require(FocusMeasure.blur(sharp, width: 64, height: 64)) < 0.5)
    let ramp = (0..<64 * 64).map { (place: Int) -> Float in Float(place % 64 * 2) }
    #expect(try #require(FocusMeasure.blur(ramp, width: 64, height: 64)) > 0.9)
  }
}
