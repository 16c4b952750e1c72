/// The scale of a continuous colouring: the ramp with numbers, and how many points have no value.
struct ColourBar: Equatable {
  fileprivate static let barWidth = 14.0
  private static let missingRoom = 30.0

  let title: String
  let range: ClosedRange<Double>
  let missingCount: Int

  struct Layout {
    let width: Double
    let height: Double
    fileprivate let title: TextBlock
    fileprivate let titleRoom: Double
    fileprivate let barHeight: Double
    fileprivate let ticks: Ticks
    fileprivate let missing: TextBlock?
    fileprivate let range: ClosedRange<Double>
  }

  func layout(maximumWidth: Double, maximumHeight: Double, measuring text: TextMeasurer) -> Layout {
    let titleBlock = TextBlock(
      title, size: Legend.nameSize, weight: .bold, maximumWidth: min(maximumWidth, 170), maximumLines: 3)
    let titleSize = text.size(of: titleBlock)
    let missing =
      missingCount > 0
      ? TextBlock("missing  \(NumberText.grouped(missingCount))", size: Axes.tickSize, colour: .softInk) : nil
    let titleRoom = titleSize.height + 10
    let barHeight = max(60, min(240, maximumHeight - titleRoom - (missing == nil ? 0 : Self.missingRoom)))
    let ticks = Ticks(range, aim: barHeight > 150 ? 5 : 3)
    let widestNumber = ticks.labels.map { text.size(of: TextBlock($0, size: Axes.tickSize)).width }.max() ?? 0
    let missingWidth = missing.map { text.size(of: $0).width + 18 } ?? 0
    return Layout(
      width: max(titleSize.width, Self.barWidth + 9 + widestNumber, missingWidth),
      height: titleRoom + barHeight + (missing == nil ? 0 : Self.missingRoom), title: titleBlock,
      titleRoom: titleRoom, barHeight: barHeight, ticks: ticks, missing: missing, range: range)
  }
}

extension ColourBar.Layout {
  /// Draws with the top left corner at (x, y).
  func draw(on canvas: Canvas, x: Double, y: Double) {
    canvas.draw(title, x: x, y: y)
    let top = y + titleRoom
    var ramp = PixelLayer(width: 1, height: 512)
    for row in 0..<ramp.height {
      let colour = Palette.continuous(1 - Double(row) / Double(ramp.height - 1))
      ramp.pixels[row] = 0xFF00_0000 | UInt32(colour.red) << 16 | UInt32(colour.green) << 8 | UInt32(colour.blue)
    }
    canvas.draw(ramp, x: x, y: top, width: ColourBar.barWidth, height: barHeight)
    canvas.strokeRectangle(
      x: x, y: top, width: ColourBar.barWidth, height: barHeight, colour: .axisLine, lineWidth: 0.75)
    let span = range.upperBound - range.lowerBound
    for (value, label) in zip(ticks.values, ticks.labels) {
      let share = span > 0 ? (value - range.lowerBound) / span : 0.5
      let middle = top + barHeight * (1 - share)
      canvas.line(
        fromX: x + ColourBar.barWidth, fromY: middle, toX: x + ColourBar.barWidth + 4, toY: middle,
        colour: .axisLine, lineWidth: 1)
      let block = TextBlock(label, size: Axes.tickSize, colour: .softInk)
      canvas.draw(block, x: x + ColourBar.barWidth + 8, y: middle - canvas.size(of: block).height / 2)
    }
    if let missing {
      let middle = top + barHeight + 20
      canvas.fillDisc(x: x + 7, y: middle, diameter: 10, colour: Palette.missing)
      canvas.draw(missing, x: x + 18, y: middle - canvas.size(of: missing).height / 2)
    }
  }
}
