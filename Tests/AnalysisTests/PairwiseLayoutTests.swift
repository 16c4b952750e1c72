import FeatureData
import Synchronization
import Testing

@testable import Analysis

@Suite struct PairwiseLayoutTests {
  private func graph(of matrix: Matrix, neighbours: Int = 60) throws -> NeighbourGraph {
    try ExactSearch(metric: .euclidean).neighbours(of: matrix, count: neighbours, monitor: SilentMonitor())
  }

  /// The first columns: as good a start as any that knows the data.
  private func start(_ matrix: Matrix, dimensions: Int) -> Matrix {
    Matrix(
      rowCount: matrix.rowCount, columnCount: dimensions,
      elements: (0..<matrix.rowCount).flatMap { Array(matrix.row($0).prefix(dimensions)) })
  }

  private func map(
    _ matrix: Matrix, dimensions: Int = 2, threads: Int = 2, monitor: any WorkMonitor = SilentMonitor(),
    _ change: (inout PairwiseLayout) -> Void = { _ in }
  ) throws -> Matrix {
    var layout = PairwiseLayout(threads: WorkerThreads(threads))
    change(&layout)
    return try layout.optimised(
      start(matrix, dimensions: dimensions), graph: try graph(of: matrix, neighbours: layout.neighboursToFind),
      rows: matrix, monitor: monitor)
  }

  private func sample(_ matrix: Matrix, neighbours: Int = 10, seed: UInt64 = 1, threads: Int = 2) throws -> PairSample {
    try PairSample(
      of: graph(of: matrix), rows: matrix,
      counts: PairSample.Counts(neighbours: neighbours, midNear: neighbours / 2, further: 2 * neighbours), seed: seed,
      threads: WorkerThreads(threads), monitor: SilentMonitor())
  }

  // MARK: Maps

  @Test(arguments: [2, 3]) func `clusters stay apart and neighbours together`(dimensions: Int) throws {
    let (matrix, labels) = SyntheticData.clustered(rows: 300, columns: 20, clusters: 6, seed: 3)
    let places = try map(matrix, dimensions: dimensions)
    #expect(try neighbourAccuracy(places, labels) > 0.98)
    let quality = try MapQuality.measure(original: matrix, metric: .euclidean, map: places)
    #expect(try #require(quality.trustworthiness) > 0.88)
  }

  @Test func `clusters that are far apart are far apart on the map`() throws {
    // Centres along a curve in the first three columns; the start shows one of these columns only, and noise.
    let clusters = 12
    var generator = SplitMix64(seed: 5)
    var matrix = Matrix(rowCount: 480, columnCount: 12)
    for row in 0..<matrix.rowCount {
      let place = Float(row % clusters)
      for column in 0..<12 { matrix[row, column] = Float(generator.nextNormal()) }
      matrix[row, 0] += 8 * place
      matrix[row, 1] += (place - 6) * (place - 6)
      matrix[row, 11] += 30 * Float(generator.nextUnit())
    }
    let places = try map(matrix)
    let centres = { (matrix: Matrix) in
      (0..<clusters).map { cluster in
        (0..<matrix.columnCount).map { column in
          stride(from: cluster, to: matrix.rowCount, by: clusters).reduce(into: Float(0)) { $0 += matrix[$1, column] }
            / Float(matrix.rowCount / clusters)
        }
      }
    }
    let shuffled = SyntheticData.uniform(rows: 480, columns: 2, seed: 6)
    let found = rankCorrelation(distances(centres(matrix)), distances(centres(places)))
    let byChance = rankCorrelation(distances(centres(matrix)), distances(centres(shuffled)))
    #expect(found > 0.8 && found > byChance + 0.4, "\(found), by chance \(byChance)")
  }

