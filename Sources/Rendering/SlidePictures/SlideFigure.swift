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

  /// In CSS pixels.
  private static let smallestOutlined = 5.0

  package let content = PNGWriter.Content.photograph
  package func exactColours(in theme: FigureTheme) -> [Colour] { groups.map(\.colour) + [Self.regionColour] }
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

  package func arranged(in style: FigureStyle, measuring text: TextMeasurer) -> Arrangement {
    let page = SlidePage(
      overview: overview, downsample: downsample, micronsPerPixel: micronsPerPixel, title: title, subtitle: subtitle,
      footer: footer)
    let key = legend?.layout(maximumWidth: SlidePage.keyWidth, maximumHeight: SlidePage.keyHeight, measuring: text)
    return page.arranged(key: key, in: style, measuring: text) { canvas, frame in
      for group in groups { draw(group, on: canvas, frame) }
      for outline in outlines {
        canvas.strokePolygon(
          outline.map { (frame.left + $0.x * frame.unit, frame.top + $0.y * frame.unit) }, colour: Self.regionColour,
          lineWidth: 1.5)
      }
    }
  }

  private func draw(_ group: TileGroup, on canvas: Canvas, _ frame: SlidePage.Frame) {
    let side = tileSide * frame.unit
    for corner in group.corners {
      let x = frame.left + Double(corner.x) * frame.unit
      let y = frame.top + Double(corner.y) * frame.unit
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
