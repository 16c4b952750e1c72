/// What explains the colours of a panel, or of several that share them.
enum ScatterKey: Equatable {
  case legend(Legend)
  case bar(ColourBar)

  /// Classes without points are listed only while the list is short.
  private static let emptyClassesShownUpTo = 12

  /// - Parameter panels: All coloured by the same thing; their counts are added.
  init?(_ panels: [ScatterPlot], valueRange: ClosedRange<Double>) {
    guard let first = panels.first else { return nil }
    switch first.colouring {
    case .plain: return nil
    case .categorical(let names, _, let label):
      var counts = [Int](repeating: 0, count: names.count)
      var missing = 0
      for panel in panels {
        guard case .categorical(_, let indices, _) = panel.colouring else { continue }
        for point in panel.drawnPoints {
          if names.indices.contains(indices[point]) { counts[indices[point]] += 1 } else { missing += 1 }
        }
      }
      var entries = names.indices.compactMap { index -> Legend.Entry? in
        if counts[index] == 0, names.count > Self.emptyClassesShownUpTo { return nil }
        return Legend.Entry(name: names[index], colour: Palette.categorical(index), count: counts[index])
      }
      // Of another name than any class.
      let word = names.contains("missing") ? "no value" : "missing"
      if missing > 0 { entries.append(Legend.Entry(name: word, colour: Palette.missing, count: missing)) }
      if let context = first.context {
        entries.append(
          Legend.Entry(name: context.label, colour: Palette.context, count: context.drawnPoints.count))
      }
      self = .legend(Legend(title: label.isEmpty ? nil : label, entries: entries))
    case .continuous(_, let label):
      var missing = 0
      for panel in panels {
        guard case .continuous(let values, _) = panel.colouring else { continue }
        missing += panel.drawnPoints.count { !values[$0].isFinite }
      }
      self = .bar(ColourBar(title: label, range: valueRange, missingCount: missing))
    }
  }

  /// Whether one key can explain both.
  static func isShared(_ one: ScatterPlot.Colouring, _ other: ScatterPlot.Colouring) -> Bool {
    switch (one, other) {
    case (.plain, .plain): true
    case (.categorical(let names, _, let label), .categorical(let otherNames, _, let otherLabel)):
      names == otherNames && label == otherLabel
    case (.continuous(_, let label), .continuous(_, let otherLabel)): label == otherLabel
    default: false
    }
  }

  struct Layout {
    let width: Double
    let height: Double
    /// With the top left corner at (x, y).
    let draw: (_ canvas: Canvas, _ x: Double, _ y: Double) -> Void
  }

  func layout(maximumWidth: Double, maximumHeight: Double, measuring text: TextMeasurer) -> Layout {
    switch self {
    case .legend(let legend):
      let layout = legend.layout(maximumWidth: maximumWidth, maximumHeight: maximumHeight, measuring: text)
      return Layout(width: layout.width, height: layout.height) { layout.draw(on: $0, x: $1, y: $2) }
    case .bar(let bar):
      let layout = bar.layout(maximumWidth: maximumWidth, maximumHeight: maximumHeight, measuring: text)
      return Layout(width: layout.width, height: layout.height) { layout.draw(on: $0, x: $1, y: $2) }
    }
  }
}
