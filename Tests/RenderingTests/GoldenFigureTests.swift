import Foundation
import SampleFigures
import Testing

@testable import Rendering

/// Every sample figure beside the picture of it that was looked at. After a change that is meant, `draw-figures --golden` draws
/// them anew.
@Suite struct GoldenFigureTests {
  /// Fonts and cairo's edges differ a little from machine to machine; a text in another place does not pass.
  private static let meanTolerance = 0.006
  private static let blockTolerance = 0.16
  private static let block = 8

  @Test(arguments: try SampleFigures.golden())
  func `a figure looks as it did`(golden: SampleFigures.Golden) throws {
    let path = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Golden/\(golden.name).png")
    let expected = try #require(DecodedPNG([UInt8](Data(contentsOf: path))))
    let found = try #require(DecodedPNG(try golden.picture().bytes))
    #expect(abs(found.width - expected.width) <= 2 && abs(found.height - expected.height) <= 2)
    let distances = Self.distances(found, expected)
    #expect(distances.reduce(0, +) / Double(distances.count) < Self.meanTolerance)
    #expect(distances.filter { $0 > Self.blockTolerance }.count * 200 <= distances.count)
  }

  @Test func `another figure does not pass for it`() throws {
    let all = try SampleFigures.golden()
    let first = try #require(all.first { $0.name == "scatter-2-classes-light" })
    let other = try #require(all.first { $0.name == "scatter-25-classes-light" })
    let (one, two) = (
      try #require(DecodedPNG(try first.picture().bytes)), try #require(DecodedPNG(try other.picture().bytes))
    )
    let distances = Self.distances(one, two)
    #expect(distances.reduce(0, +) / Double(distances.count) > 2 * Self.meanTolerance)
  }

  /// How different the mean colours of blocks look.
  private static func distances(_ one: DecodedPNG, _ other: DecodedPNG) -> [Double] {
    let (width, height) = (min(one.width, other.width) / block, min(one.height, other.height) / block)
    return (0..<width * height).map { index in
      func mean(_ picture: DecodedPNG) -> OKLab {
        var sum = [0, 0, 0]
        for y in 0..<block {
          for x in 0..<block {
            let place = ((index / width * block + y) * picture.width + index % width * block + x) * 3
            for channel in 0..<3 { sum[channel] += Int(picture.pixels[place + channel]) }
          }
        }
        let means = sum.map { UInt8($0 / (block * block)) }
        return OKLab(Colour(red: means[0], green: means[1], blue: means[2]))
      }
      return mean(one).distance(to: mean(other))
    }
  }
}
