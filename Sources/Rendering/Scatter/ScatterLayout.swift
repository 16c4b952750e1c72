/// A scatter figure with all sizes and places decided.
struct ScatterLayout {
  private struct Panel {
    let plot: ScatterPlot
    let frame: MapFrame
    let title: TextBlock?
    let titleTop: Double
    let axes: Axes
    let key: (any KeyLayout)?
    let keyPlace: (x: Double, y: Double)
    let scale: ValueColours
  }

  let width: Double
  let height: Double
  private let panels: [Panel]
  private let sharedKey: (layout: any KeyLayout, x: Double, y: Double)?
  private let texts: FigureTexts
  private let pointSize: Double?
  private let opacity: Double?
  private let namesClasses: Bool

  private static let keyGap = 20.0
  private static let ownKeyGap = 14.0
  private static let panelGap = 20.0
  private static let narrowest = 460.0
  /// A panel is not made narrower than this for the sake of its neighbours, or of a key beside it.
  private static let leastPanel = 170.0

  /// How the page is parted, before heights are known.
  private struct Parting {
    let columns: Int
    let isKeyBelow: Bool
  }

  init(_ figure: ScatterFigure, in style: FigureStyle, measuring text: TextMeasurer) {
    let extent = figure.extent
    let plots = figure.panels
    let room = style.room
    let isSingle = plots.count <= 1
    let isShared = plots.dropFirst().allSatisfy { ScatterKey.isShared($0.colouring, plots[0].colouring) }
    let scales = figure.scales(in: style.theme)
    let yLabel = figure.yLabel
    func leftRoom(height: Double) -> Double {
      Axes.leftRoom(Ticks(extent.y), label: yLabel, height: height, measuring: text)
    }
    let inner = room.widest - 2 * FigureTexts.margin
    let roughLeft = leftRoom(height: 300)

    // The keys are measured first: what they leave is for the panels.
    let sharedSource =
      isShared && figure.showsLegend
      ? scales.first.flatMap { ScatterKey(plots, scale: $0, theme: style.theme) } : nil
    let ownSources: [ScatterKey?] =
      !isShared && figure.showsLegend
      ? zip(plots, scales).map { ScatterKey([$0], scale: $1, theme: style.theme) } : plots.map { _ in nil }
    let parting = Self.parting(
      figure, inner: inner - roughLeft, shared: sharedSource, own: ownSources, measuring: text)
    let columns = parting.columns
    let rows = max(1, (plots.count + columns - 1) / columns)
    let gaps = Double(columns - 1) * Self.panelGap
    let largestSide = isSingle ? 560.0 : columns <= 2 ? 430 : 360
    let fullHeight = (largestSide / max(extent.aspect, 1)).rounded()
    var shared: (any KeyLayout)?
    if let sharedSource, !parting.isKeyBelow {
      let panelsAtLeast = Double(columns) * (isSingle ? min(440, inner * 0.6) : min(250, inner * 0.3))
      shared = sharedSource.layout(
        maximumWidth: max(inner - panelsAtLeast - roughLeft - Self.keyGap, 120),
        maximumHeight: max(fullHeight * Double(rows), 200), measuring: text)
    }
    func ownKeys(maximumWidth: Double, maximumHeight: Double) -> [(any KeyLayout)?] {
      ownSources.map {
        $0?.layout(
          maximumWidth: maximumWidth, maximumHeight: maximumHeight, isBelow: parting.isKeyBelow, measuring: text)
      }
    }
    var own = ownKeys(maximumWidth: columns <= 2 ? 190 : 140, maximumHeight: fullHeight)
    let ownRoom = parting.isKeyBelow ? 0 : own.compactMap { $0.map { $0.width + Self.ownKeyGap } }.max() ?? 0
    let sharedRoom = shared.map { $0.width + Self.keyGap } ?? 0
    let available = (inner - roughLeft - sharedRoom - gaps) / Double(columns) - ownRoom
    let side = min(largestSide, available.rounded(.down))
    // On a page of a given width a narrow map fills it too.
    let frameWidth = (extent.aspect >= 1 || room.isFixed ? side : side * extent.aspect).rounded()
    let frameHeight = (frameWidth / extent.aspect).rounded()
    let left = leftRoom(height: frameHeight)
    // Now that the panels' size is known, a bar need not stand out below them.
    if own.contains(where: { $0 != nil }) {
      own = ownKeys(
        maximumWidth: parting.isKeyBelow ? frameWidth : ownRoom - Self.ownKeyGap, maximumHeight: max(frameHeight, 150))
    }
    if let sharedSource, parting.isKeyBelow {
      shared = sharedSource.layout(
        maximumWidth: left + Double(columns) * frameWidth + gaps, maximumHeight: 10_000, isBelow: true, measuring: text)
    }

    let content = left + Double(columns) * (frameWidth + ownRoom) + gaps + sharedRoom
    width = FigureTexts.width(
      content: room.width(for: max((content + 2 * FigureTexts.margin).rounded(.up), min(Self.narrowest, room.widest))),
      title: figure.title, subtitle: figure.subtitle, footer: figure.wholeFooter, in: style, measuring: text)
    texts = FigureTexts(
      title: figure.title, subtitle: figure.subtitle, footer: figure.wholeFooter, width: width, in: style,
      measuring: text)
    pointSize = figure.pointSize
    opacity = figure.opacity
    namesClasses = figure.namesClasses

    let xTicks = Ticks(extent.x, aim: max(2, Int(max(frameWidth, frameHeight) / 75)))
    let sharedStep = extent.aspect >= 1 ? xTicks.step : Ticks(extent.y, aim: max(2, Int(frameHeight / 75))).step
    let bottomRoom = Axes.bottomRoom(figure.xLabel, width: frameWidth, measuring: text)
    var placed: [Panel] = []
    var top = texts.topRoom
    var end = top
    let names = Self.titles(of: plots, width: frameWidth + ownRoom, measuring: text)
    for row in 0..<rows {
      let indices = Array(row * columns..<max(row * columns, min((row + 1) * columns, plots.count)))
      let titles = indices.map { names[$0].map { Self.titleBlock($0, width: frameWidth + ownRoom) } }
      let titleRoom = titles.compactMap { $0.map { text.size(of: $0).height + 6 } }.max() ?? 0
      var rowEnd = top
      for (column, index) in indices.enumerated() {
        let frameLeft = FigureTexts.margin + left + Double(column) * (frameWidth + ownRoom + Self.panelGap)
        let frame = MapFrame(
          left: frameLeft, top: top + titleRoom, width: frameWidth, height: frameHeight, x: extent.x, y: extent.y)
        // With a key between, each panel has numbers of its own.
        let isLowest = index + columns >= plots.count || (parting.isKeyBelow && !isShared)
        let axes = Axes(
          frame: frame, xTicks: Ticks(extent.x, step: sharedStep), yTicks: Ticks(extent.y, step: sharedStep),
          xLabel: isLowest ? figure.xLabel : nil, yLabel: column == 0 ? yLabel : nil, showsXNumbers: isLowest,
          showsYNumbers: column == 0)
        let titleHeight = titles[column].map { text.size(of: $0).height } ?? 0
        let frameEnd = frame.top + frameHeight + (isLowest ? bottomRoom : 0)
        let keyPlace =
          parting.isKeyBelow ? (frameLeft, frameEnd + 4) : (frameLeft + frameWidth + Self.ownKeyGap, frame.top + 2)
        placed.append(
          Panel(
            plot: plots[index], frame: frame, title: titles[column], titleTop: frame.top - 6 - titleHeight,
            axes: axes, key: own[index], keyPlace: keyPlace, scale: scales[index]))
        rowEnd = max(rowEnd, frameEnd, own[index].map { keyPlace.1 + $0.height } ?? 0)
      }
      end = max(end, rowEnd)
      top = rowEnd + 16
    }
    panels = placed
    if let shared {
      let firstTop = (placed.first?.frame.top ?? texts.topRoom) + 2
      let place =
        parting.isKeyBelow
        ? (FigureTexts.margin, end + 10)
        : (FigureTexts.margin + left + Double(columns) * frameWidth + gaps + Self.keyGap, firstTop)
      sharedKey = (shared, place.0, place.1)
      end = max(end, place.1 + shared.height)
    } else {
      sharedKey = nil
    }
    height = (end + texts.bottomRoom).rounded(.up)
  }

