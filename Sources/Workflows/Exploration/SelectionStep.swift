import Analysis
package import FeatureData
import FeatureStore
import Rendering

/// A step of a selection that is drawn on a map or a slide.
package struct SelectionStep: Sendable {
  package enum Mode: String, Sendable { case new, add, subtract }

  /// Where tiles are taken from.
  package enum Shape: Sendable {
    /// x and y of one corner after the other, in coordinates of the map.
    case map(polygon: [Double])
    /// In pixels of level 0 of a slide, by its place among those of the features.
    case slide(Int, polygon: [Double])
    /// One point of the map.
    case point(Int)
    /// The tiles that were selected from the beginning.
    case given
  }

  /// A class of what the map is coloured by, to which a step is kept.
  package struct Within: Sendable {
    package let choice: ColourChoice
    package let name: String
    let holds: @Sendable (_ text: String, _ number: Double?) -> Bool
  }

  package let mode: Mode
  package let shape: Shape
  package let within: Within?

  package init(mode: Mode, shape: Shape, within: Within? = nil) {
    self.mode = mode
    self.shape = shape
    self.within = within
  }
}

extension Exploration {
  /// The tiles that steps select, one after the other, by the same rules as a statement's.
  ///
  /// - Parameters:
  ///   - steps: without an earlier selection the first is `.new`, and no other.
  ///   - earlier: what the steps before these have selected.
  /// - Throws: `WorkflowFailure` for a polygon that bounds no area, and where a step leaves no tile.
  package func select(
    _ steps: some Collection<SelectionStep>, after earlier: SelectedTiles? = nil, monitor: any WorkMonitor
  ) throws -> SelectedTiles {
    var selected = earlier
    for step in steps {
      var request = try request(step)
      switch (step.mode, selected) {
      case (.add, let before?):
        request.or = [.init(name: "before", selection: before)]
        selected = try taken(.map(map), request, monitor: monitor)
      case (.subtract, let before?):
        let part = try taken(.map(map), request, monitor: monitor)
        var rest = SelectionRequest()
        rest.without = [.init(name: "part", selection: part)]
        selected = try taken(.selection(before), rest, "Nothing would be left of the selection.", monitor: monitor)
      default: selected = try taken(.map(map), request, monitor: monitor)
      }
    }
    guard let selected else { throw WorkflowFailure("Nothing is selected yet.") }
    return selected
  }

  /// - Parameter nothing: what is said where no tile fits.
  private func taken(
    _ ground: SelectionGround, _ request: SelectionRequest, _ nothing: String = "No tile of the map lies there.",
    monitor: any WorkMonitor
  ) throws -> SelectedTiles {
    do { return try ground.select(request, monitor: monitor).0 } catch let failure as WorkflowFailure
      where failure.leavesNothing
    {
      throw WorkflowFailure(nothing)
    }
  }

  private func request(_ step: SelectionStep) throws -> SelectionRequest {
    var request = SelectionRequest()
    switch step.shape {
    case .map(let polygon):
      _ = try PlanePolygon(polygon)
      request.polygon = polygon
    case .slide(let slide, let polygon):
      _ = try PlanePolygon(polygon, parameter: "slide_polygon")
      request.choice.slide = features.slides[slide].name
      request.slidePolygon = polygon
    case .point(let point):
      let point = map.points[point]
      request.choice.slide = features.slides[point.slide].name
      if !map.isOfSlides { request.choice.numbers = .list([point.row]) }
    case .given:
      guard let given else { throw WorkflowFailure("No tiles were selected from the beginning.") }
      request.and = [.init(name: "selection", selection: given)]
    }
    if let within = step.within {
      request.conditions = [.init(aspect: within.choice.aspect, phrase: within.name, holds: within.holds)]
    }
    return request
  }

  // MARK: What is told of a selection

  /// Tiles among which exemplars are looked for.
  private static let mostLookedAt = 2000

  /// Points whose tiles lie nearest to the middle of the selected ones, of as many slides as possible.
  ///
  /// - Throws: `WorkInterrupted`.
  package func exemplars(of points: PointSet, count: Int, monitor: any WorkMonitor) throws -> [Int] {
    let all = points.points
    let usable = TileSample.even(all.count, count: Self.mostLookedAt).map { all[$0] }.filter { point in
      !features.slides[map.points[point].slide].stored.notFinite.contains(map.points[point].row)
    }
    guard !usable.isEmpty else { return [] }
    let rows = try features.rows(usable.map { map.points[$0] }, areCopied: true, monitor: monitor)
    let found = try ClusterExemplars(
      rows, slides: usable.map { map.points[$0].slide }, labels: [Int32](repeating: 0, count: usable.count),
      clusterCount: 1, count: count, monitor: monitor)
    return (found.places.first ?? []).map { usable[$0] }
  }

  /// A feature by which selected tiles differ from the rest.
  package struct Mark: Sendable, Equatable {
    /// As `feature:` names it.
    package let feature: String
    package let isHigher: Bool
    /// "g of pairs 1.31, q 2.0e-8".
    package let text: String
  }

  /// The features that differ most between the selected tiles and the rest, as `stats between=` finds them.
  ///
  /// - Returns: the first of them, and how they were compared.
  package func marks(
    of selected: SelectedTiles, count: Int, monitor: any WorkMonitor
  ) throws -> (marks: [Mark], caption: String) {
    var request = ComparisonRequest()
    request.groups = .tiles(try ComparedTiles(between: [.init(name: "selection", selection: selected)], on: features))
    let comparison = try OutcomeComparison(features, request, monitor: monitor)
    let marks = comparison.order.prefix(count).compactMap { index -> Mark? in
      let feature = comparison.feature(index)
      guard feature.p != nil, feature.values.count == 2 else { return nil }
      let means = feature.values.map { $0.reduce(0, +) / Double(max($0.count, 1)) }
      let q = feature.q.map { "q \(NumberText.pValue($0))" }
      return Mark(
        feature: feature.name, isHigher: means[0] > means[1],
        text: [feature.effect, q].compactMap(\.self).joined(separator: ", "))
    }
    let caption = (comparison.table.caption ?? "") + "."
    guard selected.looksAtFeatures else { return (marks, caption) }
    return (
      marks,
      caption
        + " The selection was chosen by these features, as on a map of them: that they differ is in part how it was "
        + "chosen, so q tells which features mark it, and is no evidence that its tiles are of another kind."
    )
  }
}
