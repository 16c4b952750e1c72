import FeatureData
import Testing

@testable import Analysis

@Suite struct MapTransformTests {
  private let data = SyntheticData.clustered(rows: 900, columns: 12, clusters: 5, seed: 1)

  private func part(_ rows: [Int]) -> Matrix {
    Matrix(rowCount: rows.count, columnCount: 12, elements: rows.flatMap { data.matrix.row($0) })
  }

  private func transform(metric: DistanceMetric, dimensions: Int = 2) throws -> (MapTransform, Embedding) {
    var parameters = EmbeddingParameters()
    parameters.neighbours = 15
    parameters.metric = metric
    parameters.dimensions = dimensions
    parameters.epochs = 200
    let trained = part(Array(0..<600))
    let map = try Embedder(parameters).embed(trained)
    return (
      try MapTransform(of: FeatureRows(trained), coordinates: map.coordinates, parameters: parameters), map
    )
  }

  @Test(arguments: DistanceMetric.allCases, [2, 3])
  func `new rows come to lie among those of their cluster`(metric: DistanceMetric, dimensions: Int) throws {
    let (transform, map) = try transform(metric: metric, dimensions: dimensions)
    let places = try transform.places(of: FeatureRows(part(Array(600..<900))))
    let all = Matrix(
      rowCount: 900, columnCount: dimensions, elements: map.coordinates.elements + places.elements)
    let graph = try ExactSearch(metric: .euclidean).neighbours(of: all, count: 10, monitor: SilentMonitor())
    let right = (600..<900).count { row in
      graph.neighbours(of: row).count { data.labels[Int($0)] == data.labels[row] } > 5
    }
    #expect(right > 290)
  }

  @Test func `a row's place does not depend on the rows it comes with`() throws {
    let (transform, _) = try transform(metric: .cosine)
    let together = try transform.places(of: FeatureRows(part(Array(600..<900))))
    for row in [600, 733, 899] {
      let alone = try transform.places(of: FeatureRows(part([row])))
      #expect(alone.elements == Array(together.row(row - 600)))
    }
    let turned = try transform.places(of: FeatureRows(part(Array((600..<900).reversed()))))
    #expect(turned.row(299).elementsEqual(together.row(0)))
  }

  @Test func `a row that was mapped stands at its own place`() throws {
    for metric in DistanceMetric.allCases {
      let (transform, map) = try transform(metric: metric)
      let places = try transform.places(of: FeatureRows(part([5, 77])))
      #expect(places.elements == Array(map.coordinates.row(5)) + Array(map.coordinates.row(77)))
    }
  }

  @Test func `rows that cannot be placed are refused, and one without direction stands in the middle`() throws {
    let (transform, map) = try transform(metric: .cosine)
    #expect(throws: AnalysisError.countMismatch(what: "columns", expected: 12, got: 3)) {
      try transform.places(of: FeatureRows(Matrix(rowCount: 2, columnCount: 3)))
    }
    var broken = part([600, 601])
    broken[1, 4] = .nan
    #expect(throws: AnalysisError.notFinite(row: 1, column: 4)) { try transform.places(of: FeatureRows(broken)) }
    let zero = try transform.places(of: FeatureRows(Matrix(rowCount: 1, columnCount: 12)))
    for axis in 0..<2 {
      let mean = map.coordinates.column(axis).reduce(0, +) / 600
      #expect(abs(zero[0, axis] - mean) < 1e-3)
    }
    #expect(try transform.places(of: FeatureRows(Matrix(rowCount: 0, columnCount: 12))).rowCount == 0)
  }

  /// Enough mapped rows for many cells.
  private func largeTransform(threads: Int? = nil, components: Int? = nil) throws -> (MapTransform, Matrix) {
    let matrix = SyntheticData.clustered(rows: 5400, columns: 110, clusters: 9, seed: 2).matrix
    let parts = [0..<5000, 5000..<5400].map {
      Matrix(
        rowCount: $0.count, columnCount: 110,
        elements: Array(matrix.elements[$0.lowerBound * 110..<$0.upperBound * 110]))
    }
    var parameters = EmbeddingParameters()
    parameters.neighbours = 15
    parameters.epochs = 20
    parameters.componentCount = components
    let map = try Embedder(parameters, threads: threads).embed(parts[0])
    return (
      try MapTransform(
        of: FeatureRows(parts[0]), coordinates: map.coordinates, parameters: parameters, threads: threads), parts[1]
    )
  }

  @Test(arguments: [nil, 20]) func `nearly all true neighbours are found in a few cells, and it is measured`(
    components: Int?
  ) throws {
    let (transform, others) = try largeTransform(components: components)
    let (recall, quality) = try transform.quality(of: FeatureRows(others), metric: .cosine)
    #expect(try #require(recall) > 0.93)
    #expect(try #require(quality.trustworthiness) > 0.85 && quality.sampleCount == 400)
  }

  @Test func `among many mapped rows, too, places depend on the row alone, and on no number of threads`() throws {
    let (transform, others) = try largeTransform(threads: 1)
    let together = try transform.places(of: FeatureRows(others))
    for row in [0, 131, 399] {
      let alone = try transform.places(
        of: FeatureRows(Matrix(rowCount: 1, columnCount: 110, elements: Array(others.row(row)))))
      #expect(alone.elements == Array(together.row(row)))
    }
    let (other, _) = try largeTransform(threads: 3)
    #expect(try other.places(of: FeatureRows(others)) == together)
  }
}
