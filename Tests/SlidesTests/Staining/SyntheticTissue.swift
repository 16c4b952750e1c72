import FeatureData
import Foundation

@testable import Slides

/// Small tiles of nuclei, stroma and glass, painted in whole numbers as `Fixtures/make_stain_fixtures.py` does.
enum SyntheticTissue: String, CaseIterable {
  case balanced, pale, brown

  var image: RGBImage {
    switch self {
    case .balanced: Self.paint(1, 47, 33, blank: 1, [(90, 205, 242), (60, 140, 238), (140, 180, 243)])
    case .pale: Self.paint(2, 32, 32, blank: 8, [(110, 215, 244), (80, 160, 242), (150, 190, 245)])
    case .brown: Self.paint(3, 40, 29, blank: 2, [(70, 170, 215), (50, 95, 205), (95, 110, 190)])
    }
  }

  /// - Parameter channels: for red, green and blue, the values of nuclei, stroma and glass.
  private static func paint(
    _ seed: UInt64, _ width: Int, _ height: Int, blank: Int, _ channels: [(Int, Int, Int)]
  ) -> RGBImage {
    var pixels: [UInt8] = []
    for y in 0..<height {
      for x in 0..<width {
        let block = SplitMix64.mix(seed * 1_000_003 + UInt64(y / 6 * 64 + x / 7))
        let grain = SplitMix64.mix(seed * 9_000_011 + UInt64(y * 1024 + x))
        let nuclei = Int(block & 255) + Int(grain & 63) + 1
        let stroma = Int(block >> 8 & 255) + Int(grain >> 6 & 63)
        let glass = Int(block >> 16 & 255) * blank
        for (channel, values) in channels.enumerated() {
          let total = nuclei * values.0 + stroma * values.1 + glass * values.2
          let value = total / (nuclei + stroma + glass) + Int(grain >> UInt64(12 + 8 * channel) & 15) - 8
          pixels.append(UInt8(clamping: value))
        }
      }
    }
    return RGBImage(width: width, height: height, pixels: pixels)
  }
}

/// What slideflow made of those tiles.
struct StainFixtures: Decodable {
  struct Tile: Decodable {
    let sum: Int
    /// By method.
    let fits: [String: [String: [Double]]]
    /// The bytes of every 13th pixel, by method and version.
    let outputs: [String: [String: [UInt8]]]
    /// The same with the brown tile as the target, by method.
    let fittedToBrown: [String: [UInt8]]
  }

  /// By method and version.
  let standard: [String: [String: [String: [Double]]]]
  let tiles: [String: Tile]

  static func read() throws -> StainFixtures {
    let tests = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    let data = try Data(contentsOf: tests.appending(path: "Fixtures/stains.json"))
    return try JSONDecoder().decode(StainFixtures.self, from: data)
  }

  /// The bytes of every 13th pixel.
  static func sample(_ image: RGBImage) -> [UInt8] {
    stride(from: 0, to: image.pixels.count, by: 3 * 13).flatMap { image.pixels[$0..<$0 + 3] }
  }
}
