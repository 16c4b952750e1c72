import FeatureData
import Glibc
import Synchronization
import GoldenData
import Testing

@testable import Analysis

@Suite struct EmbedderTests {
  private func parameters(_ change: (inout EmbeddingParameters) -> Void) -> EmbeddingParameters {
    var parameters = EmbeddingParameters()
    change(&parameters)
    return parameters
  }

  @Test func `the same seed gives the same map, bit for bit, with any number of threads`() throws {
    // Enough rows for the search on components, and for several threads to share a block of vertices.
    let matrix = SyntheticData.clustered(rows: 4200, columns: 110, clusters: 6, seed: 1).matrix
    let chosen = parameters {
      $0.neighbours = 6
      $0.epochs = 4
    }
    let first = try Embedder(chosen, threads: 1).embed(matrix)
    for threads in [1, 2, 4] { #expect(try Embedder(chosen, threads: threads).embed(matrix) == first) }
  }

  @Test func `distances on principal components are those of a map of these components`() throws {
    let matrix = SyntheticData.clustered(rows: 300, columns: 30, clusters: 4, seed: 13).matrix
    let scores = try PrincipalComponents(of: matrix, count: 6, monitor: SilentMonitor()).project(matrix)
    for metric in DistanceMetric.allCases {
      let chosen = parameters {
        $0.metric = metric
        $0.neighbours = 10
        $0.componentCount = 6
      }
      let map = try Embedder(chosen).embed(matrix)
      #expect(map.componentsUsed == 6 && map.neighbourRecall == 1)
      let plain = parameters {
        $0.metric = metric
        $0.neighbours = 10
      }
      let ofScores = try Embedder(plain).embed(scores)
      let (a, b) = (
        try MapQuality.measure(original: scores, metric: metric, map: map.coordinates),
        try MapQuality.measure(original: scores, metric: metric, map: ofScores.coordinates)
      )
      #expect(abs(try #require(a.trustworthiness) - (try #require(b.trustworthiness))) < 0.01)
      #expect(try Embedder(plain).embed(matrix).coordinates != map.coordinates)
    }
    // As many as there are.
    let all = parameters { $0.componentCount = 500 }
    #expect(try Embedder(all).embed(matrix).componentsUsed == 30)
  }

  @Test func `another seed gives another map`() throws {
    let matrix = SyntheticData.clustered(rows: 60, columns: 5, clusters: 2, seed: 2).matrix
    let other = parameters { $0.seed = 43 }
    let moved = try Embedder(other).embed(matrix).coordinates
    #expect(try Embedder().embed(matrix).coordinates != moved)
  }

  @Test(arguments: [2, 3], EmbeddingParameters.Initialisation.allCases)
  func `clusters stay apart and neighbours together`(
    dimensions: Int, initialisation: EmbeddingParameters.Initialisation
  ) throws {
    let (matrix, labels) = SyntheticData.clustered(rows: 400, columns: 20, clusters: 5, seed: 3)
    let chosen = parameters {
      $0.neighbours = 15
      $0.dimensions = dimensions
      $0.initialisation = initialisation
      $0.epochs = 200
    }
    let map = try Embedder(chosen).embed(matrix)
    // Clusters as far apart as these are pieces of their own.
    #expect(map.notes == (initialisation == .spectral ? [.graphInPieces] : []))
    #expect(map.coordinates.columnCount == dimensions)
    #expect(try neighbourAccuracy(map.coordinates, labels) > 0.98)
    let quality = try MapQuality.measure(original: matrix, metric: .cosine, map: map.coordinates)
    #expect(try #require(quality.trustworthiness) > 0.88)
  }

  @Test(.enabled(if: SharedData.isPresent, "\(SharedData.absence)"))
  func `the map of real features is no worse than the reference's`() throws {
    let features = try GoldenBags.all()
    let ours = try Embedder().embed(features)
    let lines = GoldenBags.lines(try GoldenBags.text("umap_xy.csv")).dropFirst()
    let theirs = Matrix(
      rowCount: lines.count, columnCount: 2,
      elements: try lines.flatMap { [try #require(Float($0[2])), try #require(Float($0[3]))] })
    let (a, b) = (
      try MapQuality.measure(original: features, metric: .cosine, map: ours.coordinates, sample: 600),
      try MapQuality.measure(original: features, metric: .cosine, map: theirs, sample: 600)
    )
    #expect(try #require(a.trustworthiness) > (try #require(b.trustworthiness)) - 0.005)
    #expect(try #require(a.continuity) > (try #require(b.continuity)) - 0.004)
    #expect(try #require(a.neighbourPreservation) > (try #require(b.neighbourPreservation)) - 0.005)
    let labels = (0..<600).map { $0 / 60 % 2 }
    let (oursRight, theirsRight) = (
      try neighbourAccuracy(ours.coordinates, labels),
      try neighbourAccuracy(theirs, labels)
    )
    #expect(oursRight > theirsRight - 0.02)
  }

  @Test func `a cluster stays in one piece`() throws {
    // Points along a closed curve: if it is torn, neighbours across the tear lie far apart on the map.
    var generator = SplitMix64(seed: 12)
    var matrix = Matrix(rowCount: 1200, columnCount: 3)
    for row in 0..<1200 {
      let angle = Double(row % 600) / 600 * 2 * .pi
      matrix[row, 0] = Float(cos(angle) + 0.2 * generator.nextNormal())
      matrix[row, 1] = Float(sin(angle) + 0.2 * generator.nextNormal())
      matrix[row, 2] = Float(row / 600 * 9)
    }
    let chosen = parameters {
      $0.metric = .euclidean
      $0.neighbours = 15
    }
    let map = try Embedder(chosen).embed(matrix)
    let quality = try MapQuality.measure(original: matrix, metric: .euclidean, map: map.coordinates, sample: 1200)
    #expect(try #require(quality.continuity) > 0.99)
  }

  @Test(arguments: [0, 1, 2, 3, 4, 5], [2, 3])
  func `few rows make a map, and the truncation is said`(rows: Int, dimensions: Int) throws {
    let matrix = SyntheticData.uniform(rows: rows, columns: 6, seed: 4)
    for metric in DistanceMetric.allCases {
      let map = try Embedder(
        parameters {
          $0.metric = metric
          $0.dimensions = dimensions
        }
      ).embed(matrix)
      #expect(map.coordinates.rowCount == rows && map.coordinates.columnCount == dimensions)
      #expect(map.coordinates.elements.allSatisfy { $0.isFinite })
      #expect(map.notes == [.neighboursTruncated(asked: 50, used: rows)])
      #expect(map.neighboursUsed == rows && map.epochsUsed == 500)
      let distinct = Set((0..<rows).map { map.coordinates.row($0).map(\.bitPattern) })
      #expect(distinct.count == rows)
    }
  }

  @Test func `rows that are all alike make a map with a note`() throws {
    let matrix = Matrix(rowCount: 70, columnCount: 4, elements: [Float](repeating: 3, count: 280))
    for metric in DistanceMetric.allCases {
      let map = try Embedder(parameters { $0.metric = metric }).embed(matrix)
      let withoutDirection = Embedding.Note.rowsWithoutDirection(count: 70, firstRow: 0)
      #expect(map.notes == (metric == .correlation ? [withoutDirection, .noSpread] : [.noSpread]))
      #expect(map.coordinates.elements.allSatisfy { $0.isFinite })
    }
  }

  @Test func `duplicates come to lie close together`() throws {
    let half = SyntheticData.uniform(rows: 100, columns: 8, seed: 5)
    let matrix = Matrix(rowCount: 200, columnCount: 8, elements: half.elements + half.elements)
    let map = try Embedder(parameters { $0.neighbours = 10 }).embed(matrix).coordinates.scaledToUnit()
    let near = (0..<100).count { row in
      abs(map[row, 0] - map[row + 100, 0]) < 0.1 && abs(map[row, 1] - map[row + 100, 1]) < 0.1
    }
    #expect(near > 90)
  }

  @Test func `constant columns change nothing of what is near under Euclidean distance`() throws {
    let (plain, labels) = SyntheticData.clustered(rows: 90, columns: 4, clusters: 3, seed: 6)
    let elements = (0..<90).flatMap { plain.row($0) + [5, -2] }
    let widened = Matrix(rowCount: 90, columnCount: 6, elements: elements)
    let chosen = parameters {
      $0.metric = .euclidean
      $0.neighbours = 10
    }
    let map = try Embedder(chosen).embed(widened)
    #expect(try neighbourAccuracy(map.coordinates, labels) == 1)
  }

  @Test func `rows of zeros are mapped and said under cosine`() throws {
    var matrix = SyntheticData.uniform(rows: 80, columns: 5, seed: 7)
    for row in [10, 20] { for column in 0..<5 { matrix[row, column] = 0 } }
    let map = try Embedder(parameters { $0.neighbours = 10 }).embed(matrix)
    #expect(map.notes == [.rowsWithoutDirection(count: 2, firstRow: 10), .copies(count: 2)])
    #expect(map.coordinates.elements.allSatisfy { $0.isFinite })
    let euclidean = parameters {
      $0.neighbours = 10
      $0.metric = .euclidean
    }
    #expect(try Embedder(euclidean).embed(matrix).notes == [.copies(count: 2)])
  }

  @Test(arguments: [Float.nan, .infinity, -.infinity])
  func `a number that is none names its row`(flaw: Float) throws {
    var matrix = SyntheticData.uniform(rows: 80, columns: 5, seed: 8)
    matrix[41, 3] = flaw
    #expect(throws: AnalysisError.notFinite(row: 41, column: 3)) { try Embedder().embed(matrix) }
    #expect(throws: AnalysisError.noColumns) { try Embedder().embed(Matrix(rowCount: 3, columnCount: 0)) }
  }

  @Test func `parameters out of range are refused by name`() throws {
    let matrix = SyntheticData.uniform(rows: 5, columns: 2, seed: 9)
    let wrong: [(String, (inout EmbeddingParameters) -> Void)] = [
      ("n_neighbors", { $0.neighbours = 1 }), ("spread", { $0.spread = 0 }), ("min_dist", { $0.minDist = -0.1 }),
      ("min_dist", { $0.minDist = .nan }), ("n_epochs", { $0.epochs = -1 }), ("dim", { $0.dimensions = 4 }),
      ("negative_sample_rate", { $0.negativeSampleRate = 0 }), ("repulsion_strength", { $0.repulsionStrength = -1 }),
      ("target_weight", { $0.targetWeight = 2 }), ("n_pcs", { $0.componentCount = 1 }),
    ]
    for (name, change) in wrong {
      do {
        _ = try Embedder(parameters(change)).embed(matrix)
        Issue.record("\(name) was accepted")
      } catch AnalysisError.invalidParameter(let found, _, _) {
        #expect(found == name)
      }
    }
  }

  @Test(
    arguments: ["principal components", "recall", "neighbours", "fuzzy graph", "spectral start", "layout", "quality"],
    EmbeddingParameters.Method.allCases)
  func `an interruption stops each phase within 100 ms`(phase: String, method: EmbeddingParameters.Method) throws {
    // Wide enough for candidates on components.
    let matrix = SyntheticData.uniform(rows: 3000, columns: 112, seed: 10)
    let monitor = InterruptingMonitor(during: phase)
    var chosen = parameters {
      $0.method = method
      $0.neighbours = 10
      $0.epochs = 30
    }
    if phase == "spectral start" { chosen.initialisation = .spectral }
    do {
      let map = try Embedder(chosen).embed(matrix, monitor: monitor)
      _ = try MapQuality.measure(original: matrix, metric: .cosine, map: map.coordinates, monitor: monitor)
      // Not every method has every phase.
      #expect(method != .umap && monitor.stoppedAt.withLock { $0 } == nil)
      return
    } catch is WorkInterrupted {}
    let stopped = try #require(monitor.stoppedAt.withLock { $0 })
    // Ten times the promise: tests share the machine.
    #expect(ContinuousClock.now - stopped < .seconds(1))
  }

  @Test func `normalising keeps outliers and proportions, and fills the longest axis`() throws {
    let line = Matrix(rowCount: 4, columnCount: 2, elements: [0, 1, 1, 1, 2, 1, 100, 1])
    #expect(line.scaledToUnit().elements == [0, 0.5, 0.01, 0.5, 0.02, 0.5, 1, 0.5])
    let wide = Matrix(rowCount: 3, columnCount: 2, elements: [-4, 6, 4, 10, 0, 8])
    #expect(wide.scaledToUnit().elements == [0, 0.25, 1, 0.75, 0.5, 0.5])
    let square = Matrix(rowCount: 2, columnCount: 2, elements: [1, 7, 9, 15])
    #expect(square.scaledToUnit().elements == [0, 0, 1, 1])
    let place = Matrix(rowCount: 2, columnCount: 3, elements: [3, 4, 5, 3, 4, 5])
    #expect(place.scaledToUnit().elements == [Float](repeating: 0.5, count: 6))
    let other = Matrix(rowCount: 1, columnCount: 2, elements: [8, 8])
    #expect(other.scaled(asUnit: wide).elements == [1.5, 0.5])
  }
}
