/// A scatter figure with all sizes and places decided.
struct ScatterLayout {
  private struct Panel {
    let plot: ScatterPlot
    let frame: MapFrame
    let title: TextBlock?
    let titleTop: Double
    let axes: Axes
    let key: ScatterKey.Layout?
    let valueRange: ClosedRange<Double>
  }

  let width: Double
  let height: Double
  private let panels: [Panel]
  private let sharedKey: (layout: ScatterKey.Layout, x: Double, y: Double)?
  private let texts: FigureTexts
  private let pointSize: Double?

  private static let widest = 1200.0
  private static let keyGap = 20.0
  private static let panelGap = 20.0
  private static let narrowest = 460.0

  init(_ figure: ScatterFigure, measuring text: TextMeasurer) {
    let extent = MapExtent(figure.panels)
    let plots = figure.panels
    let columns = figure.columns
    let rows = max(1, (plots.count + columns - 1) / columns)
    let isSingle = plots.count <= 1
    let isShared = plots.dropFirst().allSatisfy { ScatterKey.isShared($0.colouring, plots[0].colouring) }
    let ranges = Self.valueRanges(figure, isShared: isShared)

    // The keys are measured first: what they leave is for the panels.
    let largestSide = isSingle ? 560.0 : columns == 2 ? 430 : 360
    let leftRoom = Axes.leftRoom(Ticks(extent.y), measuring: text)
    let fullHeight = (largestSide / max(extent.aspect, 1)).rounded()
    var shared: ScatterKey.Layout?
    var own: [ScatterKey.Layout?] = plots.map { _ in nil }
    func measuredKeys(maximumWidth: Double, maximumHeight: Double) -> [ScatterKey.Layout?] {
      zip(plots, ranges).map { plot, range in
        ScatterKey([plot], valueRange: range)?.layout(
          maximumWidth: maximumWidth, maximumHeight: maximumHeight, measuring: text)
      }
    }
    let ownKeyWidth = columns <= 2 ? 190.0 : 140
    if figure.showsLegend, isShared, let first = ranges.first, let key = ScatterKey(plots, valueRange: first) {
      let panelsAtLeast = Double(columns) * (isSingle ? 440 : 250)
      let room = Self.widest - panelsAtLeast - leftRoom - 2 * FigureTexts.margin - Self.keyGap
      shared = key.layout(
        maximumWidth: max(room, 120), maximumHeight: max(fullHeight * Double(rows), 200), measuring: text)
    } else if figure.showsLegend {
      own = measuredKeys(maximumWidth: ownKeyWidth, maximumHeight: fullHeight)
    }
    let ownRoom = own.compactMap { $0.map { $0.width + 14 } }.max() ?? 0
    let sharedRoom = shared.map { $0.width + Self.keyGap } ?? 0
    let gaps = Double(columns - 1) * Self.panelGap
    let available =
      (Self.widest - 2 * FigureTexts.margin - leftRoom - sharedRoom - gaps) / Double(columns) - ownRoom
    let side = min(largestSide, available.rounded(.down))
    let frameWidth = (extent.aspect >= 1 ? side : side * extent.aspect).rounded()
    let frameHeight = (frameWidth / extent.aspect).rounded()
    // Now that the panels' height is known, a bar need not stand out below them.
    if own.contains(where: { $0 != nil }) {
      own = measuredKeys(maximumWidth: ownRoom - 14, maximumHeight: max(frameHeight, 150))
    }

    let content = leftRoom + Double(columns) * (frameWidth + ownRoom) + gaps + sharedRoom
    width = FigureTexts.width(
      content: max((content + 2 * FigureTexts.margin).rounded(.up), Self.narrowest), title: figure.title,
      subtitle: figure.subtitle, footer: figure.wholeFooter, measuring: text)
    texts = FigureTexts(
      title: figure.title, subtitle: figure.subtitle, footer: figure.wholeFooter, width: width, measuring: text)
    pointSize = figure.pointSize

    let xTicks = Ticks(extent.x, aim: max(2, Int(max(frameWidth, frameHeight) / 75)))
    let step = xTicks.step
    let sharedStep = extent.aspect >= 1 ? step : Ticks(extent.y, aim: max(2, Int(frameHeight / 75))).step
    var placed: [Panel] = []
    var top = texts.topRoom
    var end = top
    let names = Self.titles(of: plots, width: frameWidth + ownRoom, measuring: text)
    for row in 0..<rows {
      let indices = Array(row * columns..<max(row * columns, min((row + 1) * columns, plots.count)))
      let titles = indices.map { index in
        names[index].map {
          TextBlock($0, size: 13, weight: .bold, maximumWidth: frameWidth + ownRoom, maximumLines: 2)
        }
      }
      let titleRoom = titles.compactMap { $0.map { text.size(of: $0).height + 6 } }.max() ?? 0
      for (column, index) in indices.enumerated() {
        let left =
          FigureTexts.margin + leftRoom + Double(column) * (frameWidth + ownRoom + Self.panelGap)
        let frame = MapFrame(
          left: left, top: top + titleRoom, width: frameWidth, height: frameHeight, x: extent.x, y: extent.y)
        let isLowest = index + columns >= plots.count
        let axes = Axes(
          frame: frame, xTicks: Ticks(extent.x, step: sharedStep), yTicks: Ticks(extent.y, step: sharedStep),
          xLabel: isLowest ? figure.xLabel : nil, yLabel: column == 0 ? figure.yLabel : nil,
          showsXNumbers: isLowest, showsYNumbers: column == 0)
        let titleHeight = titles[column].map { text.size(of: $0).height } ?? 0
        placed.append(
          Panel(
            plot: plots[index], frame: frame, title: titles[column], titleTop: frame.top - 6 - titleHeight,
            axes: axes, key: own[index], valueRange: ranges[index]))
        end = max(end, frame.top + frameHeight + (isLowest ? Axes.bottomRoom : 0))
        end = max(end, frame.top + (own[index]?.height ?? 0))
      }
      top = max(top + titleRoom + frameHeight, end) + 16
    }
    panels = placed
    if let shared {
      let keyTop = (placed.first?.frame.top ?? texts.topRoom) + 2
      sharedKey = (
        shared, FigureTexts.margin + leftRoom + Double(columns) * frameWidth + gaps + Self.keyGap, keyTop
      )
      end = max(end, keyTop + shared.height)
    } else {
      sharedKey = nil
    }
    height = (end + texts.bottomRoom).rounded(.up)
  }

