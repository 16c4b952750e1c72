import CommandLanguage
import FeatureData
import Foundation
import Workflows

/// The statements that select what was drawn in a view.
struct SelectionStatements {
  let exploration: Exploration
  let subject: ExploredSubject
  let workspace: Workspace

  /// - Parameter name: of the selection.
  /// - Throws: `CommandFailure` where nothing in the session names what is selected from.
  func text(_ steps: [SelectionStep], name: String) throws(CommandFailure) -> String {
    var lines: [String] = []
    var ground = subject.name
    if ground == nil, let made = subject.statement {
      ground = free("map")
      lines.append("\(ground ?? "map") = \(made)")
    }
    guard let ground else {
      throw CommandFailure("Nothing in the session names the map any more, so no statement can select from it.")
    }
    var before: String?
    var parts = 0
    func partName() -> String {
      parts += 1
      return free("\(name)_\(parts)")
    }
    for (index, step) in steps.enumerated() {
      let isLast = index == steps.count - 1
      let rule = try rule(step)
      switch (step.mode, before) {
      case (.add, let earlier?):
        let own = isLast ? name : partName()
        lines.append("\(own) = select \(ground) \(rule) or=\(earlier)")
        before = own
      case (.subtract, let earlier?):
        let part = partName()
        let own = isLast ? name : partName()
        lines.append("\(part) = select \(ground) \(rule)")
        lines.append("\(own) = select \(earlier) without=\(part)")
        before = own
      default:
        let own = isLast ? name : partName()
        lines.append("\(own) = select \(ground) \(rule)")
        before = own
      }
    }
    return lines.joined(separator: "\n")
  }

  private func rule(_ step: SelectionStep) throws(CommandFailure) -> String {
    var parts: [String] = []
    let features = exploration.features
    func slide(_ place: Int) -> String { "slide=" + ScalarSyntax.spelling(of: features.slides[place].name) }
    switch step.shape {
    case .map(let polygon): parts.append("polygon=" + Self.list(polygon))
    case .slide(let place, let polygon): parts += [slide(place), "slide_polygon=" + Self.list(polygon)]
    case .point(let point):
      let point = exploration.map.points[point]
      parts.append(slide(point.slide))
      if !exploration.map.isOfSlides { parts.append("tiles=[\(point.row)]") }
    case .given:
      guard let given = subject.given else {
        throw CommandFailure("The selection that the view began with has no name, so no statement can begin with it.")
      }
      parts.append("and=[\(given)]")
    }
    if let within = step.within {
      let key =
        if case .groups(_, let name) = within.choice.aspect { name } else {
          ScalarSyntax.keySpelling(of: within.choice.key)
        }
      parts.append("by={\(key): \(ScalarSyntax.spelling(of: within.name))}")
    }
    return parts.joined(separator: " ")
  }

  private static func list(_ numbers: [Double]) -> String { "[" + numbers.map(text).joined(separator: ", ") + "]" }

  /// As the language reads it, without an exponent.
  static func text(_ number: Double) -> String {
    let text = number.description
    if text.contains("e") { return String(format: "%.12f", number) }
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }

  /// The number that is read from that text.
  static func written(_ number: Double) -> Double { Double(text(number)) ?? 0 }

  // MARK: Names

  /// A name that nothing has, made from one by a number where it is taken.
  func free(_ name: String) -> String {
    if workspace.binding(named: name) == nil { return name }
    for number in 2... where workspace.binding(named: "\(name)_\(number)") == nil { return "\(name)_\(number)" }
    return name
  }

  /// `s1`, or the first after it that nothing has.
  var freeSelectionName: String {
    for number in 1... where workspace.binding(named: "s\(number)") == nil { return "s\(number)" }
    return "s1"
  }
}
