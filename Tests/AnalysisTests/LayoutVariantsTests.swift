import FeatureData
import Glibc
import Testing

@testable import Analysis

/// What can be chosen of a layout besides the plain one.
@Suite struct LayoutVariantsTests {
  private func embedding(
    _ matrix: Matrix, target: [Int]? = nil, threads: Int? = nil, _ change: (inout EmbeddingParameters) -> Void
  ) throws -> Embedding {
    var parameters = EmbeddingParameters()
    parameters.neighbours = 15
    change(&parameters)
    return try Embedder(parameters, threads: threads).embed(matrix, target: target)
  }

  private func correlation(_ a: [Float], _ b: [Float]) -> Double {
    let n = Double(a.count)
    let (meanA, meanB) = (a.reduce(0) { $0 + Double($1) } / n, b.reduce(0) { $0 + Double($1) } / n)
    var (ab, aa, bb) = (0.0, 0.0, 0.0)
    for (x, y) in zip(a, b) {
      let (u, v) = (Double(x) - meanA, Double(y) - meanB)
      ab += u * v
      aa += u * u
      bb += v * v
    }
    return ab / (aa * bb).squareRoot()
  }

  /// Mean distances to the 15 nearest, as logarithms.
  private func radii(_ matrix: Matrix) throws -> [Float] {
    let graph = try ExactSearch(metric: .euclidean).neighbours(of: matrix, count: 15, monitor: SilentMonitor())
    return (0..<matrix.rowCount).map { row in
      log(graph.distances[row * 15..<(row + 1) * 15].reduce(0, +) / 15 + 1e-9)
    }
  }

  @Test func `densities are kept where that is asked for`() throws {
    // Four clouds, each twice as wide as the one before.
    var generator = SplitMix64(seed: 1)
    var matrix = Matrix(rowCount: 800, columnCount: 10)
    for row in 0..<800 {
      let width = Float(pow(2.0, Double(row % 4)))
      for column in 0..<10 {
        matrix[row, column] = Float(row % 4) * 60 + width * Float(generator.nextNormal())
      }
    }
    let inData = try radii(matrix)
    func kept(_ preserves: Bool) throws -> Double {
      let map = try embedding(matrix) {
        $0.metric = .euclidean
        $0.preservesDensity = preserves
      }
      return correlation(inData, try radii(map.coordinates))
    }
    let (plain, dense) = (try kept(false), try kept(true))
    #expect(dense > 0.8 && dense > plain + 0.2, "densMAP \(dense), UMAP \(plain)")
  }

  @Test(arguments: [true, false])
  func `variants are the same, bit for bit, with any number of threads`(isDense: Bool) throws {
    let (matrix, labels) = SyntheticData.clustered(rows: 1500, columns: 8, clusters: 4, seed: 2)
    func map(_ threads: Int) throws -> Embedding {
      try embedding(matrix, target: isDense ? nil : labels, threads: threads) {
        $0.epochs = 12
        $0.preservesDensity = isDense
        $0.initialisation = .spectral
        $0.dimensions = isDense ? 3 : 2
      }
    }
    let first = try map(1)
    for threads in [2, 4] { #expect(try map(threads) == first) }
  }

  @Test func `a target parts rows that alike features do not`() throws {
    let matrix = SyntheticData.uniform(rows: 600, columns: 5, seed: 3)
    let labels = (0..<600).map { $0 % 3 }
    func accuracy(_ target: [Int]?, weight: Double = 0.5) throws -> Double {
      let map = try embedding(matrix, target: target) { $0.targetWeight = weight }
      return try neighbourAccuracy(map.coordinates, labels)
    }
    #expect(try accuracy(nil) < 0.5)
    #expect(try accuracy(labels, weight: 0.9) > 0.95)
    // A tenth of the labels hidden: the others still count.
    let some = labels.enumerated().map { $0.offset % 10 == 0 ? -1 : $0.element }
    let map = try embedding(matrix, target: some) { $0.targetWeight = 0.9 }
    let known = (0..<600).filter { some[$0] >= 0 }
    let places = Matrix(rowCount: known.count, columnCount: 2, elements: known.flatMap { map.coordinates.row($0) })
    let parted = try neighbourAccuracy(places, known.map { labels[$0] })
    #expect(parted > 0.7)
    #expect(throws: AnalysisError.countMismatch(what: "target", expected: 600, got: 2)) {
      try embedding(matrix, target: [1, 2]) { _ in }
    }
  }

