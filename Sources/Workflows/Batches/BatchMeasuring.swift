import Analysis
import FeatureData
import FeatureStore

/// Takes the measures of a check of batches.
struct BatchMeasuring {
  let features: FeatureSet
  let cases: BatchCases
  let request: BatchCheck.Request
  let monitor: any WorkMonitor

  private var siteOfCase: [Int] { cases.cases.map(\.site) }
  private var outcomeOfCase: [Int] { cases.cases.map(\.outcome) }
  private var caseNoun: String { cases.caseNoun }

  /// "24 patients (30 slides)".
  var population: String {
    let patients = cases.patients.count.counted("patient")
    return cases.slideCount == cases.patients.count ? patients : "\(patients) (\(cases.slideCount.counted("slide")))"
  }

  /// Neighbours and silhouettes.
  ///
  /// - Parameter vectors: cases × features.
  func separations(_ vectors: Matrix) throws -> [BatchMeasure] {
    let rows = features.slides.indices.map { features.usableRows(of: $0) }
    let tiles = BatchTiles(cases, seed: request.seed) { rows[$0].count }
    let activations = tiles.matrix(columnCount: features.featureCount) { slide, places in
      features.slides[slide].stored.features.matrix(of: places.map { rows[slide][$0] })
    }.standardised()
    var measures = [
      try neighbours(activations, of: tiles) { .neighbours(count: $0) }
    ]
    if let map = request.map { measures.append(try neighbours(on: map)) }
    let silhouette = try Silhouette(activations, unitOfRow: tiles.cases, monitor: monitor)
    measures.append(try self.silhouette(silhouette, .tileSilhouette, count: tiles.picks.count, "tile"))
    let patients = try Silhouette(
      vectors.standardised(), unitOfRow: Array(cases.cases.indices), monitor: monitor)
    measures.append(try self.silhouette(patients, .patientSilhouette, count: cases.cases.count, caseNoun))
    return measures
  }

  private func neighbours(on map: FeatureMap) throws -> BatchMeasure {
    let places = Dictionary(uniqueKeysWithValues: features.slides.enumerated().map { ($1.name, $0) })
    var points = [[Int]](repeating: [], count: features.slides.count)
    for (index, point) in map.points.enumerated() {
      if let slide = places[map.features.slides[point.slide].name] { points[slide].append(index) }
    }
    let tiles = BatchTiles(cases, seed: request.seed) { points[$0].count }
    let d = map.coordinates.columnCount
    let coordinates = tiles.matrix(columnCount: d) { slide, places in
      let indices = places.map { points[slide][$0] }
      return Matrix(
        rowCount: indices.count, columnCount: d, elements: indices.flatMap { map.coordinates.row($0) })
    }
    return try neighbours(coordinates, of: tiles) { .neighboursOnMap(count: $0) }
  }

  private func neighbours(
    _ rows: Matrix, of tiles: BatchTiles, _ kind: (_ count: Int) -> BatchMeasure.Kind
  ) throws -> BatchMeasure {
    let owners = tiles.cases.map { cases.cases[$0].patient }
    let graph = try NeighbourGraph.found(
      amongOtherOwners: owners, in: FeatureRows(rows), metric: .euclidean, count: request.neighbourCount,
      seed: request.seed, monitor: monitor)
    func separation(_ labels: [Int]) throws -> BatchMeasure.Value? {
      try Separation.purity(
        graph, owners: owners, cases: tiles.cases, labels: labels, seed: request.seed, monitor: monitor
      ).map { BatchMeasure.Value($0) }
    }
    return BatchMeasure(
      kind: kind(graph.neighbourCount), site: try separation(siteOfCase), outcome: try separation(outcomeOfCase),
      count: rows.rowCount, noun: "tile")
  }

  private func silhouette(
    _ silhouette: Silhouette, _ kind: BatchMeasure.Kind, count: Int, _ noun: String
  ) throws -> BatchMeasure {
    func separation(_ labels: [Int]) throws -> BatchMeasure.Value? {
      try Separation.silhouette(
        silhouette, labels: labels, rowCount: count, seed: request.seed, monitor: monitor
      ).map { BatchMeasure.Value($0) }
    }
    return BatchMeasure(
      kind: kind, site: try separation(siteOfCase), outcome: try separation(outcomeOfCase), count: count, noun: noun)
  }

