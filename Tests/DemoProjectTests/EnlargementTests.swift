import FeatureData
import Testing

@testable import DemoProject

@Suite struct EnlargementTests {
  private func picture(side: Int, seed: UInt64) -> RGBImage {
    var random = SplitMix64(seed: seed)
    let pixels = (0..<side * side * 3).map { _ in UInt8(truncatingIfNeeded: random.next()) }
    return RGBImage(width: side, height: side, pixels: pixels)
  }

  private func enlarged(_ picture: RGBImage, to side: Int) -> RGBImage {
    var pixels = [UInt8](repeating: 0, count: side * side * 3)
    Enlargement(sourceSide: picture.width, side: side).draw(
      picture, columns: 0..<side, rows: 0..<side, into: &pixels, targetWidth: side, x: 0, y: 0)
    return RGBImage(width: side, height: side, pixels: pixels)
  }

  @Test func `parts of an enlarged picture join to the whole`() {
    let source = picture(side: 30, seed: 1)
    let enlargement = Enlargement(sourceSide: 30, side: 61)
    var pixels = [UInt8](repeating: 0, count: 61 * 61 * 3)
    for rows in [0..<7, 7..<8, 8..<61] {
      for columns in [0..<20, 20..<59, 59..<61] {
        enlargement.draw(
          source, columns: columns, rows: rows, into: &pixels, targetWidth: 61, x: columns.lowerBound,
          y: rows.lowerBound)
      }
    }
    #expect(RGBImage(width: 61, height: 61, pixels: pixels) == enlarged(source, to: 61))
  }

  @Test(arguments: [UInt8(0), 1, 127, 254, 255])
  func `an even picture stays even`(value: UInt8) {
    let flat = RGBImage(width: 9, height: 9, pixels: [UInt8](repeating: value, count: 9 * 9 * 3))
    #expect(enlarged(flat, to: 19).pixels.allSatisfy { $0 == value })
  }

  @Test func `the side that a picture has already gives the picture`() {
    let source = picture(side: 12, seed: 2)
    #expect(enlarged(source, to: 12) == source)
  }

  @Test func `an edge stays where it is, and light does not run over`() {
    var pixels = [UInt8](repeating: 0, count: 8 * 8 * 3)
    for pixel in 0..<64 where pixel % 8 >= 4 {
      for channel in 0..<3 { pixels[pixel * 3 + channel] = 255 }
    }
    let large = enlarged(RGBImage(width: 8, height: 8, pixels: pixels), to: 16)
    let row = (0..<16).map { large.pixels[(16 * 5 + $0) * 3] }
    #expect(row.prefix(8).allSatisfy { $0 < 128 } && row.suffix(8).allSatisfy { $0 >= 128 })
    #expect(row.first == 0 && row.last == 255)
  }
}
