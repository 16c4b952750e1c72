import FeatureData
import Testing

@testable import Slides

@Suite("Tiles that show tissue")
struct TileTissueTests {
  /// Of 32 × 32 pixels about a colour, of which a share at the top is white.
  private func isShown(_ colour: [Int], grain: Int, white: Double = 0) -> Bool {
    var generator = SplitMix64(seed: 3)
    var pixels: [UInt8] = []
    for pixel in 0..<32 * 32 {
      let shift = grain == 0 ? 0 : Int(generator.next() % UInt64(2 * grain + 1)) - grain
      pixels += Double(pixel) < white * 1024 ? [245, 244, 246] : colour.map { UInt8(min(max($0 + shift, 0), 255)) }
    }
    return pixels.withUnsafeBufferPointer { TileTissue.isShown(in: $0) }
  }

  @Test("stained tissue counts, also where up to six tenths of the tile are white")
  func tissue() {
    #expect(isShown([190, 110, 170], grain: 30))
    #expect(isShown([190, 110, 170], grain: 30, white: 0.5))
    #expect(!isShown([190, 110, 170], grain: 30, white: 0.7))
  }

  @Test("white, grey, black and uniform tiles do not, and none does that has no pixels")
  func background() {
    #expect(!isShown([245, 245, 245], grain: 2) && !isShown([242, 236, 240], grain: 6))
    #expect(!isShown([128, 128, 128], grain: 40) && !isShown([0, 0, 0], grain: 0))
    #expect(!isShown([190, 110, 170], grain: 0) && !isShown([190, 110, 170], grain: 2))
    #expect(!TileTissue.isShown(in: UnsafeBufferPointer(start: nil, count: 0)))
  }
}
