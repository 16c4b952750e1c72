import CSIMDKernels
import FeatureData
import Testing

@Suite struct SquareMeansTests {
  @Test(arguments: [(1, 1, 1), (7, 5, 1), (9, 9, 3), (10, 7, 3), (64, 33, 5), (5, 4, 9)])
  func `squares become their mean over white, smaller ones at the edges too`(width: Int, height: Int, side: Int) {
    var generator = SplitMix64(seed: 11)
    let pixels = (0..<width * height).map { _ -> UInt32 in
      let alpha = UInt32(generator.next() % 256)
      // Premultiplied: no channel exceeds the alpha.
      return (0..<3).reduce(alpha << 24) { $0 | UInt32(generator.next() % UInt64(alpha + 1)) << (8 * UInt32($1)) }
    }
    let (across, down) = ((width + side - 1) / side, (height + side - 1) / side)
    // Rows of the result lie further apart than they are long.
    let rowBytes = across * 3 + 5
    var result = [UInt8](repeating: 77, count: rowBytes * down)
    var line = [UInt32](repeating: 9, count: width * 4)
    simd_average_squares(pixels, Int64(width), Int64(height), Int64(side), &line, &result, Int64(rowBytes))
    for row in 0..<down {
      for column in 0..<across {
        for channel in 0..<3 {
          var (sum, count) = (0, 0)
          for y in row * side..<min((row + 1) * side, height) {
            for x in column * side..<min((column + 1) * side, width) {
              let pixel = pixels[y * width + x]
              sum += Int(pixel >> UInt32(16 - 8 * channel) & 255) + 255 - Int(pixel >> 24)
              count += 1
            }
          }
          #expect(Int(result[row * rowBytes + column * 3 + channel]) == (sum + count / 2) / count)
        }
      }
      #expect(result[(row * rowBytes + across * 3)..<((row + 1) * rowBytes)].allSatisfy { $0 == 77 })
    }
  }
}
