import Analysis
import FeatureData
package import Rendering

/// Maps coloured by what is known of their tiles: a panel for each map and each aspect, or for each class.
package struct MapView {
  /// A map under the name that it is asked for by.
  package struct Subject {
    let map: FeatureMap
    let name: String

    package init(_ map: FeatureMap, name: String) {
      self.map = map
      self.name = name
    }
  }

  private let subjects: [Subject]
  private let aspects: [TileAspect]
  private let request: FeatureMap.ViewRequest

  package init(_ subjects: [Subject], by aspects: [TileAspect], _ request: FeatureMap.ViewRequest) {
    self.subjects = subjects
    self.aspects = aspects
    self.request = request
  }

  /// More panels would be too small to be read.
  private static let mostPanels = 48

  /// - Parameter basis: what is shown, where that was not named.
  /// - Returns: the picture, and in words what it shows.
  package func figure(basis: String?) throws -> (figure: ScatterFigure, text: String) {
    try Reporting.run(parameter: "by") {
      try checkSeveral()
      let shown = subjects.map { subject in
        let (map, note) = subject.map.sampled(request.sampleCount)
        return (subject: Subject(map, name: subject.name), note: note)
      }
      let colourings = try shown.map { shown in
        try aspects.map { aspect in
          try PointColouring(map: shown.subject.map).colouring(by: aspect, scale: request.scale)
        }
      }
      try check(colourings[0])
      var panels: [ScatterPlot] = []
      for (index, aspect) in aspects.enumerated() {
        for (place, shown) in shown.enumerated() {
          panels += try MapPanels(
            map: shown.subject.map, name: subjects.count > 1 ? shown.subject.name : nil, aspect: aspect,
            colouring: colourings[place][index], request: request, isOnlyAspect: aspects.count == 1
          ).plots()
        }
      }
      guard panels.count <= Self.mostPanels else {
        throw WorkflowFailure(
          "\(panels.count) panels would be too small to be read; at most \(Self.mostPanels) are drawn.",
          parameter: request.split == nil ? "by" : "split")
      }
      let captions = subjects.map { subjects.count > 1 ? "\($0.name): \($0.map.caption)" : $0.map.caption }
      let notes = shown.compactMap { shown in
        shown.note.map { subjects.count > 1 ? "\(shown.subject.name): \($0)" : $0 }
      }
      let figure = try ScatterFigure(
        panels: panels, columns: subjects.count > 1 ? subjects.count : nil, title: request.title,
        footer: (captions + notes + [basis?.asSentence].compactMap(\.self)).joined(separator: " "),
        xLabel: axisName(0), yLabel: axisName(1), pointSize: request.pointSize, showsLegend: request.showsLegend,
        opacity: request.opacity, namesClasses: request.namesClasses, limits: request.limits)
      let sentences = [sentence] + notes + [basis?.asSentence].compactMap(\.self)
      return (figure, (sentences + figure.notes).joined(separator: " "))
    }
  }

  private var sentence: String {
    let what = aspects.map(\.written).joined(separator: ", ") + (request.split.map { ", split by \($0.written)" } ?? "")
    guard subjects.count > 1 else { return "Map of \(subjects[0].map.countText) by \(what)." }
    return "Maps \(subjects.map { "\($0.name) (\($0.map.countText))" }.joined(separator: ", ")) by \(what)."
  }

  /// Of different maps, the different names.
  private func axisName(_ axis: Int) -> String {
    var names: [String] = []
    for subject in subjects where !names.contains(subject.map.axisNames[axis]) {
      names.append(subject.map.axisNames[axis])
    }
    return names.joined(separator: " / ")
  }

  private func checkSeveral() throws(WorkflowFailure) {
    guard request.split != nil, subjects.count * aspects.count > 1 else { return }
    throw WorkflowFailure(
      "`split` draws a panel for each class, of one map by one quantity.",
      remedy: "by=\(aspects[0].written.split(separator: " ").first ?? "slide")", parameter: "split")
  }

  /// What is asked for has something to act on.
  private func check(_ colourings: [ScatterPlot.Colouring]) throws(WorkflowFailure) {
    try request.palette.check(zip(colourings, aspects).map { ($0, $1.written) })
    let hasClasses = colourings.contains { if case .categorical = $0 { true } else { false } }
    let hasNumbers = colourings.contains { if case .continuous = $0 { true } else { false } }
    let what = aspects.map(\.written).joined(separator: ", ")
    switch request.order {
    case .high, .low:
      guard hasNumbers else {
        throw WorkflowFailure(
          "High and low are values of numbers, and \(what) has classes.", remedy: "on_top=rare", parameter: "on_top")
      }
    case .rare:
      guard hasClasses else {
        throw WorkflowFailure(
          "Rare are classes, and \(what) is a number.", remedy: "on_top=high", parameter: "on_top")
      }
    case .shuffled: break
    }
    if request.namesClasses, !hasClasses {
      throw WorkflowFailure(
        "Names on the map are those of classes, and \(what) is a number.", parameter: "names")
    }
  }
}
