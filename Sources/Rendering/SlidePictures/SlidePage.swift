import FeatureData

/// A page with the picture of a slide, a scale bar below it and a key beside it.
struct SlidePage {
  /// Where the picture lies on the page.
  struct Frame {
    let left: Double
    let top: Double
    /// CSS pixels along a pixel of level 0.
    let unit: Double
  }

  let overview: RGBImage
  /// Level-0 pixels along a pixel of the overview.
  let downsample: Double
  /// Of level 0; nil draws no scale bar.
  let micronsPerPixel: Double?
  let title: String?
  let subtitle: String?
  let footer: String?

  static let keyWidth = 260.0
  private static let shortestSide = 200.0
  static let keyHeight = 400.0
  private static let longestSide = 760.0
  private static let barRoom = 26.0

  /// - Parameters:
  ///   - keyRoom: the width that the key has at least.
  ///   - draw: draws over the picture.
  func arranged(
    key: (any KeyLayout)?, keyRoom: Double = 0, in style: FigureStyle, measuring text: TextMeasurer,
    draw: @escaping (Canvas, Frame) -> Void
  ) -> Arrangement {
    let longest = Double(max(overview.width, overview.height, 1))
    let across =
      style.room.widest - 2 * FigureTexts.margin - (key.map { max($0.width, keyRoom) + 20 } ?? 0)
    // A tiny slide is enlarged, but not so far that its pixels become a puzzle.
    let scale = min(
      Self.longestSide / longest, 8, max(across, Self.shortestSide) / Double(max(overview.width, 1)))
    let width = max(Double(overview.width) * scale, 1)
    let height = max(Double(overview.height) * scale, 1)
    let keyLeft = FigureTexts.margin + width + 20
    let figureWidth = FigureTexts.width(
      content: max(keyLeft + (key.map { $0.width + FigureTexts.margin } ?? -4), min(360, style.room.widest)),
      title: title, subtitle: subtitle,
      footer: footer, in: style, measuring: text)
    let texts = FigureTexts(
      title: title, subtitle: subtitle, footer: footer, width: figureWidth, in: style, measuring: text)
    let bar = micronsPerPixel.flatMap { ScaleBar(micronsPerCSSPixel: $0 * downsample / scale, room: width) }
    let bottom = bar == nil ? 0 : Self.barRoom
    let figureHeight = texts.topRoom + max(height + bottom, key?.height ?? 0) + texts.bottomRoom
    let frame = Frame(left: FigureTexts.margin, top: texts.topRoom, unit: scale / downsample)
    return Arrangement(width: figureWidth, height: figureHeight) { canvas in
      texts.draw(on: canvas)
      if scale > 2 {
        canvas.draw(PixelLayer(overview), x: frame.left, y: frame.top, width: width, height: height)
      } else {
        canvas.draw(smooth: overview, x: frame.left, y: frame.top, width: width, height: height)
      }
      canvas.strokeRectangle(
        x: frame.left, y: frame.top, width: width, height: height, colour: canvas.theme.gridLine, lineWidth: 0.5)
      draw(canvas, frame)
      bar?.draw(on: canvas, x: frame.left, y: frame.top + height + 8)
      key?.draw(on: canvas, x: keyLeft, y: frame.top)
    }
  }
}
