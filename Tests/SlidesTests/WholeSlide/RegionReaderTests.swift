import FeatureData
import Foundation
import GoldenData
import Testing

@testable import Slides

@Suite struct RegionReaderTests {
  /// Compares regions with OpenSlide's, pixel for pixel; regions lie also across the slide's edges.
  private func compare(_ slide: WholeSlideImage, count: Int) throws {
    var random = SplitMix64(seed: 4)
    var reader = RegionReader(slide)
    for index in 0..<count {
      let level = index % slide.levels.count
      let size = slide.levels[level]
      let width = Int.random(in: 1...min(400, size.width), using: &random)
      let height = Int.random(in: 1...min(400, size.height), using: &random)
      let x = Int.random(in: 0...size.width, using: &random) - (index % 3 == 0 ? 20 : 0)
      let y = Int.random(in: 0...size.height, using: &random) - (index % 4 == 0 ? 20 : 0)
      var isRead = false
      let own = SlidePixels(width: width, height: height) { buffer in
        isRead = (try? reader.read(into: buffer, x: x, y: y, level: level, width: width, height: height)) ?? false
      }
      #expect(isRead)
      // OpenSlide takes the corner in pixels of level 0, which a level of another ratio may not have exactly.
      let downsample = size.downsample
      guard downsample == downsample.rounded() else { continue }
      let other = SlidePixels(width: width, height: height) { buffer in
        try? slide.read(
          into: buffer, x: x * Int(downsample), y: y * Int(downsample), level: level, width: width, height: height)
      }
      #expect(own.image() == other.image(), "level \(level), (\(x), \(y)), \(width) × \(height)")
    }
  }

  @Test func `regions are those that OpenSlide gives`() throws { try compare(SlideMaterial.slide(), count: 60) }

  @Test(.enabled(if: SharedData.isPresent, "\(SharedData.absence)"))
  func `also of a scanner's slide, and of a plain tiled TIFF`() throws {
    let folder = try #require(SharedData.folder) + "/slides/"
    for name in ["CMU-1-Small-Region.svs", "CMU-1-Small-Region.jpeg.generic.tiff", "boxes_generic_pyramid.tiff"] {
      try compare(WholeSlideImage(path: folder + name), count: 40)
    }
  }

  @Test func `a spoilt tile is not read, and its neighbours are`() throws {
    let scratch = try ScratchFolder()
    let slide = try WholeSlideImage(path: SlideMaterial.spoilt(in: scratch, from: 0.02, to: 0.2))
    var reader = RegionReader(slide)
    let pixels = UnsafeMutableBufferPointer<UInt32>.allocate(capacity: 128 * 128)
    defer { pixels.deallocate() }
    let first = try reader.read(into: pixels, x: 0, y: 0, level: 0, width: 128, height: 128)
    let last = try reader.read(into: pixels, x: 0, y: slide.height - 128, level: 0, width: 128, height: 128)
    #expect(!first && last)
  }
}
