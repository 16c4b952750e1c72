/// How a quantity is spread in several groups: small panels side by side, each with a box, a violin, points or a histogram for
/// each group.
package struct DistributionFigure: Figure {
  package enum Kind: String, Sendable, CaseIterable {
    /// Quartiles, with points over them.
    case box
    case violin
    case strip
    case histogram
  }

  package struct Group: Sendable, Equatable {
    package let name: String
    /// The number of the group's colour; nil for the grey of what has no value.
    package let colour: Int?
    /// Those that are no numbers are left out.
    package let values: [Float]

    package init(name: String, colour: Int?, values: [Float]) {
      self.name = name
      self.colour = colour
      self.values = values
    }
  }

  package struct Panel: Sendable, Equatable {
    package let title: String
    /// Such as "q 0.003 · η² 0.42".
    package let subtitle: String?
    /// What the values are.
    package let valueLabel: String
    package let groups: [Group]

    package init(title: String, subtitle: String? = nil, valueLabel: String, groups: [Group]) {
      self.title = title
      self.subtitle = subtitle
      self.valueLabel = valueLabel
      self.groups = groups
    }
  }

  package let panels: [Panel]
  package let kind: Kind
  package let title: String?
  package let footer: String?
  let plots: [DistributionPlot]

  /// - Parameter panels: all with groups of the same names in the same order.
  package init(panels: [Panel], kind: Kind = .box, title: String? = nil, footer: String? = nil) {
    self.panels = panels
    self.kind = kind
    self.title = title
    self.footer = footer
    plots = panels.map { DistributionPlot($0, kind: kind) }
    notes = DistributionPlot.notes(plots)
  }

  /// What the picture leaves out, a sentence each.
  package let notes: [String]

  var wholeFooter: String? {
    let lines = [footer].compactMap(\.self) + notes
    return lines.isEmpty ? nil : lines.joined(separator: "\n")
  }

  package var metadata: PictureMetadata { PictureMetadata(title: title, description: wholeFooter) }

  package func exactColours(in theme: FigureTheme) -> [Colour] {
    Array(Set(panels.flatMap(\.groups).map { $0.colour.map(theme.categorical) ?? theme.missing })).sorted {
      $0.hexText < $1.hexText
    }
  }

  package func arranged(in style: FigureStyle, measuring text: TextMeasurer) -> Arrangement {
    let layout = DistributionLayout(self, in: style, measuring: text)
    return Arrangement(width: layout.width, height: layout.height) { layout.draw(on: $0) }
  }
}
