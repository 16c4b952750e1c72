/// The scale of a continuous colouring: the ramp with numbers, what lies beyond it, and how many points have no value.
struct ColourBar: Equatable, Sendable {
  fileprivate static let barWidth = 14.0
  private static let missingRoom = 30.0
  /// The point of a bar behind which values lie.
  fileprivate static let tipLength = 9.0

  let title: String
  let colours: ValueColours
  let beyond: ValuesBeyond
  let missingCount: Int

  struct Layout: Sendable {
    let width: Double
    let height: Double
    fileprivate let bar: ColourBar
    fileprivate let title: TextBlock
    fileprivate let titleRoom: Double
    /// Of the ramp itself, without its tips.
    fileprivate let length: Double
    fileprivate let isUpright: Bool
    fileprivate let marks: [(value: Double, text: TextBlock)]
    fileprivate let missing: TextBlock?
  }

  /// Beside a plot, or lying under it.
  func layout(
    maximumWidth: Double, maximumHeight: Double, isUpright: Bool = true, measuring text: TextMeasurer
  ) -> Layout {
    let titleBlock = TextBlock(
      title, size: Legend.nameSize, weight: .bold, maximumWidth: isUpright ? min(maximumWidth, 170) : maximumWidth,
      maximumLines: 12)
    let titleSize = text.size(of: titleBlock)
    let missing =
      missingCount > 0
      ? TextBlock("missing  \(NumberText.grouped(missingCount))", size: Axes.tickSize, ink: .soft) : nil
    let titleRoom = titleSize.height + (isUpright ? 10 : 6)
    let tips = (beyond.below > 0 ? Self.tipLength : 0) + (beyond.above > 0 ? Self.tipLength : 0)
    let missingRoom = missing == nil ? 0 : Self.missingRoom
    let length =
      isUpright
      ? max(60, min(240, maximumHeight - titleRoom - missingRoom - tips)) : max(60, min(260, maximumWidth - 40) - tips)
    let marks = marks(length: length, isUpright: isUpright, measuring: text)
    let sizes = marks.map { text.size(of: $0.text) }
    let missingWidth = missing.map { text.size(of: $0).width + 18 } ?? 0
    if isUpright {
      return Layout(
        width: max(titleSize.width, Self.barWidth + 9 + (sizes.map(\.width).max() ?? 0), missingWidth),
        // The end's numbers stand out by half a line.
        height: titleRoom + length + tips + 6 + missingRoom, bar: self, title: titleBlock, titleRoom: titleRoom,
        length: length, isUpright: true, marks: marks, missing: missing)
    }
    return Layout(
      width: max(titleSize.width, length + tips + 40, missingWidth),
      height: titleRoom + Self.barWidth + 20 + missingRoom, bar: self, title: titleBlock, titleRoom: titleRoom,
      length: length, isUpright: false, marks: marks, missing: missing)
  }

  /// Round numbers along the bar, and its ends, which are written where they are not round; no two overlap.
  private func marks(
    length: Double, isUpright: Bool, measuring text: TextMeasurer
  ) -> [(value: Double, text: TextBlock)] {
    let range = colours.range
    let ticks = Ticks(range, aim: length > 150 ? 5 : 3)
    func block(_ label: String) -> TextBlock { TextBlock(label, size: Axes.tickSize, ink: .soft) }
    guard range.upperBound > range.lowerBound else { return [(range.lowerBound, block(ticks.labels.first ?? ""))] }
    func extent(_ text: TextBlock, _ measurer: TextMeasurer) -> Double {
      isUpright ? measurer.size(of: text).height * 0.9 : measurer.size(of: text).width + 6
    }
    func place(_ value: Double) -> Double {
      (value - range.lowerBound) / (range.upperBound - range.lowerBound) * length
    }
    var marks = [
      (range.lowerBound, block((beyond.below > 0 ? "≤ " : "") + Self.endText(range.lowerBound, ticks))),
      (range.upperBound, block((beyond.above > 0 ? "≥ " : "") + Self.endText(range.upperBound, ticks))),
    ]
    for (value, label) in zip(ticks.values, ticks.labels) {
      let mark = block(label)
      let isFree = marks.allSatisfy { other in
        abs(place(other.0) - place(value)) >= (extent(other.1, text) + extent(mark, text)) / 2
      }
      if isFree { marks.append((value, mark)) }
    }
    return marks.map { (value: $0.0, text: $0.1) }
  }

  /// With a digit more than the ticks between, or as the tick that it is.
  private static func endText(_ value: Double, _ ticks: Ticks) -> String {
    if let index = ticks.values.firstIndex(where: { abs($0 - value) <= ticks.step * 1e-6 }) {
      return ticks.labels[index]
    }
    return Ticks.label(value, between: ticks)
  }
}

