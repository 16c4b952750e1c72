import Foundation

/// Coloured frames around the tiles of a mosaic.
extension MosaicPicture {
  package struct Frames: Sendable, Equatable {
    private enum Content: Sendable, Equatable {
      case classes(names: [String], indices: [Int], colours: [Int])
      case values([Float], colours: ValueColours, resolved: ValueScale.Resolved?)
    }

    package let label: String
    private let content: Content
    /// Classes without tiles are listed only while the list is short.
    private static let emptyClassesShownUpTo = 12

    /// - Parameters:
    ///   - indices: One index into `names` for each point of the map, or -1 for none (grey).
    ///   - colours: The number of each name's colour; nil for the names' places.
    package init(names: [String], indices: [Int], label: String, colours: [Int]? = nil) {
      self.label = label
      content = .classes(names: names, indices: indices, colours: colours ?? Array(names.indices))
    }

    /// - Parameters:
    ///   - values: One for each point of the map; one that is not finite is not known (grey).
    ///   - points: The points that are shown, whose values have the whole scale.
    package init(values: [Float], label: String, scale: ValueScale, points: [Int]) {
      self.label = label
      let resolved = scale.resolved(points.map { values[$0] })
      content = .values(
        values, colours: ValueColours(range: resolved?.range ?? 0...1, diverges: resolved?.diverges ?? false),
        resolved: resolved)
    }

    /// The class or the value of a point, as it is written; nil where it has none.
    package func text(of point: Int) -> String? {
      switch content {
      case .classes(let names, let indices, _): Self.index(of: point, indices, names).map { names[$0] }
      case .values(let values, _, _): value(of: point, values).map(Self.written)
      }
    }

    /// To four digits: `0.07828`, `0.5`, `62`.
    static func written(_ value: Double) -> String {
      guard value != 0 else { return "0" }
      let unit = pow(10, (log10(abs(value)) + 1e-12).rounded(.down) - 3)
      // A division by a power of ten gives the nearest number, where a multiplication by a fraction may not.
      return NumberText.short(
        unit < 1 ? (value / unit).rounded() / (1 / unit).rounded() : (value / unit).rounded() * unit)
    }

    /// The same as a number; nil for classes, and where it has none.
    package func number(of point: Int) -> Double? {
      guard case .values(let values, _, _) = content else { return nil }
      return value(of: point, values)
    }

    package var areClasses: Bool { if case .classes = content { true } else { false } }

    /// What the colours cannot show.
    package func note(on points: [Int]) -> String? {
      switch content {
      case .classes(let names, let indices, let colours):
        ColourNote.classes(points.map { indices[$0] }, names: names, colours: colours, label: label)
      case .values(let values, let colours, let resolved):
        ColourNote.beyond(
          points.map { values[$0] }, range: colours.range, resolved: resolved, label: label, noun: "tiles")
      }
    }

    func colour(of point: Int) -> Colour {
      switch content {
      case .classes(let names, let indices, let colours):
        Self.index(of: point, indices, names).map { Palette.categorical(colours[$0]) } ?? Palette.missing
      case .values(let values, let colours, _):
        value(of: point, values).map(colours.colour(of:)) ?? Palette.missing
      }
    }

    /// What explains them.
    func key(of points: [Int]) -> ScatterKey {
      switch content {
      case .classes(let names, let indices, let colours):
        var counts = [Int](repeating: 0, count: names.count)
        var missing = 0
        for point in points {
          if let index = Self.index(of: point, indices, names) { counts[index] += 1 } else { missing += 1 }
        }
        var entries = names.indices.filter { counts[$0] > 0 || names.count <= Self.emptyClassesShownUpTo }.map {
          Legend.Entry(name: names[$0], colour: Palette.categorical(colours[$0]), count: counts[$0], mark: .frame)
        }
        if missing > 0 {
          // Of another name than any class.
          let word = names.contains("missing") ? "no value" : "missing"
          entries.append(Legend.Entry(name: word, colour: Palette.missing, count: missing, mark: .frame))
        }
        return .legend(Legend(title: label.isEmpty ? nil : label, entries: entries))
      case .values(let values, let colours, _):
        let shown = points.map { values[$0] }
        return .bar(
          ColourBar(
            title: label, colours: colours, beyond: ValuesBeyond(shown, colours.range),
            missingCount: shown.count { !$0.isFinite }))
      }
    }

    private static func index(of point: Int, _ indices: [Int], _ names: [String]) -> Int? {
      guard indices.indices.contains(point), names.indices.contains(indices[point]) else { return nil }
      return indices[point]
    }

    private func value(of point: Int, _ values: [Float]) -> Double? {
      values.indices.contains(point) && values[point].isFinite ? Double(values[point]) : nil
    }
  }
}
