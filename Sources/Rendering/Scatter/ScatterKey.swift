/// What explains the colours of a panel, or of several that share them.
enum ScatterKey: Equatable, Sendable {
  case legend(Legend)
  case bar(ColourBar)

  /// Classes without points are listed only while the list is short.
  private static let emptyClassesShownUpTo = 12

  /// - Parameter panels: All coloured by the same thing; their counts are added.
  init?(_ panels: [ScatterPlot], scale: ValueColours, theme: FigureTheme) {
    guard let first = panels.first else { return nil }
    switch first.colouring {
    case .plain: return nil
    case .categorical(let names, _, let label, let colours):
      let shown = first.classColours(in: theme)
      var counts = [Int](repeating: 0, count: names.count)
      var missing = 0
      for panel in panels {
        guard case .categorical(_, let indices, _, _) = panel.colouring else { continue }
        for point in panel.drawnPoints {
          if names.indices.contains(indices[point]) { counts[indices[point]] += 1 } else { missing += 1 }
        }
      }
      var entries = names.indices.compactMap { index -> Legend.Entry? in
        if counts[index] == 0, names.count > Self.emptyClassesShownUpTo { return nil }
        let number = colours?[index] ?? index
        return Legend.Entry(
          name: names[index], colour: shown[index], count: counts[index],
          // Points that are shaded have no shape.
          mark: .point(panels.contains(where: ScatterPoints.isShaded) ? .disc : .ofClass(number)))
      }
      // Of another name than any class.
      let word = names.contains("missing") ? "no value" : "missing"
      if missing > 0 { entries.append(Legend.Entry(name: word, colour: theme.missing, count: missing)) }
      for context in first.contexts {
        entries.append(
          Legend.Entry(
            name: context.label, colour: theme.context, count: context.isCounted ? context.drawnPoints.count : nil))
      }
      self = .legend(Legend(title: label.isEmpty ? nil : label, entries: entries))
    case .continuous(_, let label, _):
      var missing = 0
      var beyond = ValuesBeyond.none
      for panel in panels {
        guard case .continuous(let values, _, _) = panel.colouring else { continue }
        let drawn = panel.drawnPoints
        missing += drawn.count { !values[$0].isFinite }
        beyond = beyond + ValuesBeyond(drawn.map { values[$0] }, scale.range)
      }
      self = .bar(ColourBar(title: label, colours: scale, beyond: beyond, missingCount: missing))
    }
  }

  /// Whether one key can explain both.
  static func isShared(_ one: ScatterPlot.Colouring, _ other: ScatterPlot.Colouring) -> Bool {
    switch (one, other) {
    case (.plain, .plain): true
    case (
      .categorical(let names, _, let label, let colours), .categorical(let otherNames, _, let otherLabel, let others)
    ):
      names == otherNames && label == otherLabel && colours == others
    case (.continuous(_, let label, let scale), .continuous(_, let otherLabel, let otherScale)):
      label == otherLabel && scale == otherScale
    default: false
    }
  }

  /// - Parameter isBelow: lies under the plot, over its width.
  func layout(
    maximumWidth: Double, maximumHeight: Double, isBelow: Bool = false, measuring text: TextMeasurer
  ) -> any KeyLayout {
    switch self {
    case .legend(let legend):
      legend.layout(
        maximumWidth: maximumWidth, maximumHeight: maximumHeight, fillsWidth: isBelow, measuring: text)
    case .bar(let bar):
      bar.layout(maximumWidth: maximumWidth, maximumHeight: maximumHeight, isUpright: !isBelow, measuring: text)
    }
  }
}
