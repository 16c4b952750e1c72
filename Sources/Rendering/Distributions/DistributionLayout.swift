/// A figure of distributions with all sizes and places decided.
///
/// Groups stand side by side where their names find room under them; else they lie one under the other, with their names once
/// at the left.
struct DistributionLayout {
  private struct Panel {
    let plot: DistributionPlot
    let axis: DistributionPlot.Axis
    let title: TextBlock
    let subtitle: TextBlock?
    let titleTop: Double
    let subtitleTop: Double
    let axes: Axes
    let showsNames: Bool
  }

  let width: Double
  let height: Double
  private let panels: [Panel]
  private let names: [TextBlock]
  private let isUpright: Bool
  private let band: Double
  private let texts: FigureTexts
  private let countRoom: Double

  private static let nameSize = 11.0
  private static let panelGap = 24.0
  private static let rowGap = 20.0
  private static let narrowestFrame = 150.0
  private static let uprightHeight = 190.0
  private static let lyingWidth = 230.0
  private static let mostUpright = 12
  private static let mostColumns = 4

  init(_ figure: DistributionFigure, in style: FigureStyle, measuring text: TextMeasurer) {
    let plots = figure.plots
    let groupNames = plots.first?.bands.map(\.name) ?? []
    let room = style.room
    let inner = room.widest - 2 * FigureTexts.margin
    let axisRoom = plots.map { Axes.leftRoom(Ticks($0.range), measuring: text) }.max() ?? 40

    // Upright: a name has the width of its band, in up to three lines.
    func uprightNames(_ band: Double) -> [TextBlock] {
      groupNames.map {
        TextBlock($0, size: Self.nameSize, maximumWidth: band - 6, maximumLines: 5, alignment: .centre)
      }
    }
    let longestWord =
      groupNames.flatMap { $0.split(separator: " ") }.map {
        text.size(of: TextBlock(String($0), size: Self.nameSize)).width
      }.max() ?? 0
    let widestName = groupNames.map { text.size(of: TextBlock($0, size: Self.nameSize)).width }.max() ?? 0
    let widestCount = plots.flatMap(\.bands).map { text.size(of: Self.countBlock($0)).width }.max() ?? 0
    let uprightBand = max(44, min(longestWord + 10, 120), widestName / 3 + 14, widestCount + 8)
    let uprightFrame = max(uprightBand * Double(groupNames.count), Self.narrowestFrame)
    isUpright =
      figure.kind != .histogram && groupNames.count <= Self.mostUpright && longestWord <= 110 && widestName <= 300
      && uprightFrame + axisRoom <= min(inner, 620)

    var frameWidth: Double
    var frameHeight: Double
    var columns: Int
    let leftRoom: Double
    if isUpright {
      leftRoom = axisRoom
      let fitting = Int((inner + Self.panelGap) / (uprightFrame + axisRoom + Self.panelGap))
      columns = Self.balanced(fitting, plots.count)
      frameWidth = uprightFrame
      if room.isFixed || plots.count >= columns, columns > 1 || room.isFixed {
        frameWidth = (inner - Double(columns - 1) * Self.panelGap) / Double(columns) - axisRoom
        if !room.isFixed { frameWidth = min(frameWidth, max(uprightFrame, 260)) }
      }
      frameWidth = frameWidth.rounded(.down)
      frameHeight = Self.uprightHeight
      band = frameWidth / Double(max(groupNames.count, 1))
      names = uprightNames(band)
      countRoom = 0
    } else {
      let nameWidth = min(widestName + 1, max(min(420, inner * 0.42), 90))
      names = groupNames.map { TextBlock($0, size: Self.nameSize, maximumWidth: nameWidth, maximumLines: 8) }
      let tallest = names.map { text.size(of: $0).height }.max() ?? 0
      band = max(figure.kind == .box || figure.kind == .strip ? 22 : 30, tallest + 6)
      leftRoom = nameWidth + 12
      let counts = plots.flatMap(\.bands).map { Self.countBlock($0) }
      countRoom = (counts.map { text.size(of: $0).width }.max() ?? 0) + 8
      let least = room.isFixed ? min(Self.narrowestFrame, inner - leftRoom - countRoom) : Self.lyingWidth
      let fitting = Int((inner - leftRoom + Self.panelGap) / (least + countRoom + Self.panelGap))
      columns = Self.balanced(fitting, plots.count)
      frameWidth = (inner - leftRoom - Double(columns - 1) * Self.panelGap) / Double(columns) - countRoom
      frameWidth = max(room.isFixed ? frameWidth : min(frameWidth, 300), 60).rounded(.down)
      frameHeight = (band * Double(max(groupNames.count, 1))).rounded()
    }
    let panelRoom = isUpright ? leftRoom + frameWidth : frameWidth + countRoom
    let outer = isUpright ? 0 : leftRoom
    let content = outer + Double(columns) * panelRoom + Double(columns - 1) * Self.panelGap + 2 * FigureTexts.margin
    width = FigureTexts.width(
      content: room.width(for: max(content.rounded(.up), min(360, room.widest))), title: figure.title, subtitle: nil,
      footer: figure.wholeFooter, in: style, measuring: text)
    texts = FigureTexts(
      title: figure.title, subtitle: nil, footer: figure.wholeFooter, width: width, in: style, measuring: text)

    var placed: [Panel] = []
    var top = texts.topRoom
    let rows = (plots.count + columns - 1) / max(columns, 1)
    for row in 0..<rows {
      let indices = Array(row * columns..<min((row + 1) * columns, plots.count))
      let titles = indices.map { index -> (TextBlock, TextBlock?) in
        let panel = figure.panels[index]
        return (
          TextBlock(panel.title, size: 13, weight: .bold, maximumWidth: panelRoom, maximumLines: 6),
          panel.subtitle.map { TextBlock($0, size: 11, ink: .soft, maximumWidth: panelRoom, maximumLines: 6) }
        )
      }
      let heights = titles.map { title, subtitle in
        text.size(of: title).height + (subtitle.map { text.size(of: $0).height + 1 } ?? 0)
      }
      let titleRoom = (heights.max() ?? 0) + 6
      let frameTop = top + titleRoom
      var bottom = frameTop
      for (column, index) in indices.enumerated() {
        let plot = plots[index]
        let panelLeft = FigureTexts.margin + outer + Double(column) * (panelRoom + Self.panelGap)
        let left = panelLeft + (isUpright ? leftRoom : 0)
        let frame = MapFrame(
          left: left, top: frameTop, width: frameWidth, height: frameHeight, x: isUpright ? 0...1 : plot.range,
          y: isUpright ? plot.range : 0...1)
        let ticks = Ticks(plot.range, aim: isUpright ? 5 : max(2, Int(frameWidth / 60)))
        let none = Ticks(none: ())
        let label = figure.panels[index].valueLabel
        let axes = Axes(
          frame: frame, xTicks: isUpright ? none : ticks, yTicks: isUpright ? ticks : none,
          xLabel: isUpright ? nil : label, yLabel: isUpright ? label : nil, showsXNumbers: !isUpright,
          showsYNumbers: isUpright)
        let under: Double
        if isUpright {
          let tallest = zip(names, plot.bands).map {
            text.size(of: $0).height + text.size(of: Self.countBlock($1)).height
          }
          under = (tallest.max() ?? 0) + 10
        } else {
          under = Axes.bottomRoom(label, width: frameWidth, measuring: text)
        }
        bottom = max(bottom, frameTop + frameHeight + under)
        let titleTop = frameTop - 6 - heights[column]
        placed.append(
          Panel(
            plot: plot, axis: DistributionPlot.Axis(isUpright: isUpright, frame: frame), title: titles[column].0,
            subtitle: titles[column].1, titleTop: titleTop,
            subtitleTop: titleTop + text.size(of: titles[column].0).height + 1, axes: axes,
            showsNames: isUpright || column == 0))
      }
      top = bottom + Self.rowGap
    }
    panels = placed
    height = ((placed.isEmpty ? texts.topRoom : top - Self.rowGap) + texts.bottomRoom).rounded(.up)
  }

