package import FeatureData

/// One quantity over a slide: cells of a grid coloured over the slide's picture, with a colour bar or a legend.
package struct HeatFigure: Figure {
  /// What the cells show.
  package enum Colouring: Sendable, Equatable {
    /// By row of the grid, then column; NaN where there is nothing to show.
    case continuous(values: [Float], range: ClosedRange<Double>, label: String, diverges: Bool = false)
    /// Places in `names`; -1 where there is nothing to show.
    /// `colours` holds the number of each name's colour, where it is not the name's place.
    case categorical(indices: [Int], names: [String], label: String, colours: [Int]? = nil)

    /// What the colours cannot show; `scale` is what decided on the ends.
    package func note(scale: ValueScale = ValueScale()) -> String? {
      switch self {
      case .continuous(let values, let range, let label, let diverges):
        ColourNote.beyond(
          values, range: ValueColours(range: range, diverges: diverges).range, resolved: scale.resolved(values),
          label: label, noun: "cells")
      case .categorical(let indices, let names, let label, let colours):
        ColourNote.classes(indices, names: names, colours: colours, label: label)
      }
    }

    /// What they show, in words.
    package var label: String {
      switch self {
      case .continuous(_, _, let label, _), .categorical(_, _, let label, _): label
      }
    }
  }

  /// Where the cells lie, in level-0 pixels.
  package struct Lattice: Sendable, Equatable {
    package let rowCount: Int
    package let columnCount: Int
    package let stride: Double
    package let tileSide: Double
    /// Where the first cell begins.
    package let left: Double
    package let top: Double

    package init(
      rowCount: Int, columnCount: Int, stride: Double, tileSide: Double, left: Double = 0, top: Double = 0
    ) {
      self.rowCount = rowCount
      self.columnCount = columnCount
      self.stride = stride
      self.tileSide = tileSide
      self.left = left
      self.top = top
    }
  }

  package let overview: RGBImage
  /// Level-0 pixels along a pixel of the overview.
  package let downsample: Double
  package let lattice: Lattice
  package let colouring: Colouring
  /// Cells that were looked at and have nothing to show: they are grey and counted, and those without tissue are not.
  package let missingCells: Set<Int>
  /// Of level 0; nil draws no scale bar.
  package let micronsPerPixel: Double?
  package let title: String?
  package let footer: String?
  package let showsLegend: Bool
  package let palette: FigurePalette

  package init(
    overview: RGBImage, downsample: Double, lattice: Lattice, colouring: Colouring, missingCells: Set<Int> = [],
    micronsPerPixel: Double? = nil, title: String? = nil, footer: String? = nil, showsLegend: Bool = true,
    palette: FigurePalette = FigurePalette()
  ) {
    self.overview = overview
    self.downsample = downsample
    self.lattice = lattice
    self.colouring = colouring
    self.missingCells = missingCells
    self.micronsPerPixel = micronsPerPixel
    self.title = title
    self.footer = footer
    self.showsLegend = showsLegend
    self.palette = palette
  }

  /// So much of a cell's colour that the bar is still read by it, and the tissue below still seen.
  private static let opacity = 0.72

  package let content = PNGWriter.Content.photograph
  package func exactColours(in theme: FigureTheme) -> [Colour] {
    // Without its own colours the bar would be in steps.
    guard case .continuous(_, let range, _, let diverges) = colouring else { return [] }
    return ValueColours(range: range, diverges: diverges, ramp: palette.numbers, theme: theme).steps(64)
  }
  package var metadata: PictureMetadata { PictureMetadata(title: title, description: footer ?? "") }

  /// The slide without its stain, which would shift the colours of the cells.
  private var faded: RGBImage {
    var pixels = overview.pixels
    for start in stride(from: 0, to: pixels.count - 2, by: 3) {
      let luma = (Int(pixels[start]) * 77 + Int(pixels[start + 1]) * 150 + Int(pixels[start + 2]) * 29) >> 8
      let grey = UInt8(clamping: 64 + luma * 191 / 255)
      for channel in 0..<3 { pixels[start + channel] = grey }
    }
    return RGBImage(width: overview.width, height: overview.height, pixels: pixels)
  }

  /// The colour of each cell; nil where the slide is seen.
  private func colours(in theme: FigureTheme) -> [Colour?] {
    var colours = valueColours(in: theme)
    for cell in missingCells where colours.indices.contains(cell) { colours[cell] = theme.missing }
    return colours
  }

  private func valueColours(in theme: FigureTheme) -> [Colour?] {
    switch colouring {
    case .continuous(let values, let range, _, let diverges):
      let scale = ValueColours(range: range, diverges: diverges, ramp: palette.numbers, theme: theme)
      return values.map { $0.isFinite ? scale.colour(of: Double($0)) : nil }
    case .categorical(let indices, let names, _, let numbers):
      let colours = palette.colours(of: names, numbers: numbers, in: theme)
      return indices.map { $0 < 0 ? nil : colours[$0] }
    }
  }

  private func key(in theme: FigureTheme, measuring text: TextMeasurer) -> (any KeyLayout)? {
    guard showsLegend else { return nil }
    switch colouring {
    case .continuous(let values, let range, let label, let diverges):
      let scale = ValueColours(range: range, diverges: diverges, ramp: palette.numbers, theme: theme)
      return ColourBar(
        title: label, colours: scale, beyond: ValuesBeyond(values, scale.range), missingCount: missingCells.count
      )
      .layout(maximumWidth: SlidePage.keyWidth, maximumHeight: SlidePage.keyHeight, measuring: text)
    case .categorical(let indices, let names, let label, let numbers):
      let colours = palette.colours(of: names, numbers: numbers, in: theme)
      var counts = [Int](repeating: 0, count: names.count)
      for index in indices where names.indices.contains(index) { counts[index] += 1 }
      var entries = names.indices.map {
        Legend.Entry(name: names[$0], colour: colours[$0], count: counts[$0])
      }
      if !missingCells.isEmpty {
        entries.append(Legend.Entry(name: "missing", colour: theme.missing, count: missingCells.count))
      }
      return Legend(title: label, entries: entries)
        .layout(maximumWidth: SlidePage.keyWidth, maximumHeight: SlidePage.keyHeight, measuring: text)
    }
  }

  package func arranged(in style: FigureStyle, measuring text: TextMeasurer) -> Arrangement {
    arranged(in: style, keyRoom: 0, measuring: text)
  }

  /// The width of what explains its colours.
  func keyWidth(in theme: FigureTheme, measuring text: TextMeasurer) -> Double {
    key(in: theme, measuring: text)?.width ?? 0
  }

  /// - Parameter keyRoom: what the key has at least.
  func arranged(in style: FigureStyle, keyRoom: Double, measuring text: TextMeasurer) -> Arrangement {
    SlidePage(
      overview: faded, downsample: downsample, micronsPerPixel: micronsPerPixel, title: title, subtitle: nil,
      footer: footer
    ).arranged(
      key: key(in: style.theme, measuring: text), keyRoom: keyRoom, in: style, measuring: text, draw: drawCells)
  }

  /// Tiles that overlap show the part around their centres, so that every cell is as large as a stride.
  private func drawCells(on canvas: Canvas, _ frame: SlidePage.Frame) {
    let colours = colours(in: canvas.theme)
    guard colours.count == lattice.rowCount * lattice.columnCount, !colours.isEmpty else { return }
    let left = frame.left + lattice.left * frame.unit
    let top = frame.top + lattice.top * frame.unit
    if lattice.stride > lattice.tileSide {
      let side = lattice.tileSide * frame.unit
      for (index, colour) in colours.enumerated() {
        guard let colour else { continue }
        canvas.fillRectangle(
          x: left + Double(index % lattice.columnCount) * lattice.stride * frame.unit,
          y: top + Double(index / lattice.columnCount) * lattice.stride * frame.unit, width: side, height: side,
          colour: colour, opacity: Self.opacity)
      }
      return
    }
    var layer = PixelLayer(width: lattice.columnCount, height: lattice.rowCount)
    for (index, colour) in colours.enumerated() {
      guard let colour else { continue }
      func premultiplied(_ channel: UInt8) -> UInt32 { UInt32((Double(channel) * Self.opacity).rounded()) }
      layer.pixels[index] =
        UInt32((255 * Self.opacity).rounded()) << 24 | premultiplied(colour.red) << 16
        | premultiplied(colour.green) << 8 | premultiplied(colour.blue)
    }
    let inset = (lattice.tileSide - lattice.stride) / 2 * frame.unit
    canvas.draw(
      layer, x: left + inset, y: top + inset,
      width: Double(lattice.columnCount) * lattice.stride * frame.unit,
      height: Double(lattice.rowCount) * lattice.stride * frame.unit)
  }
}
