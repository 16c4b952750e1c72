import FeatureData

/// An undirected graph with weights, in compressed rows, as communities are looked for in it.
///
/// A vertex may stand for several of another graph; the weight among these is its own weight.
struct WeightedGraph {
  /// vertices + 1 offsets into the edges. Each edge is there in both directions; an edge of a vertex to itself is not.
  let rowOffsets: [Int64]
  let columns: [Int32]
  /// 0 or more.
  let weights: [Float]
  /// The sum of each vertex's weights, with its own.
  let strengths: [Double]
  /// By vertex; the weight of an edge among those it stands for is in it twice, once for each direction.
  let ownWeights: [Double]
  /// The sum of all strengths.
  let totalStrength: Double

  var vertexCount: Int { strengths.count }

  /// - Parameters:
  ///   - rowOffsets, columns, weights: A symmetric matrix in compressed rows, without a diagonal.
  init(rowOffsets: [Int64], columns: [Int32], weights: [Float]) {
    let n = max(0, rowOffsets.count - 1)
    let strengths = (0..<n).map { vertex in
      weights[Int(rowOffsets[vertex])..<Int(rowOffsets[vertex + 1])].reduce(into: 0.0) { $0 += Double($1) }
    }
    self.init(
      rowOffsets: rowOffsets, columns: columns, weights: weights, strengths: strengths,
      ownWeights: [Double](repeating: 0, count: n))
  }

  init(_ graph: FuzzyGraph) {
    self.init(rowOffsets: graph.rowOffsets, columns: graph.columns, weights: graph.weights)
  }

  private init(
    rowOffsets: [Int64], columns: [Int32], weights: [Float], strengths: [Double], ownWeights: [Double]
  ) {
    self.rowOffsets = rowOffsets
    self.columns = columns
    self.weights = weights
    self.strengths = strengths
    self.ownWeights = ownWeights
    totalStrength = strengths.reduce(0, +)
  }

  /// The places of a vertex's edges.
  func edges(of vertex: Int) -> Range<Int> { Int(rowOffsets[vertex])..<Int(rowOffsets[vertex + 1]) }

  /// The graph whose vertices are `count` groups of vertices.
  /// - Throws: `WorkInterrupted`.
  /// - Complexity: O(edges).
  func aggregated(
    _ groups: [Int32], count: Int, monitor: any WorkMonitor
  ) throws(WorkInterrupted) -> WeightedGraph {
    let members = Self.members(groups, count: count)
    var sums = NeighbourSums(count: count)
    var offsets: [Int64] = [0]
    offsets.reserveCapacity(count + 1)
    var columns: [Int32] = []
    var weights: [Float] = []
    var strengths = [Double](repeating: 0, count: count)
    var ownWeights = strengths
    for group in 0..<count {
      if group.isMultiple(of: 1024) { try monitor.checkInterrupted() }
      for place in members.offsets[group]..<members.offsets[group + 1] {
        let vertex = Int(members.vertices[place])
        strengths[group] += self.strengths[vertex]
        ownWeights[group] += self.ownWeights[vertex]
        for edge in edges(of: vertex) { sums.add(Double(self.weights[edge]), to: groups[Int(self.columns[edge])]) }
      }
      for other in sums.touched {
        if Int(other) == group {
          ownWeights[group] += sums[other]
        } else {
          columns.append(other)
          weights.append(Float(sums[other]))
        }
      }
      sums.clear()
      offsets.append(Int64(columns.count))
    }
    return WeightedGraph(
      rowOffsets: offsets, columns: columns, weights: weights, strengths: strengths, ownWeights: ownWeights)
  }

  /// The vertices of each group, ascending.
  private static func members(_ groups: [Int32], count: Int) -> (offsets: [Int], vertices: [Int32]) {
    var offsets = [Int](repeating: 0, count: count + 1)
    for group in groups { offsets[Int(group) + 1] += 1 }
    for group in 0..<count { offsets[group + 1] += offsets[group] }
    var next = offsets
    var vertices = [Int32](repeating: 0, count: groups.count)
    for (vertex, group) in groups.enumerated() {
      vertices[next[Int(group)]] = Int32(vertex)
      next[Int(group)] += 1
    }
    return (offsets, vertices)
  }

  /// The share of the weight that lies inside communities less the share expected there by strength alone, the latter
  /// times `resolution`. 0 for a graph without weight.
  ///
  /// Source: Reichardt, Bornholdt, "Statistical mechanics of community detection", 2006,
  /// doi:10.1103/PhysRevE.74.016110.
  /// - Parameter communities: From 0 to below the number of vertices.
  /// - Complexity: O(edges).
  func modularity(_ communities: [Int32], resolution: Double) -> Double {
    guard totalStrength > 0 else { return 0 }
    var inside = 0.0
    var communityStrengths = [Double](repeating: 0, count: vertexCount)
    for vertex in 0..<vertexCount {
      communityStrengths[Int(communities[vertex])] += strengths[vertex]
      inside += ownWeights[vertex]
      for edge in edges(of: vertex) where communities[Int(columns[edge])] == communities[vertex] {
        inside += Double(weights[edge])
      }
    }
    let expected = communityStrengths.reduce(into: 0.0) { $0 += $1 / totalStrength * ($1 / totalStrength) }
    return inside / totalStrength - resolution * expected
  }

  /// The communities, each cut into the parts that hang together by edges with weight; how many there are.
  /// - Complexity: O(edges).
  func connectedParts(_ communities: [Int32]) -> (labels: [Int32], count: Int) {
    var labels = [Int32](repeating: -1, count: vertexCount)
    var count = 0
    var waiting: [Int] = []
    for start in 0..<vertexCount where labels[start] < 0 {
      labels[start] = Int32(count)
      waiting.append(start)
      while let vertex = waiting.popLast() {
        for edge in edges(of: vertex) where weights[edge] > 0 {
          let other = Int(columns[edge])
          guard labels[other] < 0, communities[other] == communities[vertex] else { continue }
          labels[other] = Int32(count)
          waiting.append(other)
        }
      }
      count += 1
    }
    return (labels, count)
  }
}

/// Sums of weights by number, of which few are in use at a time.
struct NeighbourSums {
  /// Below 0 for a number that is not in use.
  private var sums: [Double]
  /// The numbers in use, in the order of their first use.
  private(set) var touched: [Int32] = []

  init(count: Int) { sums = [Double](repeating: -1, count: count) }

  /// 0 for a number that is not in use.
  subscript(number: Int32) -> Double { max(0, sums[Int(number)]) }

  /// - Parameter weight: 0 or more.
  mutating func add(_ weight: Double, to number: Int32) {
    if sums[Int(number)] < 0 {
      sums[Int(number)] = weight
      touched.append(number)
    } else {
      sums[Int(number)] += weight
    }
  }

  mutating func clear() {
    for number in touched { sums[Int(number)] = -1 }
    touched.removeAll(keepingCapacity: true)
  }
}
