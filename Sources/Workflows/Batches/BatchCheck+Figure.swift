package import Rendering

extension BatchCheck {
  /// What was measured, site beside outcome, and what chance gives.
  package var figure: IntervalFigure {
    let neighbours = measures.filter {
      switch $0.kind {
      case .neighbours, .neighboursOnMap: true
      default: false
      }
    }
    let silhouettes = measures.filter { $0.kind == .tileSilhouette || $0.kind == .patientSilhouette }
    let areas = measures.filter { measure in !(neighbours + silhouettes).contains { $0.kind == measure.kind } }
    return IntervalFigure(
      sections: [
        section("Neighbours alike", axis: "share of the nearest tiles of other patients", range: 0...1, neighbours),
        section("Silhouettes", axis: "silhouette", range: nil, silhouettes),
        section("Read by a classifier that has not seen them", axis: "AUC", range: 0...1, areas),
      ].filter { !$0.rows.isEmpty },
      title: "\(cases.siteName) and \(cases.outcomeName) in the features of "
        + cases.patients.count.counted("patient"),
      footer: sentence
        + "\nBars: 95 % intervals; of the \(cases.siteName) alone what 95 % of shuffles give. Upright marks: "
        + "what chance gives.")
  }

  private func section(
    _ title: String, axis: String, range: ClosedRange<Double>?, _ measures: [BatchMeasure]
  ) -> IntervalFigure.Section {
    IntervalFigure.Section(
      title: title, axisLabel: axis, range: range,
      rows: measures.flatMap { measure in
        let parts = [(cases.siteName, measure.site, 0), (cases.outcomeName, measure.outcome, 1)]
        return parts.compactMap { column, value, colour in
          value.map { value in
            IntervalFigure.Row(
              name: "\(column), \(measure.kind.inShort(by: cases.siteName))", value: value.value,
              interval: value.interval, chance: value.chance, colour: colour,
              text: BatchMeasure.Value.text(value.value, value.interval, decimals: measure.decimals))
          }
        }
      })
  }
}

extension BatchMeasure.Kind {
  /// Within its section.
  fileprivate func inShort(by column: String) -> String {
    switch self {
    case .neighbours: "activations"
    case .neighboursOnMap: "on the map"
    case .tileSilhouette: "tiles"
    case .patientSilhouette: "patients"
    case .patientsLeftOut: "patients left out"
    case .siteAlone: "as the \(column) alone gives it"
    case .withinSites: "within each \(column)"
    case .unseenSites: "each \(column) left out"
    }
  }
}

extension BatchCheck: Drawable {
  package func drawn(as format: PictureFormat, _ request: SaveRequest) throws -> [UInt8] {
    try figure.encoded(as: format, request.style.applied(to: style)).bytes
  }
}
