/// One map, or several side by side on the same axes and the same scale, each point a disc.
///
/// Both axes have the same scale, because distances on a map mean the same in every direction. The key stands outside the
/// data, or under it on a narrow page.
package struct ScatterFigure: Figure {
  package let panels: [ScatterPlot]
  package let columns: Int
  package let title: String?
  package let subtitle: String?
  package let footer: String?
  package let xLabel: String
  package let yLabel: String
  /// The diameter of a point in CSS pixels; nil for one that suits the number of points.
  package let pointSize: Double?
  package let showsLegend: Bool

  /// - Throws: `unequalCounts` if a panel's lists differ in length.
  package init(
    panels: [ScatterPlot], columns: Int? = nil, title: String? = nil, subtitle: String? = nil, footer: String? = nil,
    xLabel: String = "UMAP 1", yLabel: String = "UMAP 2", pointSize: Double? = nil, showsLegend: Bool = true
  ) throws(RenderingError) {
    for panel in panels { try panel.checkCounts() }
    self.panels = panels
    // Panels with keys of their own need more width.
    let isShared = panels.dropFirst().allSatisfy { ScatterKey.isShared($0.colouring, panels[0].colouring) }
    let automatic =
      switch panels.count {
      case ...2: panels.count
      case 3: isShared ? 3 : 2
      case 4: 2
      case ...9: isShared ? 3 : 2
      default: isShared ? 4 : 3
      }
    self.columns = max(1, min(columns ?? automatic, max(panels.count, 1)))
    self.title = title
    self.subtitle = subtitle
    self.footer = footer
    self.xLabel = xLabel
    self.yLabel = yLabel
    self.pointSize = pointSize
    self.showsLegend = showsLegend
    notes = Self.notes(panels)
  }

  /// One map.
  package init(
    _ plot: ScatterPlot, title: String? = nil, subtitle: String? = nil, footer: String? = nil,
    xLabel: String = "UMAP 1", yLabel: String = "UMAP 2", pointSize: Double? = nil, showsLegend: Bool = true
  ) throws(RenderingError) {
    try self.init(
      panels: [plot], title: title, subtitle: subtitle, footer: footer, xLabel: xLabel, yLabel: yLabel,
      pointSize: pointSize, showsLegend: showsLegend)
  }

  /// What colours and places cannot show, a sentence each.
  package let notes: [String]

  private static func notes(_ panels: [ScatterPlot]) -> [String] {
    var notes: [String] = []
    let undrawn = panels.reduce(0) { $0 + $1.x.count - $1.drawnPoints.count }
    if undrawn > 0 {
      notes.append(
        "\(NumberText.grouped(undrawn)) \(undrawn == 1 ? "point has" : "points have") no place and "
          + "\(undrawn == 1 ? "is" : "are") not drawn.")
    }
    for (panel, scale) in zip(panels, scales(of: panels, in: .light)) {
      if let note = panel.note(scale: scale), !notes.contains(note) { notes.append(note) }
    }
    if panels.contains(where: ScatterPoints.isShaded) {
      notes.append("Shaded by the number of points; where classes lie together their colours mix.")
    }
    return notes
  }

  /// The colours of each panel's numbers: one scale for all where one key explains all.
  func scales(in theme: FigureTheme) -> [ValueColours] { Self.scales(of: panels, in: theme) }

  private static func scales(of panels: [ScatterPlot], in theme: FigureTheme) -> [ValueColours] {
    let own = panels.map(\.valueScale)
    let known = own.compactMap(\.self)
    let isShared = panels.dropFirst().allSatisfy { ScatterKey.isShared($0.colouring, panels[0].colouring) }
    guard isShared, let first = known.first else {
      return own.map { ValueColours(range: $0?.range ?? 0...1, diverges: $0?.diverges ?? false, theme: theme) }
    }
    let all = known.reduce(first.range) {
      min($0.lowerBound, $1.range.lowerBound)...max($0.upperBound, $1.range.upperBound)
    }
    let diverges = known.contains(where: \.diverges)
    return own.map { _ in ValueColours(range: all, diverges: diverges, theme: theme) }
  }

  /// The footer with the notes.
  var wholeFooter: String? {
    let lines = [footer].compactMap(\.self) + notes
    return lines.isEmpty ? nil : lines.joined(separator: "\n")
  }

  package var metadata: PictureMetadata {
    PictureMetadata(
      title: title, description: [subtitle, wholeFooter].compactMap(\.self).joined(separator: "\n"))
  }

  package func exactColours(in theme: FigureTheme) -> [Colour] {
    var colours = [theme.missing, theme.context]
    for case .categorical(let names, _, _, let numbers) in panels.map(\.colouring) {
      colours += (numbers ?? Array(names.indices)).map(theme.categorical)
    }
    // The scale must not show steps: its colours are closer together than an eye can tell.
    let scales = zip(panels, scales(in: theme)).compactMap { panel, scale -> ValueColours? in
      if case .continuous = panel.colouring { scale } else { nil }
    }
    if let scale = scales.first { colours += scale.steps(128) }
    return colours
  }

  package func arranged(in style: FigureStyle, measuring text: TextMeasurer) -> Arrangement {
    let layout = ScatterLayout(self, in: style, measuring: text)
    return Arrangement(width: layout.width, height: layout.height) { layout.draw(on: $0) }
  }
}
