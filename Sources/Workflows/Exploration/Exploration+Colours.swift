import FeatureData
import Foundation
package import Rendering
import Slides

/// What the points of a map can be coloured by.
package struct ColourChoice: Sendable {
  package enum Group: String, Sendable { case annotations, tiles, predictions, activations, session }

  /// By which a page asks for it; no two have the same.
  package let key: String
  package let title: String
  package let group: Group
  package let aspect: TileAspect

  package init(key: String, title: String, group: Group, aspect: TileAspect) {
    self.key = key
    self.title = title
    self.group = group
    self.aspect = aspect
  }

  /// The same under a key that is not among some.
  package func differing(from taken: inout Set<String>) -> ColourChoice {
    let free = taken.insert(key).inserted
    return free ? self : ColourChoice(key: "\(group.rawValue):\(key)", title: title, group: group, aspect: aspect)
  }
}

/// The colours of the points of a map, and what they stand for.
package enum PointColours: Sendable, Equatable {
  package struct Class: Sendable, Equatable {
    package let name: String
    package let count: Int
    /// On a light and on a dark ground.
    package let light: Colour
    package let dark: Colour
  }

  /// `places` holds the place of each point among the classes, or 65535.
  case classes([Class], title: String, places: [UInt16])
  /// `shares` holds for each point where it is on the ramp, 0 to 254, or 255 where it has no value.
  case values(title: String, range: ClosedRange<Double>, light: [Colour], dark: [Colour], shares: [UInt8])

  package static let none: UInt16 = 65_535
  package static let noValue: UInt8 = 255
}

extension Exploration {
  /// An aspect as one of the choices, if it is among them.
  package func choice(of aspect: TileAspect) -> ColourChoice {
    switch aspect {
    case .labels(_, let name), .groups(_, let name):
      return ColourChoice(key: name, title: aspect.written, group: .session, aspect: aspect)
    case .feature: return ColourChoice(key: aspect.written, title: aspect.written, group: .activations, aspect: aspect)
    default:
      return colourChoices.first { $0.aspect.written == aspect.written }
        ?? ColourChoice(key: aspect.written, title: aspect.written, group: .session, aspect: aspect)
    }
  }

  /// Of very many outputs only so many are in the menu; a statement can ask for any.
  private static let longestMenu = 60

  /// What is known of all tiles; what the session adds is not among them.
  package var colourChoices: [ColourChoice] {
    var choices = [ColourChoice(key: "slide", title: "slide", group: .annotations, aspect: .slide)]
    let annotations = features.study.project.annotations
    for column in annotations.columns where column != "slide" {
      choices.append(ColourChoice(key: column, title: column, group: .annotations, aspect: .column(column)))
    }
    if let labels = map.labels, !annotations.columns.contains(labels.column) {
      choices.append(
        ColourChoice(
          key: labels.column, title: labels.column, group: .annotations, aspect: .labels(labels, name: labels.column)))
    }
    if features.study.project.sources.contains(where: { $0.regionsOfInterest != nil }) {
      choices.append(ColourChoice(key: "region", title: "region of interest", group: .annotations, aspect: .region))
    }
    for name in features.quantityNames where !annotations.columns.contains(name) {
      choices.append(ColourChoice(key: name, title: name, group: .tiles, aspect: .column(name)))
    }
    var taken: Set<String> = []
    return (choices + predictions).map { $0.differing(from: &taken) }
  }

  private var predictions: [ColourChoice] {
    let outputs = features.outputs
    let heads = outputs.headsWithClasses
    func choice(_ key: String, _ title: String, _ aspect: TileAspect) -> ColourChoice {
      ColourChoice(key: key, title: title, group: .predictions, aspect: aspect)
    }
    var choices = heads.map { head in
      let name = heads.count > 1 ? outputs.heads[head].name : nil
      return choice(
        "prediction" + (name.map { ":" + $0 } ?? ""), outputs.predictionTitle(of: head), .prediction(head: name))
    }
    if features.keptUncertainty(nil) != nil {
      choices.append(choice("uncertainty", features.keptUncertaintyTitle(nil), .uncertainty(head: nil)))
    } else {
      choices += heads.map { head in
        let name = heads.count > 1 ? outputs.heads[head].name : nil
        return choice(
          "uncertainty" + (name.map { ":" + $0 } ?? ""), outputs.uncertaintyTitle(of: head), .uncertainty(head: name))
      }
    }
    let names = Array(outputs.names.prefix(Self.longestMenu))
    choices += names.indices.map {
      choice("probability:\(names[$0])", outputs.probabilityTitle($0), .probability(names[$0]))
    }
    let logits = names.indices.filter { outputs.heads[outputs.head(ofColumn: $0)].areLogits }
    return choices + logits.map { choice("logit:\(names[$0])", outputs.title($0), .logit(names[$0])) }
  }

