import CSIMDKernels
import FeatureData

/// The symmetric weighted graph of a neighbour graph, in compressed rows with columns ascending.
///
/// Each row's distances become weights exp(−(d − ρ) / σ): ρ is the distance of the nearest neighbour that is not at 0,
/// σ makes the weights sum to log2 of the number of neighbours with the row itself. Where so many neighbours are at ρ or
/// nearer that the sum is larger for any σ, as among copies of a row, they share it; the source gives each of them 1. The
/// weights of the two directions are joined as w + w′ − w w′.
///
/// Source: McInnes, Healy, Melville, "UMAP: Uniform manifold approximation and projection", 2018,
/// doi:10.48550/arXiv.1802.03426.
struct FuzzyGraph: Sendable {
  /// n + 1 offsets into the edges.
  let rowOffsets: [Int64]
  let columns: [Int32]
  /// 0 to 1.
  var weights: [Float]

  var rowCount: Int { rowOffsets.count - 1 }

  func edges(of row: Int) -> Range<Int> { Int(rowOffsets[row])..<Int(rowOffsets[row + 1]) }

  private static let rowsInBlock = 1024

  /// - Throws: `WorkInterrupted`.
  /// - Complexity: O(n k log k).
  init(_ graph: NeighbourGraph, threads: WorkerThreads, monitor: any WorkMonitor) throws(WorkInterrupted) {
    monitor.report(phase: "fuzzy graph", unit: "rows", done: 0, total: graph.rowCount)
    let weights = try Self.directedWeights(graph, threads: threads, monitor: monitor)
    let k = graph.neighbourCount
    try self.init(
      directedOffsets: (0...graph.rowCount).map { Int64($0 * k) }, columns: graph.indices, weights: weights,
      threads: threads, monitor: monitor)
    monitor.report(phase: "fuzzy graph", unit: "rows", done: graph.rowCount, total: graph.rowCount)
  }

  /// Joins the two directions of directed edges, of which each row's columns come in any order.
  init(
    directedOffsets: [Int64], columns given: [Int32], weights givenWeights: [Float], threads: WorkerThreads,
    monitor: any WorkMonitor
  ) throws(WorkInterrupted) {
    let n = directedOffsets.count - 1
    let incoming = try Transposed(
      offsets: directedOffsets, columns: given, weights: givenWeights, monitor: monitor)
    try monitor.checkInterrupted()
    // First how many edges each row has, then the edges.
    var offsets = [Int64](repeating: 0, count: n + 1)
    func forEachRow(_ body: (_ row: Int, _ own: inout [UInt64], _ incoming: Range<Int>) -> Void) {
      threads.forEachBlock(of: n, size: Self.rowsInBlock) { block in
        if monitor.isInterrupted { return }
        var own: [UInt64] = []
        for row in block {
          let edges = Int(directedOffsets[row])..<Int(directedOffsets[row + 1])
          own.removeAll(keepingCapacity: true)
          for edge in edges { own.append(UInt64(given[edge]) << 32 | UInt64(givenWeights[edge].bitPattern)) }
          own.withUnsafeMutableBufferPointer {
            if let start = $0.baseAddress { simd_sort_keys(start, Int64($0.count)) }
          }
          body(row, &own, Int(incoming.offsets[row])..<Int(incoming.offsets[row + 1]))
        }
      }
    }
    offsets.withUnsafeMutableBufferPointer { offsets in
      nonisolated(unsafe) let offsets = offsets
      forEachRow { row, own, range in
        var common = 0
        var i = range.lowerBound
        for edge in own {
          let column = Int32(edge >> 32)
          while i < range.upperBound && incoming.rows[i] < column { i += 1 }
          if i < range.upperBound && incoming.rows[i] == column { common += 1 }
        }
        offsets[row + 1] = Int64(own.count + range.count - common)
      }
    }
    try monitor.checkInterrupted()
    for row in 0..<n { offsets[row + 1] += offsets[row] }
    let total = Int(offsets[n])
    let finished = offsets
    var joinedColumns: [Int32] = []
    weights = [Float](unsafeUninitializedCapacity: total) { joined, count in
      count = total
      joinedColumns = [Int32](unsafeUninitializedCapacity: total) { columns, count in
        count = total
        nonisolated(unsafe) let (columns, joined) = (columns, joined)
        forEachRow { row, own, range in
          var (o, i, place) = (0, range.lowerBound, Int(finished[row]))
          while o < own.count || i < range.upperBound {
            let outColumn = o < own.count ? Int32(own[o] >> 32) : .max
            let inColumn = i < range.upperBound ? incoming.rows[i] : .max
            let column = min(outColumn, inColumn)
            let out = outColumn == column ? Float(bitPattern: UInt32(truncatingIfNeeded: own[o])) : 0
            let into = inColumn == column ? incoming.weights[i] : 0
            if outColumn == column { o += 1 }
            if inColumn == column { i += 1 }
            columns[place] = column
            joined[place] = out + into - out * into
            place += 1
          }
        }
      }
    }
    try monitor.checkInterrupted()
    rowOffsets = offsets
    columns = joinedColumns
  }

  /// By row and neighbour, as the graph has them.
  private static func directedWeights(
    _ graph: NeighbourGraph, threads: WorkerThreads, monitor: any WorkMonitor
  ) throws(WorkInterrupted) -> [Float] {
    let (n, k) = (graph.rowCount, graph.neighbourCount)
    let meanOfAll = Float(
      try BlockedSums.total(of: graph.distances, threads: threads, monitor: monitor) / Double(max(1, n * k)))
    let result = [Float](unsafeUninitializedCapacity: n * k) { weights, count in
      count = n * k
      graph.distances.withUnsafeBufferPointer { distances in
        guard let from = distances.baseAddress, let to = weights.baseAddress else { return }
        threads.forEachBlock(of: n, size: rowsInBlock) { block in
          if monitor.isInterrupted { return }
          for row in block { simd_smooth_weights(from + row * k, Int64(k), meanOfAll, to + row * k) }
        }
      }
    }
    try monitor.checkInterrupted()
    return result
  }
}

/// Directed edges by their far end; within each, near ends ascending.
private struct Transposed: Sendable {
  let offsets: [Int64]
  let rows: [Int32]
  let weights: [Float]

  init(
    offsets given: [Int64], columns: [Int32], weights givenWeights: [Float], monitor: any WorkMonitor
  ) throws(WorkInterrupted) {
    let n = given.count - 1
    var next = [Int64](repeating: 0, count: n + 1)
    for row in 0..<n {
      if row.isMultiple(of: 4096) { try monitor.checkInterrupted() }
      for edge in Int(given[row])..<Int(given[row + 1]) { next[Int(columns[edge]) + 1] += 1 }
    }
    for row in 0..<n { next[row + 1] += next[row] }
    offsets = next
    // Zeroing so much memory would take longer than an interruption may.
    var weights = [Float](unfilled: columns.count)
    rows = [Int32](unsafeUninitializedCapacity: columns.count) { rows, count in
      count = columns.count
      weights.withUnsafeMutableBufferPointer { weights in
        next.withUnsafeMutableBufferPointer { next in
          for row in 0..<n {
            if row.isMultiple(of: 4096) && monitor.isInterrupted { return }
            for edge in Int(given[row])..<Int(given[row + 1]) {
              let place = Int(next[Int(columns[edge])])
              next[Int(columns[edge])] += 1
              rows[place] = Int32(row)
              weights[place] = givenWeights[edge]
            }
          }
        }
      }
    }
    self.weights = weights
  }
}
