package import FeatureData

/// A slide at a glance: its picture with the tile grid and the regions of interest drawn on it, and a scale bar.
package struct SlideFigure: Figure {
  /// Tiles of one kind, which share a colour.
  package struct TileGroup: Sendable, Equatable {
    /// How tiles are marked.
    package enum Mark: Sendable, Equatable {
      /// Each has an outline, or a tint where tiles are too small for one.
      case outline
      case tint
      /// Only counted in the legend.
      case none
    }

    package let name: String
    package let colour: Colour
    package let mark: Mark
    /// Upper left corners in level-0 pixels.
    package let corners: [SIMD2<Int32>]

    package init(name: String, colour: Colour, mark: Mark, corners: [SIMD2<Int32>]) {
      self.name = name
      self.colour = colour
      self.mark = mark
      self.corners = corners
    }
  }

  package let overview: RGBImage
  /// Level-0 pixels along a pixel of the overview.
  package let downsample: Double
  /// Side of a tile in level-0 pixels.
  package let tileSide: Double
  package let groups: [TileGroup]
  /// Regions of interest: closed outlines in level-0 pixels.
  package let outlines: [[SIMD2<Double>]]
  /// Of level 0; nil draws no scale bar.
  package let micronsPerPixel: Double?
  package let title: String?
  package let subtitle: String?
  package let footer: String?

  package init(
    overview: RGBImage, downsample: Double, tileSide: Double = 0, groups: [TileGroup] = [],
    outlines: [[SIMD2<Double>]] = [], micronsPerPixel: Double? = nil, title: String? = nil, subtitle: String? = nil,
    footer: String? = nil
  ) {
    self.overview = overview
    self.downsample = downsample
    self.tileSide = tileSide
    self.groups = groups
    self.outlines = outlines
    self.micronsPerPixel = micronsPerPixel
    self.title = title
    self.subtitle = subtitle
    self.footer = footer
  }

  package static let keptColour = Palette.categorical(0)
  package static let regionColour = Palette.categorical(1)
  package static let unreadableColour = Palette.categorical(12)

  /// The picture on the page, in CSS pixels.
  private static let longestSide = 760.0
  private static let smallestOutlined = 5.0
  private static let barRoom = 26.0

  package let content = PNGWriter.Content.photograph
  package var exactColours: [Colour] {
    FigureTexts.colours + groups.map(\.colour) + [Self.regionColour, .axisLine]
  }
  package var metadata: PictureMetadata {
    PictureMetadata(title: title, description: [subtitle, footer].compactMap(\.self).joined(separator: "\n"))
  }

  private var legend: Legend? {
    var entries = groups.map {
      Legend.Entry(
        name: $0.name, colour: $0.colour, count: $0.corners.count, mark: $0.mark == .none ? .none : .frame)
    }
    if !outlines.isEmpty {
      entries.append(
        Legend.Entry(name: "region of interest", colour: Self.regionColour, count: outlines.count, mark: .frame))
    }
    return entries.isEmpty ? nil : Legend(title: nil, entries: entries)
  }

  package func arranged(measuring text: TextMeasurer) -> Arrangement {
    let longest = Double(max(overview.width, overview.height, 1))
    // A tiny slide is enlarged, but not so far that its pixels become a puzzle.
    let scale = min(Self.longestSide / longest, 8)
    let width = max(Double(overview.width) * scale, 1)
    let height = max(Double(overview.height) * scale, 1)
    let layout = legend?.layout(maximumWidth: 260, maximumHeight: 400, measuring: text)
    let legendLeft = FigureTexts.margin + width + 20
    let figureWidth = max(legendLeft + (layout.map { $0.width + FigureTexts.margin } ?? -4), 360)
    let texts = FigureTexts(
      title: title, subtitle: subtitle, footer: footer, width: figureWidth, measuring: text)
    let bar = micronsPerPixel.flatMap { ScaleBar(micronsPerCSSPixel: $0 * downsample / scale, room: width) }
    let bottom = bar == nil ? 0 : Self.barRoom
    let figureHeight = texts.topRoom + max(height + bottom, layout?.height ?? 0) + texts.bottomRoom
    return Arrangement(width: figureWidth, height: figureHeight) { canvas in
      texts.draw(on: canvas)
      let left = FigureTexts.margin
      let top = texts.topRoom
      canvas.draw(PixelLayer(overview), x: left, y: top, width: width, height: height, isSharp: scale > 2)
      canvas.strokeRectangle(
        x: left, y: top, width: width, height: height, colour: .gridLine, lineWidth: 0.5)
      let unit = scale / downsample
      for group in groups { draw(group, on: canvas, left: left, top: top, unit: unit) }
      for outline in outlines {
        canvas.strokePolygon(
          outline.map { (left + $0.x * unit, top + $0.y * unit) }, colour: Self.regionColour, lineWidth: 1.5)
      }
      bar?.draw(on: canvas, x: left, y: top + height + 8)
      layout?.draw(on: canvas, x: legendLeft, y: top)
    }
  }

  private func draw(_ group: TileGroup, on canvas: Canvas, left: Double, top: Double, unit: Double) {
    let side = tileSide * unit
    for corner in group.corners {
      let x = left + Double(corner.x) * unit
      let y = top + Double(corner.y) * unit
      switch group.mark {
      case .none: return
      case .outline where side >= Self.smallestOutlined:
        canvas.strokeRectangle(
          x: x + 0.5, y: y + 0.5, width: side - 1, height: side - 1, colour: group.colour,
          lineWidth: min(max(side / 14, 0.5), 1.2))
      case .outline: canvas.fillRectangle(x: x, y: y, width: side, height: side, colour: group.colour, opacity: 0.25)
      case .tint: canvas.fillRectangle(x: x, y: y, width: side, height: side, colour: group.colour, opacity: 0.55)
      }
    }
  }
}

/// A bar of a round length.
struct ScaleBar: Equatable {
  let width: Double
  let label: String

  /// The largest of 1, 2 and 5 times a power of ten that takes at most a quarter of the room; nil if none fits.
  init?(micronsPerCSSPixel: Double, room: Double) {
    let most = room / 4 * micronsPerCSSPixel
    guard most.isFinite, most > 1e-3 else { return nil }
    var power = 1e-3
    while power * 10 <= most { power *= 10 }
    let microns = [5.0, 2, 1].map { $0 * power }.first { $0 <= most } ?? power
    width = microns / micronsPerCSSPixel
    label = microns >= 1000 ? NumberText.short(microns / 1000) + " mm" : NumberText.short(microns) + " µm"
  }

  func draw(on canvas: Canvas, x: Double, y: Double) {
    canvas.fillRectangle(x: x, y: y, width: width, height: 3, colour: .ink)
    let text = TextBlock(label, size: 11, colour: .softInk)
    canvas.draw(text, x: x + width + 8, y: y + 1.5 - canvas.size(of: text).height / 2)
  }
}
