import Glibc

/// The points of one panel, as they are drawn.
struct ScatterPoints {
  /// Above this many points SVG and PDF carry a picture of the points: as shapes they would be tens of megabytes.
  static let mostShapes = 20_000
  /// Above this many points in a panel each pixel shows how many lie there.
  static let mostStamped = 300_000
  /// Points at least this wide get a thin edge, by which neighbours are told apart.
  private static let edgedFrom = 5.0
  private static let edge = 0.6
  /// Device pixels a CSS pixel of the picture inside SVG and PDF.
  private static let layerScale = 3.0
  /// More points than this cover each other, and are drawn the clearer the more there are.
  private static let opaqueUpTo = 5_000.0

  private let frame: MapFrame
  private let diameter: Double
  private let opacity: Double
  private let plot: ScatterPlot
  private let scale: ValueColours

  /// - Parameter diameter: Units of the layout.
  init(_ plot: ScatterPlot, frame: MapFrame, diameter: Double, scale: ValueColours) {
    self.plot = plot
    self.frame = frame
    self.diameter = diameter
    self.scale = scale
    let excess = log10(max(Double(plot.pointCount) / Self.opaqueUpTo, 1))
    opacity = max(1 - 0.3 * excess, 0.45)
  }

  /// The diameter that keeps the inked area about the same whatever the number of points.
  ///
  /// - Parameter side: The longer side of the frame.
  static func diameter(count: Int, side: Double) -> Double {
    min(max(220 / Double(max(count, 1)).squareRoot(), 1.1), 6) * max(side / 560, 0.55)
  }

  /// Whether so many points are shaded by density.
  static func isShaded(_ plot: ScatterPlot) -> Bool { plot.pointCount > mostStamped }

  /// - Parameter totalCount: The points of the whole figure.
  func draw(on canvas: Canvas, totalCount: Int) {
    let theme = canvas.theme
    if canvas.format != .png, totalCount <= Self.mostShapes {
      forEachPoint(theme) { x, y, colour, shape, isPresent in
        if diameter >= Self.edgedFrom {
          canvas.fill(shape, x: x, y: y, diameter: diameter + 2 * Self.edge, colour: theme.ground)
        }
        canvas.fill(shape, x: x, y: y, diameter: diameter, colour: colour, opacity: isPresent ? opacity : 1)
      }
      return
    }
    let scale = canvas.format == .png ? canvas.scale : Self.layerScale
    // The layer's pixels coincide with the page's.
    let left = (frame.left * scale).rounded(.down) / scale
    let top = (frame.top * scale).rounded(.down) / scale
    let width = Int(((frame.left + frame.width - left) * scale).rounded(.up))
    let height = Int(((frame.top + frame.height - top) * scale).rounded(.up))
    let layer =
      Self.isShaded(plot)
      ? shaded(left: left, top: top, scale: scale, width: width, height: height, theme: theme)
      : stamped(left: left, top: top, scale: scale, width: width, height: height, theme: theme)
    canvas.draw(
      layer, x: left, y: top, width: Double(layer.width) / scale, height: Double(layer.height) / scale)
  }

  /// The context, then what has no class or value, then the others.
  private func forEachPoint(
    _ theme: FigureTheme,
    _ body: (_ x: Double, _ y: Double, _ colour: Colour, _ shape: PointShape, _ isPresent: Bool) -> Void
  ) {
    func place(_ x: Float, _ y: Float) -> (Double, Double) { (frame.pageX(Double(x)), frame.pageY(Double(y))) }
    if let context = plot.context {
      for point in context.drawnPoints {
        let (x, y) = place(context.x[point], context.y[point])
        body(x, y, theme.context, .disc, false)
      }
    }
    let (missing, present) = plot.layers(scale: scale, theme: theme)
    for point in missing {
      let (x, y) = place(plot.x[point], plot.y[point])
      body(x, y, theme.missing, .disc, false)
    }
    for (index, point) in present.points.enumerated() {
      let (x, y) = place(plot.x[point], plot.y[point])
      body(x, y, present.colours[index], present.shapes?[index] ?? .disc, true)
    }
  }

  private func stamped(
    left: Double, top: Double, scale: Double, width: Int, height: Int, theme: FigureTheme
  ) -> PixelLayer {
    var layer = PixelLayer(width: width, height: height)
    var stamps: [PointShape: (point: PointStamp, edge: PointStamp?)] = [:]
    func stamp(_ shape: PointShape) -> (point: PointStamp, edge: PointStamp?) {
      if let known = stamps[shape] { return known }
      let made = (
        PointStamp(shape, diameter: diameter * scale, opacity: opacity),
        diameter >= Self.edgedFrom ? PointStamp(shape, diameter: (diameter + 2 * Self.edge) * scale) : nil
      )
      stamps[shape] = made
      return made
    }
    let disc = stamp(.disc)
    let opaque = PointStamp(diameter: diameter * scale)
    layer.pixels.withUnsafeMutableBufferPointer { pixels in
      forEachPoint(theme) { x, y, colour, shape, isPresent in
        let (x, y) = ((x - left) * scale, (y - top) * scale)
        let stamp = shape == .disc ? disc : stamp(shape)
        stamp.edge?.draw(theme.ground, x: x, y: y, in: pixels, width: width, height: height)
        (isPresent ? stamp.point : opaque).draw(colour, x: x, y: y, in: pixels, width: width, height: height)
      }
    }
    return layer
  }

  private func shaded(
    left: Double, top: Double, scale: Double, width: Int, height: Int, theme: FigureTheme
  ) -> PixelLayer {
    func column(_ x: Float) -> Int { Int((frame.pageX(Double(x)) - left) * scale) }
    func row(_ y: Float) -> Int { Int((frame.pageY(Double(y)) - top) * scale) }
    var layer = PixelLayer(width: width, height: height)
    if let context = plot.context {
      var density = DensityLayer(width: width, height: height)
      for point in context.drawnPoints { density.add(theme.context, column(context.x[point]), row(context.y[point])) }
      density.draw(into: &layer)
    }
    let (missing, present) = plot.layers(scale: self.scale, theme: theme, isShuffled: false)
    if !missing.isEmpty {
      var density = DensityLayer(width: width, height: height)
      for point in missing { density.add(theme.missing, column(plot.x[point]), row(plot.y[point])) }
      density.draw(into: &layer)
    }
    var density = DensityLayer(width: width, height: height)
    density.addAll(present.points.count) { index in
      let point = present.points[index]
      return (present.colours[index], column(plot.x[point]), row(plot.y[point]))
    }
    density.draw(into: &layer)
    return layer
  }
}
