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
    let distances = (1...14).map { 0.5 + 0.1 * Double($0) }
    let weights = FuzzyGraph.weights(distances, meanOfAll: 1)
    #expect(weights[0] == 1)
    #expect(abs(weights.reduce(0, +) - Float(log2(15.0))) < 1e-3)
    for scale in [1e-12, 1e12] {
      let scaled = FuzzyGraph.weights(distances.map { $0 * scale }, meanOfAll: scale)
      for (x, y) in zip(weights, scaled) { #expect(abs(x - y) < 1e-4) }
    }
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
}