  /// No more columns than make rows of about the same length.
  private static func balanced(_ fitting: Int, _ count: Int) -> Int {
    let columns = max(1, min(fitting, mostColumns, count))
    let rows = (count + columns - 1) / columns
    return rows > 0 ? (count + rows - 1) / rows : 1
  }

  private static func countBlock(_ band: DistributionPlot.Band) -> TextBlock {
    TextBlock("n = \(NumberText.grouped(band.distribution.count))", size: 10, ink: .soft)
  }

  func draw(on canvas: Canvas) {
    texts.draw(on: canvas)
    for panel in panels { draw(panel, on: canvas) }
  }

  private func draw(_ panel: Panel, on canvas: Canvas) {
    let frame = panel.axis.frame
    let left = isUpright ? frame.left - 30 : frame.left
    canvas.draw(panel.title, x: max(left, FigureTexts.margin), y: panel.titleTop)
    if let subtitle = panel.subtitle { canvas.draw(subtitle, x: max(left, FigureTexts.margin), y: panel.subtitleTop) }
    panel.axes.drawGrid(on: canvas)
    for index in panel.plot.bands.indices {
      let middle = (isUpright ? frame.left : frame.top) + (Double(index) + 0.5) * band
      panel.plot.draw(index, on: canvas, panel.axis, middle: middle, room: band)
      let count = Self.countBlock(panel.plot.bands[index])
      let countSize = canvas.size(of: count)
      let name = names[index]
      let size = canvas.size(of: name)
      if isUpright {
        let under = frame.top + frame.height + 6
        canvas.draw(name, x: middle - size.width / 2, y: under)
        canvas.draw(count, x: middle - countSize.width / 2, y: under + size.height)
      } else {
        if panel.showsNames { canvas.draw(name, x: FigureTexts.margin, y: middle - size.height / 2) }
        canvas.draw(count, x: frame.left + frame.width + 6, y: middle - countSize.height / 2)
      }
    }
    panel.axes.drawFrame(on: canvas)
  }
}