  /// What the view shows first where nothing is asked for.
  package var firstChoice: ColourChoice? {
    let choices = colourChoices
    if let column = map.labels?.column, let choice = choices.first(where: { $0.key == column }) { return choice }
    return choices.first { $0.group == .predictions } ?? choices.first
  }

  /// Whether all tiles of a slide have the same of it.
  private func isOfSlides(_ aspect: TileAspect) -> Bool {
    switch aspect {
    case .slide, .labels: true
    case .column(let name): features.quantity(name) == nil
    default: false
    }
  }

  /// A class of a choice by the name that is shown for it.
  ///
  /// - Parameter holds: whether a value, as text and as the number that it may be, is of the class with a name.
  /// - Throws: `WorkflowFailure` where there is no such class, and for what differs among the tiles of a point.
  package func within(
    _ choice: ColourChoice, shownName: String, holds: @escaping @Sendable (String, String, Double?) -> Bool
  ) throws -> SelectionStep.Within {
    guard !map.isOfSlides || isOfSlides(choice.aspect) else {
      throw WorkflowFailure(
        "A point of this map stands for all tiles of its slide, which differ in \(choice.title): no class of it is selected."
      )
    }
    guard case .categorical(let names, _, _, _) = try PointColouring(map: map).colouring(by: choice.aspect),
      let name = names.first(where: { $0.visible == shownName })
    else { throw WorkflowFailure("\(choice.title) has no class \(shownName).") }
    return SelectionStep.Within(choice: choice, name: name) { holds(name, $0, $1) }
  }

  /// How many steps a ramp of colours has.
  private static let rampSteps = 32

  /// - Throws: `WorkflowFailure` where these tiles do not have it.
  package func colours(by aspect: TileAspect) throws -> PointColours {
    try Reporting.run(parameter: "by") {
      let painter = PointColouring(map: map)
      switch try painter.colouring(by: aspect) {
      case .plain: return .classes([], title: "", places: map.points.map { _ in PointColours.none })
      case .categorical(let names, let indices, let label, let numbers):
        var counts = [Int](repeating: 0, count: names.count)
        var places: [UInt16] = []
        places.reserveCapacity(indices.count)
        for index in indices {
          if index >= 0, index < Int(PointColours.none) {
            counts[index] += 1
            places.append(UInt16(index))
          } else {
            places.append(PointColours.none)
          }
        }
        let palette = FigurePalette(own: painter.ownColours(of: aspect))
        let light = palette.colours(of: names, numbers: numbers, in: .light)
        let dark = palette.colours(of: names, numbers: numbers, in: .dark)
        return .classes(
          names.indices.map { .init(name: names[$0], count: counts[$0], light: light[$0], dark: dark[$0]) },
          title: label, places: places)
      case .continuous(let values, let label, let scale):
        guard let resolved = scale.resolved(values) else {
          throw WorkflowFailure("No tile of the map has a value of \(aspect.written).", parameter: "by")
        }
        let light = ValueColours(range: resolved.range, diverges: resolved.diverges, theme: .light)
        let dark = ValueColours(range: resolved.range, diverges: resolved.diverges, theme: .dark)
        let (low, span) = (light.range.lowerBound, light.range.upperBound - light.range.lowerBound)
        let shares = values.map { value -> UInt8 in
          guard value.isFinite else { return PointColours.noValue }
          return span > 0 ? UInt8((min(max((Double(value) - low) / span, 0), 1) * 254).rounded()) : 127
        }
        return .values(
          title: label, range: light.range, light: light.steps(Self.rampSteps), dark: dark.steps(Self.rampSteps),
          shares: shares)
      }
    }
  }
}
