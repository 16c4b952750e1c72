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
    let ground: String
    switch try named() {
    case .name(let name): ground = name
    case .madeBy(let statement):
      ground = free("map")
      lines.append("\(ground) = \(statement)")
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

  /// How the map of the view is reached by a statement.
  enum Ground {
    case name(String)
    /// It has no name; the statement makes it again.
    case madeBy(String)
  }

  /// - Throws: `CommandFailure` where nothing in the session names the map, or its name has come to mean another.
  func named() throws(CommandFailure) -> Ground {
    if let name = subject.name {
      guard let value = workspace.value(named: name) else {
        throw CommandFailure("There is no \(name) any more, from which a statement could select.")
      }
      let map = value as? FeatureMap ?? value.coerced(to: FeatureMap.type) as? FeatureMap
      guard let map, ExploredSubject.isSame(map, exploration.map) else {
        throw CommandFailure("\(name) is another map now than the one shown here: run the cell of the view again.")
      }
      return .name(name)
    }
    let now = ExploredSubject(name: nil, of: exploration.map, in: workspace)
    if let name = now.name { return .name(name) }
    guard let statement = now.statement ?? subject.statement else {
      throw CommandFailure("Nothing in the session names the map any more, so no statement can select from it.")
    }
    return .madeBy(statement)
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
      let now = workspace.value(named: given) as? SelectedTiles
      guard let now, now.identity == exploration.given?.identity else {
        throw CommandFailure("\(given) is another selection now than the one that the view began with.")
      }
      parts.append("and=[\(given)]")
    }
    if let within = step.within {
      parts.append("by={\(try key(of: within.choice)): \(ScalarSyntax.quote(within.name))}")
    }
    return parts.joined(separator: " ")
  }

  /// As the key of `by`, which means this and nothing else.
  private func key(of choice: ColourChoice) throws(CommandFailure) -> String {
    switch choice.aspect {
    // In quotes it is a column, whatever else has that name.
    case .column(let name): return ScalarSyntax.quote(name)
    case .labels(_, let name), .groups(_, let name):
      if choice.group == .session, workspace.binding(named: name) != nil { return name }
    default:
      let written = choice.aspect.written
      if workspace.binding(named: written) == nil { return ScalarSyntax.keySpelling(of: written) }
    }
    throw CommandFailure(
      "No statement can name \(choice.title), so what is selected within a class of it cannot be kept.")
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
