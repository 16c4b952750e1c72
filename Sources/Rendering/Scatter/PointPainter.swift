/// Draws points on a part of the page: as shapes, or stamped on a layer of pixels where shapes would be too many.
struct PointPainter {
  struct Dot {
    /// Units of the layout.
    let x: Double
    let y: Double
    let colour: Colour
    var shape = PointShape.disc
    /// Of the painter's diameter.
    var size = 1.0
    /// False for what lies below the points that a picture is about; it is never clear.
    var isPresent = true
  }

  /// Above this many points SVG and PDF carry a picture of the points: as shapes they would be tens of megabytes.
  static let mostShapes = 20_000
  /// Points at least this wide get a thin edge, by which neighbours are told apart.
  private static let edgedFrom = 5.0
  private static let edge = 0.6
  /// Device pixels a CSS pixel of the picture inside SVG and PDF.
  private static let layerScale = 3.0

  let left: Double
  let top: Double
  let width: Double
  let height: Double
  /// Units of the layout.
  let diameter: Double
  /// 0 to 1.
  let opacity: Double

  /// The diameter that keeps the inked area about the same whatever the number of points.
  ///
  /// - Parameter side: The longer side of the frame.
  static func diameter(count: Int, side: Double) -> Double {
    min(max(220 / Double(max(count, 1)).squareRoot(), 1.1), 6) * max(side / 560, 0.55)
  }

  /// Whether so many points of a figure are shapes.
  static func areShapes(_ totalCount: Int, on canvas: Canvas) -> Bool {
    canvas.format != .png && totalCount <= mostShapes
  }

  /// - Parameter totalCount: The points of the whole figure.
  func draw(on canvas: Canvas, totalCount: Int, _ forEach: ((Dot) -> Void) -> Void) {
    let ground = canvas.theme.ground
    if Self.areShapes(totalCount, on: canvas) {
      forEach { dot in
        let diameter = diameter * dot.size
        if diameter >= Self.edgedFrom {
          canvas.fill(dot.shape, x: dot.x, y: dot.y, diameter: diameter + 2 * Self.edge, colour: ground)
        }
        canvas.fill(
          dot.shape, x: dot.x, y: dot.y, diameter: diameter, colour: dot.colour, opacity: dot.isPresent ? opacity : 1)
      }
      return
    }
    drawLayer(on: canvas) { layer, place in stamp(forEach, on: &layer, place, ground: ground) }
  }

  /// Where the layer's pixels lie on the page.
  struct Place {
    let left: Double
    let top: Double
    /// Device pixels a unit.
    let scale: Double
  }

  /// Lends a layer over this part of the page, whose pixels coincide with the page's.
  func drawLayer(on canvas: Canvas, _ fill: (inout PixelLayer, Place) -> Void) {
    let scale = canvas.format == .png ? canvas.scale : Self.layerScale
    let place = Place(
      left: (left * scale).rounded(.down) / scale, top: (top * scale).rounded(.down) / scale, scale: scale)
    var layer = PixelLayer(
      width: Int(((left + width - place.left) * scale).rounded(.up)),
      height: Int(((top + height - place.top) * scale).rounded(.up)))
    fill(&layer, place)
    canvas.draw(
      layer, x: place.left, y: place.top, width: Double(layer.width) / scale, height: Double(layer.height) / scale)
  }

  private struct StampKey: Hashable {
    let shape: PointShape
    let size: Int
    let isPresent: Bool
  }

  private func stamp(
    _ forEach: ((Dot) -> Void) -> Void, on layer: inout PixelLayer, _ place: Place, ground: Colour
  ) {
    let (width, height) = (layer.width, layer.height)
    var stamps: [StampKey: (point: PointStamp, edge: PointStamp?)] = [:]
    func stamp(_ key: StampKey) -> (point: PointStamp, edge: PointStamp?) {
      if let known = stamps[key] { return known }
      let diameter = diameter * Double(key.size) / Self.sizeSteps
      let made = (
        PointStamp(key.shape, diameter: diameter * place.scale, opacity: key.isPresent ? opacity : 1),
        diameter >= Self.edgedFrom ? PointStamp(key.shape, diameter: (diameter + 2 * Self.edge) * place.scale) : nil
      )
      stamps[key] = made
      return made
    }
    layer.pixels.withUnsafeMutableBufferPointer { pixels in
      var last: (key: StampKey, stamp: (point: PointStamp, edge: PointStamp?))?
      forEach { dot in
        let (x, y) = ((dot.x - place.left) * place.scale, (dot.y - place.top) * place.scale)
        let key = StampKey(
          shape: dot.shape, size: Int((dot.size * Self.sizeSteps).rounded()), isPresent: dot.isPresent)
        if last?.key != key { last = (key, stamp(key)) }
        guard let found = last?.stamp else { return }
        found.edge?.draw(ground, x: x, y: y, in: pixels, width: width, height: height)
        found.point.draw(dot.colour, x: x, y: y, in: pixels, width: width, height: height)
      }
    }
  }

  /// Sizes are rounded to a part of the diameter, for each size has a stamp.
  private static let sizeSteps = 20.0
}
