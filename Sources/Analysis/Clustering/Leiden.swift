package import FeatureData

/// Communities of a graph of neighbours: groups of rows with more weight among themselves than by chance.
///
/// The Leiden method: vertices move to better communities, communities are refined into parts that hang together, the
/// parts become the vertices of a smaller graph, and so on until nothing moves. What is made better is modularity with
/// a resolution: a higher one gives more and smaller communities. Every community is connected. The same graph,
/// parameters and seed give the same communities. A vertex without edges is a community of its own.
///
/// Source: Traag, Waltman, van Eck, "From Louvain to Leiden: guaranteeing well-connected communities", 2019,
/// doi:10.1038/s41598-019-41695-z.
package struct Leiden: Sendable {
  /// Above 0.
  package let resolution: Double
  /// Times that the method runs on its own outcome at most, 1 or more; it ends when modularity no longer rises.
  package let maxIterations: Int
  package let seed: UInt64

  /// The communities of n vertices, numbered by size, the largest first, equally large ones by their first vertex.
  package struct Communities: Sendable, Equatable {
    /// n community numbers, from 0.
    package let labels: [Int32]
    /// Vertices by community.
    package let sizes: [Int]
    /// With the resolution; at most 1.
    package let modularity: Double
    package let iterations: Int

    package var communityCount: Int { sizes.count }
  }

  package init(resolution: Double = 1, maxIterations: Int = 10, seed: UInt64 = 42) {
    self.resolution = resolution
    self.maxIterations = maxIterations
    self.seed = seed
  }

  /// The communities of the graph that UMAP lays out, in which near neighbours weigh more.
  ///
  /// - Parameter threads: nil stands for one a core; they change nothing in the outcome.
  /// - Throws: `AnalysisError.invalidParameter` or `WorkInterrupted`.
  /// - Complexity: O(edges) for each pass over the graph, of which there are few.
  package func communities(
    of graph: NeighbourGraph, threads: Int? = nil, monitor: any WorkMonitor = SilentMonitor()
  ) throws -> Communities {
    try validate()
    return try communities(
      of: FuzzyGraph(graph, threads: WorkerThreads(threads), monitor: monitor), monitor: monitor)
  }

  /// - Throws: `AnalysisError.invalidParameter` or `WorkInterrupted`.
  func communities(of graph: FuzzyGraph, monitor: any WorkMonitor) throws -> Communities {
    try communities(of: WeightedGraph(graph), monitor: monitor)
  }

  /// - Throws: `AnalysisError.invalidParameter` or `WorkInterrupted`.
  func communities(of graph: WeightedGraph, monitor: any WorkMonitor) throws -> Communities {
    try validate()
    var generator = SplitMix64(seed: seed)
    var labels = (0..<Int32(graph.vertexCount)).map { $0 }
    var modularity = graph.modularity(labels, resolution: resolution)
    var iterations = 0
    while iterations < maxIterations && graph.totalStrength > 0 {
      monitor.report(phase: "clusters", unit: "iterations", done: iterations, total: 0)
      let better = try improved(labels, of: graph, generator: &generator, monitor: monitor)
      iterations += 1
      let gain = graph.modularity(better, resolution: resolution) - modularity
      if gain <= Self.leastGain { break }
      (labels, modularity) = (better, modularity + gain)
    }
    monitor.report(phase: "clusters", unit: "iterations", done: iterations, total: iterations)
    // Refinement may have found nothing to join, though a community fell apart by the last moves; that never pays.
    let (parts, count) = graph.connectedParts(labels)
    let numbering = ClusterNumbering(parts, count: count)
    return Communities(
      labels: numbering.labels, sizes: numbering.sizes,
      modularity: graph.modularity(numbering.labels, resolution: resolution), iterations: iterations)
  }

  /// Less is not worth another iteration.
  private static let leastGain = 1e-7

  private func validate() throws(AnalysisError) {
    guard resolution > 0 && resolution.isFinite else {
      throw .invalidParameter(name: "resolution", value: "\(resolution)", allowed: "above 0")
    }
    guard maxIterations >= 1 else {
      throw .invalidParameter(name: "max_iterations", value: "\(maxIterations)", allowed: "1 or more")
    }
  }

  /// One run of the method, from communities that there are.
  private func improved(
    _ start: [Int32], of graph: WeightedGraph, generator: inout SplitMix64, monitor: any WorkMonitor
  ) throws(WorkInterrupted) -> [Int32] {
    // Weights are told apart in units of the mean one, whatever their scale.
    let meanWeight = graph.totalStrength / Double(max(1, graph.columns.count))
    var level = graph
    var labels = Self.compacted(start).labels
    var vertices = (0..<Int32(graph.vertexCount)).map { $0 }
    while true {
      var moving = LeidenMoves(graph: level, communities: labels, resolution: resolution)
      try moving.run(generator: &generator, monitor: monitor)
      var communityCount: Int
      (labels, communityCount) = Self.compacted(moving.communities)
      if communityCount == level.vertexCount { break }
      var refining = LeidenRefinement(
        graph: level, communities: labels, communityCount: communityCount, resolution: resolution,
        meanWeight: meanWeight)
      try refining.run(generator: &generator, monitor: monitor)
      let (parts, partCount) = Self.compacted(refining.parts)
      if partCount == level.vertexCount { break }
      var communitiesOfParts = [Int32](repeating: 0, count: partCount)
      for (vertex, part) in parts.enumerated() { communitiesOfParts[Int(part)] = labels[vertex] }
      level = try level.aggregated(parts, count: partCount, monitor: monitor)
      labels = communitiesOfParts
      for vertex in vertices.indices { vertices[vertex] = parts[Int(vertices[vertex])] }
    }
    return vertices.map { labels[Int($0)] }
  }

  /// Numbers from 0 without gaps, in the order of their first use; how many there are.
  private static func compacted(_ labels: [Int32]) -> (labels: [Int32], count: Int) {
    var numbers = [Int32](repeating: -1, count: labels.count)
    var count: Int32 = 0
    let result = labels.map { label -> Int32 in
      if numbers[Int(label)] < 0 {
        numbers[Int(label)] = count
        count += 1
      }
      return numbers[Int(label)]
    }
    return (result, Int(count))
  }
}
