package import FeatureData

/// What the tiles of each unit, a slide or a patient, come to.
package struct UnitVectors: Sendable {
  /// Tiles by unit.
  package let tileCounts: [Int]
  package let featureCount: Int
  /// By unit: one number a feature; zeros of a unit without tiles.
  package let vectors: [[Double]]
  /// By unit: of its tiles.
  let moments: [ColumnMoments]

  /// One unit's activations are held at a time.
  ///
  /// - Parameters:
  ///   - names: of the units, for errors and in their order.
  ///   - activations: Called once with each unit's place, in order: tiles × features. A unit may have no tiles. Its errors
  ///     are passed on.
  /// - Throws: `AnalysisError.countMismatch` if units differ in width, `notFinite` (row within the unit), or
  ///   `WorkInterrupted`.
  /// - Complexity: O(tiles × features).
  package static func compute(
    names: [String], method: TileSummary = .mean, unit: String = "slides", threads: Int? = nil,
    monitor: any WorkMonitor = SilentMonitor(), activations: (_ unit: Int) throws -> Matrix
  ) throws -> UnitVectors {
    let threads = WorkerThreads(threads)
    var tileCounts: [Int] = []
    var vectors: [[Double]] = []
    var moments: [ColumnMoments] = []
    for place in names.indices {
      try monitor.checkInterrupted()
      let matrix = try activations(place)
      let width = vectors.first?.count ?? matrix.columnCount
      guard matrix.columnCount == width else {
        throw AnalysisError.countMismatch(
          what: "features of \(names[place])", expected: width, got: matrix.columnCount)
      }
      if let flaw = matrix.rowsNotFinite.first {
        let column = matrix.row(flaw).firstIndex { !$0.isFinite } ?? 0
        throw AnalysisError.notFinite(row: flaw, column: column - flaw * width)
      }
      let own = ColumnMoments(matrix, threads: threads)
      tileCounts.append(matrix.rowCount)
      vectors.append(method.vector(of: matrix, own, threads: threads))
      moments.append(own)
      monitor.report(phase: "statistics", unit: unit, done: place + 1, total: names.count)
    }
    return UnitVectors(
      tileCounts: tileCounts, featureCount: vectors.first?.count ?? 0, vectors: vectors, moments: moments)
  }

  /// Units with tiles.
  package var present: [Int] { tileCounts.indices.filter { tileCounts[$0] > 0 } }

  /// One feature of some units.
  package func values(of feature: Int, _ units: [Int]) -> [Double] { units.map { vectors[$0][feature] } }

  /// The moments of tiles by group of their unit.
  func tileMoments(groups: [Int], groupCount: Int) -> [ColumnMoments] {
    var result = [ColumnMoments](repeating: ColumnMoments(columnCount: featureCount), count: groupCount)
    for (place, group) in groups.enumerated() { result[group].add(moments[place]) }
    return result
  }
}
