import FeatureData
package import Rendering

/// A map in three dimensions: with a number of its tiles as height, or with the third axis of its own.
package struct SolidView {
  private let map: FeatureMap
  /// Nil for the map's own third axis.
  private let height: TileAspect?
  /// Nil for the height.
  private let aspect: TileAspect?
  private let request: FeatureMap.ViewRequest
  private let view: Scatter3DFigure.View
  /// What the height was given by.
  private let heightParameter: String

  package init(
    _ map: FeatureMap, height: TileAspect?, givenBy heightParameter: String = "z", by aspect: TileAspect?,
    _ request: FeatureMap.ViewRequest,
    from view: Scatter3DFigure.View
  ) {
    self.map = map
    self.height = height
    self.heightParameter = heightParameter
    self.aspect = aspect
    self.request = request
    self.view = view
  }

  /// - Parameter basis: what is shown, where that was not named.
  /// - Returns: the picture, and in words what it shows.
  package func figure(basis: String?) throws -> (figure: Scatter3DFigure, text: String) {
    try Reporting.run(parameter: "by") {
      guard height != nil || map.coordinates.columnCount == 3 else {
        throw WorkflowFailure(
          "This map has two dimensions, and nothing is asked for as the third.", remedy: "feature=0",
          parameter: "feature")
      }
      let (shown, note) = map.sampled(request.sampleCount)
      let colouring = PointColouring(map: shown)
      let z: Scatter3DFigure.Axis
      var own: ScatterPlot.Colouring?
      if let height {
        let numbers = try numbers(height, colouring)
        guard case .continuous(let values, let label, _) = numbers else {
          throw WorkflowFailure(
            "A height is a number, and \(height.written) has classes.", remedy: "z=feature:0", parameter: "z")
        }
        z = Scatter3DFigure.Axis(label: label, values: values)
        own = try colouring.colouring(by: height, scale: request.scale)
      } else {
        z = Scatter3DFigure.Axis(label: shown.axisNames[2], values: shown.coordinates.column(2))
      }
      let colours =
        try aspect.map { try colouring.colouring(by: $0, scale: request.scale) } ?? own ?? shown.ownColouring
      let written = aspect?.written ?? height?.written ?? colours.label ?? "nothing"
      try request.palette.check([(colours, written)])
      var notes = [note].compactMap(\.self)
      if height != nil, map.coordinates.columnCount == 3 {
        notes.append("The map's third axis is not shown.")
      }
      let caption = ([map.caption] + notes + [basis?.asSentence].compactMap(\.self)).joined(separator: " ")
      let figure = try Scatter3DFigure(
        x: Scatter3DFigure.Axis(label: shown.axisNames[0], values: shown.coordinates.column(0)),
        y: Scatter3DFigure.Axis(label: shown.axisNames[1], values: shown.coordinates.column(1)), z: z,
        hasOneScale: height == nil, colouring: colours,
        ground: map.ground.map {
          Scatter3DFigure.Ground(
            x: $0.column(0), y: $0.column(1), z: height == nil ? $0.column(2) : nil, label: "tiles of the map")
        }, view: view, title: request.title, footer: caption,
        pointSize: request.pointSize, opacity: request.opacity, showsLegend: request.showsLegend,
        palette: request.palette.palette(for: colours, kept: aspect.map(colouring.ownColours) ?? [:]))
      let text =
        "Map of \(map.countText) in three dimensions, the third \(height?.written ?? z.label), by \(written)."
      return (figure, ([text] + notes + figure.notes).joined(separator: " "))
    }
  }

  private func numbers(_ height: TileAspect, _ colouring: PointColouring) throws -> ScatterPlot.Colouring {
    do { return try colouring.colouring(by: height) } catch let failure as WorkflowFailure {
      // What helps is told for the parameter that was given.
      throw WorkflowFailure(
        failure.message,
        remedy: failure.remedy.map { $0.replacing("feature:", with: heightParameter == "feature" ? "" : "feature:") }
          .map { "\(heightParameter)=\($0)" }, parameter: heightParameter)
    }
  }
}
