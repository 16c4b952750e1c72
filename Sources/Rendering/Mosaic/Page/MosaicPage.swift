import Foundation

/// A mosaic as a page for a browser, to be moved and zoomed: one HTML file that asks for nothing, with its pictures inside or in
/// a folder beside it.
///
/// What comes from the study (names of slides, labels, captions) stands in the page as JSON, and its script shows it as text.
package struct MosaicPage: Sendable {
  /// What is known of the tile of a cell.
  package struct Tile: Sendable {
    package let slide: String
    package let index: Int
    /// The tile's centre on the slide, as it is read: nil where it is not known.
    package let location: (x: Int, y: Int)?
    /// How many tiles of the map lie in the cell.
    package let count: Int

    package init(slide: String, index: Int, location: (x: Int, y: Int)?, count: Int) {
      self.slide = slide
      self.index = index
      self.location = location
      self.count = count
    }
  }

  /// The pictures of the blocks.
  package enum Pictures: Sendable {
    case inside
    /// In a folder beside the page, by its name.
    case folder(String)
  }

  private struct Content: Encodable {
    struct Key: Encodable {
      let title: String
      /// Classes.
      let names: [String]?
      let colours: [String]
      let counts: [Int]?
      /// Of values, the numbers at the ends of the colours.
      let ends: [String]?
    }

    let title: String
    let caption: [String]
    let statement: String?
    let columns: Int
    let rows: Int
    let side: Int
    let perBlock: Int
    let levels: Int
    let blocks: [String]
    let folder: String?
    let background: String?
    let slides: [String]
    let placeUnit: String
    // One entry a tile.
    let column: [Int]
    let row: [Int]
    let slide: [Int]
    let index: [Int]
    let x: [Int?]
    let y: [Int?]
    let count: [Int]
    let label: [String]?
    let frame: [Int]?
    let frameColours: [String]
    let size: [Double]?
    let share: [Double]?
    let context: [Int]
    let key: Key?
  }

  private let content: [UInt8]

  /// - Parameters:
  ///   - tiles: one for each cell of the grid that shows one.
  ///   - statement: what made the mosaic.
  ///   - placeUnit: in what and from where places on slides are counted.
  ///   - blocks: those that are there.
  package init(
    of picture: MosaicPicture, _ pyramid: MosaicPyramid, tiles: [Tile], title: String, caption: [String],
    statement: String? = nil, placeUnit: String, blocks: [MosaicPyramid.Block], pictures: Pictures
  ) throws {
    let grid = picture.grid
    let slides = Array(Set(tiles.map(\.slide))).sorted()
    let places = Dictionary(uniqueKeysWithValues: slides.enumerated().map { ($1, $0) })
    let points = grid.cells.map(\.point)
    let cells = grid.cells.map(grid.number(of:))
    var frameColours: [String] = []
    var frameOf: [Colour: Int] = [:]
    let frame = picture.frames.map { frames in
      points.map { point -> Int in
        let colour = frames.colour(of: point)
        if let known = frameOf[colour] { return known }
        frameOf[colour] = frameColours.count
        frameColours.append(colour.hexText)
        return frameColours.count - 1
      }
    }
    let folder: String?
    if case .folder(let name) = pictures { folder = name } else { folder = nil }
    let context = (0..<grid.cellCount).filter {
      grid.isContext(column: $0 % grid.columnCount, row: $0 / grid.columnCount)
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let json = try encoder.encode(
      Content(
        title: title, caption: caption, statement: statement, columns: grid.columnCount, rows: grid.rowCount,
        side: pyramid.cellPixels,
        perBlock: pyramid.cellsPerBlock, levels: pyramid.levelCount, blocks: blocks.sorted().map(\.name),
        folder: folder,
        background: picture.look.background == MosaicPicture.background ? nil : picture.look.background.hexText,
        slides: slides, placeUnit: placeUnit,
        column: grid.cells.map(\.column), row: grid.cells.map(\.row),
        slide: tiles.map { places[$0.slide] ?? 0 }, index: tiles.map(\.index), x: tiles.map { $0.location?.x },
        y: tiles.map { $0.location?.y }, count: tiles.map(\.count),
        label: picture.frames.map { frames in points.map { frames.text(of: $0) ?? "" } }, frame: frame,
        frameColours: frameColours,
        size: picture.look.sizes.isEmpty ? nil : cells.map { Self.rounded(picture.look.sizes[$0]) },
        share: picture.look.shares.isEmpty ? nil : cells.map { Self.rounded(picture.look.shares[$0]) },
        context: context, key: picture.frames.map { Self.key(of: $0, points) }))
    // Inside of a script element nothing may look like its end.
    content = json.flatMap { $0 == UInt8(ascii: "<") ? Array("\\u003c".utf8) : [$0] }
  }

  private static func rounded(_ share: Float) -> Double { (Double(share) * 1000).rounded() / 1000 }

  private static func key(of frames: MosaicPicture.Frames, _ points: [Int]) -> Content.Key {
    switch frames.key(of: points) {
    case .legend(let legend):
      Content.Key(
        title: legend.title ?? "", names: legend.entries.map(\.name), colours: legend.entries.map(\.colour.hexText),
        counts: legend.entries.map { $0.count ?? 0 }, ends: nil)
    case .bar(let bar):
      Content.Key(
        title: bar.title, names: nil, colours: bar.colours.steps(32).map(\.hexText), counts: nil,
        ends: [bar.colours.range.lowerBound, bar.colours.range.upperBound].map(MosaicPicture.Frames.written))
    }
  }

  /// Hands on the file, piece by piece.
  ///
  /// - Parameter pictures: the blocks as JPEG files, in the order in which they are to stand; none where they lie in a folder.
  package func write(
    pictures: some Sequence<(block: MosaicPyramid.Block, jpeg: [UInt8])>, output: ([UInt8]) throws -> Void
  ) throws {
    try output(Array(MosaicPageSource.head.utf8))
    try output(Array(#"<script type="application/json" id="content">"#.utf8))
    try output(content)
    try output(Array("</script>\n".utf8))
    for (block, jpeg) in pictures {
      try output(Array(#"<script type="text/plain" id="block-\#(block.name)">"#.utf8))
      try output(Array(Data(jpeg).base64EncodedData()))
      try output(Array("</script>\n".utf8))
    }
    try output(Array(MosaicPageSource.tail.utf8))
  }
}
