/// A composed mosaic with its captions and the legend of its frames.
struct MosaicFigure: Figure {
  /// How large a cell can be so that the figure fits a notebook.
  struct Room: Sendable {
    private static let widest = 1200.0
    private static let highest = 1600.0
    private static let largestCell = 192
    private static let legendGap = 20.0

    /// Device pixels of a cell at two a CSS pixel; CSS pixels are half as many.
    let sidePixels: Int
    /// CSS pixels of the whole mosaic.
    let width: Double
    let height: Double
    let legend: (any KeyLayout)?
    /// The figure's, margins included.
    let figureWidth: Double

    init(grid: MosaicGrid, legend: ScatterKey?) {
      let text = TextMeasurer()
      let layout = legend?.layout(maximumWidth: 340, maximumHeight: 560, measuring: text)
      let legendRoom = layout.map { $0.width + Self.legendGap } ?? 0
      let available = Self.widest - 2 * FigureTexts.margin - legendRoom
      let byWidth = Int(available * 2) / grid.columnCount
      let byHeight = Int(Self.highest * 2) / grid.rowCount
      sidePixels = max(1, min(byWidth, byHeight, Self.largestCell))
      width = Double(grid.columnCount * sidePixels) / 2
      height = Double(grid.rowCount * sidePixels) / 2
      self.legend = layout
      figureWidth = max((width + legendRoom + 2 * FigureTexts.margin).rounded(.up), 360)
    }

    /// Device pixels of a cell at about `density` a CSS pixel, at least one.
    func sidePixels(density: Double) -> Int { Int((Double(sidePixels) * density / 2).rounded(.up)) }

    /// Device pixels a CSS pixel at which cells are `side` device pixels large.
    func scale(side: Int) -> Double { Double(side) * 2 / Double(sidePixels) }

    var legendLeft: Double { FigureTexts.margin + width + Self.legendGap }
  }

  let image: PixelLayer
  let room: Room
  let legend: ScatterKey?
  let background: Colour
  let title: String?
  let subtitle: String?
  let footer: String?
  let metadata: PictureMetadata
  let content = PNGWriter.Content.photograph

  func exactColours(in theme: FigureTheme) -> [Colour] {
    guard case .legend(let legend)? = legend else { return MosaicCell.colours(on: background) }
    return MosaicCell.colours(on: background) + legend.entries.map(\.colour)
  }

  func arranged(in style: FigureStyle, measuring text: TextMeasurer) -> Arrangement {
    let width = FigureTexts.width(
      content: room.figureWidth, title: title, subtitle: subtitle, footer: footer, in: style, measuring: text)
    let texts = FigureTexts(
      title: title, subtitle: subtitle, footer: footer, width: width, in: style, measuring: text)
    // Whole pixels: the tiles stay sharp.
    let top = texts.topRoom.rounded(.up)
    let height = max(room.height, room.legend?.height ?? 0)
    return Arrangement(width: width, height: (top + height + texts.bottomRoom).rounded(.up)) { canvas in
      texts.draw(on: canvas)
      // The tiles' pixels coincide with the page's at any scale.
      canvas.draw(
        image, x: (FigureTexts.margin * canvas.scale).rounded() / canvas.scale,
        y: (top * canvas.scale).rounded() / canvas.scale, width: room.width, height: room.height)
      room.legend?.draw(on: canvas, x: room.legendLeft, y: top)
    }
  }
}
