package import FeatureData

/// Tiles side by side, each with lines of text under it.
package struct ContactSheet: Figure {
  package struct Tile: Sendable, Equatable {
    /// Nil where the tile cannot be had; its place is hatched.
    package let image: RGBImage?
    /// One line each. Lines that are too long are cut so that different ones stay different; of a tile's name, such as
    /// `DEMO-01:3`, its number stays whole.
    package let captions: [String]
    fileprivate let isEmpty: Bool

    package init(image: RGBImage?, captions: [String] = []) {
      self.image = image
      self.captions = captions
      isEmpty = false
    }

    /// A place where nothing is.
    package static let empty = Tile()

    private init() {
      image = nil
      captions = []
      isEmpty = true
    }
  }

  package let tiles: [Tile]
  /// Tiles in a row; nil for a number that suits the page.
  package let columns: Int?
  /// CSS pixels along a side of a tile; nil for a size that suits the number of tiles.
  package let tileSide: Double?
  package let title: String?
  package let subtitle: String?
  package let footer: String?

  package init(
    tiles: [Tile], columns: Int? = nil, tileSide: Double? = nil, title: String? = nil, subtitle: String? = nil,
    footer: String? = nil
  ) {
    self.tiles = tiles
    self.columns = columns
    self.tileSide = tileSide
    self.title = title
    self.subtitle = subtitle
    self.footer = footer
  }

  private static let gap = 10.0
  private static let captionSize = 10.5
  private static let captionHeight = 14.0

  package let content = PNGWriter.Content.photograph
  package func exactColours(in theme: FigureTheme) -> [Colour] { MosaicCell.colours(on: MosaicPicture.background) }
  package var metadata: PictureMetadata {
    PictureMetadata(title: title, description: [subtitle, footer].compactMap(\.self).joined(separator: "\n"))
  }

  package func arranged(in style: FigureStyle, measuring text: TextMeasurer) -> Arrangement {
    let room = style.room.widest - 2 * FigureTexts.margin
    let side = tileSide ?? (tiles.count <= 12 ? 180 : tiles.count <= 30 ? 140 : tiles.count <= 80 ? 104 : 76)
    let fitting = max(Int((room + Self.gap) / (side + Self.gap)), 1)
    let columnCount = max(min(columns ?? fitting, fitting, max(tiles.count, 1)), 1)
    let rowCount = (tiles.count + columnCount - 1) / columnCount
    let lines = tiles.map(\.captions.count).max() ?? 0
    let rowHeight = side + Double(lines) * Self.captionHeight + (lines > 0 ? 4 : 0) + Self.gap
    let width = FigureTexts.width(
      content: max(
        Double(columnCount) * (side + Self.gap) - Self.gap + 2 * FigureTexts.margin, min(360, style.room.widest)),
      title: title,
      subtitle: subtitle, footer: footer, in: style, measuring: text)
    let texts = FigureTexts(
      title: title, subtitle: subtitle, footer: footer, width: width, in: style, measuring: text)
    let captions = Self.captions(of: tiles, width: side, measuring: text)
    let height = texts.topRoom + max(Double(rowCount) * rowHeight - Self.gap, 0) + texts.bottomRoom
    return Arrangement(width: width, height: height) { canvas in
      texts.draw(on: canvas)
      for (index, tile) in tiles.enumerated() where !tile.isEmpty {
        let x = FigureTexts.margin + Double(index % columnCount) * (side + Self.gap)
        let y = (texts.topRoom + Double(index / columnCount) * rowHeight).rounded()
        let pixels = max(Int((side * canvas.scale).rounded()), 1)
        let cell = tile.image.map { MosaicCell($0, side: pixels) } ?? MosaicCell(hatchedWithSide: pixels)
        canvas.draw(PixelLayer(cell.image), x: x, y: y, width: side, height: side)
        for (line, caption) in captions[index].enumerated() {
          let block = TextBlock(
            caption, size: Self.captionSize, ink: line == 0 ? .full : .soft, maximumWidth: side)
          canvas.draw(block, x: x, y: y + side + 3 + Double(line) * Self.captionHeight)
        }
      }
    }
  }

  /// The captions of each tile, cut to its width.
  static func captions(of tiles: [Tile], width: Double, measuring text: TextMeasurer) -> [[String]] {
    var captions = tiles.map(\.captions)
    for line in 0..<(captions.map(\.count).max() ?? 0) {
      let places = captions.indices.filter { captions[$0].count > line }
      let written = places.map { parts(of: captions[$0][line]) }
      func room(_ part: String) -> Double { text.size(of: TextBlock(part, size: captionSize)).width }
      let left = width - (Set(written.map(\.number)).map(room).max() ?? 0)
      let names = DistinctNames.shortened(written.map(\.name)) { room($0) <= left }
      for (index, place) in places.enumerated() { captions[place][line] = names[index] + written[index].number }
    }
    return captions
  }

  /// The slide and the number of a tile's name; any other text has no number.
  private static func parts(of caption: String) -> (name: String, number: String) {
    guard let colon = caption.lastIndex(of: ":") else { return (caption, "") }
    let number = caption[caption.index(after: colon)...]
    guard !number.isEmpty, number.allSatisfy({ ("0"..."9").contains($0) }) else { return (caption, "") }
    return (String(caption[..<colon]), String(caption[colon...]))
  }
}
