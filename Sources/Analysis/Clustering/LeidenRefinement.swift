import FeatureData
import Glibc

/// The second step of the Leiden method: each community is built up anew from single vertices.
///
/// A vertex that is still alone joins one of the parts it has an edge to, inside its community, that is well connected
/// to the rest of the community. Parts that lower the quality are left out; among the others one is drawn, with the
/// more chance the more it adds. So every part hangs together, and a community that does not falls apart.
struct LeidenRefinement {
  private let graph: WeightedGraph
  private let communities: [Int32]
  private let resolution: Double
  /// What a gain is measured in when a part is drawn: θ of the source, times the mean weight of an edge.
  private let temperature: Double
  private let communityStrengths: [Double]
  /// By vertex: its part, from 0 to below the number of vertices.
  private(set) var parts: [Int32]
  private var strengths: [Double]
  private var sizes: [Int32]
  /// By part: its weight to the rest of its community.
  private var outerWeights: [Double]

  private static let randomness = 0.01

  /// - Parameter communities: From 0 to below `communityCount`.
  init(
    graph: WeightedGraph, communities: [Int32], communityCount: Int, resolution: Double, meanWeight: Double
  ) {
    let n = graph.vertexCount
    self.graph = graph
    self.communities = communities
    self.resolution = resolution
    temperature = Self.randomness * meanWeight
    var communityStrengths = [Double](repeating: 0, count: communityCount)
    for vertex in 0..<n { communityStrengths[Int(communities[vertex])] += graph.strengths[vertex] }
    self.communityStrengths = communityStrengths
    parts = (0..<Int32(n)).map { $0 }
    strengths = graph.strengths
    sizes = [Int32](repeating: 1, count: n)
    outerWeights = (0..<n).map { vertex in
      graph.edges(of: vertex).reduce(into: 0.0) { sum, edge in
        if communities[Int(graph.columns[edge])] == communities[vertex] { sum += Double(graph.weights[edge]) }
      }
    }
  }

  /// - Throws: `WorkInterrupted`.
  mutating func run(generator: inout SplitMix64, monitor: any WorkMonitor) throws(WorkInterrupted) {
    var sums = NeighbourSums(count: graph.vertexCount)
    for (visits, place) in (0..<Int32(graph.vertexCount)).shuffled(using: &generator).enumerated() {
      if visits.isMultiple(of: 1024) { try monitor.checkInterrupted() }
      let vertex = Int(place)
      guard sizes[vertex] == 1, parts[vertex] == place, isWellConnected(part: vertex, of: communities[vertex]) else {
        continue
      }
      for edge in graph.edges(of: vertex) where communities[Int(graph.columns[edge])] == communities[vertex] {
        if graph.weights[edge] > 0 { sums.add(Double(graph.weights[edge]), to: parts[Int(graph.columns[edge])]) }
      }
      if let part = draw(for: vertex, sums, generator: &generator) { join(vertex, part: part, weight: sums[part]) }
      sums.clear()
    }
  }

  private func isWellConnected(part: Int, of community: Int32) -> Bool {
    let rest = communityStrengths[Int(community)] - strengths[part]
    return outerWeights[part] >= resolution * strengths[part] * rest / graph.totalStrength
  }

  /// nil if the vertex stays alone, which neither adds nor loses anything.
  private func draw(
    for vertex: Int, _ sums: borrowing NeighbourSums, generator: inout SplitMix64
  ) -> Int32? {
    let expected = resolution * graph.strengths[vertex] / graph.totalStrength
    var choices: [(part: Int32?, gain: Double)] = [(nil, 0)]
    var largest = 0.0
    for part in sums.touched {
      let gain = sums[part] - expected * strengths[Int(part)]
      guard gain >= 0, isWellConnected(part: Int(part), of: communities[vertex]) else { continue }
      choices.append((part, gain))
      largest = max(largest, gain)
    }
    if choices.count == 1 { return nil }
    let chances = choices.map { exp(($0.gain - largest) / temperature) }
    var left = generator.nextUnit() * chances.reduce(0, +)
    for (choice, chance) in zip(choices, chances) {
      left -= chance
      if left < 0 { return choice.part }
    }
    return choices.last?.part
  }

  private mutating func join(_ vertex: Int, part: Int32, weight: Double) {
    parts[vertex] = part
    sizes[Int(part)] += 1
    sizes[vertex] = 0
    strengths[Int(part)] += graph.strengths[vertex]
    outerWeights[Int(part)] += outerWeights[vertex] - 2 * weight
  }
}