  /// Fewer columns on a narrow page, and the key under the panels where it would take their room.
  private static func parting(
    _ figure: ScatterFigure, inner: Double, shared: ScatterKey?, own: [ScatterKey?], measuring text: TextMeasurer
  ) -> Parting {
    func keyWidth(_ key: ScatterKey?) -> Double {
      key?.layout(maximumWidth: 190, maximumHeight: 400, measuring: text).width ?? 0
    }
    let sharedWidth = keyWidth(shared)
    let ownWidth = own.map(keyWidth).max() ?? 0
    func beside(_ columns: Int) -> Double {
      (inner - (sharedWidth > 0 ? sharedWidth + keyGap : 0) - Double(columns - 1) * panelGap) / Double(columns)
        - (ownWidth > 0 ? ownWidth + ownKeyGap : 0)
    }
    func below(_ columns: Int) -> Double { (inner - Double(columns - 1) * panelGap) / Double(columns) }
    for columns in stride(from: figure.columns, through: 1, by: -1) where beside(columns) >= leastPanel {
      // A single map does not give half of a narrow page to its key.
      // Nor does it stand beside a list that is much longer.
      let isLong =
        (shared?.layout(maximumWidth: 190, maximumHeight: 400, measuring: text).height ?? 0) > 1.4 * beside(1)
      if figure.panels.count > 1 || (beside(1) >= 1.2 * sharedWidth && !isLong) {
        return Parting(columns: columns, isKeyBelow: false)
      }
    }
    let columns = (1...max(figure.columns, 1)).last { below($0) >= leastPanel } ?? 1
    return Parting(columns: columns, isKeyBelow: true)
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
        panel.plot, frame: panel.frame, diameter: pointSize ?? PointPainter.diameter(count: largest, side: side),
        opacity: opacity, scale: panel.scale)
      points.draw(on: canvas, totalCount: total)
      if namesClasses { ClassNames(panel.plot, in: panel.frame).draw(on: canvas) }
      panel.axes.drawFrame(on: canvas)
      panel.key?.draw(on: canvas, x: panel.keyPlace.x, y: panel.keyPlace.y)
    }
    if let sharedKey { sharedKey.layout.draw(on: canvas, x: sharedKey.x, y: sharedKey.y) }
  }

  private static func titleBlock(_ title: String, width: Double) -> TextBlock {
    TextBlock(title, size: 13, weight: .bold, maximumWidth: width, maximumLines: mostTitleLines + 1)
  }

  private static let mostTitleLines = 4

  /// The titles of panels; only those that would need more than four lines are cut, so that different ones stay different.
  private static func titles(of plots: [ScatterPlot], width: Double, measuring text: TextMeasurer) -> [String?] {
    let oneLine = text.size(of: TextBlock("X", size: 13, weight: .bold)).height
    let texts = DistinctNames.shortened(plots.compactMap(\.title)) { title in
      text.size(of: titleBlock(title, width: width)).height < oneLine * (Double(mostTitleLines) + 0.5)
    }
    var next = texts.makeIterator()
    return plots.map { $0.title == nil ? nil : next.next() }
  }
}
