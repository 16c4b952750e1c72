import Glibc

/// The points of one panel, as they are drawn.
struct ScatterPoints {
  /// Above this many points in a panel each pixel shows how many lie there.
  static let mostStamped = 300_000
  /// More points than this cover each other, and are drawn the clearer the more there are.
  private static let opaqueUpTo = 5_000.0

  private let frame: MapFrame
  private let painter: PointPainter
  private let plot: ScatterPlot
  private let scale: ValueColours
  /// Of what is shaded.
  private let strength: Double

  /// - Parameters:
  ///   - diameter: Units of the layout.
  ///   - opacity: 0 to 1; nil for one that suits the number of points.
  init(_ plot: ScatterPlot, frame: MapFrame, diameter: Double, opacity: Double? = nil, scale: ValueColours) {
    self.plot = plot
    self.frame = frame
    self.scale = scale
    strength = opacity ?? 1
    painter = PointPainter(
      left: frame.left, top: frame.top, width: frame.width, height: frame.height, diameter: diameter,
      opacity: opacity ?? Self.opacity(count: plot.pointCount))
  }

  /// How clear so many points are.
  static func opacity(count: Int) -> Double {
    max(1 - 0.3 * log10(max(Double(count) / opaqueUpTo, 1)), 0.45)
  }

  /// Whether so many points are shaded by density; not where some are to lie on top.
  static func isShaded(_ plot: ScatterPlot) -> Bool { plot.pointCount > mostStamped && plot.order == .shuffled }

  /// - Parameter totalCount: The points of the whole figure.
  func draw(on canvas: Canvas, totalCount: Int) {
    let theme = canvas.theme
    if Self.isShaded(plot), !PointPainter.areShapes(totalCount, on: canvas) {
      painter.drawLayer(on: canvas) { layer, place in shade(&layer, place, theme: theme) }
      return
    }
    painter.draw(on: canvas, totalCount: totalCount) { body in forEachPoint(theme, body) }
  }

  /// The context, then what has no class or value, then the others.
  private func forEachPoint(_ theme: FigureTheme, _ body: (PointPainter.Dot) -> Void) {
    func dot(_ x: Float, _ y: Float, _ colour: Colour, _ shape: PointShape = .disc, isPresent: Bool = false) {
      body(
        PointPainter.Dot(
          x: frame.pageX(Double(x)), y: frame.pageY(Double(y)), colour: colour, shape: shape, isPresent: isPresent))
    }
    for context in plot.contexts {
      for point in context.drawnPoints { dot(context.x[point], context.y[point], theme.context) }
    }
    let (missing, present) = plot.layers(scale: scale, theme: theme)
    for point in missing { dot(plot.x[point], plot.y[point], theme.missing) }
    for (index, point) in present.points.enumerated() {
      dot(
        plot.x[point], plot.y[point], present.colours[index], present.shapes?[index] ?? .disc, isPresent: true)
    }
  }

  private func shade(_ layer: inout PixelLayer, _ place: PointPainter.Place, theme: FigureTheme) {
    let (width, height) = (layer.width, layer.height)
    func column(_ x: Float) -> Int { Int((frame.pageX(Double(x)) - place.left) * place.scale) }
    func row(_ y: Float) -> Int { Int((frame.pageY(Double(y)) - place.top) * place.scale) }
    for context in plot.contexts {
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
    density.draw(into: &layer, strength: strength)
  }
}
