import FeatureData
import Foundation
import Testing

@testable import Slides

@Suite struct WholeSlideImageTests {
  @Test func `a slide tells its format, size, levels and pictures`() throws {
    let slide = try SlideMaterial.slide()
    #expect(slide.name == "DEMO-01")
    #expect(slide.vendor == "aperio")
    #expect(slide.micronsPerPixel == 0.5 && slide.objectivePower == 20)
    #expect(slide.width == slide.height && slide.width % 128 == 0)
    #expect(slide.levels.map { Int($0.downsample.rounded()) } == [1, 4, 16])
    #expect(slide.associatedImages.map(\.name) == ["thumbnail"])
    let thumbnail = try slide.readAssociatedImage("thumbnail").image()
    #expect(thumbnail.width == slide.levels[2].width)
  }

  @Test func `a name may hold dots, and only the last part is the ending`() {
    #expect(WholeSlideImage.name(ofFile: "/a/TCGA-AA-1234.v1.svs") == "TCGA-AA-1234.v1")
    #expect(WholeSlideImage.name(ofFile: "plain") == "plain")
    #expect(WholeSlideImage.name(ofFile: ".svs") == ".svs")
  }

  @Test func `what is no slide, or a damaged one, is an error that names the file`() throws {
    let scratch = try ScratchFolder()
    let text = try scratch.write(Array("no slide".utf8), as: "notes.txt")
    #expect(throws: SlideError.notASlide(path: text)) { try WholeSlideImage(path: text) }
    let whole = try Array(Data(contentsOf: URL(filePath: SlideMaterial.path)))
    let cut = try scratch.write(Array(whole.prefix(whole.count / 2)), as: "cut.svs")
    let error = try #require(throws: SlideError.self) { try WholeSlideImage(path: cut) }
    #expect(error.description.contains("cut.svs") && error.remedy != nil)
    #expect(throws: SlideError.self) { try WholeSlideImage(path: scratch.path + "/absent.svs") }
  }

  @Test func `a region that cannot be read is an error, and the slide goes on`() throws {
    let scratch = try ScratchFolder()
    // The full level lies first in the file: its first tiles are spoilt.
    let slide = try WholeSlideImage(path: SlideMaterial.spoilt(in: scratch, from: 0.02, to: 0.2))
    let pixels = UnsafeMutableBufferPointer<UInt32>.allocate(capacity: 256 * 256)
    defer { pixels.deallocate() }
    #expect(throws: SlideError.self) {
      try slide.read(into: pixels, x: 0, y: 0, level: 0, width: 256, height: 256)
    }
    try slide.read(into: pixels, x: 0, y: slide.height - 128, level: 0, width: 128, height: 128)
    #expect(pixels[0] >> 24 == 255)
  }

  @Test func `regions outside the slide are clear, and clear is white`() throws {
    let slide = try SlideMaterial.slide()
    let pixels = SlidePixels(width: 4, height: 4) { buffer in
      try? slide.read(into: buffer, x: -100, y: -100, level: 0, width: 4, height: 4)
    }
    #expect(pixels.values.allSatisfy { $0 == 0 })
    #expect(pixels.image().pixels.allSatisfy { $0 == 255 })
  }

  @Test func `an overview has the slide's proportions and its colours`() throws {
    let slide = try SlideMaterial.slide()
    let overview = try SlideOverview(slide, longestSide: 50)
    #expect(overview.image.width == 50 && overview.image.height == 50 && overview.unreadableCount == 0)
    #expect(abs(overview.downsample - Double(slide.width) / 50) < 1e-9)
    // A reduced picture has the mean of the level that it was made from.
    let level = slide.levels[2]
    let whole = SlidePixels(width: level.width, height: level.height) { buffer in
      try? slide.read(into: buffer, x: 0, y: 0, level: 2, width: level.width, height: level.height)
    }.image()
    func mean(_ image: RGBImage) -> Double {
      Double(image.pixels.reduce(0) { $0 + Int($1) }) / Double(image.pixels.count)
    }
    #expect(abs(mean(overview.image) - mean(whole)) < 3)
  }

  @Test func `an overview of a slide with spoilt parts shows the rest, or the thumbnail`() throws {
    let scratch = try ScratchFolder()
    let slide = try WholeSlideImage(path: SlideMaterial.spoilt(in: scratch, from: 0.02, to: 0.05))
    let overview = try SlideOverview(slide, longestSide: slide.width, pieceSide: 256)
    #expect(overview.image.width == slide.width)
    #expect(overview.unreadableCount > 0 && overview.unreadableCount < 9)
    // The level is lost, and the scanner's thumbnail is not.
    let lost = try WholeSlideImage(path: SlideMaterial.spoilt(in: scratch, from: 0.01, to: 0.6))
    let instead = try SlideOverview(lost, longestSide: lost.width)
    #expect(instead.image.width == lost.width && instead.image.pixels.contains { $0 < 200 })
  }
}
