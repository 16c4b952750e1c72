package import Rendering

extension FeatureMap {
  /// How a view is drawn.
  package struct ViewRequest: Sendable {
    /// Which tiles have colours; the others lie below them in grey.
    package enum Highlight: Sendable {
      /// Those of some classes of what the map is coloured by.
      case classes([String])
      /// Those in any of some groups, under the name of the value.
      case groups(TileGroups, name: String)
    }

    package var title: String?
    /// Diameter of a point in pixels; nil for one that fits.
    package var pointSize: Double?
    /// Of a point, 0 to 1; nil for one that suits the number of points.
    package var opacity: Double?
    package var showsLegend = true
    /// The ends of the colours of numbers.
    package var scale = ValueScale()
    package var palette = PaletteChoice()
    /// How many points of a map are drawn at most; nil for all.
    package var sampleCount: Int?
    /// Draws a panel for each class.
    package var split: TileAspect?
    package var highlight: Highlight?
    package var order = ScatterPlot.Order.shuffled
    /// Writes the names of classes on the map.
    package var namesClasses = false
    package var limits = MapExtent.Limits()

    package init() {}
  }
}

/// The colours that are asked for.
package struct PaletteChoice: Sendable, Equatable {
  package enum Asked: Sendable, Equatable {
    case numbers(FigurePalette.Numbers)
    case classes(FigurePalette.Classes)
    /// By the name of a class.
    case own([String: Colour])
    /// In the order of the classes.
    case inOrder([Colour])
  }

  /// Nil for the usual ones.
  package var asked: Asked?

  package init(_ asked: Asked? = nil) { self.asked = asked }

  /// The colours for what is shown, those that are kept for its classes included.
  func palette(for colouring: ScatterPlot.Colouring, kept: [String: Colour]) -> FigurePalette {
    var palette = FigurePalette(own: kept)
    switch (asked, colouring) {
    case (.numbers(let numbers)?, .continuous): palette.numbers = numbers
    case (.classes(let classes)?, .categorical):
      palette.classes = classes
      palette.own = [:]
    case (.own(let own)?, .categorical): palette.own.merge(own) { $1 }
    case (.inOrder(let colours)?, .categorical(let names, _, _, _)):
      for (name, colour) in zip(names, colours) { palette.own[name] = colour }
    default: break
    }
    return palette
  }

  /// That there is something to colour so.
  ///
  /// - Parameter shown: what the panels are coloured by, and what that is called.
  func check(_ shown: [(colouring: ScatterPlot.Colouring, written: String)]) throws(WorkflowFailure) {
    guard let asked else { return }
    var classes: [String] = []
    var hasNumbers = false
    for (colouring, _) in shown {
      switch colouring {
      case .categorical(let names, _, _, _): classes += names.filter { !classes.contains($0) }
      case .continuous: hasNumbers = true
      case .plain: break
      }
    }
    let what = shown.map(\.written).joined(separator: ", ")
    switch asked {
    case .numbers(let numbers):
      if hasNumbers { return }
      throw WorkflowFailure(
        "The palette \(numbers.rawValue) is for numbers, and \(what) has classes.", remedy: "palette=hues",
        parameter: "palette")
    case .classes, .own, .inOrder:
      if classes.isEmpty {
        throw WorkflowFailure(
          "This palette is for classes, and \(what) is a number.", remedy: "palette=heat", parameter: "palette")
      }
    }
    if case .own(let own) = asked, let unknown = own.keys.sorted().first(where: { !classes.contains($0) }) {
      throw WorkflowFailure(
        "There is no class \(unknown) here; the classes are \(StudyModel.inShort(classes)).", parameter: "palette")
    }
  }
}

extension HeatFigure.Colouring {
  /// As points would be coloured by it.
  var asPoints: ScatterPlot.Colouring {
    switch self {
    case .continuous(let values, _, let label, _): .continuous(values: values, label: label)
    case .categorical(let indices, let names, let label, let colours):
      .categorical(names: names, indices: indices, label: label, colours: colours)
    }
  }
}
