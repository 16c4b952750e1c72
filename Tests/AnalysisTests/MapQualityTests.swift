import FeatureData
import Testing

@testable import Analysis

@Suite struct MapQualityTests {
  @Test func `a map that is the data itself is perfect`() throws {
    let matrix = SyntheticData.uniform(rows: 300, columns: 2, seed: 1)
    let quality = try MapQuality.measure(original: matrix, metric: .euclidean, map: matrix, sample: 100)
    #expect(
      quality
        == MapQuality(
          trustworthiness: 1, continuity: 1, neighbourPreservation: 1, neighbourCount: 15,
          sampleCount: 100))
  }

  @Test func `a map at random is as bad as chance`() throws {
    let matrix = SyntheticData.uniform(rows: 600, columns: 5, seed: 2)
    let map = SyntheticData.uniform(rows: 600, columns: 2, seed: 3)
    let quality = try MapQuality.measure(original: matrix, metric: .euclidean, map: map)
    #expect(abs(try #require(quality.trustworthiness) - 0.5) < 0.03)
    #expect(try #require(quality.neighbourPreservation) < 0.06)
  }

  @Test func `with one neighbour wrong it is the formula's value`() throws {
    // On a line at 0, 1, 2.1, 3.3, 4.6 and 6; the map swaps the last two.
    let matrix = Matrix(rowCount: 6, columnCount: 1, elements: [0, 1, 2.1, 3.3, 4.6, 6])
    let map = Matrix(rowCount: 6, columnCount: 1, elements: [0, 1, 2.1, 3.3, 6, 4.6])
    let quality = try MapQuality.measure(original: matrix, metric: .euclidean, map: map, neighbours: 1)
    // False: the last row's neighbour is row 3 (rank 2) and row 4's is row 5 (rank 2): loss 2 of 6 · 1 · 8 / 2.
    #expect(try #require(quality.trustworthiness) == 1 - 2.0 / 24)
    // Missed: row 3 for the last but one (rank 2 on the map) and row 4 for the last (rank 2).
    #expect(try #require(quality.continuity) == 1 - 2.0 / 24)
  }

  @Test func `too few rows have no quality, and different lengths are refused`() throws {
    let matrix = SyntheticData.uniform(rows: 29, columns: 2, seed: 4)
    #expect(try MapQuality.measure(original: matrix, metric: .cosine, map: matrix).trustworthiness == nil)
    #expect(throws: AnalysisError.countMismatch(what: "rows of the map", expected: 29, got: 1)) {
      try MapQuality.measure(original: matrix, metric: .cosine, map: Matrix(rowCount: 1, columnCount: 2))
    }
  }
}
