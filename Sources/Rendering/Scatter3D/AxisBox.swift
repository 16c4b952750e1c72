import Glibc

/// The box of three axes with its walls, marks and names, in page units around its middle.
struct AxisBox {
  /// One axis: what it covers, and its marks.
  struct Axis {
    let label: String
    let range: ClosedRange<Double>
    let ticks: Ticks

    /// −1 at the lower end, 1 at the upper.
    func share(_ value: Double) -> Double {
      let span = range.upperBound - range.lowerBound
      return span > 0 ? 2 * (value - range.lowerBound) / span - 1 : 0
    }
  }

  struct Text {
    let block: TextBlock
    /// The middle of its box.
    var x: Double
    var y: Double
    let width: Double
    let height: Double
    var isUpwards = false
  }

  typealias Place = (x: Double, y: Double)

  let axes: [Axis]
  let projection: BoxProjection
  /// Page units for each unit of the box.
  let unit: Double
  private(set) var texts: [Text] = []
  /// Short lines from the edge to the numbers.
  private(set) var marks: [(from: Place, to: Place)] = []

  private static let markLength = 4.0
  private static let numberGap = 5.0
  /// An edge that falls shorter than this has no numbers.
  private static let shortestEdge = 46.0

  init(axes: [Axis], projection: BoxProjection, unit: Double, measuring text: TextMeasurer) {
    self.axes = axes
    self.projection = projection
    self.unit = unit
    let far = projection.far
    // The numbers of the first two axes stand at the floor's edges nearer to the viewer, those of the third at the left.
    addNumbers(of: 0, along: SIMD3(0, -far.y, far.z), measuring: text)
    addNumbers(of: 1, along: SIMD3(-far.x, 0, far.z), measuring: text)
    let edges = [SIMD3(far.x, -far.y, 0), SIMD3(-far.x, far.y, 0)]
    addNumbers(of: 2, along: edges.min { place($0).x < place($1).x } ?? edges[0], measuring: text)
  }

  /// - Parameter corner: each coordinate from −1 to 1 along its side.
  func place(_ corner: SIMD3<Double>) -> Place {
    let image = projection.image(corner * projection.reach)
    return (image.x * unit, image.y * unit)
  }

  /// Where data falls.
  func image(_ x: Double, _ y: Double, _ z: Double) -> BoxProjection.Image {
    projection.image(SIMD3(axes[0].share(x), axes[1].share(y), axes[2].share(z)) * projection.reach)
  }

  /// The part of the page that the box and its texts take.
  var bounds: (left: Double, top: Double, right: Double, bottom: Double) {
    var bounds = (left: Double.infinity, top: Double.infinity, right: -Double.infinity, bottom: -Double.infinity)
    func include(_ x: Double, _ y: Double, _ width: Double = 0, _ height: Double = 0) {
      bounds = (
        min(bounds.left, x - width / 2), min(bounds.top, y - height / 2), max(bounds.right, x + width / 2),
        max(bounds.bottom, y + height / 2)
      )
    }
    for corner in Self.corners { include(place(corner).x, place(corner).y) }
    for text in texts {
      include(text.x, text.y, text.isUpwards ? text.height : text.width, text.isUpwards ? text.width : text.height)
    }
    return bounds
  }

  private static let corners: [SIMD3<Double>] = (0..<8).map {
    SIMD3($0 & 1 == 0 ? -1 : 1, $0 & 2 == 0 ? -1 : 1, $0 & 4 == 0 ? -1 : 1)
  }

