import FeatureData
import Foundation
import Synchronization
import Testing

@testable import Rendering

@Suite struct MosaicPageTests {
  /// 23 × 12 cells, of which some are empty.
  private static let grid = MosaicGrid(
    x: (0..<276).filter { $0 % 7 != 3 }.map { Float($0 % 23) },
    y: (0..<276).filter { $0 % 7 != 3 }.map { Float($0 / 23) },
    columnCount: 23)

  @Sendable private static func tile(_ point: Int, _ side: Int) -> RGBImage {
    let colour = Colour(red: UInt8(point % 250), green: UInt8(point / 250 * 90 + 20), blue: 200)
    return RGBImage(width: side, height: side, pixels: colour.repeated(side * side))
  }

  private static func picture(_ look: MosaicPicture.Look = MosaicPicture.Look(), label: String = "class")
    -> MosaicPicture
  {
    MosaicPicture(
      grid: grid,
      frames: MosaicPicture.Frames(
        names: ["normal", "</script><script>alert(1)"], indices: (0..<276).map { $0 % 2 }, label: label),
      look: look, tile: tile)
  }

  private func blocks(_ picture: MosaicPicture, _ pyramid: MosaicPyramid) throws -> [MosaicPyramid.Block: RGBImage] {
    let blocks = Mutex<[MosaicPyramid.Block: RGBImage]>([:])
    let failures = try picture.paint(pyramid, monitor: SilentMonitor()) { block, image in
      blocks.withLock { $0[block] = image }
    }
    #expect(failures.isEmpty)
    return blocks.withLock { $0 }
  }

  @Test func `blocks of the full size put together are the mosaic, and each level is half of the one before`() throws {
    let picture = MosaicPicture(grid: Self.grid, tile: Self.tile)
    let pyramid = picture.pyramid(cellPixels: 101)
    #expect(pyramid.cellPixels == 100 && pyramid.cellsPerBlock == 10 && pyramid.levelCount == 3)
    let blocks = try blocks(picture, pyramid)
    for row in 0..<Self.grid.rowCount {
      for column in 0..<Self.grid.columnCount {
        let down = Self.grid.rowCount - 1 - row
        let block = MosaicPyramid.Block(level: 0, column: column / 10, row: down / 10)
        let image = try #require(blocks[block])
        let place = ((down % 10 * 100 + 50) * image.width + column % 10 * 100 + 50) * 3
        let expected = Self.grid[column, row].map { Self.tile($0, 1).pixels } ?? [0xE9, 0xEB, 0xEE]
        #expect(Array(image.pixels[place..<place + 3]) == expected)
        let whole = try #require(blocks[MosaicPyramid.Block(level: 2, column: 0, row: 0)])
        let small = ((down * 25 + 12) * whole.width + column * 25 + 12) * 3
        #expect(zip(whole.pixels[small..<small + 3], expected).allSatisfy { abs(Int($0) - Int($1)) <= 1 })
      }
    }
    // Nothing is painted where there is no cell.
    #expect(
      Set(blocks.keys.filter { $0.level == 0 }.map(\.name)) == ["0-0-0", "0-1-0", "0-2-0", "0-0-1", "0-1-1", "0-2-1"])
    #expect(blocks.keys.count { $0.level == 1 } == 2 && blocks.values.allSatisfy { $0.width == 1000 })
  }

  private func page(_ picture: MosaicPicture, pictures: MosaicPage.Pictures = .inside) throws -> String {
    let pyramid = picture.pyramid(cellPixels: 64)
    let tiles = Self.grid.cells.map { cell in
      MosaicPage.Tile(
        slide: cell.point % 3 == 0 ? "</script>" : "S-\(cell.point % 3)", index: cell.point,
        location: cell.point == 0 ? nil : (x: cell.point, y: 7), count: 2)
    }
    let block = MosaicPyramid.Block(level: 0, column: 0, row: 0)
    var bytes: [UInt8] = []
    try MosaicPage(
      of: picture, pyramid, tiles: tiles, title: "<b>A & B</b>", caption: ["One.", "</script><img src=x>"],
      placeUnit: "Pixels.", blocks: [block], pictures: pictures
    ).write(pictures: [(block, [1, 2, 3])]) { bytes += $0 }
    return String(decoding: bytes, as: UTF8.self)
  }

  @Test func `names of the study are text inside of JSON, and no name is markup`() throws {
    let html = try page(Self.picture(label: "<i>label"))
    let parts = html.components(separatedBy: #"<script type="application/json" id="content">"#)
    #expect(parts.count == 2)
    let json = try #require(parts[1].components(separatedBy: "</script>").first)
    let content = try #require(try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
    #expect(content["title"] as? String == "<b>A & B</b>")
    #expect((content["slides"] as? [String])?.contains("</script>") == true)
    #expect((content["caption"] as? [String])?.last == "</script><img src=x>")
    #expect((content["column"] as? [Int]) == Self.grid.cells.map(\.column))
    #expect((content["x"] as? [Any])?.first is NSNull && (content["index"] as? [Int])?.count == Self.grid.cells.count)
    let key = try #require(content["key"] as? [String: Any])
    #expect(key["title"] as? String == "<i>label" && (key["names"] as? [String])?.count == 2)
    // The data, one picture and the script: as many as the page itself has.
    #expect(html.components(separatedBy: "<script").count == 4 && html.components(separatedBy: "</script>").count == 4)
    #expect(!html.contains("<img") && !html.contains("<b>A") && html.contains(#"id="block-0-0-0">AQID</script>"#))
  }

  @Test func `the page asks for nothing from elsewhere`() throws {
    let html = try page(Self.picture(), pictures: .folder("a b_tiles"))
    #expect(html.contains("default-src 'none'") && html.contains(#""folder":"a b_tiles""#))
    for word in [
      "http:", "https:", "//cdn", "@import", "fetch(", "XMLHttpRequest", "innerHTML", "document.write", "eval(",
    ] {
      #expect(!html.contains(word), "\(word)")
    }
  }

  @Test func `sizes, shares and a background come along, and the default ground is the page's`() throws {
    var look = MosaicPicture.Look()
    #expect(try !page(Self.picture(look)).contains(#""background":"#))
    look.background = Colour(hex: 0x102030)
    look.sizes = [Float](repeating: 0.5, count: Self.grid.cellCount)
    look.shares = [Float](repeating: 0.12, count: Self.grid.cellCount)
    let html = try page(Self.picture(look))
    #expect(html.contains(##""background":"#102030""##) && html.contains(#""size":[0.5,"#))
    #expect(html.contains(#""share":[0.12,"#))
  }

  @Test func `an interruption stops the painting`() {
    struct Interrupted: WorkMonitor {
      let isInterrupted = true
      func report(phase: String, unit: String, done: Int, total: Int) {}
    }
    let picture = Self.picture()
    #expect(throws: WorkInterrupted()) {
      try picture.paint(picture.pyramid(cellPixels: 32), monitor: Interrupted()) { _, _ in }
    }
  }
}
