import Analysis
import FeatureData
import Rendering

/// The panels of one map by one aspect: one, or one for each class that it is split by.
struct MapPanels {
  let map: FeatureMap
  /// Nil where it is the only map.
  let name: String?
  let aspect: TileAspect
  let colouring: ScatterPlot.Colouring
  let request: FeatureMap.ViewRequest
  let isOnlyAspect: Bool

  private var noun: String { map.isOfSlides ? "slides" : "tiles" }

  func plots() throws -> [ScatterPlot] {
    let (colouring, isHighlighted) = try highlighted()
    guard let split = request.split else {
      let title = [name, isOnlyAspect ? nil : aspect.written].compactMap(\.self).joined(separator: ": ")
      return [
        plot(colouring, title: title.isEmpty ? nil : title, isShown: isHighlighted, rest: "the other \(noun)")
      ]
    }
    let parting = try Reporting.run(parameter: "split") { try PointColouring(map: map).colouring(by: split) }
    guard case .categorical(let names, let indices, let label, _) = parting else {
      throw WorkflowFailure(
        "A panel is drawn for each class, and \(split.written) is a number.", remedy: "split=slide", parameter: "split")
    }
    var counts = [Int](repeating: 0, count: names.count)
    var missing = 0
    for index in indices { if names.indices.contains(index) { counts[index] += 1 } else { missing += 1 } }
    var panels = names.indices.filter { counts[$0] > 0 }.map { index in
      plot(
        colouring,
        // A number alone says nothing.
        title:
          "\(Int(names[index]) == nil ? "" : label + " ")\(names[index]) (\(counts[index].counted(map.isOfSlides ? "slide" : "tile")))",
        isShown: { indices[$0] == index && isHighlighted?($0) ?? true }, rest: "the other \(noun)", isCounted: false)
    }
    if missing > 0 {
      panels.append(
        plot(
          colouring, title: "without \(label) (\(missing.counted(map.isOfSlides ? "slide" : "tile")))",
          isShown: { !names.indices.contains(indices[$0]) && isHighlighted?($0) ?? true }, rest: "the other \(noun)",
          isCounted: false))
    }
    return panels
  }

  /// Which points have colours, nil for all, and the colouring with the classes of these alone.
  private func highlighted() throws -> (ScatterPlot.Colouring, ((Int) -> Bool)?) {
    switch request.highlight {
    case nil: return (colouring, nil)
    case .groups(let groups, _)?:
      let numbers = try groups.numbers(on: map.features, parameter: "highlight")
      let isIn = map.points.map { numbers[$0.slide][$0.row] >= 0 }
      guard isIn.contains(true) else {
        throw WorkflowFailure("None of these \(noun) is on the map.", parameter: "highlight")
      }
      return (colouring, { isIn[$0] })
    case .classes(let wanted)?:
      guard case .categorical(let names, let indices, let label, let colours) = colouring else {
        throw WorkflowFailure(
          "Classes are highlighted, and \(aspect.written) is a number.", remedy: "on_top=high", parameter: "highlight")
      }
      let places = try wanted.map { name throws(WorkflowFailure) in
        guard let place = names.firstIndex(of: name) else {
          throw WorkflowFailure(
            "\(aspect.written) has no class \(name); the classes are \(StudyModel.inShort(names)).",
            remedy: names.first.map { "highlight=[\($0)]" }, parameter: "highlight")
        }
        return place
      }
      let kept = names.indices.filter(places.contains)
      let newPlaces = Dictionary(uniqueKeysWithValues: kept.enumerated().map { ($1, $0) })
      let chosen = indices.map { newPlaces[$0] ?? -1 }
      return (
        .categorical(
          names: kept.map { names[$0] }, indices: chosen, label: label,
          colours: kept.map { colours?[$0] ?? $0 }), { chosen[$0] >= 0 }
      )
    }
  }

  private func plot(
    _ colouring: ScatterPlot.Colouring, title: String?, isShown: ((Int) -> Bool)?, rest: String, isCounted: Bool = true
  ) -> ScatterPlot {
    let palette = request.palette.palette(
      for: colouring, kept: PointColouring(map: map).ownColours(of: aspect))
    var scale: ValueScale.Resolved?
    // All panels have the scale of all points.
    if case .continuous(let values, _, let ends) = colouring { scale = ends.resolved(values) }
    let all = map.plot(colouring)
    guard let isShown else {
      return ScatterPlot(
        x: all.x, y: all.y, colouring: colouring, title: title, contexts: all.contexts, order: request.order,
        palette: palette, valueScale: scale)
    }
    let shown = all.x.indices.filter(isShown)
    let others = all.x.indices.filter { !isShown($0) }
    let below = ScatterPlot.Context(
      x: others.map { all.x[$0] }, y: others.map { all.y[$0] }, label: rest, isCounted: isCounted)
    return ScatterPlot(
      x: shown.map { all.x[$0] }, y: shown.map { all.y[$0] }, colouring: colouring.of(shown), title: title,
      contexts: all.contexts + (others.isEmpty ? [] : [below]), order: request.order, palette: palette,
      valueScale: scale)
  }
}

extension ScatterPlot.Colouring {
  /// The colours of some of the points.
  func of(_ points: [Int]) -> ScatterPlot.Colouring {
    switch self {
    case .plain: .plain
    case .categorical(let names, let indices, let label, let colours):
      .categorical(names: names, indices: points.map { indices[$0] }, label: label, colours: colours)
    case .continuous(let values, let label, let scale):
      .continuous(values: points.map { values[$0] }, label: label, scale: scale)
    }
  }
}
