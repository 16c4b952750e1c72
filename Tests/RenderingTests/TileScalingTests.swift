import FeatureData
import Testing

@testable import Rendering

@Suite struct TileScalingTests {
  @Test func `a ramp stays a ramp and keeps its direction, smaller and larger`() {
    var pixels: [UInt8] = []
    for y in 0..<200 {
      for x in 0..<200 { pixels += [UInt8(x), UInt8(y), 100] }
    }
    let image = RGBImage(width: 200, height: 200, pixels: pixels)
    for side in [7, 50, 96, 199, 333] {
      let scaled = TileScaling.fitted(image, side: side, background: .white)
      #expect(scaled.width == side && scaled.height == side)
      for row in stride(from: 1, to: side - 1, by: 5) {
        for column in stride(from: 1, to: side - 1, by: 5) {
          let place = (row * side + column) * 3
          // The colour of the source at the pixel's centre.
          let x = (Double(column) + 0.5) * 200 / Double(side) - 0.5
          let y = (Double(row) + 0.5) * 200 / Double(side) - 0.5
          let red = Double(scaled.pixels[place])
          let green = Double(scaled.pixels[place + 1])
          #expect(abs(red - x) < 1.5)
          #expect(abs(green - y) < 1.5)
          #expect(scaled.pixels[place + 2] == 100)
        }
      }
    }
  }

  @Test func `fine structure becomes its mean, not one of its pixels`() {
    var board: [UInt8] = []
    for y in 0..<224 {
      for x in 0..<224 { board += [UInt8](repeating: (x + y) % 2 == 0 ? 255 : 0, count: 3) }
    }
    let scaled = TileScaling.fitted(
      RGBImage(width: 224, height: 224, pixels: board), side: 32, background: .white)
    #expect(scaled.pixels.allSatisfy { (120...135).contains($0) })
  }
}
