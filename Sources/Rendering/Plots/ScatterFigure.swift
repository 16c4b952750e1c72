/// One map, or several side by side on the same axes and the same scale, each point a disc.
///
/// Both axes have the same scale, because distances on a map mean the same in every direction. The key stands outside the
/// data. At most 1,200 CSS pixels wide.
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
  /// The ends of the colour scale; nil for the least and greatest value.
  package let valueRange: ClosedRange<Double>?

  /// - Throws: `unequalCounts` if a panel's lists differ in length.
  package init(
    panels: [ScatterPlot], columns: Int? = nil, title: String? = nil, subtitle: String? = nil, footer: String? = nil,
    xLabel: String = "UMAP 1", yLabel: String = "UMAP 2", pointSize: Double? = nil, showsLegend: Bool = true,
    valueRange: ClosedRange<Double>? = nil
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
    self.valueRange = valueRange
  }

  /// One map.
  package init(
    _ plot: ScatterPlot, title: String? = nil, subtitle: String? = nil, footer: String? = nil,
    xLabel: String = "UMAP 1", yLabel: String = "UMAP 2", pointSize: Double? = nil, showsLegend: Bool = true,
    valueRange: ClosedRange<Double>? = nil
  ) throws(RenderingError) {
    try self.init(
      panels: [plot], title: title, subtitle: subtitle, footer: footer, xLabel: xLabel, yLabel: yLabel,
      pointSize: pointSize, showsLegend: showsLegend, valueRange: valueRange)
  }

  /// How many points have a coordinate that is no finite number.
  package var undrawnPointCount: Int { panels.reduce(0) { $0 + $1.x.count - $1.drawnPoints.count } }

  /// What colours and places cannot show, a sentence each.
  package var notes: [String] {
    var notes: [String] = []
    let undrawn = undrawnPointCount
    if undrawn > 0 {
      notes.append(
        "\(NumberText.grouped(undrawn)) \(undrawn == 1 ? "point has" : "points have") no place and "
          + "\(undrawn == 1 ? "is" : "are") not drawn.")
    }
    for panel in panels {
      // With a range that was given, what lies beyond was decided.
      if case .continuous = panel.colouring, valueRange != nil { continue }
      if let note = panel.note, !notes.contains(note) { notes.append(note) }
    }
    return notes
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

  package var exactColours: [Colour] {
    var colours = FigureTexts.colours + [.axisLine, .gridLine, Palette.missing, Palette.context]
    for case .categorical(let names, _, _) in panels.map(\.colouring) {
      colours += names.indices.map(Palette.categorical)
    }
    // The scale must not show steps: its colours are closer together than an eye can tell.
    let hasScale = panels.contains { if case .continuous = $0.colouring { true } else { false } }
    if hasScale { colours += (0..<128).map { Palette.continuous(Double($0) / 127) } }
    return colours
  }

  package func arranged(measuring text: TextMeasurer) -> Arrangement {
    let layout = ScatterLayout(self, measuring: text)
    return Arrangement(width: layout.width, height: layout.height) { layout.draw(on: $0) }
  }
}
