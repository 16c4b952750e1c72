package import Analysis
package import FeatureData
import FeatureStore
package import Rendering

/// How far features separate by site, or whatever tells batches, compared with by outcome.
package struct BatchCheck: Sendable {
  package struct Request: Sendable {
    /// What tells the batches.
    package var by: LabelChoice?
    /// Nil for those that the features were made with.
    package var outcomes: LabelChoice?
    /// A map of the features.
    package var map: FeatureMap?
    package var neighbourCount = 20
    package var seed: UInt64 = 42

    package init(by: LabelChoice?) { self.by = by }
  }

  package let verdict: BatchVerdict
  /// Whether the outcome's signal could be the site's.
  package let sentence: String
  /// What is to be known of the cases and the measures.
  package let remarks: [Remark]
  /// How it was done, in one line.
  package let method: String
  /// How its figures look.
  package var style = FigureStyle()
  let cases: BatchCases
  let measures: [BatchMeasure]
  package let caption: String
  /// The map that took part.
  package let map: FeatureMap?

  /// - Parameter basis: what was worked on.
  package init(
    _ features: FeatureSet, _ request: Request, basis: String? = nil, monitor: any WorkMonitor
  ) throws {
    if let map = request.map, !map.isMade(of: features) {
      throw WorkflowFailure(
        "The map is of other features than those that are checked.", remedy: "map=none", parameter: "map")
    }
    let cases = try BatchCases(features, by: request.by, outcomes: request.outcomes)
    let vectors = try Reporting.run {
      try UnitVectors.compute(
        names: cases.cases.map { cases.patients[$0.patient] }, unit: "patients", monitor: monitor
      ) { features.activations(of: cases.cases[$0]) }
    }
    let matrix = Matrix(
      rowCount: cases.cases.count, columnCount: features.featureCount,
      elements: vectors.vectors.flatMap { $0.map { Float($0) } })
    let measuring = BatchMeasuring(features: features, cases: cases, request: request, monitor: monitor)
    let readings = try BatchReadings(
      BatchReadings.Cases(
        vectors: matrix, patients: cases.cases.map(\.patient), sites: cases.cases.map(\.site),
        outcomes: cases.cases.map(\.outcome)), seed: request.seed, monitor: monitor)
    measures = try Reporting.run { try measuring.separations(matrix) + measuring.areas(readings) }
    verdict = BatchVerdict(cases.table, patientCount: cases.patients.count, readings: readings)
    sentence = BatchWording(verdict: verdict, cases: cases, readings: readings).sentence
    remarks = measuring.remarks(readings)
    method = measuring.method(readings)
    caption =
      "Batch check of \(features.featureCount.counted("feature")) by \(cases.siteName) and \(cases.outcomeName), "
      + measuring.population.followed(by: basis)
    map = request.map
    self.cases = cases
  }

  /// "24 patients, 3 × 2".
  package var shape: String {
    "\(cases.patients.count.counted("patient")), \(cases.sites.count) × \(cases.outcomes.count)"
  }

  /// The two columns, in a sentence.
  package var columns: String { "\(cases.siteName) and \(cases.outcomeName)" }

  /// A map by site and by outcome.
  package func mapFigure(of map: FeatureMap) throws -> ScatterFigure {
    let colouring = PointColouring(map: map)
    return try Reporting.run {
      try ScatterFigure(
        panels: [cases.siteLabels, cases.outcomeLabels].map { map.plot(colouring.colouring(by: $0), title: $0.column) },
        footer: map.caption, xLabel: map.axisNames[0], yLabel: map.axisNames[1])
    }
  }
}

extension FeatureSet {
  /// Of all usable tiles of a case.
  fileprivate func activations(of one: BatchCases.Case) -> Matrix {
    let parts = one.slides.map(usableActivations)
    guard parts.count > 1 else { return parts.first ?? Matrix(rowCount: 0, columnCount: featureCount) }
    return Matrix(
      rowCount: parts.reduce(0) { $0 + $1.rowCount }, columnCount: featureCount,
      elements: Array(parts.map(\.elements).joined()))
  }
}

extension FeatureMap {
  /// True for a map of these features, or of some of their slides.
  package func isMade(of other: FeatureSet) -> Bool {
    features.contentIdentity == other.contentIdentity && features.study.identity == other.study.identity
  }
}
