import Glibc

/// The numbers marked along an axis: few, round, and written with the digits that tell them apart.
package struct Ticks: Sendable, Equatable {
  package let values: [Double]
  package let labels: [String]
  package let step: Double

  /// Marks multiples of 1, 2 or 5 times a power of ten within the range.
  ///
  /// - Parameters:
  ///   - aim: About how many marks are wanted.
  ///   - step: The distance between marks, where it is given by another axis of the same scale.
  package init(_ range: ClosedRange<Double>, aim: Int = 5, step givenStep: Double? = nil) {
    let span = range.upperBound - range.lowerBound
    guard span > 0, span.isFinite else {
      values = [range.lowerBound]
      labels = [Self.label(range.lowerBound, step: max(abs(range.lowerBound) / 1000, 1e-12))]
      step = 1
      return
    }
    let step = givenStep ?? Self.roundStep(span / Double(max(aim, 1)))
    self.step = step
    let first = (range.lowerBound / step - 1e-9).rounded(.up)
    let last = (range.upperBound / step + 1e-9).rounded(.down)
    let count = max(0, min(Int(last - first) + 1, 50))
    let values = (0..<count).map { (first + Double($0)) * step }
    self.values = values
    // All in one form: 800000 beside 1.00e+06 reads as another kind of number.
    let isLarge = values.contains { abs($0) >= 1e6 }
    labels = values.map { Self.label($0, step: step, isLarge: isLarge) }
  }

  /// No marks at all.
  init(none: Void) {
    values = []
    labels = []
    step = 1
  }

  static func roundStep(_ rough: Double) -> Double {
    let power = pow(10, log10(rough).rounded(.down))
    let fraction = rough / power
    let rounded: Double = fraction < 1.5 ? 1 : fraction < 3.5 ? 2 : fraction < 7.5 ? 5 : 10
    return rounded * power
  }

  /// A number that is no tick, with a digit more than the ticks around it.
  static func label(_ value: Double, between ticks: Ticks) -> String {
    label(value, step: ticks.step / 10, isLarge: ticks.values.contains { abs($0) >= 1e6 })
  }

  private static func label(_ value: Double, step: Double, isLarge: Bool = false) -> String {
    if value == 0 || abs(value) < step * 1e-6 { return "0" }
    if isLarge || abs(value) >= 1e6 || step < 1e-5 { return NumberText.powerOfTen(value, step: step) }
    let decimals = max(0, Int((-log10(step) - 1e-9).rounded(.up)))
    // A true minus sign is as wide as the plus and the digits.
    return NumberText.fixed(value, decimals: decimals).replacing("-", with: "\u{2212}")
  }
}

/// Where a map's coordinates fall on the page: one scale for both axes, y upwards.
struct MapFrame: Equatable {
  let left: Double
  let top: Double
  let width: Double
  let height: Double
  let x: ClosedRange<Double>
  let y: ClosedRange<Double>

  func pageX(_ value: Double) -> Double { left + (value - x.lowerBound) / (x.upperBound - x.lowerBound) * width }

  func pageY(_ value: Double) -> Double {
    top + height - (value - y.lowerBound) / (y.upperBound - y.lowerBound) * height
  }
}

/// The frame, grid, numbers and names of a map's two axes.
struct Axes {
  static let tickSize = 11.0
  static let labelSize = 12.0
  /// Room under the frame for numbers.
  private static let numberRoom = 23.0
  private static let mostLabelLines = 4

  /// Room under the frame for numbers and for the name.
  static func bottomRoom(_ label: String?, width: Double, measuring text: TextMeasurer) -> Double {
    guard let label, !label.isEmpty else { return numberRoom }
    return numberRoom + text.size(of: xBlock(label, width: width)).height + 4
  }

  private static func xBlock(_ label: String, width: Double) -> TextBlock {
    TextBlock(label, size: labelSize, maximumWidth: width + 20, maximumLines: mostLabelLines, alignment: .centre)
  }

  private static func yBlock(_ label: String, height: Double) -> TextBlock {
    TextBlock(label, size: labelSize, maximumWidth: height + 20, maximumLines: mostLabelLines, alignment: .centre)
  }

  let frame: MapFrame
  let xTicks: Ticks
  let yTicks: Ticks
  let xLabel: String?
  let yLabel: String?
  let showsXNumbers: Bool
  let showsYNumbers: Bool

  /// Room left of the frame for numbers and for the name.
  ///
  /// - Parameter height: The frame's, where it is known; a long name is broken by it.
  static func leftRoom(
    _ ticks: Ticks, label: String? = nil, height: Double? = nil, measuring text: TextMeasurer
  ) -> Double {
    let widest = ticks.labels.map { text.size(of: TextBlock($0, size: tickSize)).width }.max() ?? 0
    guard let label, let height, !label.isEmpty else { return widest + 8 + labelSize * 1.6 }
    return widest + 8 + text.size(of: yBlock(label, height: height)).height + 5
  }

  /// Draws what lies under the points.
  func drawGrid(on canvas: Canvas) {
    for value in xTicks.values {
      let x = frame.pageX(value)
      canvas.line(
        fromX: x, fromY: frame.top, toX: x, toY: frame.top + frame.height, colour: canvas.theme.gridLine,
        lineWidth: 1)
    }
    for value in yTicks.values {
      let y = frame.pageY(value)
      canvas.line(
        fromX: frame.left, fromY: y, toX: frame.left + frame.width, toY: y, colour: canvas.theme.gridLine,
        lineWidth: 1)
    }
  }

  /// Draws what lies over the points and beside them.
  func drawFrame(on canvas: Canvas) {
    canvas.strokeRectangle(
      x: frame.left, y: frame.top, width: frame.width, height: frame.height, colour: canvas.theme.axisLine,
      lineWidth: 1)
    let bottom = frame.top + frame.height
    var widestNumber = 0.0
    if showsXNumbers {
      for (value, label) in zip(xTicks.values, xTicks.labels) {
        let x = frame.pageX(value)
        canvas.line(fromX: x, fromY: bottom, toX: x, toY: bottom + 4, colour: canvas.theme.axisLine, lineWidth: 1)
        let block = TextBlock(label, size: Self.tickSize, ink: .soft)
        canvas.draw(block, x: x - canvas.size(of: block).width / 2, y: bottom + 6)
      }
    }
    if showsYNumbers {
      for (value, label) in zip(yTicks.values, yTicks.labels) {
        let y = frame.pageY(value)
        canvas.line(
          fromX: frame.left - 4, fromY: y, toX: frame.left, toY: y, colour: canvas.theme.axisLine, lineWidth: 1)
        let block = TextBlock(label, size: Self.tickSize, ink: .soft)
        let size = canvas.size(of: block)
        widestNumber = max(widestNumber, size.width)
        canvas.draw(block, x: frame.left - 7 - size.width, y: y - size.height / 2)
      }
    }
    if let xLabel {
      let block = Self.xBlock(xLabel, width: frame.width)
      let size = canvas.size(of: block)
      canvas.draw(block, x: frame.left + (frame.width - size.width) / 2, y: bottom + Self.numberRoom)
    }
    if let yLabel {
      let block = Self.yBlock(yLabel, height: frame.height)
      canvas.drawUpwards(
        block, centreX: frame.left - widestNumber - 9 - canvas.size(of: block).height / 2,
        centreY: frame.top + frame.height / 2)
    }
  }
}
