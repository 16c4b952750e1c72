/// The points in a box with their shadow, from the farthest to the nearest.
struct Scatter3DPoints {
  private let figure: Scatter3DFigure
  private let plot: ScatterPlot
  private let box: AxisBox
  private let origin: AxisBox.Place
  private let floor: Double
  private let diameter: Double
  private let totalCount: Int

  /// What is farthest has this share of the ground's colour.
  private static let fading = 0.38
  /// Up to so many points have a line down to the floor.
  private static let mostStems = 150
  private static let shadowSize = 0.8

  /// - Parameter origin: of the box's middle on the page.
  init(_ figure: Scatter3DFigure, in box: AxisBox, origin: AxisBox.Place) {
    self.figure = figure
    self.box = box
    self.origin = origin
    plot = figure.plot
    let height = box.axes[2].range
    floor = box.projection.far.z < 0 ? height.lowerBound : height.upperBound
    let count = plot.drawnPoints.count
    let bounds = box.bounds
    diameter = figure.pointSize ?? PointPainter.diameter(count: count, side: min(bounds.right - bounds.left, 560))
    totalCount = 2 * count + (plot.contexts.first?.drawnPoints.count ?? 0)
  }

  func draw(on canvas: Canvas) {
    drawGround(on: canvas)
    drawShadow(on: canvas)
    drawPoints(on: canvas)
  }

  private func painter(_ diameter: Double, opacity: Double = 1) -> PointPainter {
    let bounds = box.bounds
    return PointPainter(
      left: origin.x + bounds.left, top: origin.y + bounds.top, width: bounds.right - bounds.left,
      height: bounds.bottom - bounds.top, diameter: diameter, opacity: opacity)
  }

  private func place(_ image: BoxProjection.Image) -> AxisBox.Place {
    (origin.x + image.x * box.unit, origin.y + image.y * box.unit)
  }

  private func image(_ point: Int) -> BoxProjection.Image {
    box.image(Double(plot.x[point]), Double(plot.y[point]), Double(figure.z.values[point]))
  }

  private func shadow(_ point: Int) -> BoxProjection.Image {
    box.image(Double(plot.x[point]), Double(plot.y[point]), floor)
  }

  private func dot(_ image: BoxProjection.Image, _ colour: Colour) -> PointPainter.Dot {
    let (x, y) = place(image)
    return PointPainter.Dot(x: x, y: y, colour: colour, size: image.size, isPresent: false)
  }

  private func drawGround(on canvas: Canvas) {
    guard let ground = figure.ground, let points = plot.contexts.first?.drawnPoints else { return }
    let images = points.map { point in
      box.image(Double(ground.x[point]), Double(ground.y[point]), ground.z.map { Double($0[point]) } ?? floor)
    }.sorted { $0.depth < $1.depth }
    painter(diameter * Self.shadowSize).draw(on: canvas, totalCount: totalCount) { body in
      for image in images { body(dot(image, canvas.theme.context)) }
    }
  }

  private func drawShadow(on canvas: Canvas) {
    painter(diameter * Self.shadowSize).draw(on: canvas, totalCount: totalCount) { body in
      for point in plot.drawnPoints { body(dot(shadow(point), canvas.theme.shadow)) }
    }
    guard plot.drawnPoints.count <= Self.mostStems else { return }
    for point in plot.drawnPoints {
      let (top, bottom) = (place(image(point)), place(shadow(point)))
      canvas.line(
        fromX: top.x, fromY: top.y, toX: bottom.x, toY: bottom.y, colour: canvas.theme.shadow, lineWidth: 0.75)
    }
  }

  private func drawPoints(on canvas: Canvas) {
    let theme = canvas.theme
    let (missing, present) = plot.layers(scale: figure.scale(in: theme), theme: theme, isShuffled: false)
    var colours = [Colour](repeating: theme.missing, count: plot.x.count)
    var shapes = [PointShape](repeating: .disc, count: plot.x.count)
    for (index, point) in present.points.enumerated() {
      colours[point] = present.colours[index]
      shapes[point] = present.shapes?[index] ?? .disc
    }
    let dots = (missing + present.points).map { (point: $0, image: image($0)) }.sorted { one, other in
      (one.image.depth, one.point) < (other.image.depth, other.point)
    }
    let depths = box.projection.depths
    let whole = depths.upperBound - depths.lowerBound
    painter(diameter, opacity: figure.opacity ?? ScatterPoints.opacity(count: dots.count)).draw(
      on: canvas, totalCount: totalCount
    ) { body in
      for (point, image) in dots {
        let (x, y) = place(image)
        let nearness = whole > 0 ? (image.depth - depths.lowerBound) / whole : 1
        body(
          PointPainter.Dot(
            x: x, y: y, colour: colours[point].covering(1 - Self.fading * (1 - nearness), of: theme.ground),
            shape: shapes[point], size: image.size))
      }
    }
  }
}