  /// The classifiers'.
  func areas(_ readings: BatchReadings) -> [BatchMeasure] {
    let shadow = readings.shadow.map { BatchMeasure.Value(shadow: $0) }
    let count = cases.cases.count
    return [
      BatchMeasure(
        kind: .patientsLeftOut, site: readings.site.map { BatchMeasure.Value($0) },
        outcome: readings.outcome.map { BatchMeasure.Value($0) }, count: count, noun: caseNoun),
      BatchMeasure(kind: .siteAlone, site: nil, outcome: shadow, count: count, noun: caseNoun),
      BatchMeasure(
        kind: .withinSites, site: nil, outcome: readings.withinSites.map { BatchMeasure.Value($0) },
        count: readings.withinSites?.area.pairCount ?? 0, noun: "pair"),
      BatchMeasure(
        kind: .unseenSites, site: nil, outcome: readings.unseenSites.map { BatchMeasure.Value($0) },
        count: readings.unseenSites?.area.pairCount ?? 0, noun: "pair"),
    ]
  }

  /// How it was done, in one line.
  func method(_ readings: BatchReadings) -> String {
    let left =
      readings.partCount == cases.patients.count ? "left out one by one" : "left out in \(readings.partCount) parts"
    return "Each activation standardised, Euclidean distance; tiles drawn evenly of each patient's slides, seed "
      + "\(request.seed). AUC by logistic regression (L2, C = 1, balanced) of patients' mean activations, standardised "
      + "over those that it learns from, patients \(left), of several classes the mean of each against the rest; "
      + "95 % intervals after Newcombe. Chance: labels shuffled among \(caseNoun)s, \(Separation.shuffleCount) times, for AUC of "
      + "\(cases.siteName) \(readings.site?.chance?.chance.count ?? 0) and of \(cases.outcomeName) \(readings.shuffleCount) times; within and in unseen \(cases.siteName) shuffled within each \(cases.siteName)."
  }

  /// What the numbers do not say.
  func remarks(_ readings: BatchReadings) -> [Remark] {
    var remarks: [Remark] = []
    if !cases.leftOut.isEmpty { remarks.append(.note(cases.leftOut.joined(separator: "; ").capitalisedFirst + ".")) }
    for (patients, column) in [(cases.severalSites, cases.siteName), (cases.severalOutcomes, cases.outcomeName)]
    where !patients.isEmpty {
      remarks.append(
        .warning(
          "\(patients.count.counted("patient")) with slides of more than one \(column) (\(Self.inShort(patients))): each "
            + "is counted once for every \(column), and left out whole."))
    }
    let counts = cases.table.counts
    let alone = [
      (cases.siteName, cases.sites.indices.filter { counts[$0].reduce(0, +) == 1 }.map { cases.sites[$0] }),
      (
        cases.outcomeName,
        cases.outcomes.indices.filter { outcome in counts.reduce(0) { $0 + $1[outcome] } == 1 }
          .map { cases.outcomes[$0] }
      ),
    ]
    for (column, names) in alone where !names.isEmpty {
      remarks.append(
        .note("\(column) of one patient, which cannot be read when it is left out: \(Self.inShort(names))."))
    }
    let unscored = cases.sites.indices.filter { !readings.scoredSites.contains($0) }
    if !unscored.isEmpty {
      let texts = unscored.map { site in
        let present = cases.outcomes.indices.filter { counts[site][$0] > 0 }.map { cases.outcomes[$0] }
        let isOfOne = present.count == 1
        return "\(cases.sites[site]) (\(isOfOne ? "\(present[0]) only" : "not to be learned from the others"))"
      }
      remarks.append(.note("Not scored as \(cases.siteName) never seen: \(Self.inShort(texts))."))
    }
    return remarks
  }

  private static func inShort(_ names: [String]) -> String {
    names.prefix(6).joined(separator: ", ") + (names.count > 6 ? ", and \(names.count - 6) more" : "")
  }
}

extension String {
  fileprivate var capitalisedFirst: String { prefix(1).uppercased() + dropFirst() }
}