  @Test func `eigenvectors of a path are its cosines`() throws {
    let n = 60
    let ends = (0..<n).map { row in [row - 1, row + 1].filter { (0..<n).contains($0) }.map { Int32($0) } }
    let graph = try FuzzyGraph(
      directedOffsets: ends.reduce(into: [0]) { $0.append($0[$0.count - 1] + Int64($1.count)) },
      columns: ends.flatMap { $0 },
      weights: [Float](repeating: 0.5, count: 2 * n - 2), threads: WorkerThreads(1), monitor: SilentMonitor())
    let layout = SpectralLayout(graph, dimensions: 2, seed: 1, threads: WorkerThreads(2), monitor: SilentMonitor())
    let found = try #require(try layout.eigenvectors())
    for axis in 0..<2 {
      // The walk's eigenvectors, cos(π k i / (n − 1)), times the square root of the degree.
      let expected = (0..<n).map { row -> Float in
        let degree: Float = row == 0 || row == n - 1 ? 1 : 2
        return degree.squareRoot() * Float(cos(Double.pi * Double((axis + 1) * row) / Double(n - 1)))
      }
      #expect(abs(abs(correlation(found.column(axis), expected)) - 1) < 1e-3)
    }
  }

  @Test func `a graph in pieces starts on principal components, and that is said`() throws {
    let matrix = SyntheticData.clustered(rows: 300, columns: 4, clusters: 3, seed: 4).matrix
    let map = try embedding(matrix) {
      $0.initialisation = .spectral
      $0.metric = .euclidean
      $0.neighbours = 5
      $0.epochs = 20
    }
    #expect(map.notes == [.graphInPieces])
    #expect(map.coordinates.elements.allSatisfy { $0.isFinite })
  }

  @Test func `principal components are those of the rows as they are`() throws {
    let matrix = SyntheticData.clustered(rows: 200, columns: 6, clusters: 3, seed: 5).matrix
    let map = try embedding(matrix) { $0.method = .pca }
    let expected = try PrincipalComponents(of: matrix, count: 2, monitor: SilentMonitor()).project(matrix)
    for (a, b) in zip(map.coordinates.elements, expected.elements) { #expect(abs(a - b) < 1e-3) }
    #expect(map.neighboursUsed == 0 && map.neighbourMethod == nil)
  }

  @Test(arguments: EmbeddingParameters.Method.allCases, [0, 1, 2, 4, 9])
  func `each method has an outcome for few rows`(method: EmbeddingParameters.Method, rows: Int) throws {
    let map = try embedding(SyntheticData.uniform(rows: rows, columns: 3, seed: 6)) { $0.method = method }
    #expect(map.coordinates.rowCount == rows && map.coordinates.columnCount == 2)
    #expect(map.coordinates.elements.allSatisfy { $0.isFinite })
  }

  @Test func `PaCMAP keeps clusters apart`() throws {
    let (matrix, labels) = SyntheticData.clustered(rows: 500, columns: 20, clusters: 5, seed: 7)
    let map = try embedding(matrix) {
      $0.method = .pacmap
      $0.neighbours = 11
    }
    #expect(try neighbourAccuracy(map.coordinates, labels) > 0.98)
  }

  @Test func `stronger repulsion spreads points further`() throws {
    let matrix = SyntheticData.uniform(rows: 400, columns: 5, seed: 8)
    func extent(_ strength: Double) throws -> Float {
      let x = try embedding(matrix) { $0.repulsionStrength = strength }.coordinates.column(0)
      return (x.max() ?? 0) - (x.min() ?? 0)
    }
    #expect(try extent(4) > 1.3 * extent(0.5))
  }

  @Test func `wide rows have the components that a full decomposition gives`() throws {
    let (matrix, _) = SyntheticData.clustered(rows: 1300, columns: 1100, clusters: 6, seed: 9)
    let found = try PrincipalComponents(of: matrix, count: 4, monitor: SilentMonitor())
    // Of the products of rows, whose decomposition is another way to the same.
    let few = Matrix(rowCount: 1300, columnCount: 1100, elements: matrix.elements)
    let projected = found.project(few)
    for axis in 0..<4 {
      let variance = projected.column(axis).reduce(into: 0.0) { $0 += Double($1) * Double($1) } / 1299
      #expect(abs(variance - Double(found.variances[axis])) < 1e-3 * variance)
      for other in 0..<axis {
        let product = (0..<1100).reduce(into: 0.0) {
          $0 += Double(found.axes[axis, $1]) * Double(found.axes[other, $1])
        }
        #expect(abs(product) < 1e-4)
      }
    }
    let total =
      matrix.elements.indices.reduce(into: 0.0) {
        let difference = Double(matrix.elements[$1]) - Double(found.mean[$1 % 1100])
        $0 += difference * difference
      } / 1299
    #expect(abs(total - Double(found.totalVariance)) < 1e-3 * total)
    // Five centres beside the mean: the fifth axis and those after it are noise, the first four carry nearly all of it.
    #expect(found.variances.reduce(0, +) > 0.6 * found.totalVariance)
  }
}
