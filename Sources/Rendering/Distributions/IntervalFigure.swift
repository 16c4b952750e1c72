/// Estimates with their intervals, one under the other, each beside what chance alone would give.
package struct IntervalFigure: Figure {
  package struct Row: Sendable, Equatable {
    package let name: String
    /// Nil where it could not be told; then `text` says why.
    package let value: Double?
    package let interval: ClosedRange<Double>?
    /// What chance would give.
    package let chance: Double?
    /// The number of its colour.
    package let colour: Int
    /// As it is written at the right, such as "0.93 (0.81 to 0.98)".
    package let text: String

    package init(
      name: String, value: Double?, interval: ClosedRange<Double>? = nil, chance: Double? = nil, colour: Int = 0,
      text: String
    ) {
      self.name = name
      self.value = value
      self.interval = interval
      self.chance = chance
      self.colour = colour
      self.text = text
    }
  }

  /// Rows that have one axis.
  package struct Section: Sendable, Equatable {
    package let title: String
    package let axisLabel: String
    /// Nil for what the rows need.
    package let range: ClosedRange<Double>?
    package let rows: [Row]

    package init(title: String, axisLabel: String, range: ClosedRange<Double>? = nil, rows: [Row]) {
      self.title = title
      self.axisLabel = axisLabel
      self.range = range
      self.rows = rows
    }
  }

  package let sections: [Section]
  package let title: String?
  package let footer: String?

  package init(sections: [Section], title: String? = nil, footer: String? = nil) {
    self.sections = sections
    self.title = title
    self.footer = footer
  }

  package var metadata: PictureMetadata { PictureMetadata(title: title, description: footer) }

  package func exactColours(in theme: FigureTheme) -> [Colour] {
    Set(sections.flatMap(\.rows).map(\.colour)).sorted().map(theme.categorical)
  }

  private static let rowSize = 12.0
  private static let widestAxis = 360.0

  package func arranged(in style: FigureStyle, measuring text: TextMeasurer) -> Arrangement {
    let room = style.room
    let inner = room.widest - 2 * FigureTexts.margin
    let rows = sections.flatMap(\.rows)
    func widest(_ texts: [String], _ size: Double) -> Double {
      texts.map { text.size(of: TextBlock($0, size: size)).width }.max() ?? 0
    }
    let nameWidth = min(widest(rows.map(\.name), Self.rowSize) + 1, inner * 0.4)
    let textWidth = min(widest(rows.map(\.text), 11) + 1, max(inner * 0.3, 80))
    let axisWidth = max(min(inner - nameWidth - textWidth - 28, Self.widestAxis), inner * 0.2).rounded(.down)
    let content = nameWidth + axisWidth + textWidth + 28 + 2 * FigureTexts.margin
    let width = FigureTexts.width(
      content: room.width(for: content.rounded(.up)), title: title, subtitle: nil, footer: footer, in: style,
      measuring: text)
    let texts = FigureTexts(title: title, subtitle: nil, footer: footer, width: width, in: style, measuring: text)
    let axisLeft = FigureTexts.margin + nameWidth + 14

    var top = texts.topRoom
    var drawing: [(Canvas) -> Void] = []
    for section in sections {
      let heading = TextBlock(
        section.title, size: 13, weight: .bold, maximumWidth: width - 2 * FigureTexts.margin, maximumLines: 6)
      let headingTop = top
      let frameTop = top + text.size(of: heading).height + 6
      let lines = section.rows.map { row in
        (
          name: TextBlock(row.name, size: Self.rowSize, maximumWidth: nameWidth, maximumLines: 8),
          value: TextBlock(row.text, size: 11, ink: .soft, maximumWidth: textWidth, maximumLines: 8)
        )
      }
      let heights = lines.map { max(text.size(of: $0.name).height, text.size(of: $0.value).height, 16) + 6 }
      let range = section.range ?? Self.range(of: section.rows)
      let frame = MapFrame(
        left: axisLeft, top: frameTop, width: axisWidth, height: heights.reduce(0, +), x: range, y: 0...1)
      let axes = Axes(
        frame: frame, xTicks: Ticks(range, aim: max(2, Int(axisWidth / 60))), yTicks: Ticks(none: ()),
        xLabel: section.axisLabel, yLabel: nil, showsXNumbers: true, showsYNumbers: false)
      drawing.append { canvas in
        canvas.draw(heading, x: FigureTexts.margin, y: headingTop)
        axes.drawGrid(on: canvas)
        // Below the marks, which may lie on its edge.
        axes.drawFrame(on: canvas)
        var rowTop = frameTop
        for (index, row) in section.rows.enumerated() {
          let middle = rowTop + heights[index] / 2
          let name = lines[index].name
          let value = lines[index].value
          canvas.draw(name, x: FigureTexts.margin, y: middle - canvas.size(of: name).height / 2)
          canvas.draw(value, x: axisLeft + axisWidth + 14, y: middle - canvas.size(of: value).height / 2)
          Self.draw(row, on: canvas, frame, middle: middle)
          rowTop += heights[index]
        }
      }
      top = frameTop + frame.height + Axes.bottomRoom(section.axisLabel, width: axisWidth, measuring: text) + 14
    }
    let height = (top - (sections.isEmpty ? 0 : 14) + texts.bottomRoom).rounded(.up)
    return Arrangement(width: width, height: height) { canvas in
      texts.draw(on: canvas)
      for draw in drawing { draw(canvas) }
    }
  }

  private static func draw(_ row: Row, on canvas: Canvas, _ frame: MapFrame, middle: Double) {
    func place(_ value: Double) -> Double { frame.pageX(min(max(value, frame.x.lowerBound), frame.x.upperBound)) }
    let colour = canvas.theme.categorical(row.colour)
    if let chance = row.chance, frame.x.contains(chance) {
      let x = place(chance)
      canvas.line(fromX: x, fromY: middle - 8, toX: x, toY: middle + 8, colour: canvas.theme.softInk, lineWidth: 1.4)
    }
    if let interval = row.interval {
      let (low, high) = (place(interval.lowerBound), place(interval.upperBound))
      canvas.line(fromX: low, fromY: middle, toX: high, toY: middle, colour: colour, lineWidth: 2)
      for end in [low, high] {
        canvas.line(fromX: end, fromY: middle - 4, toX: end, toY: middle + 4, colour: colour, lineWidth: 2)
      }
    }
    guard let value = row.value, value.isFinite else { return }
    canvas.fillDisc(x: place(value), y: middle, diameter: 11, colour: canvas.theme.ground)
    canvas.fillDisc(x: place(value), y: middle, diameter: 9, colour: colour)
  }

  private static func range(of rows: [Row]) -> ClosedRange<Double> {
    let values = rows.flatMap { row in
      [row.value, row.chance, row.interval?.lowerBound, row.interval?.upperBound].compactMap(\.self)
    }.filter(\.isFinite)
    guard let least = values.min(), let greatest = values.max() else { return 0...1 }
    let margin = greatest > least ? (greatest - least) * 0.08 : max(abs(least) * 0.1, 0.05)
    return least - margin...greatest + margin
  }
}