  /// - Parameter edge: where the edge lies; the axis's own coordinate is 0.
  private mutating func addNumbers(of index: Int, along edge: SIMD3<Double>, measuring text: TextMeasurer) {
    func onEdge(_ share: Double) -> Place {
      var corner = edge
      corner[index] = share
      return place(corner)
    }
    let (start, end) = (onEdge(-1), onEdge(1))
    let length = hypot(end.x - start.x, end.y - start.y)
    guard length >= Self.shortestEdge else { return }
    // Outwards: across the edge, away from the middle of the box.
    let middle = onEdge(0)
    var out = (x: (end.y - start.y) / length, y: -(end.x - start.x) / length)
    if out.x * middle.x + out.y * middle.y < 0 { out = (-out.x, -out.y) }
    let axis = axes[index]
    var reach = 0.0
    var last: Text?
    for (value, label) in zip(axis.ticks.values, axis.ticks.labels) {
      let place = onEdge(axis.share(value))
      let block = TextBlock(label, size: Axes.tickSize, ink: .soft)
      let size = text.size(of: block)
      marks.append((place, (place.x + out.x * Self.markLength, place.y + out.y * Self.markLength)))
      // From the edge as far as the text reaches in that direction.
      let away = Self.markLength + Self.numberGap + abs(out.x) * size.width / 2 + abs(out.y) * size.height / 2
      let number = Text(
        block: block, x: place.x + out.x * away, y: place.y + out.y * away, width: size.width, height: size.height)
      if let last, abs(last.x - number.x) < (last.width + number.width) / 2 + 3,
        abs(last.y - number.y) < (last.height + number.height) / 2
      {
        continue
      }
      texts.append(number)
      last = number
      reach = max(reach, away + abs(out.x) * size.width / 2 + abs(out.y) * size.height / 2)
    }
    let isUpright = index == 2
    let block = TextBlock(
      axis.label, size: Axes.labelSize, maximumWidth: max(length * (isUpright ? 1 : 0.9), 150), maximumLines: 3,
      alignment: .centre)
    let size = text.size(of: block)
    let (width, height) = isUpright ? (size.height, size.width) : (size.width, size.height)
    let away = reach + 5 + abs(out.x) * width / 2 + abs(out.y) * height / 2
    texts.append(
      Text(
        block: block, x: middle.x + out.x * away, y: middle.y + out.y * away, width: size.width, height: size.height,
        isUpwards: isUpright))
  }

  // MARK: Drawing

  /// The floor and the two walls behind the points, with their grids.
  ///
  /// - Parameter origin: of the box's middle on the page.
  func drawWalls(on canvas: Canvas, origin: Place) {
    let theme = canvas.theme
    let far = projection.far
    func page(_ corner: SIMD3<Double>) -> Place {
      let place = place(corner)
      return (origin.x + place.x, origin.y + place.y)
    }
    for fixed in 0..<3 {
      let (first, second) = ((fixed + 1) % 3, (fixed + 2) % 3)
      func corner(_ one: Double, _ other: Double) -> SIMD3<Double> {
        var corner = SIMD3<Double>.zero
        corner[fixed] = far[fixed]
        corner[first] = one
        corner[second] = other
        return corner
      }
      let wall = [corner(-1, -1), corner(1, -1), corner(1, 1), corner(-1, 1)].map(page)
      canvas.fillPolygon(wall, colour: theme.gridLine, opacity: fixed == 2 ? 0.55 : 0.3)
      for value in axes[first].ticks.values {
        let share = axes[first].share(value)
        line(on: canvas, page(corner(share, -1)), page(corner(share, 1)), theme.wallLine, 0.75)
      }
      for value in axes[second].ticks.values {
        let share = axes[second].share(value)
        line(on: canvas, page(corner(-1, share)), page(corner(1, share)), theme.wallLine, 0.75)
      }
      canvas.strokePolygon(wall, colour: theme.axisLine, lineWidth: 0.75)
    }
  }

  /// What stands around the box.
  func drawTexts(on canvas: Canvas, origin: Place) {
    for mark in marks {
      line(
        on: canvas, (origin.x + mark.from.x, origin.y + mark.from.y), (origin.x + mark.to.x, origin.y + mark.to.y),
        canvas.theme.axisLine, 1)
    }
    for text in texts {
      if text.isUpwards {
        canvas.drawUpwards(text.block, centreX: origin.x + text.x, centreY: origin.y + text.y)
      } else {
        canvas.draw(text.block, x: origin.x + text.x - text.width / 2, y: origin.y + text.y - text.height / 2)
      }
    }
  }

  private func line(on canvas: Canvas, _ from: Place, _ to: Place, _ colour: Colour, _ width: Double) {
    canvas.line(fromX: from.x, fromY: from.y, toX: to.x, toY: to.y, colour: colour, lineWidth: width)
  }
}
