import CSIMDKernels
import FeatureData
import Glibc
import Testing

@testable import Analysis

@Suite struct LayoutTests {
  @Test(arguments: [(0.1, 1.0, 1.576943, 0.895061), (0.5, 1.0, 0.583030, 1.334167), (0.001, 1.0, 1.929073, 0.791495)])
  func `the curve has umap-learn's constants`(minDist: Double, spread: Double, a: Double, b: Double) {
    let curve = LayoutCurve(minDist: minDist, spread: spread)
    #expect(abs(curve.a - a) < 2e-3 && abs(curve.b - b) < 2e-3, "\(curve)")
  }

  @Test func `each row's weights sum to the logarithm of its neighbours`() {
    let distances = (1...14).map { 0.5 + 0.1 * Float($0) }
    let weights = weights(of: distances, meanOfAll: 1)
    #expect(weights[0] == 1)
    #expect(abs(weights.reduce(0, +) - Float(log2(15.0))) < 1e-3)
    for scale in [Float(1e-12), 1e12] {
      let scaled = self.weights(of: distances.map { $0 * scale }, meanOfAll: scale)
      for (x, y) in zip(weights, scaled) { #expect(abs(x - y) < 1e-4) }
    }
  }

  @Test func `neighbours that are equally near share the sum of the weights`() {
    let alike = weights(of: [Float](repeating: 2, count: 31), meanOfAll: 1)
    #expect(alike.allSatisfy { abs($0 - 5 / 31) < 1e-6 })
    // Copies, one row beside them, and nothing else.
    let copies = weights(of: [Float](repeating: 0, count: 30) + [1], meanOfAll: 1)
    #expect(abs(copies.reduce(0, +) - 5) < 1e-3 && copies[0] == copies[30])
    // Few that are equally near leave room for others, and have 1 as ever.
    let few = weights(of: [1, 1, 1] + (1...28).map { 1 + 0.1 * Float($0) }, meanOfAll: 1)
    #expect(few[0] == 1 && few[2] == 1 && abs(few.reduce(0, +) - 5) < 1e-3)
  }

  private func weights(of distances: [Float], meanOfAll: Float) -> [Float] {
    var result = [Float](repeating: 0, count: distances.count)
    simd_smooth_weights(distances, Int64(distances.count), meanOfAll, &result)
    return result
  }

  @Test func `the graph is symmetric with ascending columns`() throws {
    let matrix = SyntheticData.uniform(rows: 200, columns: 4, seed: 1)
    let graph = try FuzzyGraph(
      try ExactSearch(metric: .euclidean).neighbours(of: matrix, count: 7, monitor: SilentMonitor()),
      threads: WorkerThreads(2), monitor: SilentMonitor())
    var weights: [[Int32]: Float] = [:]
    for row in 0..<200 {
      let edges = Int(graph.rowOffsets[row])..<Int(graph.rowOffsets[row + 1])
      #expect(edges.count >= 7)
      #expect(zip(graph.columns[edges], graph.columns[edges].dropFirst()).allSatisfy { $0 < $1 })
      for edge in edges { weights[[Int32(row), graph.columns[edge]]] = graph.weights[edge] }
    }
    #expect(weights.allSatisfy { weights[[$0.key[1], $0.key[0]]] == $0.value && $0.value > 0 && $0.value <= 1 })
  }

  @Test(arguments: [1, 2, 8, 32])
  func `in a tournament every pair of blocks meets once, and no block twice in a round`(blocks: Int) {
    let rounds = EdgeSchedule.tournament(blocks)
    let pairs = rounds.joined().map { [$0.0, $0.1] }
    #expect(pairs.count == blocks * (blocks + 1) / 2 && Set(pairs).count == pairs.count)
    for round in rounds {
      for block in 0..<blocks { #expect(round.count { $0.0 == block || $0.1 == block } <= 1) }
    }
  }

  @Test(arguments: [2, 1023, 1024, 1700, 4100])
  func `the schedule holds each edge that is due once, and pairs of a round share no vertex`(rows: Int) throws {
    let matrix = SyntheticData.uniform(rows: rows, columns: 3, seed: 2)
    let graph = try FuzzyGraph(
      try ExactSearch(metric: .euclidean).neighbours(of: matrix, count: 6, monitor: SilentMonitor()),
      threads: WorkerThreads(2), monitor: SilentMonitor())
    var schedule = try EdgeSchedule(graph, vertexCount: rows, epochs: 20, seed: 1, monitor: SilentMonitor())
    let heaviest = try #require(graph.weights.max())
    #expect(schedule.heads.count == graph.weights.count { $0 >= heaviest / 20 })
    #expect(Set(zip(schedule.heads, schedule.tails).map { [$0, $1] }).count == schedule.heads.count)
    #expect(zip(schedule.takeFirstEpochs(), schedule.periods).allSatisfy { 1...1 + $1 ~= $0 })
    #expect(schedule.rounds.joined().reduce(0) { $0 + $1.count } == schedule.heads.count)
    for round in schedule.rounds {
      let moved = round.map { Set(schedule.heads[$0]).union(schedule.tails[$0]) }
      #expect(moved.reduce(0) { $0 + $1.count } == moved.reduce(into: Set()) { $0.formUnion($1) }.count)
    }
  }
}
