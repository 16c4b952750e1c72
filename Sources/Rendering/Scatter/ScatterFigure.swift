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
  /// Of a point, 0 to 1; nil for one that suits the number of points.
  package let opacity: Double?
  /// Whether the names of classes stand on the map.
  package let namesClasses: Bool
  let extent: MapExtent

  /// - Parameters:
  ///   - limits: the ends of the axes that are asked for.
  /// - Throws: `unequalCounts` if a panel's lists differ in length.
  package init(
    panels: [ScatterPlot], columns: Int? = nil, title: String? = nil, subtitle: String? = nil, footer: String? = nil,
    xLabel: String = "UMAP 1", yLabel: String = "UMAP 2", pointSize: Double? = nil, showsLegend: Bool = true,
    opacity: Double? = nil, namesClasses: Bool = false, limits: MapExtent.Limits = MapExtent.Limits()
  ) throws(RenderingError) {
    for panel in panels { try panel.checkCounts() }
    let extent = MapExtent(panels, limits: limits)
    self.extent = extent
    self.opacity = opacity
    self.namesClasses = namesClasses
    let whole = panels
    let panels = limits == MapExtent.Limits() ? whole : whole.map { $0.limited(to: extent) }
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
    notes = Self.notes(panels, of: whole)
  }

  /// One map.
  package init(
    _ plot: ScatterPlot, title: String? = nil, subtitle: String? = nil, footer: String? = nil,
    xLabel: String = "UMAP 1", yLabel: String = "UMAP 2", pointSize: Double? = nil, showsLegend: Bool = true,
    opacity: Double? = nil, namesClasses: Bool = false, limits: MapExtent.Limits = MapExtent.Limits()
  ) throws(RenderingError) {
    try self.init(
      panels: [plot], title: title, subtitle: subtitle, footer: footer, xLabel: xLabel, yLabel: yLabel,
      pointSize: pointSize, showsLegend: showsLegend, opacity: opacity, namesClasses: namesClasses, limits: limits)
  }

  /// What colours and places cannot show, a sentence each.
  package let notes: [String]

  private static func notes(_ panels: [ScatterPlot], of whole: [ScatterPlot]) -> [String] {
    var notes: [String] = []
    let undrawn = whole.reduce(0) { $0 + $1.x.count - $1.drawnPoints.count }
    let beyond = zip(whole, panels).reduce(0) { $0 + $1.0.drawnPoints.count - $1.1.drawnPoints.count }
    if beyond > 0 {
      notes.append(
        "\(NumberText.grouped(beyond)) \(beyond == 1 ? "point lies" : "points lie") beyond the limits of the axes.")
    }
    if undrawn > 0 {
      notes.append(
        "\(NumberText.grouped(undrawn)) \(undrawn == 1 ? "point has" : "points have") no place and "
          + "\(undrawn == 1 ? "is" : "are") not drawn.")
    }
    let scales = scales(of: panels, in: .light)
    for group in alike(panels) {
      guard let note = ScatterPlot.note(on: group.map { panels[$0] }, scale: scales[group[0]]) else { continue }
      if !notes.contains(note) { notes.append(note) }
    }
    if panels.contains(where: ScatterPoints.isShaded) {
      notes.append("Shaded by the number of points; where classes lie together their colours mix.")
    }
    return notes
  }

  /// The colours of each panel's numbers: one scale for all where one key explains all.
  func scales(in theme: FigureTheme) -> [ValueColours] { Self.scales(of: panels, in: theme) }

  private static func scales(of panels: [ScatterPlot], in theme: FigureTheme) -> [ValueColours] {
    var scales = panels.map { ValueColours(range: 0...1, ramp: $0.ramp, theme: theme) }
    for group in alike(panels) {
      let known = group.compactMap { panels[$0].valueScale }
      guard let first = known.first else { continue }
      let all = known.reduce(first.range) {
        min($0.lowerBound, $1.range.lowerBound)...max($0.upperBound, $1.range.upperBound)
      }
      let diverges = known.contains(where: \.diverges)
      for index in group {
        scales[index] = ValueColours(range: all, diverges: diverges, ramp: panels[index].ramp, theme: theme)
      }
    }
    return scales
  }

  /// The places of panels that one key can explain, the first ones first.
  private static func alike(_ panels: [ScatterPlot]) -> [[Int]] {
    var groups: [[Int]] = []
    for (index, panel) in panels.enumerated() {
      let group = groups.firstIndex { ScatterKey.isShared(panels[$0[0]].colouring, panel.colouring) }
      if let group { groups[group].append(index) } else { groups.append([index]) }
    }
    return groups
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
    for panel in panels { colours += panel.classColours(in: theme) }
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
