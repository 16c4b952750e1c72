import FeatureData

/// The first step of the Leiden method: vertices move, one at a time, to the community where they add most.
///
/// All vertices wait in a queue, in random order; when one has moved, its neighbours outside the new community wait
/// again. A vertex may also leave for a community of its own.
struct LeidenMoves {
  private let graph: WeightedGraph
  private let resolution: Double
  /// By vertex, from 0 to below the number of vertices.
  private(set) var communities: [Int32]
  private var strengths: [Double]
  private var sizes: [Int32]
  private var unused: [Int32]

  /// Smaller gains, in parts of the vertex's strength, may be rounding; without a bound vertices could move for ever.
  private static let leastGain = 1e-6

  init(graph: WeightedGraph, communities: [Int32], resolution: Double) {
    self.graph = graph
    self.resolution = resolution
    self.communities = communities
    var strengths = [Double](repeating: 0, count: communities.count)
    var sizes = [Int32](repeating: 0, count: communities.count)
    for (vertex, community) in communities.enumerated() {
      strengths[Int(community)] += graph.strengths[vertex]
      sizes[Int(community)] += 1
    }
    self.strengths = strengths
    self.sizes = sizes
    unused = sizes.indices.reversed().filter { sizes[$0] == 0 }.map { Int32($0) }
  }

  /// - Throws: `WorkInterrupted`.
  mutating func run(generator: inout SplitMix64, monitor: any WorkMonitor) throws(WorkInterrupted) {
    let n = graph.vertexCount
    // A ring: no vertex waits twice at once.
    var queue = (0..<Int32(n)).shuffled(using: &generator)
    var isWaiting = [Bool](repeating: true, count: n)
    var (head, waitingCount, visits) = (0, n, 0)
    var sums = NeighbourSums(count: n)
    while waitingCount > 0 {
      if visits.isMultiple(of: 1024) { try monitor.checkInterrupted() }
      visits += 1
      let vertex = Int(queue[head])
      head = head + 1 == n ? 0 : head + 1
      waitingCount -= 1
      isWaiting[vertex] = false
      for edge in graph.edges(of: vertex) {
        sums.add(Double(graph.weights[edge]), to: communities[Int(graph.columns[edge])])
      }
      if move(vertex, sums) {
        for edge in graph.edges(of: vertex) {
          let other = Int(graph.columns[edge])
          if isWaiting[other] || communities[other] == communities[vertex] { continue }
          isWaiting[other] = true
          queue[(head + waitingCount) % n] = Int32(other)
          waitingCount += 1
        }
      }
      sums.clear()
    }
  }

  /// - Parameter sums: The vertex's weights by community of the other end.
  /// - Returns: True if the vertex has moved.
  private mutating func move(_ vertex: Int, _ sums: borrowing NeighbourSums) -> Bool {
    let strength = graph.strengths[vertex]
    if strength == 0 { return false }
    let own = communities[vertex]
    let expected = resolution * strength / graph.totalStrength
    let gainOfOwn = sums[own] - expected * (strengths[Int(own)] - strength)
    var best = own
    var gain = gainOfOwn
    for community in sums.touched where community != own {
      let gainThere = sums[community] - expected * strengths[Int(community)]
      if gainThere > gain { (best, gain) = (community, gainThere) }
    }
    // Alone a vertex adds nothing and loses nothing.
    if gain < 0 && sizes[Int(own)] > 1, let community = unused.last { (best, gain) = (community, 0) }
    guard best != own, gain - gainOfOwn > Self.leastGain * strength else { return false }
    if sizes[Int(best)] == 0 { unused.removeLast() }
    strengths[Int(own)] -= strength
    sizes[Int(own)] -= 1
    if sizes[Int(own)] == 0 {
      strengths[Int(own)] = 0
      unused.append(own)
    }
    strengths[Int(best)] += strength
    sizes[Int(best)] += 1
    communities[vertex] = best
    return true
  }
}