  func draw(on canvas: Canvas) {
    texts.draw(on: canvas)
    let largest = panels.map(\.plot.pointCount).max() ?? 0
    let total = panels.reduce(0) { $0 + $1.plot.pointCount }
    for panel in panels {
      if let title = panel.title { canvas.draw(title, x: panel.frame.left, y: panel.titleTop) }
      panel.axes.drawGrid(on: canvas)
      let side = max(panel.frame.width, panel.frame.height)
      let points = ScatterPoints(
        panel.plot, frame: panel.frame, diameter: pointSize ?? ScatterPoints.diameter(count: largest, side: side),
        valueRange: panel.valueRange)
      points.draw(on: canvas, totalCount: total)
      panel.axes.drawFrame(on: canvas)
      panel.key?.draw(canvas, panel.frame.left + panel.frame.width + 14, panel.frame.top + 2)
    }
    if let sharedKey { sharedKey.layout.draw(canvas, sharedKey.x, sharedKey.y) }
  }

  /// The titles of panels, cut to about two lines so that different ones stay different.
  private static func titles(of plots: [ScatterPlot], width: Double, measuring text: TextMeasurer) -> [String?] {
    let texts = DistinctNames.shortened(plots.compactMap(\.title)) { title in
      text.size(of: TextBlock(title, size: 13, weight: .bold)).width <= 1.8 * width
    }
    var next = texts.makeIterator()
    return plots.map { $0.title == nil ? nil : next.next() }
  }

  /// The ends of each panel's colour scale: one scale for all where one key explains all.
  private static func valueRanges(_ figure: ScatterFigure, isShared: Bool) -> [ClosedRange<Double>] {
    let own = figure.panels.map { figure.valueRange ?? $0.valueRange }
    let known = own.compactMap(\.self)
    guard isShared, let first = known.first else { return own.map { $0 ?? 0...1 } }
    let all = known.reduce(first) {
      min($0.lowerBound, $1.lowerBound)...max($0.upperBound, $1.upperBound)
    }
    return own.map { _ in all }
  }

}
