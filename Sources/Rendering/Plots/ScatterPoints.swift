/// The discs of one panel.
struct ScatterPoints {
  /// Above this many points SVG and PDF carry a picture of the points: as shapes they would be tens of megabytes.
  static let mostShapes = 20_000
  /// Discs at least this wide get a thin white edge, by which neighbours are told apart.
  private static let edgedFrom = 5.0
  private static let edge = 0.6
  /// Device pixels a CSS pixel of the picture inside SVG and PDF.
  private static let layerScale = 3.0

  private let frame: MapFrame
  private let diameter: Double
  private let order: [(x: Double, y: Double, colour: Colour)]

  /// - Parameter diameter: CSS pixels.
  init(_ plot: ScatterPlot, frame: MapFrame, diameter: Double, valueRange: ClosedRange<Double>) {
    self.frame = frame
    self.diameter = diameter
    order = plot.drawingOrder(valueRange: valueRange).map { x, y, colour in
      (frame.pageX(Double(x)), frame.pageY(Double(y)), colour)
    }
  }

  /// The diameter in CSS pixels that keeps the inked area about the same whatever the number of points.
  ///
  /// - Parameter side: The longer side of the frame.
  static func diameter(count: Int, side: Double) -> Double {
    min(max(220 / Double(max(count, 1)).squareRoot(), 1.1), 6) * max(side / 560, 0.55)
  }

  /// - Parameter totalCount: The points of the whole figure.
  func draw(on canvas: Canvas, totalCount: Int) {
    if canvas.format != .png && totalCount <= Self.mostShapes {
      for point in order {
        if diameter >= Self.edgedFrom {
          canvas.fillDisc(x: point.x, y: point.y, diameter: diameter + 2 * Self.edge, colour: .white)
        }
        canvas.fillDisc(x: point.x, y: point.y, diameter: diameter, colour: point.colour)
      }
      return
    }
    let scale = canvas.format == .png ? canvas.scale : Self.layerScale
    // The layer's pixels coincide with the page's.
    let left = (frame.left * scale).rounded(.down) / scale
    let top = (frame.top * scale).rounded(.down) / scale
    let layer = stamped(left: left, top: top, scale: scale)
    canvas.draw(
      layer, x: left, y: top, width: Double(layer.width) / scale, height: Double(layer.height) / scale)
  }

  private func stamped(left: Double, top: Double, scale: Double) -> PixelLayer {
    var layer = PixelLayer(
      width: Int(((frame.left + frame.width - left) * scale).rounded(.up)),
      height: Int(((frame.top + frame.height - top) * scale).rounded(.up)))
    let disc = DiscStamp(diameter: diameter * scale)
    let edge = diameter >= Self.edgedFrom ? DiscStamp(diameter: (diameter + 2 * Self.edge) * scale) : nil
    let width = layer.width
    let height = layer.height
    layer.pixels.withUnsafeMutableBufferPointer { pixels in
      for point in order {
        let x = (point.x - left) * scale
        let y = (point.y - top) * scale
        edge?.draw(.white, x: x, y: y, in: pixels, width: width, height: height)
        disc.draw(point.colour, x: x, y: y, in: pixels, width: width, height: height)
      }
    }
    return layer
  }
}
