import CommandLanguage
import FeatureData
import Rendering
import Workflows

/// `explore`: map, tiles and slides, linked in one view.
struct ExploreCommand: TypedCommand {
  /// What is looked into.
  enum Explored: SubjectValue {
    case map(FeatureMap)
    case clusters(TileClusters)
    case selection(SelectedTiles)

    static let subjectTypes = [FeatureMap.type, TileClusters.type, SelectedTiles.type]
    init?(subjects: [any SessionValue], path: String?) {
      switch subjects.first {
      case let map as FeatureMap: self = .map(map)
      case let clusters as TileClusters: self = .clusters(clusters)
      case let selection as SelectedTiles: self = .selection(selection)
      default: return nil
      }
    }
  }

  static let page = CommandPage(
    "explore", topic: "Maps",
    summary: "Links map, tiles and slides in one live view; what is lassoed becomes a selection.",
    discussion: """
      Hovering over the map shows the tile of the point, clicking keeps it there with the tiles nearest to it. A lasso, a \
      rectangle or a brush, on the map or on a slide, selects tiles: their slides, patients and labels, what they look like, and \
      the features that set them apart from the rest. A selection is kept under a name by a button; the statement that makes it \
      stands beside it, to be copied into a cell, so that the notebook runs again without the view. `?` lists the keys.

      The view is live in JupyterLab 4 and Notebook 7 with `anywidget` (`tessera doctor` says whether it is there). Elsewhere, and \
      where a notebook is only read, there is the picture of the map. `save e explore.html` writes the view into one file that a \
      browser opens without a kernel, with as many pictures of tiles as `tile_mb` has room for.
      """,
    synonyms: [
      "interactive", "viewer", "view", "widget", "browse", "inspect", "hover", "zoom", "linked", "dashboard",
      "explorer", "show_slide", "jscatter",
    ],
    examples: ["explore u", "e = explore u by=site", "explore c", "explore s1 map=u", "save e explore.html"])

  @Subject("A map, a mosaic, which gives its map, clusters, or a selection.") var explored: Explored
  @Parameter(
    "What the map is coloured by first, as `label` knows it; the view has a menu of all.",
    positional: true, referenceNames: ["color", "colour", "hue"])
  var by: AspectParameter?
  @Parameter(
    "The map that clusters or a selection are shown on, where they were not made on one.",
    only: [.on(TileClusters.type, SelectedTiles.type)])
  var map: NamedMap?
  @Parameter(
    "Of `save VALUE FILE.html`: how many MB of pictures of tiles it holds.", in: 0...500, unit: "MB")
  var tileMb = 20
  @Group var look: StyleParameters

  func run(_ invocation: Invocation) throws -> ExplorationView {
    let (map, subject, given) = try resolved(invocation)
    let exploration = Exploration(map, given: given)
    var first: ColourChoice?
    if let by {
      let aspect = try by.aspect(for: $by.name) {
        WorkflowFailure("There are no \($0)s on this map.", remedy: "by=slide")
      }
      first = ColourChoice(key: aspect.written, title: aspect.written, group: .session, aspect: aspect)
    } else if case .clusters(let clusters) = explored, let name = subject.clusters {
      first = ColourChoice(
        key: name, title: clusters.groups.label, group: .session, aspect: .groups(clusters.groups, name: name))
    }
    let view = try ExplorationView(
      exploration, subject: subject, first: first, tileByteLimit: tileMb * 1_000_000, style: look.style,
      basis: invocation.basis, workspace: invocation.workspace)
    view.show(in: invocation.output)
    return view
  }

  private func resolved(_ invocation: Invocation) throws -> (FeatureMap, ExploredSubject, SelectedTiles?) {
    let workspace = invocation.workspace
    let name = invocation.subjectName.flatMap { workspace.binding(named: $0) == nil ? nil : $0 }
    switch explored {
    case .map(let map): return (map, ExploredSubject(name: name, of: map, in: workspace), nil)
    case .clusters(let clusters):
      guard let own = self.map?.map ?? clusters.map else { throw missingMap("The clusters were not found on a map.") }
      var subject = ExploredSubject(name: self.map?.name, of: own, in: workspace)
      subject.clusters = name ?? "clusters"
      return (own, subject, nil)
    case .selection(let selection):
      if let given = self.map {
        return (given.map, ExploredSubject(name: given.name, of: given.map, in: workspace), selection)
      }
      guard let own = selection.map else { throw missingMap("The selection was not made on a map.") }
      var subject = ExploredSubject(name: nil, of: own, in: workspace)
      guard subject.name == nil, let restricted = selection.restrictedMap else {
        subject.given = name
        return (own, subject, selection)
      }
      // Nothing names the map any more: then a statement can only choose among these.
      return (restricted, ExploredSubject(name: name, of: restricted, in: workspace), nil)
    }
  }

  private func missingMap(_ sentence: String) -> CommandFailure {
    CommandFailure(
      sentence + " `map=` names the one that they are shown on; `slide_map` makes one.", parameter: "map")
  }
}

/// A map under its name.
struct NamedMap: ParameterValue {
  let map: FeatureMap
  let name: String

  static let parameterType = ParameterType.value([FeatureMap.type])
  init?(argument: BoundValue) {
    guard case .value(let name, let value) = argument,
      let map = value as? FeatureMap ?? value?.coerced(to: FeatureMap.type) as? FeatureMap
    else { return nil }
    self.map = map
    self.name = name
  }
}

/// How statements name the map that is looked into.
struct ExploredSubject: Sendable {
  /// Nil where nothing in the session names it.
  var name: String?
  /// What made it, where it has no name.
  var statement: String?
  /// Of the selection that the view began with.
  var given: String?
  var clusters: String?

  /// - Parameter name: by which it was asked for; nil to look for one.
  init(name: String?, of map: FeatureMap, in workspace: Workspace) {
    self.name = name ?? workspace.bindings.last { Self.isSame($0.value, map) && $0.name != nil }?.name
    if self.name == nil {
      statement = workspace.bindings.last { Self.isSame($0.value, map) && $0.name == nil }?.statement
    }
  }

  /// Whether a value is this map, or gives it.
  static func isSame(_ value: any SessionValue, _ map: FeatureMap) -> Bool {
    guard let other = value as? FeatureMap ?? (value as? TileMosaic)?.map else { return false }
    return other.points.count == map.points.count && other.features.identity == map.features.identity
      && other.coordinates.elements == map.coordinates.elements && other.points == map.points
  }
}
