import Analysis
import FeatureData
import Foundation
import Testing

/// Clusters of density beside scikit-learn's, and what is said of rows that have none.
@Suite struct HDBSCANTests {
  /// Four spirals of points about a middle, two of them wide and two narrow, and points all over.
  private static let points: Matrix = {
    let middles = [(0.0, 0.0), (3.0, 0.5), (1.2, 2.6), (1.9, 3.0)]
    var elements: [Float] = []
    for number in 0..<120 {
      let (x, y) = middles[number % 4]
      let angle = Double(number) * 2.399963
      let radius = (number % 4 < 2 ? 0.09 : 0.03) * Double(number / 4 + 1).squareRoot()
      elements += [Float(x + radius * cos(angle)), Float(y + radius * sin(angle))]
    }
    for number in 0..<20 {
      let (x, y) = (Double(number) * 0.618034, Double(number) * 0.414214)
      elements += [
        Float(4 * x.truncatingRemainder(dividingBy: 1) - 0.5), Float(4 * y.truncatingRemainder(dividingBy: 1) - 0.5),
      ]
    }
    return Matrix(rowCount: 140, columnCount: 2, elements: elements)
  }()

  /// scikit-learn 1.7's `HDBSCAN(min_cluster_size=…, min_samples=…)` on the same points; a dot for noise.
  private static let peers: [(least: Int, samples: Int, last: String)] = [
    (10, 10, "b.bdab.bcab.aca..a."), (10, 3, "b.bdab.bdab.acabaac"), (25, 5, "b.bdab.bcab.aca.aa."),
    (5, 5, "b.bdab.bcab.aca.aa."),
  ]

  @Test(arguments: [0, 1, 2, 3])
  func `Clusters and what lies in none are those of scikit-learn`(_ place: Int) throws {
    let (least, samples, last) = Self.peers[place]
    let text = String(repeating: "abdc", count: 30) + "a" + last
    let expected = text.unicodeScalars.map { $0 == "." ? Int32(-1) : Int32($0.value) - 97 }
    let found = try HDBSCAN(minClusterSize: least, minSamples: samples).cluster(Self.points)
    #expect(found.clusterCount == 4)
    // A point that joins a cluster at the very density at which this joins another may go either way.
    let differing = zip(found.labels, expected).count { ($0 < 0) != ($1 < 0) }
    #expect(differing <= 1)
    #expect(try #require(try AdjustedRandIndex.of(found.labels, expected)) > 0.97)
    #expect(found.sizes == found.sizes.sorted(by: >))
    #expect(found.outsideCount == found.labels.count { $0 < 0 })
  }

  @Test func `One thread or several, and the order of the rows, change nothing but numbers`() throws {
    var generator = SplitMix64(seed: 3)
    let rows = (0..<3000).map { row -> [Float] in
      let middle = Float(row % 5) * 2
      return [middle + 0.2 * Float(generator.nextNormal()), 0.2 * Float(generator.nextNormal())]
    }
    let matrix = Matrix(rowCount: 3000, columnCount: 2, elements: rows.flatMap { $0 })
    let one = try HDBSCAN(minClusterSize: 60, threads: 1).cluster(matrix)
    let three = try HDBSCAN(minClusterSize: 60, threads: 3).cluster(matrix)
    #expect(one == three)
    #expect(one.clusterCount == 5)
    let backwards = Matrix(rowCount: 3000, columnCount: 2, elements: rows.reversed().flatMap { $0 })
    let other = try HDBSCAN(minClusterSize: 60).cluster(backwards)
    #expect(try AdjustedRandIndex.of(one.labels, other.labels.reversed()) == 1)
    #expect(other.labels.reversed().map { $0 < 0 } == one.labels.map { $0 < 0 })
  }

  @Test func `Equal rows, few rows and everything in one heap have a defined outcome`() throws {
    let equal = Matrix(rowCount: 40, columnCount: 2, elements: [Float](repeating: 1, count: 80))
    #expect(try HDBSCAN(minClusterSize: 5).cluster(equal).clusterCount == 0)
    let two = Matrix(
      rowCount: 40, columnCount: 1, elements: [Float](repeating: 1, count: 20) + [Float](repeating: 2, count: 20))
    #expect(try HDBSCAN(minClusterSize: 5).cluster(two).sizes == [20, 20])
    #expect(try HDBSCAN(minClusterSize: 5).cluster(Matrix(rowCount: 0, columnCount: 2)).labels.isEmpty)
    let few = try HDBSCAN(minClusterSize: 5).cluster(Matrix(rowCount: 9, columnCount: 2))
    #expect(few.labels == [Int32](repeating: -1, count: 9))
    #expect(throws: AnalysisError.self) { try HDBSCAN(minClusterSize: 1).cluster(equal) }
    #expect(throws: AnalysisError.self) {
      try HDBSCAN(minClusterSize: 2).cluster(Matrix(rowCount: 4, columnCount: 1, elements: [0, 1, .nan, 2]))
    }
  }

  @Test func `It stops when it is interrupted`() {
    struct Interrupted: WorkMonitor {
      let isInterrupted = true
      func report(phase: String, unit: String, done: Int, total: Int) {}
    }
    #expect(throws: WorkInterrupted.self) {
      try HDBSCAN(minClusterSize: 5).cluster(Self.points, monitor: Interrupted())
    }
  }

  /// scikit-learn's `adjusted_rand_score`.
  @Test func `The adjusted Rand index is scikit-learn's`() throws {
    let first = try AdjustedRandIndex.of([0, 0, 1, 1, 2, 2], [0, 0, 1, 2, 2, 2])
    #expect(abs(try #require(first) - 0.4444444444444444) < 1e-12)
    let second = try AdjustedRandIndex.of([0, 0, 0, 1, 1, 1, 2, 2, 2, 2], [1, 1, 0, 0, 2, 2, 2, 1, 1, 1])
    #expect(abs(try #require(second) - 0.1366906474820144) < 1e-12)
    #expect(try AdjustedRandIndex.of([0, 1, -1], [5, 5, 5]) == 0)
    #expect(try AdjustedRandIndex.of([3], [1]) == nil)
    #expect(throws: AnalysisError.self) { try AdjustedRandIndex.of([0], []) }
  }
}
