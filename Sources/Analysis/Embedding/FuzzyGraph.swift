import FeatureData
import Glibc

/// The symmetric weighted graph of a neighbour graph, in compressed rows with columns ascending.
///
/// Each row's distances become weights exp(−(d − ρ) / σ): ρ is the distance of the nearest neighbour that is not at 0,
/// σ makes the weights sum to log2 of the number of neighbours with the row itself. The weights of the two directions
/// are joined as w + w′ − w w′.
///
/// Source: McInnes, Healy, Melville, "UMAP: Uniform manifold approximation and projection", 2018,
/// doi:10.48550/arXiv.1802.03426.
struct FuzzyGraph: Sendable {
  /// n + 1 offsets into the edges.
  let rowOffsets: [Int64]
  let columns: [Int32]
  /// 0 to 1.
  let weights: [Float]

  /// - Throws: `WorkInterrupted`.
  /// - Complexity: O(n k log k).
  init(_ graph: NeighbourGraph, threads: WorkerThreads, monitor: any WorkMonitor) throws(WorkInterrupted) {
    let n = graph.rowCount
    monitor.report(phase: "fuzzy graph", unit: "rows", done: 0, total: n)
    let own = try Self.directed(graph, threads: threads, monitor: monitor)
    let incoming = Self.transposed(own)
    var offsets: [Int64] = [0]
    offsets.reserveCapacity(n + 1)
    var columns: [Int32] = []
    var joined: [Float] = []
    columns.reserveCapacity(graph.indices.count * 3 / 2)
    joined.reserveCapacity(graph.indices.count * 3 / 2)
    for row in 0..<n {
      if row.isMultiple(of: 1024) { try monitor.checkInterrupted() }
      let (outColumns, outWeights) = own[row]
      let inRange = incoming.offsets[row]..<incoming.offsets[row + 1]
      var (o, i) = (0, inRange.lowerBound)
      while o < outColumns.count || i < inRange.upperBound {
        let outColumn = o < outColumns.count ? outColumns[o] : .max
        let inColumn = i < inRange.upperBound ? incoming.columns[i] : .max
        let column = min(outColumn, inColumn)
        let out = outColumn == column ? outWeights[o] : 0
        let into = inColumn == column ? incoming.weights[i] : 0
        if outColumn == column { o += 1 }
        if inColumn == column { i += 1 }
        columns.append(column)
        joined.append(out + into - out * into)
      }
      offsets.append(Int64(columns.count))
    }
    monitor.report(phase: "fuzzy graph", unit: "rows", done: n, total: n)
    rowOffsets = offsets
    self.columns = columns
    weights = joined
  }

  /// Each row's own edges, columns ascending.
  private static func directed(
    _ graph: NeighbourGraph, threads: WorkerThreads, monitor: any WorkMonitor
  ) throws(WorkInterrupted) -> [(columns: [Int32], weights: [Float])] {
    let (n, k) = (graph.rowCount, graph.neighbourCount)
    let meanOfAll = graph.distances.reduce(into: 0.0) { $0 += Double($1) } / Double(max(1, n * k))
    var own = [(columns: [Int32], weights: [Float])](repeating: ([], []), count: n)
    let blockRows = 512
    own.withUnsafeMutableBufferPointer { own in
      threads.forEach((n + blockRows - 1) / blockRows) { block in
        if monitor.isInterrupted { return }
        for row in block * blockRows..<min(n, (block + 1) * blockRows) {
          let places = row * k..<(row + 1) * k
          let weights = weights(graph.distances[places].map(Double.init), meanOfAll: meanOfAll)
          let pairs = zip(graph.indices[places], weights).sorted { $0.0 < $1.0 }
          own[row] = (pairs.map(\.0), pairs.map(\.1))
        }
      }
    }
    try monitor.checkInterrupted()
    return own
  }

  /// The edges by their far end, rows ascending within each.
  private static func transposed(
    _ own: [(columns: [Int32], weights: [Float])]
  ) -> (offsets: [Int], columns: [Int32], weights: [Float]) {
    var offsets = [Int](repeating: 0, count: own.count + 1)
    for row in own { for column in row.columns { offsets[Int(column) + 1] += 1 } }
    for row in 0..<own.count { offsets[row + 1] += offsets[row] }
    var next = offsets
    var columns = [Int32](repeating: 0, count: offsets[own.count])
    var weights = [Float](repeating: 0, count: offsets[own.count])
    for (row, edges) in own.enumerated() {
      for (column, weight) in zip(edges.columns, edges.weights) {
        let place = next[Int(column)]
        next[Int(column)] += 1
        columns[place] = Int32(row)
        weights[place] = weight
      }
    }
    return (offsets, columns, weights)
  }

  /// The weights of one row's neighbours, given their distances ascending.
  static func weights(_ distances: [Double], meanOfAll: Double) -> [Float] {
    let nearest = distances.first { $0 > 0 } ?? 0
    let target = log2(Double(distances.count + 1))
    func sum(_ sigma: Double) -> Double {
      distances.reduce(into: 0.0) { $0 += $1 > nearest ? exp(-($1 - nearest) / sigma) : 1 }
    }
    // In units of the mean distance the search starts near its goal whatever the scale of the data.
    let mean = distances.reduce(0, +) / Double(max(1, distances.count))
    var (low, high, sigma) = (0.0, Double.infinity, mean > 0 ? mean : 1)
    for _ in 0..<64 {
      let total = sum(sigma)
      if abs(total - target) < 1e-5 { break }
      if total > target {
        high = sigma
        sigma = (low + high) / 2
      } else {
        low = sigma
        sigma = high == .infinity ? sigma * 2 : (low + high) / 2
      }
    }
    // Too small a σ would cut a row off from all but its nearest neighbours.
    sigma = max(sigma, 1e-3 * (nearest > 0 ? mean : meanOfAll))
    return distances.map { $0 <= nearest || sigma == 0 ? 1 : Float(exp(-($0 - nearest) / sigma)) }
  }
}
