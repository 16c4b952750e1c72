import CSIMDKernels
import FeatureData

/// Moves the points of a layout by stochastic gradient descent on the weights of a graph.
///
/// It works in gather form: a vertex moves itself, along those of its edges that are due and away from vertices drawn at
/// random, and sees all others as they stood when its block of vertices began. Random numbers are hashes of seed,
/// vertex and epoch. So there is nothing to lock, and the layout is the same, bit for bit, for any number of threads.
///
/// Source of the gradient: McInnes, Healy, Melville, 2018, doi:10.48550/arXiv.1802.03426.
struct LayoutOptimizer {
  let curve: LayoutCurve
  let epochs: Int
  let negativeSampleRate: Int
  let seed: UInt64
  let threads: WorkerThreads

  /// Vertices that see one snapshot. Few points have small blocks: a layout moving all at once would swing.
  static func blockSize(_ n: Int) -> Int { min(4096, max(64, n / 8)) }

  /// - Parameter start: n × 2 or n × 3.
  /// - Returns: The layout after all epochs.
  /// - Throws: `WorkInterrupted`.
  /// - Complexity: O(epochs × edges).
  func optimised(
    _ start: Matrix, graph: FuzzyGraph, monitor: any WorkMonitor
  ) throws(WorkInterrupted) -> Matrix {
    let (n, dims) = (start.rowCount, start.columnCount)
    let edges = try dueEdges(of: graph, vertexCount: n, monitor: monitor)
    if epochs == 0 || edges.columns.isEmpty { return start }
    var nextEpochs = edges.firstEpochs
    var positions = start.elements
    var moved = start.elements
    var isInterrupted = false
    edges.withLayout(
      vertexCount: n, dimensions: dims, curve: curve, negatives: negativeSampleRate, seed: seed,
      nextEpochs: &nextEpochs
    ) { layout in
      positions.withUnsafeMutableBufferPointer { positions in
        moved.withUnsafeMutableBufferPointer { moved in
          isInterrupted = !run(layout, n: n, dims: dims, positions: positions, moved: moved, monitor: monitor)
        }
      }
    }
    if isInterrupted { throw WorkInterrupted() }
    return Matrix(rowCount: n, columnCount: dims, elements: positions)
  }

  /// False if interrupted.
  private func run(
    _ layout: simd_layout, n: Int, dims: Int, positions: UnsafeMutableBufferPointer<Float>,
    moved: UnsafeMutableBufferPointer<Float>, monitor: any WorkMonitor
  ) -> Bool {
    guard let seen = positions.baseAddress, let written = moved.baseAddress else { return true }
    let block = Self.blockSize(n)
    let longestRow = (0..<n).reduce(0) { max($0, Int(layout.row_offsets[$1 + 1] - layout.row_offsets[$1])) }
    let pieceCount = max(1, min(threads.count, block / 64))
    let hits = UnsafeMutablePointer<Int64>.allocate(capacity: pieceCount * (longestRow + 1))
    defer { hits.deallocate() }
    for epoch in 1...epochs {
      let step = 1 - Float(epoch - 1) / Float(epochs)
      for first in stride(from: 0, to: n, by: block) {
        if monitor.isInterrupted { return false }
        let count = min(block, n - first)
        threads.forEach(pieceCount) { piece in
          withUnsafePointer(to: layout) { layout in
            simd_move_vertices(
              layout, Int32(epoch), step, Int64(first + count * piece / pieceCount),
              Int64(first + count * (piece + 1) / pieceCount), seen, written, hits + piece * (longestRow + 1))
          }
        }
        (seen + first * dims).update(from: written + first * dims, count: count * dims)
      }
      monitor.report(phase: "layout", unit: "epochs", done: epoch, total: epochs)
    }
    return true
  }

  /// Edges that are used at least once, with their schedule.
  private func dueEdges(
    of graph: FuzzyGraph, vertexCount n: Int, monitor: any WorkMonitor
  ) throws(WorkInterrupted) -> ScheduledEdges {
    let heaviest = graph.weights.max() ?? 0
    let least = heaviest / Float(max(1, epochs))
    var edges = ScheduledEdges()
    for row in 0..<n {
      if row.isMultiple(of: 1024) { try monitor.checkInterrupted() }
      for edge in Int(graph.rowOffsets[row])..<Int(graph.rowOffsets[row + 1]) where graph.weights[edge] >= least {
        let period = heaviest / graph.weights[edge]
        let phase = Float(SplitMix64.mix(seed &+ UInt64(edge) &* 0x9E37_79B9_7F4A_7C15) >> 40) * 0x1p-24
        edges.columns.append(graph.columns[edge])
        edges.periods.append(period)
        // A hashed phase spreads the first uses, so that an epoch is as busy as any other.
        edges.firstEpochs.append(1 + period * phase)
      }
      edges.rowOffsets.append(Int64(edges.columns.count))
    }
    return edges
  }
}

/// Edges in compressed rows with the time of their use.
private struct ScheduledEdges {
  var rowOffsets: [Int64] = [0]
  var columns: [Int32] = []
  var periods: [Float] = []
  var firstEpochs: [Float] = []

  func withLayout(
    vertexCount: Int, dimensions: Int, curve: LayoutCurve, negatives: Int, seed: UInt64, nextEpochs: inout [Float],
    _ body: (simd_layout) -> Void
  ) {
    rowOffsets.withUnsafeBufferPointer { rowOffsets in
      columns.withUnsafeBufferPointer { columns in
        periods.withUnsafeBufferPointer { periods in
          nextEpochs.withUnsafeMutableBufferPointer { nextEpochs in
            body(
              simd_layout(
                row_offsets: rowOffsets.baseAddress, columns: columns.baseAddress, periods: periods.baseAddress,
                next_epochs: nextEpochs.baseAddress, vertex_count: Int32(vertexCount), dimensions: Int32(dimensions),
                a: Float(curve.a), b: Float(curve.b), negatives: Int32(negatives), seed: seed))
          }
        }
      }
    }
  }
}
