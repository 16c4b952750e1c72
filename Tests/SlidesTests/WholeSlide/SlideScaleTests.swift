import FeatureData
import Testing

@testable import Slides

@Suite struct SlideScaleTests {
  @Test func `what tiles were cut with wins, then what the file says, then what is given`() throws {
    #expect(SlideScale(file: nil, given: nil) == nil)
    let own = try #require(SlideScale(file: 0.25, given: nil))
    #expect(own.micronsPerPixel == 0.25 && own.source == .file && own.overruled == nil)
    let overruled = try #require(SlideScale(file: 0.25, given: 0.5))
    #expect(overruled.micronsPerPixel == 0.25 && overruled.source == .file && overruled.overruled == 0.5)
    let given = try #require(SlideScale(file: nil, given: 0.5))
    #expect(given.micronsPerPixel == 0.5 && given.source == .given && given.overruled == nil)
    let cut = try #require(SlideScale(cut: 0.5, file: 0.25, given: 0.3))
    #expect(cut.micronsPerPixel == 0.5 && cut.source == .extraction)
    #expect(cut.overruled == 0.3 && cut.contradicting == 0.25)
    let same = try #require(SlideScale(cut: 0.25, file: 0.25, given: 0.25))
    #expect(same.source == .file && same.overruled == nil && same.contradicting == nil)
  }

  @Test func `what is given and the file makes unlikely is used and doubted`() throws {
    let objective = SlideScale.Hint.objective(power: 40)
    #expect(SlideScale(file: nil, given: 0.5, hint: objective)?.doubt == objective)
    #expect(SlideScale(file: nil, given: 0.23, hint: objective)?.doubt == nil)
    #expect(SlideScale(file: 0.5, given: nil, hint: objective)?.doubt == nil)
  }

  @Test func `a grid is laid by the file's own scale whatever is given, and by the given where the file says nothing`()
    throws
  {
    let slide = try SlideMaterial.slide()
    let grid = try TileGrid(slide, size: SlideMaterial.size, micronsPerPixel: 0.25)
    #expect(grid.fullExtractPixels == 128 && grid.scale.overruled == 0.25)
    let scratch = try ScratchFolder()
    let silent = try SlideMaterial.restated("MPP = 0.5000", as: "QQQ = 0.5000", in: scratch)
    #expect(silent.micronsPerPixel == nil)
    let given = try TileGrid(silent, size: SlideMaterial.size, micronsPerPixel: 0.25)
    #expect(given.fullExtractPixels == 256 && given.scale.source == .given)
  }

  @Test func `a remedy has a number only where the file has one`() throws {
    let scratch = try ScratchFolder()
    func remedy(_ slide: WholeSlideImage) -> String? {
      do throws(SlideError) { _ = try slide.scale(given: nil) } catch { return error.remedy }
      return nil
    }
    let silent = try SlideMaterial.restated("MPP = 0.5000", as: "QQQ = 0.5000", in: scratch)
    #expect(remedy(silent) == "mpp={restated: 0.5}, as its 20x objective has it")
    let mute = try SlideMaterial.restated(
      "AppMag = 20|MPP = 0.5000", as: "Nothing = 1|QQQ = 0.5000", in: scratch)
    #expect(remedy(mute) == "mpp={restated: …}, as its scanner has it")
    let error = SlideError.noMicronsPerPixel(path: "a b.svs", stated: nil, hint: .tags(micronsPerPixel: 0.502512))
    #expect(error.remedy == "mpp={\"a b\": 0.502512}, as its TIFF's resolution tags have it")
  }

  @Test func `a scale that no slide has is not believed, and said`() throws {
    let scratch = try ScratchFolder()
    // 300 dots an inch are those of a page.
    let page = try SlideMaterial.restated("MPP = 0.5000", as: "MPP = 84.667", in: scratch)
    #expect(page.statedMicronsPerPixel == 84.667 && page.micronsPerPixel == nil)
    #expect(try page.scale(given: 0.5).source == .given)
    let error = try #require(throws: SlideError.self) { try page.scale(given: nil) }
    #expect(error.description.contains("gives 84.667 µm per pixel, which no slide has"))
  }

  @Test func `regions that all lie off a slide are refused, and those partly off are counted`() throws {
    let slide = try SlideMaterial.slide()
    func square(_ name: String, _ x: Double, _ y: Double) -> RegionsOfInterest.Region {
      .init(name: name, vertices: [.init(x: x, y: y), .init(x: x + 50, y: y), .init(x: x, y: y + 50)])
    }
    let far = Double(slide.width + 1000)
    try RegionsOfInterest([square("in", 10, 10), square("off", far, 0)]).check(on: slide)
    #expect(RegionsOfInterest([square("in", 10, 10), square("off", far, 0)]).outside(slide) == ["off"])
    let error = try #require(throws: SlideError.self) {
      try RegionsOfInterest([square("a", far, 10), square("b", far, 500)]).check(on: slide)
    }
    #expect(error.description.contains("(a, b) lie outside of it: they begin at (\(slide.width + 1000), 10)"))
  }
}