extension ColourBar.Layout: KeyLayout {
  /// Draws with the top left corner at (x, y).
  func draw(on canvas: Canvas, x: Double, y: Double) {
    canvas.draw(title, x: x, y: y)
    if isUpright {
      drawUpright(on: canvas, x: x, top: y + titleRoom)
    } else {
      drawLying(on: canvas, x: x, top: y + titleRoom)
    }
  }

  private var topTip: Double { bar.beyond.above > 0 ? ColourBar.tipLength : 0 }
  private var bottomTip: Double { bar.beyond.below > 0 ? ColourBar.tipLength : 0 }

  private func share(_ value: Double) -> Double {
    let range = bar.colours.range
    let span = range.upperBound - range.lowerBound
    return span > 0 ? (value - range.lowerBound) / span : 0.5
  }

  private func drawUpright(on canvas: Canvas, x: Double, top: Double) {
    let thickness = ColourBar.barWidth
    let (upper, lower) = (top + topTip, top + topTip + length)
    canvas.draw(ramp(isUpright: true), x: x, y: upper, width: thickness, height: length)
    var outline = [(x: x, y: upper)]
    if topTip > 0 {
      outline.append((x + thickness / 2, top))
      canvas.fillPolygon(
        [(x, upper), (x + thickness / 2, top), (x + thickness, upper)], colour: bar.colours.colour(atShare: 1))
    }
    outline += [(x + thickness, upper), (x + thickness, lower)]
    if bottomTip > 0 {
      outline.append((x + thickness / 2, lower + bottomTip))
      canvas.fillPolygon(
        [(x, lower), (x + thickness / 2, lower + bottomTip), (x + thickness, lower)],
        colour: bar.colours.colour(atShare: 0))
    }
    outline.append((x, lower))
    canvas.strokePolygon(outline, colour: canvas.theme.axisLine, lineWidth: 0.75)
    for mark in marks {
      let middle = lower - length * share(mark.value)
      canvas.line(
        fromX: x + thickness, fromY: middle, toX: x + thickness + 4, toY: middle, colour: canvas.theme.axisLine,
        lineWidth: 1)
      canvas.draw(mark.text, x: x + thickness + 8, y: middle - canvas.size(of: mark.text).height / 2)
    }
    drawMissing(on: canvas, x: x, middle: lower + bottomTip + 20)
  }

  private func drawLying(on canvas: Canvas, x: Double, top: Double) {
    let thickness = ColourBar.barWidth
    // Numbers at the ends stand out by half their width.
    let start = x + 20 + bottomTip
    let end = start + length
    canvas.draw(ramp(isUpright: false), x: start, y: top, width: length, height: thickness)
    var outline = [(x: start, y: top), (x: end, y: top)]
    if topTip > 0 {
      outline.append((end + topTip, top + thickness / 2))
      canvas.fillPolygon(
        [(end, top), (end + topTip, top + thickness / 2), (end, top + thickness)],
        colour: bar.colours.colour(atShare: 1))
    }
    outline += [(end, top + thickness), (start, top + thickness)]
    if bottomTip > 0 {
      outline.append((start - bottomTip, top + thickness / 2))
      canvas.fillPolygon(
        [(start, top), (start - bottomTip, top + thickness / 2), (start, top + thickness)],
        colour: bar.colours.colour(atShare: 0))
    }
    canvas.strokePolygon(outline, colour: canvas.theme.axisLine, lineWidth: 0.75)
    for mark in marks {
      let middle = start + length * share(mark.value)
      canvas.line(
        fromX: middle, fromY: top + thickness, toX: middle, toY: top + thickness + 4, colour: canvas.theme.axisLine,
        lineWidth: 1)
      canvas.draw(mark.text, x: middle - canvas.size(of: mark.text).width / 2, y: top + thickness + 5)
    }
    drawMissing(on: canvas, x: x, middle: top + thickness + 34)
  }

  private func drawMissing(on canvas: Canvas, x: Double, middle: Double) {
    guard let missing else { return }
    canvas.fillDisc(x: x + 7, y: middle, diameter: 10, colour: canvas.theme.missing)
    canvas.draw(missing, x: x + 18, y: middle - canvas.size(of: missing).height / 2)
  }

  private func ramp(isUpright: Bool) -> PixelLayer {
    var ramp = isUpright ? PixelLayer(width: 1, height: 512) : PixelLayer(width: 512, height: 1)
    for (step, colour) in bar.colours.steps(512).enumerated() {
      ramp.pixels[isUpright ? 511 - step : step] = colour.opaquePixel
    }
    return ramp
  }
}
