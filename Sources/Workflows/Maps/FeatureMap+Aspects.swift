package import Rendering

extension FeatureMap {
  /// How a view is drawn.
  package struct ViewRequest: Sendable {
    package var title: String?
    /// Diameter of a point in pixels; nil for one that fits.
    package var pointSize: Double?
    package var showsLegend = true
    /// The ends of the colours of numbers.
    package var scale = ValueScale()

    package init() {}
  }

  /// The map coloured by aspects of its tiles, a panel for each, with the same axes.
  ///
  /// - Parameter basis: what is shown, where that was not named.
  package func view(
    by aspects: [TileAspect], _ request: ViewRequest = ViewRequest(), basis: String? = nil
  ) throws -> (figure: ScatterFigure, text: String) {
    let footer = [caption, basis?.asSentence].compactMap(\.self).joined(separator: " ")
    let panels = try aspects.map { aspect in
      let colouring = try Reporting.run(parameter: "by") {
        try PointColouring(map: self).colouring(by: aspect, scale: request.scale)
      }
      return plot(colouring, title: aspects.count > 1 ? aspect.written : nil)
    }
    return try Reporting.run {
      let figure = try ScatterFigure(
        panels: panels, title: request.title, footer: footer, xLabel: axisNames[0],
        yLabel: axisNames[1], pointSize: request.pointSize, showsLegend: request.showsLegend)
      let names = aspects.map(\.written).joined(separator: ", ")
      let sentences = ["Map of \(points.count) tiles by \(names)."] + [basis?.asSentence].compactMap(\.self)
      return (figure, (sentences + figure.notes).joined(separator: " "))
    }
  }
}