  private func distances(_ points: [[Float]]) -> [Float] {
    points.indices.flatMap { a in
      points.indices[(a + 1)...].map { b in zip(points[a], points[b]).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) } }
    }
  }

  private func rankCorrelation(_ a: [Float], _ b: [Float]) -> Double {
    func ranks(_ values: [Float]) -> [Double] {
      var ranks = [Double](repeating: 0, count: values.count)
      for (rank, place) in values.indices.sorted(by: { values[$0] < values[$1] }).enumerated() {
        ranks[place] = Double(rank) - Double(values.count - 1) / 2
      }
      return ranks
    }
    let (x, y) = (ranks(a), ranks(b))
    return zip(x, y).reduce(0) { $0 + $1.0 * $1.1 } / x.reduce(0) { $0 + $1 * $1 }
  }

  @Test func `the same seed gives the same map, bit for bit, with any number of threads`() throws {
    let matrix = SyntheticData.clustered(rows: 1400, columns: 8, clusters: 6, seed: 1).matrix
    let first = try map(matrix, threads: 1) { $0.epochs = 10 }
    for threads in [1, 2, 4] { #expect(try map(matrix, threads: threads) { $0.epochs = 10 } == first) }
    let other = try map(matrix) {
      $0.epochs = 10
      $0.seed = 43
    }
    #expect(other != first)
  }

  @Test func `place and scale of the start do not matter`() throws {
    let matrix = SyntheticData.clustered(rows: 200, columns: 4, clusters: 3, seed: 7).matrix
    let layout = PairwiseLayout(epochs: 5, threads: WorkerThreads(2))
    let own = start(matrix, dimensions: 2)
    var moved = own
    for place in moved.elements.indices { moved.elements[place] = 1024 * moved.elements[place] }
    let graph = try graph(of: matrix)
    #expect(
      try layout.optimised(own, graph: graph, rows: matrix, monitor: SilentMonitor())
        == layout.optimised(moved, graph: graph, rows: matrix, monitor: SilentMonitor()))
  }

  @Test func `each phase has the weights of the paper`() {
    for (epoch, neighbours, midNear) in [
      (0, 2, 1000), (50, 2, 501.5), (99, 2, 12.97), (100, 3, 3), (199, 3, 3), (200, 1, 0), (449, 1, 0),
    ] as [(Int, Float, Float)] {
      let weights = PairwiseLayout.weights(epoch: epoch, of: 450)
      #expect(weights.neighbours == neighbours && weights.further == 1)
      #expect(abs(weights.midNear - midNear) < 1e-3)
    }
    for epoch in 0..<4 { #expect(PairwiseLayout.weights(epoch: epoch, of: 4).midNear == 0) }
  }

  // MARK: Unusual input

  @Test(arguments: [0, 1, 2, 3, 4, 5, 6, 7, 12, 40], [2, 3])
  func `few rows make a map`(rows: Int, dimensions: Int) throws {
    let matrix = SyntheticData.uniform(rows: rows, columns: 6, seed: 4)
    let places = try map(matrix, dimensions: dimensions)
    #expect(places.rowCount == rows && places.columnCount == dimensions)
    #expect(places.elements.allSatisfy { $0.isFinite })
    #expect(Set((0..<rows).map { places.row($0).map(\.bitPattern) }).count == rows)
  }

  @Test func `rows that are all alike make a map`() throws {
    let matrix = Matrix(rowCount: 70, columnCount: 4, elements: [Float](repeating: 3, count: 280))
    #expect(try map(matrix).elements.allSatisfy { $0 == 0 })
    let spread = SyntheticData.uniform(rows: 70, columns: 2, seed: 8)
    let places = try PairwiseLayout(threads: WorkerThreads(2))
      .optimised(spread, graph: graph(of: matrix), rows: matrix, monitor: SilentMonitor())
    #expect(places.elements.allSatisfy { $0.isFinite })
  }

  @Test func `duplicates come to lie close together`() throws {
    let half = SyntheticData.uniform(rows: 100, columns: 8, seed: 5)
    let matrix = Matrix(rowCount: 200, columnCount: 8, elements: half.elements + half.elements)
    let places = try map(matrix)
    #expect(places.elements.allSatisfy { $0.isFinite })
    let extent = places.elements.reduce(0) { max($0, abs($1)) }
    let near = (0..<100).count { row in
      abs(places[row, 0] - places[row + 100, 0]) < 0.2 * extent
        && abs(places[row, 1] - places[row + 100, 1]) < 0.2 * extent
    }
    #expect(near > 90, "\(near)")
  }

  @Test func `an interruption stops the layout within 100 ms`() throws {
    let matrix = SyntheticData.uniform(rows: 1000, columns: 8, seed: 10)
    let graph = try graph(of: matrix, neighbours: 20)
    let monitor = InterruptingMonitor(during: "layout")
    #expect(throws: WorkInterrupted()) {
      try PairwiseLayout(epochs: 100_000, threads: WorkerThreads(2))
        .optimised(start(matrix, dimensions: 2), graph: graph, rows: matrix, monitor: monitor)
    }
    let stopped = try #require(monitor.stoppedAt.withLock { $0 })
    // Ten times the promise: tests share the machine.
    #expect(ContinuousClock.now - stopped < .seconds(1))
  }

  // MARK: Pairs

  @Test func `the pairs of a row are distinct rows, and further ones are no neighbours`() throws {
    for rows in [3, 9, 31, 35, 300] {
      let matrix = SyntheticData.uniform(rows: rows, columns: 3, seed: 11)
      let sample = try sample(matrix)
      let counts = sample.counts
      #expect(counts.neighbours == min(10, (rows - 1) / 2) && counts.midNear == min(5, rows - 2))
      #expect(counts.further == min(20, rows - 1 - counts.neighbours))
      for row in 0..<rows {
        let near = sample.neighbours[row * counts.neighbours..<(row + 1) * counts.neighbours]
        let mid = sample.midNear[row * counts.midNear..<(row + 1) * counts.midNear]
        let further = sample.further[row * counts.further..<(row + 1) * counts.further]
        #expect(Set(near).union(further).count == near.count + further.count && Set(mid).count == mid.count)
        #expect(!(near + mid + further).contains(Int32(row)))
        #expect((near + mid + further).allSatisfy { (0..<Int32(rows)).contains($0) })
      }
    }
  }

  @Test func `neighbours are nearest by scaled distance`() throws {
    // A dense and a thin group on a line, and row 14 between them, as near to row 6 as to row 7.
    let values = (0..<7).map { Float($0) * 0.1 } + (0..<7).map { 1.2 + Float($0) * 2 } + [0.9]
    let matrix = Matrix(rowCount: 15, columnCount: 1, elements: values)
    let sample = try sample(matrix, neighbours: 1)
    #expect(sample.neighbours[14] == 7)
    #expect(sample.neighbours[0] == 1)
  }

  @Test func `mid-near rows are nearer than rows at random`() throws {
    let matrix = SyntheticData.uniform(rows: 2000, columns: 1, seed: 12)
    let sample = try sample(matrix)
    func meanDistance(_ others: [Int32], _ perRow: Int) -> Float {
      others.indices.reduce(into: Float(0)) { $0 += abs(matrix[$1 / perRow, 0] - matrix[Int(others[$1]), 0]) }
        / Float(others.count)
    }
    // Of numbers even in 0 ... 1 two are 1/3 apart on average; of six the second nearest is at about 2/7 of the way.
    let (mid, far) = (meanDistance(sample.midNear, 5), meanDistance(sample.further, 20))
    #expect(mid > 0.12 && mid < 0.2 && far > 0.31 && far < 0.36, "\(mid) \(far)")
  }

  @Test func `the pairs are the same with any number of threads`() throws {
    let matrix = SyntheticData.uniform(rows: 1400, columns: 3, seed: 13)
    let (one, four) = (try sample(matrix, threads: 1), try sample(matrix, threads: 4))
    #expect(one.neighbours == four.neighbours && one.midNear == four.midNear && one.further == four.further)
    #expect(try sample(matrix, seed: 2).further != one.further)
  }

  @Test func `the graph holds each pair at both its ends, and is padded with the vertex itself`() throws {
    let sample = try sample(SyntheticData.uniform(rows: 150, columns: 3, seed: 14))
    let graph = try PairGraph(sample, monitor: SilentMonitor())
    func expected(_ others: [Int32], _ perRow: Int) -> [[Int32]] {
      var lists = [[Int32]](repeating: [], count: 150)
      for (place, other) in others.enumerated() {
        lists[place / perRow].append(other)
        lists[Int(other)].append(Int32(place / perRow))
      }
      return lists.map { $0.sorted() }
    }
    let near = expected(sample.neighbours, sample.counts.neighbours)
    let further = expected(sample.further, sample.counts.further)
    let mid = expected(sample.midNear, sample.counts.midNear)
    for row in 0..<150 {
      let partners = Array(graph.partners[Int(graph.starts[row])..<Int(graph.starts[row + 1])])
      let ends = (Int(graph.neighbourEnds[row]), Int(graph.furtherEnds[row]), Int(graph.ends[row]))
      #expect(partners.count.isMultiple(of: 8) && partners.count - ends.2 < 8)
      #expect(partners[..<ends.0].sorted() == near[row] && partners[ends.0..<ends.1].sorted() == further[row])
      #expect(partners[ends.1..<ends.2].sorted() == mid[row])
      #expect(partners[ends.2...].allSatisfy { $0 == Int32(row) })
    }
  }

  @Test(arguments: [2, 3], [Float(0), 7])
  func `the gradient is the derivative of the loss`(dimensions: Int, midNear: Float) throws {
    let sample = try sample(SyntheticData.uniform(rows: 90, columns: 3, seed: 15))
    let graph = try PairGraph(sample, monitor: SilentMonitor())
    let spread = SyntheticData.uniform(rows: 90, columns: dimensions, seed: 16)
    let places = spread.elements.map { 8 * $0 }
    let weights = PairWeights(neighbours: 2, midNear: midNear, further: 3)
    func loss(_ places: [Double]) -> Double {
      func sum(_ others: [Int32], _ perRow: Int, _ term: (Double) -> Double) -> Double {
        var sum = 0.0
        for (pair, other) in others.enumerated() {
          var distance = 1.0
          for axis in 0..<dimensions {
            let difference = places[pair / perRow * dimensions + axis] - places[Int(other) * dimensions + axis]
            distance += difference * difference
          }
          sum += term(distance)
        }
        return sum
      }
      let near = sum(sample.neighbours, sample.counts.neighbours) { $0 / (10 + $0) }
      let mid = sum(sample.midNear, sample.counts.midNear) { $0 / (10_000 + $0) }
      return 2 * near + Double(midNear) * mid + 3 * sum(sample.further, sample.counts.further) { 1 / (1 + $0) }
    }
    let gradients = [Float](unsafeUninitializedCapacity: places.count) { gradients, count in
      count = places.count
      gradients.initialize(repeating: 0)
      guard let start = gradients.baseAddress else { return }
      for vertices in [0..<40, 40..<90] {
        graph.writeGradients(
          of: vertices, weights: weights, positions: places, dimensions: dimensions,
          to: start + vertices.lowerBound * dimensions)
      }
    }
    let exact = places.map(Double.init)
    for place in exact.indices {
      var (low, high) = (exact, exact)
      low[place] -= 1e-4
      high[place] += 1e-4
      let slope = (loss(high) - loss(low)) / 2e-4
      #expect(abs(Double(gradients[place]) - slope) < 1e-4 * max(1, abs(slope)))
    }
  }
}
