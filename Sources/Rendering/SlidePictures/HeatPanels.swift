/// A slide by several quantities: a panel each, with a key of its own.
package struct HeatPanels: Figure {
  package let panels: [HeatFigure]
  package let title: String?
  package let footer: String?

  /// - Parameter panels: At least one; a single one is drawn as it is.
  package init(_ panels: [HeatFigure], title: String? = nil, footer: String? = nil) {
    self.panels = panels
    self.title = title
    self.footer = footer
  }

  private static let gap = 14.0
  /// A panel is not made narrower for the sake of its neighbours.
  private static let leastPanel = 300.0
  /// Units of the layout to a millimetre.
  private static let unitsPerMillimetre = 96 / 25.4

  package let content = PNGWriter.Content.photograph
  package func exactColours(in theme: FigureTheme) -> [Colour] {
    // Several bars share the palette.
    panels.flatMap { panel in
      let colours = panel.exactColours(in: theme)
      return stride(from: 0, to: colours.count, by: panels.count).map { colours[$0] }
    }
  }
  package var metadata: PictureMetadata { PictureMetadata(title: title, description: footer ?? "") }

  package func arranged(in style: FigureStyle, measuring text: TextMeasurer) -> Arrangement {
    if panels.count == 1 { return panels[0].arranged(in: style, measuring: text) }
    let room = style.room.widest - 2 * FigureTexts.margin
    let wanted = panels.count <= 4 ? 2 : 3
    let columns = max(1, min(wanted, panels.count, Int((room + Self.gap) / (Self.leastPanel + Self.gap))))
    // Margins of a panel are those of the page.
    let panelWidth = ((room + 2 * FigureTexts.margin - Double(columns - 1) * Self.gap) / Double(columns)).rounded(.down)
    var panelStyle = style
    panelStyle.widthMillimetres = (panelWidth + 0.5) * style.unit / Self.unitsPerMillimetre
    // Pictures of one size.
    let keyRoom = panels.map { $0.keyWidth(in: style.theme, measuring: text) }.max() ?? 0
    let arranged = panels.map { $0.arranged(in: panelStyle, keyRoom: keyRoom, measuring: text) }
    let width = max(style.room.width(for: 0), Double(columns) * panelWidth + Double(columns - 1) * Self.gap)
    let texts = FigureTexts(
      title: title, subtitle: nil, footer: footer, width: width, in: style, measuring: text)
    var places: [(x: Double, y: Double)] = []
    var top = texts.topRoom - FigureTexts.margin
    for start in stride(from: 0, to: arranged.count, by: columns) {
      let row = start..<min(start + columns, arranged.count)
      for index in row { places.append((Double(index - start) * (panelWidth + Self.gap), top)) }
      top += row.map { arranged[$0].height }.max() ?? 0
    }
    return Arrangement(width: width, height: top + texts.bottomRoom) { canvas in
      texts.draw(on: canvas)
      for (panel, place) in zip(arranged, places) {
        canvas.shifted(x: place.x, y: place.y) { panel.draw(canvas) }
      }
    }
  }
}
