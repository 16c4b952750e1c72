import CommandLanguage
import FeatureData
import Rendering
import Slides
import Workflows

/// `explore`: map, tiles and slides, linked in one view.
struct ExploreCommand: TypedCommand {
  /// What is looked into.
  enum Explored: SubjectValue {
    case map(FeatureMap)
    case clusters(TileClusters)
    case selection(SelectedTiles)
    /// Of which the slide is meant.
    case grid(FeatureGrid)

    static let subjectTypes = [FeatureMap.type, TileClusters.type, SelectedTiles.type, FeatureGrid.type]
    init?(subjects: [any SessionValue], path: String?) {
      switch subjects.first {
      case let map as FeatureMap: self = .map(map)
      case let clusters as TileClusters: self = .clusters(clusters)
      case let selection as SelectedTiles: self = .selection(selection)
      case let grid as FeatureGrid: self = .grid(grid)
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
    examples: [
      "explore u", "e = explore u by=site\nsave e explore.html", "c = cluster u k=4;\nexplore c", "explore s1 map=u",
    ])

  @Subject(
    "A map, a mosaic, which gives its map, clusters, a selection, or a grid, whose slide is shown with its tiles on the map."
  )
  var explored: Explored
  @Parameter(
    "What the map is coloured by first, as `label` knows it; the view has a menu of all.",
    positional: true, referenceNames: ["color", "colour", "hue"])
  var by: AspectParameter?
  @Parameter(
    "The map that clusters or a selection are shown on, where they were not made on one; of a grid the only one there is.",
    only: [.on(TileClusters.type, SelectedTiles.type, FeatureGrid.type)])
  var map: NamedMap?
  @Parameter(
    "Of `save VALUE FILE.html`: how many MB of pictures of tiles it holds.", in: 0...500, unit: "MB")
  var tileMb = 20
  @Group var look: StyleParameters

  func run(_ invocation: Invocation) throws -> ExplorationView {
    let (map, subject, given) = try resolved(invocation)
    let exploration = Exploration(map, given: given, slide: subject.slide)
    var first: ColourChoice?
    if let by {
      let aspect = try by.aspect(for: $by.name) {
        WorkflowFailure("There are no \($0)s on this map.", remedy: "by=slide")
      }
      first = exploration.choice(of: aspect)
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

  private static let unnamedClusters = "clusters without a name"

  private func resolved(_ invocation: Invocation) throws -> (FeatureMap, ExploredSubject, SelectedTiles?) {
    let workspace = invocation.workspace
    let name = invocation.subjectName.flatMap { workspace.binding(named: $0) == nil ? nil : $0 }
    switch explored {
    case .map(let map): return (map, ExploredSubject(name: name, of: map, in: workspace), nil)
    case .clusters(let clusters):
      guard let own = self.map?.map ?? clusters.map else { throw missingMap("The clusters were not found on a map.") }
      var subject = ExploredSubject(name: self.map?.name, of: own, in: workspace)
      subject.clusters = name ?? Self.unnamedClusters
      return (own, subject, nil)
    case .selection(let selection):
      if let given = self.map {
        var subject = ExploredSubject(name: given.name, of: given.map, in: workspace)
        subject.given = name
        return (given.map, subject, selection)
      }
      guard let own = selection.map else { throw missingMap("The selection was not made on a map.") }
      var subject = ExploredSubject(name: nil, of: own, in: workspace)
      guard subject.name == nil, let restricted = selection.restrictedMap else {
        subject.given = name
        return (own, subject, selection)
      }
      // Nothing names the map any more: then a statement can only choose among these.
      return (restricted, ExploredSubject(name: name, of: restricted, in: workspace), nil)
    case .grid(let grid):
      let (map, name) = try map(of: grid.slide.name, in: workspace)
      var subject = ExploredSubject(name: name, of: map, in: workspace)
      subject.slide = grid.slide.name
      invocation.output.note("Slide \(grid.slide.name) on map \(subject.name ?? "without a name").")
      return (map, subject, nil)
    }
  }

  /// The map that is given, or the only one on which tiles of a slide stand.
  private func map(of slide: String, in workspace: Workspace) throws -> (FeatureMap, String?) {
    func hasTiles(_ map: FeatureMap) -> Bool {
      guard let place = map.features.slides.firstIndex(where: { $0.name == slide }) else { return false }
      return map.points.contains { $0.slide == place }
    }
    if let map {
      guard hasTiles(map.map) else {
        throw CommandFailure("No tile of slide \(slide) stands on \(map.name).", parameter: $map.name)
      }
      return (map.map, map.name)
    }
    let found = workspace.bindings.compactMap { binding in
      (binding.value as? FeatureMap).flatMap { hasTiles($0) ? ($0, binding.name) : nil }
    }
    guard let only = found.first else {
      throw missingMap("No map has tiles of slide \(slide), and a grid has none of its own.")
    }
    guard found.count == 1 else {
      throw CommandFailure(
        "Several maps have tiles of slide \(slide): \(found.compactMap(\.1).joined(separator: ", ")).",
        remedy: found.lazy.compactMap(\.1).first.map { "map=\($0)" }, parameter: $map.name)
    }
    return only
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
  /// That is shown first.
  var slide: String?

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
