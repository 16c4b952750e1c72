import FeatureData

@testable import Analysis

/// Patients of several sites, with mean activations in which site and outcome show as strongly as is asked for.
struct SimulatedSites: Sendable {
  var featureCount = 128
  /// Patients by site and outcome.
  var counts: [[Int]]
  /// The length of a site's shift in standard deviations of a feature, per feature.
  var siteEffect = 0.0
  /// The same of an outcome.
  var outcomeEffect = 0.0
  /// The same of an outcome where each site has a shift of its own for it.
  var ownEffect = 0.0
  var seed: UInt64 = 1

  var table: CrossTable {
    CrossTable(
      rows: labels.map(\.site), columns: labels.map(\.outcome), rowCount: counts.count,
      columnCount: counts.first?.count ?? 0)
  }

  private var labels: [(site: Int, outcome: Int)] {
    counts.enumerated().flatMap { site, row in
      row.enumerated().flatMap { outcome, count in
        [(site: Int, outcome: Int)](repeating: (site, outcome), count: count)
      }
    }
  }

  var cases: BatchReadings.Cases {
    var generator = SplitMix64(seed: seed)
    func normals(_ count: Int) -> [Double] { (0..<count).map { _ in generator.nextNormal() } }
    let d = featureCount
    let factors = (0..<10).map { _ in normals(d) }
    let sites = counts.map { _ in normals(d) }
    let outcomes = (0..<(counts.first?.count ?? 0)).map { _ in normals(d) }
    let own = counts.map { row in row.map { _ in normals(d) } }
    var matrix = Matrix(rowCount: labels.count, columnCount: d)
    for (row, label) in labels.enumerated() {
      let loadings = normals(factors.count)
      for c in 0..<d {
        var value = generator.nextNormal()
        for (loading, factor) in zip(loadings, factors) { value += 0.3 * loading * factor[c] }
        value += siteEffect * sites[label.site][c] + outcomeEffect * outcomes[label.outcome][c]
        value += ownEffect * own[label.site][label.outcome][c]
        matrix[row, c] = Float(value)
      }
    }
    return BatchReadings.Cases(
      vectors: matrix, patients: Array(labels.indices), sites: labels.map(\.site), outcomes: labels.map(\.outcome))
  }

  func readings() throws -> BatchReadings { try BatchReadings(cases, seed: 42, monitor: SilentMonitor()) }

  func verdict(_ readings: BatchReadings) -> BatchVerdict {
    BatchVerdict(table, patientCount: labels.count, readings: readings)
  }
}
