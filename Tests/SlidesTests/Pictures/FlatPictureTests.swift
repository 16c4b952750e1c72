import FeatureData
import Foundation
import Testing

@testable import Slides

/// Plain pictures as slides: `Fixtures/flat`, as `Fixtures/make_flat_pictures.py` made them.
@Suite struct FlatPictureTests {
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "Fixtures/flat").path

  private func slide(_ name: String) throws -> WholeSlideImage { try WholeSlideImage(path: Self.folder + "/" + name) }

  private func whole(_ slide: WholeSlideImage, level: Int = 0) throws -> RGBImage {
    let size = slide.levels[level]
    return try SlidePixels(width: size.width, height: size.height) { buffer throws(SlideError) in
      try slide.read(into: buffer, x: 0, y: 0, level: level, width: size.width, height: size.height)
    }.image()
  }

  private func base() throws -> RGBImage {
    let bytes = Array(try Data(contentsOf: URL(filePath: Self.folder + "/base.png")))
    return try bytes.withUnsafeBytes { buffer throws(ImageFault) in try TileDecoder().decode(buffer) }
  }

  /// The mean difference of a channel.
  private func difference(_ one: RGBImage, _ other: RGBImage) -> Double {
    let sum = zip(one.pixels, other.pixels).reduce(0) { $0 + abs(Int($1.0) - Int($1.1)) }
    return Double(sum) / Double(max(one.pixels.count, 1))
  }

  @Test(arguments: [
    "base.png", "interlaced.png", "plain.tif", "lzw.tif", "lzw_predictor.tif", "deflate.tif", "packbits.tif", "big.tif",
    "planar.tif", "one_strip.tif", "sixteen.tif",
  ])
  func `a plain picture is a slide of one level, pixel for pixel`(name: String) throws {
    let slide = try slide(name)
    #expect(slide.levels == [SlideLevel(width: 140, height: 90, downsample: 1)])
    #expect(slide.micronsPerPixel == nil)
    let image = try whole(slide)
    #expect(image == (try base()))
  }

  @Test(arguments: [("baseline.jpg", 8.0), ("progressive.jpg", 8.0), ("jpeg.tif", 8.0), ("palette.tif", 40.0)])
  func `one that was compressed with a loss is nearly the same`(name: String, most: Double) throws {
    #expect(difference(try whole(slide(name)), try base()) < most)
  }

  @Test func `grey is spread, and what is transparent is white`() throws {
    let grey = try whole(slide("grey.tif"))
    #expect((0..<20).allSatisfy { grey.pixels[$0 * 3] == grey.pixels[$0 * 3 + 2] })
    let clear = try whole(slide("transparent.png"))
    #expect(clear.pixels[0..<210].allSatisfy { $0 == 255 })
    #expect(clear.pixels[(70 * 3)..<(140 * 3)].elementsEqual(try base().pixels[(70 * 3)..<(140 * 3)]))
  }

  @Test func `a part is that part, and what lies outside is clear`() throws {
    let slide = try slide("deflate.tif")
    let part = try SlidePixels(width: 20, height: 20) { buffer throws(SlideError) in
      try slide.read(into: buffer, x: 130, y: -5, level: 0, width: 20, height: 20)
    }
    #expect(part.values[0..<100].allSatisfy { $0 == 0 })
    let base = try base()
    let pixel = base.pixels[130 * 3..<130 * 3 + 3].reduce(0xFF) { $0 << 8 | UInt32($1) }
    #expect(part.values[5 * 20] == pixel && part.values[5 * 20 + 10] == 0)
  }

  @Test func `a resolution that a slide can have is offered, one of a page is not`() throws {
    // 25400 dots an inch, and 20000 pixels a centimetre.
    #expect(abs(try #require(slide("base.png").scaleHint?.micronsPerPixel) - 1) < 0.001)
    #expect(abs(try #require(slide("deflate.tif").scaleHint?.micronsPerPixel) - 0.5) < 0.001)
    #expect(try slide("baseline.jpg").scaleHint == nil)
    let grid = try TileGrid(
      slide("lzw.tif"), size: TileSize(pixels: 32, extent: .microns(16)), micronsPerPixel: 0.5)
    #expect(grid.columnCount == 4 && grid.rowCount == 2)
  }

  @Test func `a pyramid inside a TIFF has its levels, and OME says how large its pixels are`() throws {
    let slide = try slide("pyramid.ome.tif")
    #expect(slide.levels.map(\.width) == [560, 140, 35] && slide.levels.map(\.height) == [360, 90, 23])
    #expect(abs(try #require(slide.micronsPerPixel) - 0.25) < 1e-9)
    #expect(difference(try whole(slide, level: 1), try base()) < 25)
    // Level 1 is every fourth pixel of level 0.
    let finest = try whole(slide)
    var pixels: [UInt8] = []
    for row in 0..<90 {
      for column in 0..<140 {
        let place = (row * 4 * 560 + column * 4) * 3
        pixels += finest.pixels[place..<place + 3]
      }
    }
    let every = RGBImage(width: 140, height: 90, pixels: pixels)
    #expect(difference(try whole(slide, level: 1), every) < 8)
  }

  @Test func `pictures that are not read are named with the reason and the way out`() throws {
    func error(_ name: String) throws -> SlideError { try #require(throws: SlideError.self) { try slide(name) } }
    #expect(try error("channels.ome.tif").description.contains("an OME-TIFF of 3 pictures, channels or depths"))
    #expect(
      try error("cmyk.tif").description.contains("is a TIFF file that is not read: its colours are those of inks"))
    #expect(try error("float.tif").description.contains("not read: its pixels are not whole numbers"))
    for name in ["channels.ome.tif", "cmyk.tif", "float.tif"] { #expect(try error(name).remedy != nil) }
  }

  @Test func `a picture that ends too soon is told when it is read`() throws {
    let scratch = try ScratchFolder()
    for name in ["base.png", "baseline.jpg", "deflate.tif"] {
      let bytes = Array(try Data(contentsOf: URL(filePath: Self.folder + "/" + name)))
      let cut = try scratch.write(Array(bytes.prefix(bytes.count * 2 / 3)), as: name)
      let fault = try #require(throws: SlideError.self) { try whole(WholeSlideImage(path: cut)) }
      #expect(fault.description.hasPrefix(cut) && fault.remedy != nil, "\(fault)")
    }
  }

  @Test func `a picture larger than can be unpacked is refused by its header`() throws {
    let scratch = try ScratchFolder()
    var bytes = Array(try Data(contentsOf: URL(filePath: Self.folder + "/plain.tif")))
    // The directory's entries of width and height, both of 16 bits, become of 32.
    let offset = Int(bytes[4]) | Int(bytes[5]) << 8 | Int(bytes[6]) << 16
    for entry in 0..<Int(bytes[offset]) {
      let place = offset + 2 + entry * 12
      guard bytes[place + 1] == 1, bytes[place] == 0 || bytes[place] == 1 else { continue }
      bytes.replaceSubrange(place + 2..<place + 12, with: [4, 0, 1, 0, 0, 0, 0xA0, 0x86, 1, 0])
    }
    let huge = try scratch.write(bytes, as: "huge.tif")
    #expect(
      throws: SlideError.pictureTooLarge(
        path: huge, width: 100_000, height: 100_000, limit: FlatPicture.maximumPixelCount)
    ) { try WholeSlideImage(path: huge) }
  }

  @Test func `formats that are not read are known by their first bytes or their ending`() throws {
    let scratch = try ScratchFolder()
    for (name, bytes, words) in [
      ("A.czi", Array("ZISRAWFILE".utf8), "a file of Zeiss (CZI)"),
      ("B.tif", Array("ZISRAWFILE\0".utf8), "Zeiss (CZI)"),
      ("C.dcm", [UInt8](repeating: 0, count: 128) + Array("DICM".utf8), "a DICOM file"),
      ("D.vsi", [0x49, 0x49, 0x2A, 0], "a file of Olympus (VSI)"), ("E.isyntax", [1], "Philips (iSyntax)"),
      ("F.mrxs", [0xFF, 0xD8], "only the cover of a MIRAX slide"), ("G.lif", [0x70], "Leica (LIF)"),
    ] as [(String, [UInt8], String)] {
      let path = try scratch.write(bytes, as: name)
      let error = try #require(throws: SlideError.self) { try WholeSlideImage(path: path) }
      #expect(error.description.contains(words) && error.remedy != nil, "\(name): \(error)")
    }
  }

  @Test func `a thumbnail beside a slide is none, and a picture alone is a slide`() throws {
    let scratch = try ScratchFolder()
    for name in [
      "s/A.svs", "s/A.png", "s/B.png", "s/deep/A.jpg", "s/C.czi", "s/C.tif", "s/D.czi", "s/deep/er/E.png",
    ] {
      try FileManager.default.createDirectory(
        atPath: (scratch.path + "/" + name as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
      _ = try scratch.write(Array(name.utf8), as: name)
    }
    for (name, text) in [
      ("settings.json", "{}"), ("datasets.json", #"{"S": {"slides": "./s"}}"#),
      ("annotations.csv", "patient,slide\nP,A\n"),
    ] { _ = try scratch.write(Array(text.utf8), as: name) }
    let files = try Project(folder: scratch.path).slideFiles()
    #expect(files.map { $0.path.replacing(scratch.path + "/s/", with: "") } == ["A.svs", "B.png", "C.tif", "D.czi"])
    #expect(files.filter { !$0.twins.isEmpty }.isEmpty)
    #expect(ProjectFiles.slideNames(slides: [scratch.path + "/s"], tfrecords: []) == files.map(\.name))
  }
}
